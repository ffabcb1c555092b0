"""Cited documents: their fingerprints, and the folder in which they are kept."""

import hashlib
import unicodedata
from datetime import date
from pathlib import Path

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
    (folder / name).parent.mkdir(exist_ok=True)
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
    for name in ("b.pdf", "a/c.pdf", ".DS_Store", ".git/config", "a\x1b[2J.pdf"):
        paper(tmp_path, name)
    assert problems(citing(), tmp_path) == [
        "a/c.pdf: no record cites it",
        "a\\x1b[2J.pdf: no record cites it",
        "b.pdf: no record cites it",
    ]
    with pytest.raises(RegisterError, match="there is no such folder"):
        check_documents(citing(), tmp_path / "b.pdf")
