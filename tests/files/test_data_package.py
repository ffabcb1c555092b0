"""The Data Package: frictionless accepts it, others can verify the chain from it, and it is what the book says."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import given

from coopledger.book import (
    COLLECTIVE,
    Joiner,
    admit,
    found,
    in_turn,
    issue,
    open_class,
    preset,
)
from coopledger.core.balances import balances
from coopledger.core.dues import dues
from coopledger.core.journal import Entry, Posting
from coopledger.core.register import holdings
from coopledger.core.run import runs
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.files.book_tables import BOOK_TABLES, TYPES
from coopledger.files.data_package import DESCRIPTOR, data_package, table_schema
from coopledger.store.memory import MemoryJournal
from tests.books import cooperative
from tests.core import dividends, leases
from tests.core.money_books import random_books
from tests.core.strategies import steady
from tests.test_books import EXAMPLES, example

DAY = date(2026, 3, 5)
BOOKS = ["the small cooperative", "a dividend", "a lease", *(f"{name}, {made}" for name, made in EXAMPLES)]

Rows = dict[str, list[dict[str, str]]]


@cache
def book(name: str) -> MemoryJournal:
    """A book, made once; nothing is appended to it."""
    file, _, made = name.partition(", ")
    if made:
        journal: MemoryJournal = example(file)[made]()
        return journal
    others: dict[str, Callable[[], MemoryJournal]] = {
        "the small cooperative": cooperative,
        "a dividend": lambda: dividends.declared(dividends.cooperative()).journal,
        "a lease": lambda: leases.leased().journal,
    }
    return others[name]()


def exported(journal: MemoryJournal) -> dict[str, bytes]:
    with journal.read() as view:
        return data_package(view)


def rows(files: dict[str, bytes]) -> Rows:
    return {
        table.name: [*csv.DictReader(StringIO(files[f"{table.name}.csv"].decode(), newline=""))]
        for table in BOOK_TABLES
    }


def put(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder / DESCRIPTOR


def problems(files: dict[str, bytes], folder: Path) -> list[Any]:
    """What frictionless finds."""
    report = frictionless.validate(str(put(files, folder)))
    found: list[Any] = report.flatten(["type", "message"])
    assert report.valid is (found == [])
    return found


@pytest.mark.parametrize("name", BOOKS)
def test_frictionless_accepts_every_example_book(name: str, tmp_path: Path) -> None:
    assert problems(exported(book(name)), tmp_path) == []


@steady(15)
@given(random_books())
def test_frictionless_accepts_any_book_of_money(
    tmp_path_factory: pytest.TempPathFactory, make: Callable[[], MemoryJournal]
) -> None:
    assert problems(exported(make()), tmp_path_factory.mktemp("any")) == []


def test_an_empty_book_has_all_tables_and_no_rows(tmp_path: Path) -> None:
    files = exported(MemoryJournal("hill"))
    assert problems(files, tmp_path) == []
    assert all(found == [] for found in rows(files).values())


# ---------------------------------------------------------------- what is changed shows


def with_sizes(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, with sizes and fingerprints that are right again: somebody took care."""
    described = json.loads(files[DESCRIPTOR])
    for one in described["resources"]:
        one["bytes"], one["hash"] = len(files[one["path"]]), f"sha256:{sha256(files[one['path']]).hexdigest()}"
    return {**files, DESCRIPTOR: json.dumps(described).encode()}


def test_a_line_that_is_gone_or_changed_shows_in_the_fingerprint(tmp_path: Path) -> None:
    files = exported(cooperative())
    for changed in (
        files["postings.csv"].rpartition(b"\r\n")[0].rpartition(b"\r\n")[0] + b"\r\n",
        files["postings.csv"].replace(b",50000,", b",50001,"),
    ):
        assert changed != files["postings.csv"]
        assert {kind for kind, _ in problems({**files, "postings.csv": changed}, tmp_path)} <= {
            "hash-count",
            "byte-count",
        }
        assert problems({**files, "postings.csv": changed}, tmp_path) != []


@pytest.mark.parametrize(
    ("table", "old", "new", "found"),
    [
        ("records", b"\r\n2,", b"\r\n1,", {"primary-key", "foreign-key"}),
        ("postings", b"c2021:102", b"c2021:999", {"foreign-key"}),
        ("accounts", b",contra asset,", b",contra,", {"constraint-error"}),
        ("balances", b"\r\nCNY,c2021:102,", b"\r\nCNY,c2021:102,x", {"type-error"}),
        ("members", b",person,", b",,", {"constraint-error"}),
    ],
)
def test_a_table_that_contradicts_its_schema_or_another_is_not_accepted(
    table: str, old: bytes, new: bytes, found: set[str], tmp_path: Path
) -> None:
    files = exported(cooperative())
    name = f"{table}.csv"
    assert old in files[name]
    changed = with_sizes({**files, name: files[name].replace(old, new, 1)})
    assert {kind for kind, _ in problems(changed, tmp_path)} & found
    assert problems(with_sizes(files), tmp_path) == []


