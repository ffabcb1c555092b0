"""Cited documents as a table."""

from coopledger.reports.documents import documents_report
from tests.books import cells, cooperative, notes


def test_every_cited_document_has_its_record_pages_and_fingerprint() -> None:
    with cooperative().read() as view:
        table = documents_report(view)
        cited = {one.seq: one.facts["documents"] for one in view.records() if "documents" in one.facts}
    assert cells(table, "record") == [str(seq) for seq, papers in cited.items() for _ in papers]
    assert cells(table, "document")[0] == "minutes.pdf"
    assert cells(table, "SHA-256") == [paper["sha256"] for papers in cited.values() for paper in papers]
    assert notes(table)[0].startswith("known up to record 21")
