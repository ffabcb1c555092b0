"""The journal as a table: its records, one line each."""

import time
from datetime import date

import pytest

from coopledger.core.journal import Entry
from coopledger.core.reserved import RESERVED
from coopledger.core.reversal import MOVED, TAKEN_BACK
from coopledger.core.wording import RECORD_KINDS
from coopledger.errors import RegisterError, UnknownRecordError
from coopledger.reports.cells import class_name
from coopledger.reports.record import record_report, records_report
from coopledger.store.memory import MemoryJournal
from coopledger.text import said
from tests.books import cells, cooperative, notes, shown

TABLE_ZH = """\
记录簿

记录  写入时间                   生效日      记账日      种类              键        操作人      分录数  哈希
────  ─────────────────────────  ──────────  ──────────  ────────────────  ────────  ──────────  ──────  ────────────
  13  2026-01-01 08:00:00+00:00  2026-03-01  2026-03-01  转让              gift      accountant       1  {13}
  17  2026-01-01 12:00:00+00:00  2026-03-03  2026-04-01  冲回第 15 条记录  reversal  accountant       2  {17}
哈希只列前 12 位
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD
"""


def test_the_records_of_some_kinds_after_a_number() -> None:
    with cooperative().read() as view:
        expected = TABLE_ZH
        for seq in (13, 17):
            expected = expected.replace(f"{{{seq}}}", view.record(seq).hash.hex()[:12])
        table = records_report(view, kinds=["transfer", "reversal", "issue"], since=12)
        assert cells(table, "record") == ["13", "15", "17"]
        assert shown(view, records_report(view, ("transfer", "reversal")), language="zh") == expected


def test_all_records_have_a_row_and_those_known_later_have_none() -> None:
    with cooperative().read(16) as view:
        table = records_report(view)
    assert cells(table, "record") == [str(n) for n in range(1, 17)]
    assert cells(table, "key")[:2] == ["founding", "founding#2"]
    assert cells(table, "postings")[8:12] == ["3", "2", "4", "1"]


def test_a_book_without_records_is_printed_as_empty() -> None:
    with MemoryJournal("empty").read() as view:
        table = records_report(view)
    assert table.rows == []
    assert notes(table)[-1] == "the book has no records"


@pytest.mark.parametrize(("place", "written"), [("UTC", "07:00:00+00:00"), ("CST-8", "15:00:00+08:00")])
def test_times_are_those_of_the_place(place: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", place)
    time.tzset()
    with cooperative().read(12) as view:
        table = records_report(view)
    assert cells(table, "written at")[-1] == f"2026-01-01 {written}"
    assert notes(table)[1] == f"known up to record 12, written at 2026-01-01 {written}"


@pytest.mark.parametrize("kind", ["opening", "accounts opened", "开设科目"])
def test_a_kind_is_asked_for_by_its_code_or_as_the_table_says_it(kind: str) -> None:
    with cooperative().read() as view:
        table = records_report(view, [kind])
    assert {*cells(table, "kind")} == {"accounts opened"}


def test_a_kind_that_cannot_be_is_refused_and_those_of_the_book_are_named() -> None:
    with cooperative().read() as view:
        with pytest.raises(RegisterError, match="'transferr': there is no such kind of records; the book has accounts"):
            records_report(view, ["transferr"])
        assert cells(records_report(view, ["charter"]), "kind") == ["charter"]
        assert not records_report(view, ["pledge"], since=view.head.seq).rows
        assert {one.kind for one in view.records()} <= {*RECORD_KINDS}
    assert {*RESERVED} | MOVED | TAKEN_BACK <= {*RECORD_KINDS}


def test_a_kind_of_somebodys_own_is_asked_for_where_it_is_in_the_book() -> None:
    journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    journal.append([Entry("goats", day, day)], key="goats", actor="herd")
    with journal.read() as view:
        assert cells(records_report(view, ["goats"]), "kind") == ["goats"]


def test_one_record_is_told_whole_with_its_papers_and_votes() -> None:
    with cooperative().read() as view:
        [whole, postings] = record_report(view, 10)
        record = view.record(10)
    said = {str(name): str(seen) for name, seen in whole.rows}
    assert said["hash"] == str(record.head)
    assert (said["key"], said["actor"]) == (record.key, record.actor)
    assert said["documents 1: sha256"] == record.facts["documents"][0]["sha256"]
    assert said["resolution: votes_for"] == str(record.facts["resolution"]["votes_for"])
    assert cells(postings, "quantity")[0] == "30"


def test_a_record_that_takes_another_back_names_its_lines_and_one_without_postings_is_one_table() -> None:
    with cooperative().read() as view:
        [whole, postings] = record_report(view, 17)
        assert str(whole.rows[3][1]) == "reversal of record 15"
        assert cells(postings, "takes back record/line") == ["15/1", "15/2"]
        assert len(record_report(view, 2)) == 1


def test_a_record_that_is_not_there_is_refused() -> None:
    with cooperative().read() as view, pytest.raises(UnknownRecordError):
        record_report(view, 99)


def test_in_chinese_a_record_is_told_in_words() -> None:
    with cooperative().read() as view:
        [whole, postings] = record_report(view, 10)
    told = {said(name, "zh"): said(seen, "zh") for name, seen in whole.rows}
    assert told["决议：赞成"] == str(view.record(10).facts["resolution"]["votes_for"])
    assert told["决议：会议"] == "成员大会"
    assert told["文件 1：页码"]
    assert told["股份类别"] == said(class_name(view, view.record(10).facts["class"]), "zh")
    [source, target] = [said(cell, "zh") for cell in postings.rows[0][1:3]]
    assert source == "未发行股份"
    assert "holder/" not in target