# ---------------------------------------------------------------- what it says


def as_text(text: str) -> str:
    return f"{len(text)}:{text}"


def fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", BOOKS)
def test_the_chain_can_be_reckoned_from_the_package_alone(name: str) -> None:
    """As the page of the reference says it, with nothing of the library's."""
    found = rows(exported(book(name)))
    legs: dict[str, str] = {}
    for one in found["postings"]:
        back = f"r{one['reverses_seq']},{one['reverses_line']}" if one["reverses_seq"] else ""
        lot = f"l{as_text(one['lot'])}" if one["lot"] else ""
        places = "".join(as_text(one[part]) for part in ("denomination", "source", "target"))
        legs[one["seq"]] = legs.get(one["seq"], "") + f";{places}{one['quantity']}{back}{lot}"
    prev, seq = found["records"][0]["prev_hash"], 0
    for one in found["records"]:
        seq += 1
        effective, booked, locked = (
            one[day].replace("-", "") or "0" for day in ("effective_on", "booked_on", "locked_through")
        )
        content = fingerprint(
            f"coopledger 1 content\n{as_text(one['kind'])}{effective},{booked},{as_text(one['actor'])}"
            f"{as_text(one['facts'])}{legs.get(one['seq'], '')}"
        )
        own = fingerprint(
            f"coopledger 1 record\n{prev}{seq},{one['recorded_us']},{as_text(one['key'])}{content}"
            f"{as_text(one['personal'])}{locked}"
        )
        assert (int(one["seq"]), one["prev_hash"]) == (seq, prev)
        assert (one["content_hash"], one["hash"]) == (content, own)
        prev = own
    assert json.loads(exported(book(name))[DESCRIPTOR])["coopledger"]["head"] == f"{seq}:{prev}"


@pytest.mark.parametrize("name", BOOKS)
def test_the_postings_add_up_to_the_balances_and_the_vouchers_to_the_trial_balance(name: str) -> None:
    found = rows(exported(book(name)))
    sums = Counter[tuple[str, str]]()
    for one in found["postings"]:
        sums[one["denomination"], one["target"]] += int(one["quantity"])
        sums[one["denomination"], one["source"]] -= int(one["quantity"])
    assert {(one["denomination"], one["account"]): int(one["quantity"]) for one in found["balances"]} == {
        place: quantity for place, quantity in sums.items() if quantity
    }
    turnover = Counter[tuple[str, str]]()
    for one in found["voucher_lines"]:
        for side in ("debit_fen", "credit_fen"):
            turnover[one["account"], side] += int(one[side])
    for one in found["trial_balance"]:
        assert (int(one["debit_fen"]), int(one["credit_fen"])) == (
            turnover[one["account"], "debit_fen"],
            turnover[one["account"], "credit_fen"],
        )
    with book(name).read() as view:
        assert totals(trial_balance(view)).balanced
        assert sum(int(one["closing_fen"]) for one in found["trial_balance"]) == 0
        assert {(one["denomination"], one["account"]): int(one["quantity"]) for one in found["balances"]} == balances(
            view.records()
        )


@pytest.mark.parametrize("name", BOOKS)
def test_holdings_and_dues_are_those_of_the_book(name: str) -> None:
    found = rows(exported(book(name)))
    with book(name).read() as view:
        assert [
            (one["share_class"], one["holder"], Fraction(int(one["shares"]), int(one["shared_by"])))
            for one in found["holdings"]
        ] == [
            (one["code"], number, holding.shares)
            for one in found["share_classes"]
            for number, holding in holdings(view, one["code"]).items()
        ]
        assert [(one["run"], one["holder"], int(one["unpaid_fen"])) for one in found["dividend_dues"]] == [
            (run.code, holder, due.unpaid_fen) for run in runs(view).values() for holder, due in dues(view, run).items()
        ]
    for one in found["dividend_dues"]:
        fen = [int(one[field]) for field in one if field.endswith("_fen")]
        assert fen[0] == sum(fen[1:])


def test_of_a_pooled_class_a_holding_is_an_exact_part() -> None:
    journal, day = MemoryJournal("hill", clock=lambda: 0), date(2026, 1, 1)
    people = [Joiner(f"004{n}", household="17", head=n == 1) for n in (1, 2, 3)]
    steps = [
        found("示例村", COLLECTIVE, effective_on=day),
        open_class(preset("member", code="pool", pooled=True, level="person"), effective_on=day),
        admit(*people, effective_on=day),
        issue("pool", to="pool", shares=100, effective_on=day),
    ]
    journal.append(in_turn(*steps), key="all", actor="me")
    assert [(one["holder"], one["shares"], one["shared_by"]) for one in rows(exported(journal))["holdings"]] == [
        (f"004{n}", "100", "3") for n in (1, 2, 3)
    ]


