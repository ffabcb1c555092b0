"""Reading text files: UTF-8 and nothing else, with a message that says how to get there."""

import os

from coopledger.errors import PlanError, Problem
from coopledger.text import Message, printable

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LARGEST_FILE = 64 * 2**20


def read_text(path: str | os.PathLike[str], notices: list[Problem]) -> str:
    """The text of a UTF-8 file; PlanError for anything else.

    A byte-order mark is read over and noted: Excel's "CSV UTF-8" always begins with one, and it leaves no doubt.
    """
    where = os.path.basename(path) or str(path) or "''"
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        reason = getattr(error, "strerror", None) or error
        raise PlanError([Problem(printable(where), Message("cannot be read: {reason}", reason=reason))]) from error
    if len(data) > _LARGEST_FILE:
        raise PlanError([Problem(where, Message("the file is larger than 64 MiB"))])
    if data.startswith(_UTF_16):
        raise PlanError([Problem(f"{where}:1", Message("the file is in UTF-16: save it as UTF-8"))])
    if data.startswith(_BOM):
        notices.append(Problem(f"{where}:1", Message("begins with a byte-order mark, which is read over")))
        data = data[len(_BOM) :]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError([Problem(f"{where}:{line}", _not_utf_8(data, error.start))]) from error


def _not_utf_8(data: bytes, position: int) -> Message:
    seen = f"0x{data[position]:02X}"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return Message("the byte {seen} is not UTF-8: save the file as UTF-8", seen=seen)
    return Message("the byte {seen} is not UTF-8, it looks like GBK: save the file as UTF-8", seen=seen)
