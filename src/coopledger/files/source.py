"""Reading text files: UTF-8 and nothing else, with a message that says how to get there."""

import os
import re

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


_REASONS = {
    "Invalid value": Message("a value is missing or not understood"),
    "Illegal character": Message("a quotation mark is missing, or a character that cannot stand here"),
    "Expected newline or end of document after a statement": Message(
        "more than one value: one key and one value a line"
    ),
    "Expected '=' after a key": Message("an equals sign is missing after the key"),
    "Unclosed array": Message("a comma or a closing bracket is missing"),
    "Unclosed inline table": Message("a comma, a quotation mark or a closing brace is missing"),
    "Invalid statement": Message("not a key"),
    "Invalid initial character for a key part": Message("not a key"),
    "Cannot overwrite a value": Message("a key is given twice"),
    "Cannot declare": Message("a table is given twice"),
    "Unterminated string": Message("a closing quotation mark is missing"),
}
_FULL_WIDTH = "“”‘’＂＇＝，、［］｛｝"


def not_toml(error: Exception, text: str) -> Message:
    """What the TOML reader says, in the reader's words, with the line and what often is wrong with it.

    >>> print(not_toml(ValueError("Invalid value (at line 1, column 8)"), "years = "))
    not valid TOML: a value is missing or not understood (at line 1, column 8): years =
    """
    said = str(error)
    place = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", said)
    lines = text.split("\n")
    line = lines[int(place[1]) - 1].strip() if place and place[1] and int(place[1]) <= len(lines) else ""
    reason = next((message for start, message in _REASONS.items() if said.startswith(start)), None)
    message = Message("not valid TOML: {reason}", reason=said)
    if reason is not None and place is not None:
        message = Message("not valid TOML: {reason} {place}", reason=reason, place=place[0])
    if line:
        message = Message("{message}: {line}", message=message, line=line[:80])
    if any(sign in line for sign in _FULL_WIDTH):
        return Message("{message} — quotation marks, commas and equals signs are the half-width ones", message=message)
    if not line.split("=")[0].isascii() and '"' not in line.split("=")[0]:
        return Message(
            "{message} — keys are the English words of the plan file; other names stand in quotation marks",
            message=message,
        )
    return message
