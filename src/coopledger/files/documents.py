"""Cited documents: a file's fingerprint, and whether the files of a folder are what the records of a book cite."""

import os
import unicodedata
from collections.abc import Iterator
from hashlib import file_digest
from typing import NamedTuple

from coopledger.core.citation import Document
from coopledger.core.journal import View
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message, printable


class Citation(NamedTuple):
    """A document as a record cites it; the record by its number."""

    seq: int
    document: Document


def cite(path: str, pages: str = "") -> Document:
    """A file as a document: its name without the folder, its SHA-256, its pages.

    Raises RegisterError if it cannot be read.
    """
    try:
        return Document(_normal(os.path.basename(path)), _sha256(path), pages)
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        reason = getattr(error, "strerror", None) or error
        raise RegisterError(
            Message("document {name}: it cannot be read: {reason}", name=printable(path), reason=reason)
        ) from None


def citations(view: View) -> Iterator[Citation]:
    """What the records of a book cite, in order."""
    for record in view.records():
        found = record.facts.get("documents", ())
        for one in found if isinstance(found, list) else ():
            yield Citation(record.seq, Document(one["name"], one["sha256"], one.get("pages", "")))


def check_documents(view: View, folder: str | os.PathLike[str]) -> list[Problem]:
    """What differs between the citations of a book and the files of a folder, its subfolders included.

    A problem for each document that is not there, or is not what was cited, and for each file that no record cites. A
    document is looked for by its name, in whichever subfolder; where it is missing, but a file of another name has its
    fingerprint, that is said. Names that begin with a dot are no documents. Raises RegisterError for no folder.
    """
    if not os.path.isdir(folder):
        raise RegisterError(Message("{folder}: there is no such folder", folder=printable(str(folder))))
    problems: list[Problem] = []
    files: dict[str, str] = {}
    for path in _files(os.fspath(folder)):
        name = printable(_normal(os.path.relpath(path, folder)))
        try:
            files[name] = _sha256(path)
        except OSError as error:
            problems.append(Problem(name, Message("cannot be read: {reason}", reason=error.strerror or error)))
    used: set[str] = set()
    for (name, sha256), seqs in _by_document(view).items():
        namesakes = [file for file in files if os.path.basename(file) == _normal(os.path.basename(name))]
        same = [file for file in files if files[file] == sha256]
        used.update(same, namesakes)
        if not {*same} & {*namesakes}:
            where = ", ".join(f"record {seq}" for seq in seqs)
            problems.append(Problem(where, _missing(name, sha256, files, namesakes, same)))
    problems += [Problem(file, Message("no record cites it")) for file in sorted(files.keys() - used)]
    return problems


def _by_document(view: View) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for one in citations(view):
        seqs = found.setdefault((one.document.name, one.document.sha256), [])
        if one.seq not in seqs:
            seqs.append(one.seq)
    return found


def _missing(name: str, sha256: str, files: dict[str, str], namesakes: list[str], same: list[str]) -> Message:
    if same:
        return Message("{name}: it is there under another name, {other}", name=printable(name), other=same[0])
    if namesakes:
        return Message(
            "{name}: it was changed: SHA-256 {seen}… is there, {due}… was cited",
            name=printable(name),
            seen=files[namesakes[0]][:16],
            due=sha256[:16],
        )
    return Message("{name}: it is not in the folder", name=printable(name))


def _files(folder: str) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (os.path.join(here, name) for name in sorted(names) if not name.startswith("."))


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _normal(name: str) -> str:
    """The name in one form: what macOS writes and what was typed differ in their bytes."""
    return unicodedata.normalize("NFC", name)