NASTY = ['quotes " and , and \r\n and \n and \r', "=1+1", "\x00\x1b\u2028\ufeff", "长" * 200_000, " x ", "null", "\t"]


def test_texts_come_back_as_they_stand_in_the_book(tmp_path: Path) -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    for n, text in enumerate(NASTY):
        facts = {"reason": text, "documents": [{"name": text}], "resolution": {"number": text}}
        journal.append([Entry("note", DAY, DAY, facts)], key=f" =k,\"{n}'", actor='me, "x"')
    files = exported(journal)
    assert problems(files, tmp_path) == []
    found = rows(files)
    assert [json.loads(one["facts"])["reason"] for one in found["records"]] == NASTY
    assert [one["name"] for one in found["documents"]] == NASTY
    assert {(one["key"], one["actor"]) for one in found["records"]} == {
        (f" =k,\"{n}'", 'me, "x"') for n in range(len(NASTY))
    }


def test_facts_of_somebodys_own_kind_are_exported_whatever_they_are(tmp_path: Path) -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    votes = dict.fromkeys(("entitled", "present", "votes_for", "votes_against"), 1)
    said: list[dict[str, Any]] = [
        {"documents": 5, "resolution": "x"},
        {"documents": [1, {}], "resolution": {"number": "1"}},
        {"resolution": {"number": "2", "meeting": "board", "day": "", **votes}},
    ]
    for n, facts in enumerate(said):
        journal.append([Entry("goats", DAY, DAY, facts)], key=f"{n}", actor="me")
    files = exported(journal)
    assert problems(files, tmp_path) == []
    assert [(one["record"], one["n"]) for one in rows(files)["documents"]] == [("2", "2")]
    assert [(one["number"], one["day"]) for one in rows(files)["resolutions"]] == [("2", "")]


def test_no_personal_data_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with cooperative().read() as view:
        monkeypatch.setattr(type(view), "personal", None)
        text = b"".join(data_package(view).values()).decode()
    assert all(word not in text for word in ("成员甲", "999999196001010018", "2015-06-07", "示例公司"))


# ---------------------------------------------------------------- the schema


def test_every_field_has_a_type_and_what_it_means_and_every_whole_number_its_unit() -> None:
    for table in BOOK_TABLES:
        assert table.what.endswith(".")
        assert len({field.name for field in table.fields}) == len(table.fields)
        assert {*table.key} <= {field.name for field in table.fields if field.required}
        for field in table.fields:
            assert field.type in TYPES
            assert field.what.endswith(".")
            assert field.unit or field.type != "integer", (table.name, field.name)
            assert field.name.endswith("_fen") == (field.unit == "fen")


def test_every_reference_leads_to_the_key_of_a_table() -> None:
    tables = {table.name: table for table in BOOK_TABLES}
    for table in BOOK_TABLES:
        for one in table.refers:
            assert {*one.fields} <= {field.name for field in table.fields}
            assert one.its == tables[one.table].key


def test_the_schema_is_one_of_table_schema() -> None:
    for table in BOOK_TABLES:
        assert frictionless.Schema.from_descriptor(table_schema(table)).field_names == [
            one.name for one in table.fields
        ]


def test_cells_are_written_as_the_page_says() -> None:
    labour, land = rows(exported(book("the small cooperative")))["share_classes"]
    assert (land["code"], land["par_fen"], land["cap"], land["locked_until"]) == ("land", "10000", "", "")
    assert (labour["digits"], labour["dividend"], labour["vote"], labour["closed"]) == ("2", "true", "false", "false")
    assert json.loads(labour["holders"]) == ["person"]
    record = rows(exported(book("the small cooperative")))["records"][8]
    assert (record["effective_on"], record["recorded_at"]) == ("2026-01-01", "2026-01-01T05:00:00Z")


def test_a_posting_of_the_book_is_a_row() -> None:
    journal = book("the small cooperative")
    with journal.read() as view:
        legs = [(record.seq, n, leg) for record in view.records() for n, leg in enumerate(record.postings)]
    for (seq, n, leg), row in zip(legs, rows(exported(journal))["postings"], strict=True):
        seq_back, line_back = (int(row[name]) if row[name] else None for name in ("reverses_seq", "reverses_line"))
        places = row["denomination"], row["source"], row["target"]
        told = Posting(*places, int(row["quantity"]), seq_back, line_back, row["lot"] or None)
        assert (int(row["seq"]), int(row["line"]), told) == (seq, n, leg)
