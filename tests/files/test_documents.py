"""Cited documents: their fingerprints, and the folder in which they are kept."""

import hashlib
import os
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coopledger.core.citation import Document, cited
from coopledger.core.journal import Entry
from coopledger.errors import RegisterError
from coopledger.files.documents import Citation, check_documents, citations, cite
from coopledger.store.memory import MemoryJournal, MemoryView

DAY = date(2026, 1, 1)


def citing(*documents: Document) -> MemoryView:
    """A book with a record for each document."""
    journal = MemoryJournal("hill", clock=lambda: 0)
    for n, one in enumerate(documents):
        journal.append([Entry("note", DAY, DAY, cited([one]))], key=f"note {n}", actor="accountant")
    with journal.read() as view:
        return view


def paper(folder: Path, name: str, text: str = "a contract") -> Document:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return cite(str(folder / name))


def problems(view: MemoryView, folder: Path) -> list[str]:
    return [str(one) for one in check_documents(view, folder)]


def test_a_document_has_the_name_and_the_sha_256_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "合同.pdf").write_bytes(b"\x00\xff" * 100_000)
    found = cite(str(tmp_path / "合同.pdf"), "1-3")
    assert found == Document("合同.pdf", hashlib.sha256(b"\x00\xff" * 100_000).hexdigest(), "1-3")


@pytest.mark.parametrize("name", ["nothing.pdf", ".", "a\0b"])
def test_what_cannot_be_read_is_not_cited(name: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="it cannot be read"):
        cite(f"{tmp_path}/{name}")


def test_citations_come_with_the_records_they_stand_in(tmp_path: Path) -> None:
    one, other = paper(tmp_path, "one.pdf"), paper(tmp_path, "other.pdf")
    assert list(citations(citing(one, other, one))) == [Citation(1, one), Citation(2, other), Citation(3, one)]


def test_facts_that_are_no_list_of_documents_cite_nothing() -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    journal.append([Entry("note", DAY, DAY, {"documents": "none"})], key="note", actor="accountant")
    with journal.read() as view:
        assert list(citations(view)) == []


def test_a_file_of_the_same_name_that_is_something_else_is_cited_by_no_record(tmp_path: Path) -> None:
    cited = paper(tmp_path, "2026/minutes.pdf")
    paper(tmp_path, "minutes.pdf", "what somebody would rather have read")
    assert problems(citing(cited), tmp_path) == ["minutes.pdf: no record cites it"]


def test_a_folder_with_what_is_cited_has_no_problems(tmp_path: Path) -> None:
    view = citing(paper(tmp_path, "one.pdf"), paper(tmp_path, "one.pdf"), paper(tmp_path, "2026/two.pdf", "other"))
    assert problems(view, tmp_path) == []


def test_two_versions_under_one_name_are_both_looked_for(tmp_path: Path) -> None:
    old, new = paper(tmp_path, "one.pdf", "old"), paper(tmp_path, "one.pdf", "new")
    assert problems(citing(old, new), tmp_path) == [
        f"record 1: one.pdf: it was changed: SHA-256 {new.sha256[:16]}… is there, {old.sha256[:16]}… was cited"
    ]
    paper(tmp_path, "old/one.pdf", "old")
    assert problems(citing(old, new), tmp_path) == []


def test_a_name_is_the_same_in_each_of_its_unicode_forms(tmp_path: Path) -> None:
    """macOS writes names in another form than they are typed in."""
    name = "Vertrag für Mü.pdf"
    paper(tmp_path, unicodedata.normalize("NFD", name))
    digest = hashlib.sha256(b"a contract").hexdigest()
    assert problems(citing(Document(unicodedata.normalize("NFC", name), digest)), tmp_path) == []


def test_one_problem_names_all_records_that_cite_the_missing_document(tmp_path: Path) -> None:
    gone = paper(tmp_path, "gone.pdf")
    (tmp_path / "gone.pdf").unlink()
    assert problems(citing(gone, gone), tmp_path) == ["record 1, record 2: gone.pdf: it is not in the folder"]


def test_uncited_files_are_listed_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("b.pdf", "a/c.pdf", ".DS_Store", "a/Thumbs.db", ".git/config", "a\x1b[2J.pdf"):
        paper(tmp_path, name)
    assert problems(citing(), tmp_path) == [
        "a\\x1b[2J.pdf: no record cites it",
        "a/c.pdf: no record cites it",
        "b.pdf: no record cites it",
    ]
    with pytest.raises(RegisterError, match=r"b\.pdf is a file: a folder is expected"):
        check_documents(citing(), tmp_path / "b.pdf")
    with pytest.raises(RegisterError, match="there is no such folder"):
        check_documents(citing(), tmp_path / "c")


def test_control_characters_in_a_name_are_part_of_it(tmp_path: Path) -> None:
    one = paper(tmp_path, "b\nc.pdf")
    assert problems(citing(one), tmp_path) == []
    paper(tmp_path, "b\nc.pdf", "another contract")
    [problem] = problems(citing(one), tmp_path)
    assert problem.startswith("record 1: b\\nc.pdf: it was changed")


def test_a_changed_document_says_where_what_was_cited_is_now(tmp_path: Path) -> None:
    cited_ = paper(tmp_path, "one.pdf", "old")
    new = paper(tmp_path, "one.pdf", "new")
    paper(tmp_path, "copy.pdf", "old")
    [problem] = problems(citing(cited_), tmp_path)
    assert problem == (
        f"record 1: one.pdf: it was changed: SHA-256 {new.sha256[:16]}… is there, {cited_.sha256[:16]}… was cited, "
        "which is there under another name, copy.pdf"
    )
    (tmp_path / "one.pdf").unlink()
    assert problems(citing(cited_), tmp_path) == [
        "record 1: one.pdf: it is there under another name, copy.pdf",
    ]


def test_what_has_no_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "zero.pdf").symlink_to("/dev/zero")
    for name in ("pipe.pdf", "zero.pdf"):
        with pytest.raises(RegisterError, match=f"{name}: it cannot be read: it is no regular file"):
            cite(str(tmp_path / name))
    assert problems(citing(), tmp_path) == [
        "pipe.pdf: cannot be read: it is no regular file",
        "zero.pdf: cannot be read: it is no regular file",
    ]


def test_what_is_not_looked_at_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "papers"
    paper(folder, "a/one.pdf")
    paper(tmp_path, "other.pdf")
    (folder / "link").symlink_to(tmp_path)
    assert problems(citing(), folder) == [
        "link: a link to another folder: what is in it was not looked at",
        "a/one.pdf: no record cites it",
    ]
    scandir = os.scandir

    def refusing(path: str) -> Any:  # noqa: ANN401 - as os has it
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert "a: cannot be read: Permission denied" in problems(citing(), folder)


def test_a_file_is_found_without_comparing_it_with_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [paper(tmp_path, f"{n}.pdf", str(n)) for n in range(50)]
    asked: list[str] = []
    basename = os.path.basename

    def counting(path: str) -> str:
        asked.append(path)
        return basename(path)

    monkeypatch.setattr(os.path, "basename", counting)
    assert problems(citing(*papers), tmp_path) == []
    assert len(asked) == 100  # each file and each citation once
