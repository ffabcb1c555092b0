"""Cited documents: a file's fingerprint, and whether the files of a folder are what the records of a book cite."""

import os
import stat
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
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

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paper = os.path.join(folder, "contract.pdf")
    ...     with open(paper, "wb") as file:
    ...         _ = file.write(b"scanned")
    ...     cite(paper, "1-3").sha256[:16]
    '46b1a23984dd3da9'
    """
    try:
        return Document(_normal(os.path.basename(path)), _sha256(path), pages)
    except (OSError, TypeError, ValueError) as error:  # a name with a null byte, or that is none
        raise RegisterError(
            Message("document {name}: it cannot be read: {reason}", name=printable(str(path)), reason=_reason(error))
        ) from None


def citations(view: View) -> Iterator[Citation]:
    """What the records of a book cite, in order."""
    for record in view.records():
        found = record.facts.get("documents", ())
        for one in found if isinstance(found, list) else ():
            yield Citation(record.seq, Document(one["name"], one["sha256"], one.get("pages", "")))


def check_documents(view: View, folder: str | os.PathLike[str], *, besides: Collection[str] = ()) -> list[Problem]:
    """What differs between the citations of a book and the files of a folder, its subfolders included.

    A problem for each document that is not there, or is not what was cited, and for each file that no record cites. A
    document is looked for by its name, in whichever subfolder; where it is not what was cited, but a file of another
    name has its fingerprint, that is said. Names that begin with a dot are no documents, nor is what
    Windows keeps in its folders (Thumbs.db, desktop.ini); what cannot be looked at (a
    link to another folder, a pipe) is a problem. ``besides`` names files that may be there: no documents, but
    the book's own. Raises RegisterError for no folder.

    >>> import tempfile
    >>> from coopledger.store.memory import MemoryJournal
    >>> with tempfile.TemporaryDirectory() as folder, MemoryJournal("hill").read() as view:
    ...     with open(os.path.join(folder, "contract.pdf"), "wb") as file:
    ...         _ = file.write(b"scanned")
    ...     [str(one) for one in check_documents(view, folder)]
    ['contract.pdf: no record cites it']
    """
    if os.path.isfile(folder):
        raise RegisterError(Message("{folder} is a file: a folder is expected", folder=printable(str(folder))))
    if not os.path.isdir(folder):
        raise RegisterError(Message("{folder}: there is no such folder", folder=printable(str(folder))))
    problems: list[Problem] = []
    files: dict[str, str] = {}
    others = {os.path.realpath(one) for one in besides}
    for path in _files(os.fspath(folder), problems):
        if os.path.realpath(path) in others:
            continue
        name = _normal(os.path.relpath(path, folder))
        try:
            files[name] = _sha256(path)
        except OSError as error:
            problems.append(Problem(printable(name), Message("cannot be read: {reason}", reason=_reason(error))))
    by_name, by_sha256 = _index(files, os.path.basename), _index(files, files.__getitem__)
    used: set[str] = set()
    for (cited, sha256), seqs in _by_document(view).items():
        namesakes = by_name.get(_normal(os.path.basename(cited)), [])
        same = by_sha256.get(sha256, [])
        used.update(same)
        if not {*same} & {*namesakes}:
            used.update(namesakes)
            where = ", ".join(f"record {seq}" for seq in seqs)
            seen = files[namesakes[0]] if namesakes else None
            problems.append(Problem(where, _missing(cited, sha256, seen, same)))
    problems += [Problem(printable(file), Message("no record cites it")) for file in sorted(files.keys() - used)]
    return problems


def _index(files: Iterable[str], by: Callable[[str], str]) -> dict[str, list[str]]:
    """Files by their names without the folder, or by their fingerprints."""
    found: dict[str, list[str]] = {}
    for file in files:
        found.setdefault(by(file), []).append(file)
    return found


def _by_document(view: View) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for one in citations(view):
        seqs = found.setdefault((one.document.name, one.document.sha256), [])
        if one.seq not in seqs[-1:]:
            seqs.append(one.seq)
    return found


def _missing(cited: str, sha256: str, seen: str | None, same: list[str]) -> Message:
    """What became of a document: whether another file has its name, whether a file of another name is what it was."""
    name = printable(cited)
    if seen is None:
        if same:
            return Message("{name}: it is there under another name, {other}", name=name, other=printable(same[0]))
        return Message("{name}: it is not in the folder", name=name)
    shown = {"name": name, "seen": seen[:16], "due": sha256[:16]}
    if same:
        return Message(
            "{name}: it was changed: SHA-256 {seen}… is there, {due}… was cited, which is there under another name, "
            "{other}",
            other=printable(same[0]),
            **shown,
        )
    return Message("{name}: it was changed: SHA-256 {seen}… is there, {due}… was cited", **shown)


def _files(folder: str, problems: list[Problem]) -> Iterator[str]:
    """The files of a folder and its subfolders; what cannot be looked at becomes a problem."""

    def unread(error: OSError) -> None:
        name = printable(os.path.relpath(error.filename, folder))
        problems.append(Problem(name, Message("cannot be read: {reason}", reason=_reason(error))))

    for here, folders, names in os.walk(folder, onerror=unread):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for link in (os.path.join(here, one) for one in folders if os.path.islink(os.path.join(here, one))):
            name = printable(os.path.relpath(link, folder))
            problems.append(Problem(name, Message("a link to another folder: what is in it was not looked at")))
        yield from (os.path.join(here, name) for name in sorted(names) if not _is_left_out(name))


def _is_left_out(name: str) -> bool:
    """Whether a file is one that a system keeps in its folders, and no document."""
    return name.startswith(".") or name.lower() in {"thumbs.db", "desktop.ini"}


def _sha256(path: str) -> str:
    """The fingerprint of a file; of a pipe or a device, which may have no end, none."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(Message("it is no regular file"))
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _reason(error: OSError | TypeError | ValueError) -> object:
    """Why something cannot be read, in the words of the system or in ours."""
    return getattr(error, "strerror", None) or error.args[0]


def _normal(name: str) -> str:
    """The name in one form: what macOS writes and what was typed differ in their bytes."""
    return unicodedata.normalize("NFC", name)
