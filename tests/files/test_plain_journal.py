"""Plain-text journals: beancount and hledger accept them, say the same balances, and see what was changed."""

import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import account as beancount_account
from beancount.core import realization
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import OPENING, Account, Denomination, opening
from coopledger.core.chart import C2004, C2023, KINDS, MONEY, adopt, charts
from coopledger.core.charter import found
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.journal import FIRST_DAY, LARGEST_QUANTITY, LAST_DAY, TRANSIT, Entry, Posting, View, is_under, root
from coopledger.core.trial_balance import trial_balance
from coopledger.files.plain_journal import ROOTS, beancount_journal, hledger_journal
from coopledger.store.memory import MemoryJournal
from coopledger.text import printable
from tests.books import cooperative
from tests.core.money_books import random_books
from tests.core.strategies import steady
from tests.test_books import EXAMPLES, example

DAY = date(2026, 3, 5)
HLEDGER = shutil.which("hledger")
with_hledger = pytest.mark.skipif(
    HLEDGER is None and not os.environ.get("CI"), reason="hledger is not installed (Debian: apt-get install hledger)"
)


def load(text: str) -> tuple[list[Any], list[str]]:
    """The directives as beancount reads them, and what it finds wrong, without what its own imports warn of."""
    entries, errors, _ = loader.load_string(text)
    return entries, [one.message for one in errors]


def told(entries: list[Any]) -> dict[str, int]:
    """What each account stands at with its parts, in fen, by its code in the book, as beancount adds it up."""
    codes = {one.account: one.meta["code"] for one in entries if type(one).__name__ == "Open"}
    tree = realization.realize(entries)
    found = {}
    for name, code in codes.items():
        position = realization.compute_balance(realization.get(tree, name)).get_currency_units(MONEY)
        fen = position.number * 100
        assert fen == int(fen)
        found[code] = int(fen)
    return found


def own(view: View) -> dict[str, int]:
    """What each account that was ever used stands at with its parts, as the balances of the book say."""
    used = {
        place
        for record in view.records()
        for one in record.postings
        if one.denomination == MONEY
        for place in (one.source, one.target)
        if not is_under(place, TRANSIT)
    }
    every = {"/".join(parts[: n + 1]) for parts in (one.split("/") for one in used) for n in range(len(parts))}
    balances = view.balances(MONEY)
    return {code: sum(fen for (_, place), fen in balances.items() if is_under(place, code)) for code in sorted(every)}


def hledger(text: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    assert HLEDGER is not None, "CI has hledger: .ci/run installs it"
    file = folder / "book.journal"
    file.write_text(text, encoding="utf-8")
    return subprocess.run(  # noqa: S603 - our own file
        [HLEDGER, "-f", str(file), *command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )


def book_of(*postings: Posting, facts: dict[str, Any] | None = None, key: str = "entry") -> MemoryJournal:
    """A book by the chart of 2023 with one record."""
    journal = MemoryJournal("hill", clock=lambda: 0)
    journal.append(adopt(C2023), key="chart", actor="accountant")
    journal.append([Entry("note", DAY, DAY, facts or {}, postings)], key=key, actor="accountant")
    return journal


def both(journal: MemoryJournal) -> tuple[str, str]:
    with journal.read() as view:
        return beancount_journal(view), hledger_journal(view)


BOOKS = ["the small cooperative", *(f"{name}, {made}" for name, made in EXAMPLES)]


@cache
def book(name: str) -> MemoryJournal:
    """An example's book, made once; nothing is appended to it."""
    file, _, made = name.partition(", ")
    journal: MemoryJournal = example(file)[made]() if made else cooperative()
    return journal


@pytest.mark.parametrize("name", BOOKS)
def test_beancount_accepts_every_example_book_and_its_balances_are_the_books_own(name: str) -> None:
    with book(name).read() as view:
        entries, errors = load(beancount_journal(view))
        assert errors == []
        assert told(entries) == own(view)
        assert {code: fen for code, fen in told(entries).items() if root(code) == code} == {
            row.account: row.closing_fen for row in trial_balance(view)
        }


@with_hledger
@pytest.mark.parametrize("name", BOOKS)
def test_hledger_accepts_every_example_book_strictly_and_its_balances_are_the_books_own(
    name: str, tmp_path: Path
) -> None:
    with book(name).read() as view:
        text, mine = hledger_journal(view), own(view)
    checked = hledger(text, tmp_path, "check", "--strict")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert told_by_hledger(text, tmp_path) == mine


def told_by_hledger(text: str, folder: Path) -> dict[str, int]:
    """What each account stands at with its parts, by its code, as hledger adds it up."""
    codes = dict(re.findall(r"^account (\S+) .*\n    ; code: (\S+)$", text, re.MULTILINE))
    plain = hledger(text, folder, "balance", "--flat", "--empty", "--no-total", "--output-format", "csv")
    assert plain.returncode == 0, plain.stderr
    stands: dict[str, int] = {}
    for name, amount in re.findall(r'^"([^"]+)","(-?[\d.]+)(?: CNY)?"$', plain.stdout, re.MULTILINE):
        if name != "account":
            stands[name] = int(Decimal(amount) * 100)
    return {
        code: sum(fen for other, fen in stands.items() if other == name or other.startswith(f"{name}:"))
        for name, code in codes.items()
    }


@steady(150)
@given(random_books())
def test_beancount_accepts_any_book_of_money_and_its_balances_are_the_books_own(
    make: Callable[[], MemoryJournal],
) -> None:
    with make().read() as view:
        entries, errors = load(beancount_journal(view))
        assert errors == []
        assert told(entries) == own(view)
        moved = [one for one in view.records() if any(leg.denomination == MONEY for leg in one.postings)]
        transactions = [one for one in entries if type(one).__name__ == "Transaction"]
        assert sorted((one.meta["record"], one.date, one.meta["hash"]) for one in transactions) == [
            (one.seq, one.booked_on, one.hash.hex()) for one in moved
        ]


@with_hledger
@steady(15)
@given(random_books())
def test_hledger_accepts_any_book_of_money(
    tmp_path_factory: pytest.TempPathFactory, make: Callable[[], MemoryJournal]
) -> None:
    with make().read() as view:
        text = hledger_journal(view)
    checked = hledger(text, tmp_path_factory.mktemp("any"), "check", "--strict")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


# ---------------------------------------------------------------- what is changed shows


def changes(text: str) -> dict[str, str]:
    """A journal with one thing changed: by one fen, its sign, an amount or a transaction gone, its day."""
    legs = [*re.finditer(r"^ +\w+:\S+  (-?\d+\.\d\d) CNY$", text, re.MULTILINE)]
    one, other = legs[0], legs[1]
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if re.match(r"\d{4}-\d\d-\d\d \* ", line)]
    ends = next(n for n in range(starts[0], len(lines)) if not lines[n].strip())

    def fen_more(match: re.Match[str], sign: int) -> str:
        return str(Decimal(match[1]) + sign * Decimal("0.01"))

    def put(found: str, match: re.Match[str], seen: str) -> str:
        return found[: match.start(1)] + seen + found[match.end(1) :]

    return {
        "one amount by a fen": put(text, one, fen_more(one, 1)),
        "both amounts by a fen": put(put(text, other, fen_more(other, 1)), one, fen_more(one, -1)),
        "a sign": put(text, one, one[1].removeprefix("-") if one[1].startswith("-") else f"-{one[1]}"),
        "a line gone": text[: one.start()] + text[one.end() + 1 :],
        "a transaction gone": "".join(lines[: starts[0]] + lines[ends:]),
        "a day after the balances": text.replace(lines[starts[0]], lines[starts[0]].replace("2026-", "2999-", 1), 1),
    }


WHAT = [*changes(both(cooperative())[0])]


@pytest.mark.parametrize("what", WHAT)
def test_beancount_finds_what_was_changed(what: str) -> None:
    text = changes(both(cooperative())[0])[what]
    assert load(text)[1] != []


@with_hledger
@pytest.mark.parametrize("what", WHAT)
def test_hledger_finds_what_was_changed(what: str, tmp_path: Path) -> None:
    text = changes(both(cooperative())[1])[what]
    assert hledger(text, tmp_path, "check", "--strict").returncode == 1


def test_balances_are_the_trial_balances_own_and_no_sums_of_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the book to disagree with its records, the export would not pass."""
    from coopledger.files import plain_journal

    def off(view: View) -> list[Any]:
        first, *rest = trial_balance(view)
        return [first._replace(debit_fen=first.debit_fen + 1), *rest]

    monkeypatch.setattr(plain_journal, "trial_balance", off)
    assert any("Balance failed" in one for one in load(both(cooperative())[0])[1])


# ---------------------------------------------------------------- accounts


TYPES = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenses": "X"}


@pytest.mark.parametrize("name", BOOKS)
def test_both_journals_have_the_same_accounts_each_opened_once_with_its_code_and_name(name: str) -> None:
    with book(name).read() as view:
        entries, _ = load(beancount_journal(view))
        other = dict(re.findall(r"^account (\S+)  ; type: (\w)$", hledger_journal(view), re.MULTILINE))
        known = charts(view)
        opened = {one.account: one for one in entries if type(one).__name__ == "Open"}
        assert set(opened) == set(other)
        for place, one in opened.items():
            top, code = place.partition(":")[0], one.meta["code"]
            assert beancount_account.is_valid(place)
            assert one.currencies == [MONEY]
            assert (one.meta["kind"], top) == (known.kind(code) or "none", ROOTS[known.kind(code)])
            assert one.meta["name"].startswith(known.name(code, date.max).zh)
            assert other[place] == ("C" if known.has_money(code) else TYPES[top])


def test_every_kind_of_account_has_its_root() -> None:
    """Costs are inventories on the balance sheets of the charts; a contra asset is an asset that stands in credit."""
    assert set(ROOTS) == {*KINDS, None}
    accounts = {"102": "Assets", "162": "Assets", "211": "Liabilities", "301": "Equity", "401": "Assets"}
    accounts |= {"501": "Income", "513": "Expenses"}
    journal = book_of(*[Posting(MONEY, "c2023:101", f"c2023:{code}", 5) for code in accounts])
    opened = {one.account for one in load(both(journal)[0])[0] if type(one).__name__ == "Open"}
    assert opened == {"Assets:C2023:101", *(f"{top}:C2023:{code}" for code, top in accounts.items())}


def test_codes_that_would_be_written_alike_get_names_of_their_own() -> None:
    parts = ["savings", "Savings", "a.b", "a_b", "a-b", "土地", "X土地", "½", "2014-12-31", "ǆ", "ß", "a/b", "a:b"]
    postings = [Posting(MONEY, "c2023:301", f"c2023:102/{part}", n) for n, part in enumerate(parts, 1)]
    beancount, hledger_text = both(book_of(*postings))
    entries, errors = load(beancount)
    assert errors == []
    opened = {one.meta["code"]: one.account for one in entries if type(one).__name__ == "Open"}
    assert len({*opened.values()}) == len(opened)
    assert opened["c2023:102/savings"] == "Assets:C2023:102:Savings"
    assert opened["c2023:102/Savings"] == "Assets:C2023:102:Savings-2"
    assert opened["c2023:102/土地"] == "Assets:C2023:102:X土地"
    assert opened["c2023:102/a/b"] == "Assets:C2023:102:A:B"
    assert all(beancount_account.is_valid(one) for one in opened.values())
    assert all(f"\naccount {one}  ; type:" in hledger_text for one in opened.values())


def test_names_stay_when_the_book_grows() -> None:
    journal = book_of(Posting(MONEY, "c2023:301", "c2023:102/savings", 5))
    journal.append(
        [Entry("note", date(2025, 1, 1), date(2025, 1, 1), {}, [Posting(MONEY, "c2023:301", "c2023:102/Savings", 5)])],
        key="more",
        actor="accountant",
    )
    assert '"c2023:102/savings"' in both(journal)[0].partition("open Assets:C2023:102:Savings CNY\n")[2].splitlines()[0]


def test_an_account_of_no_chart_stands_by_itself_below_equity() -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    accounts = [Account("memo", "备查"), Account("memo:x", "x"), Account("c37:102", "银行存款")]
    journal.append([Entry(OPENING, DAY, DAY, opening([Denomination(MONEY, "元", 2)], accounts))], key="1", actor="me")
    postings = [Posting(MONEY, "memo", "memo:x", 5), Posting(MONEY, "memo", "c37:102", 7)]
    journal.append([Entry("note", DAY, DAY, {}, postings)], key="2", actor="me")
    entries, errors = load(both(journal)[0])
    assert errors == []
    assert told(entries) == {"memo": -12, "memo:x": 5, "c37:102": 7}


def test_a_book_that_changed_its_chart_has_the_accounts_of_both() -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    last, first = date(2023, 12, 31), date(2024, 1, 1)
    journal.append(found("示例村", effective_on=date(2020, 1, 1)), key="found", actor="me")
    journal.append(adopt(C2004, effective_on=date(2020, 1, 1)), key="2004", actor="me")
    money = [Posting(MONEY, "c2004:301", "c2004:102", 500_00), Posting(MONEY, "c2004:211", "c2004:151", 7)]
    journal.append([Entry("note", last, last, {}, money)], key="money", actor="me")
    journal.append(convert_chart(C2023, C2004_TO_C2023, effective_on=first), key="2023", actor="me")
    with journal.read() as view:
        entries, errors = load(beancount_journal(view))
        assert errors == []
        assert told(entries) == own(view)
        assert {code.partition(":")[0] for code in told(entries)} == {"c2004", "c2023"}


# ---------------------------------------------------------------- transactions and texts


def test_a_record_is_a_transaction_with_its_fingerprint_debits_and_credits_apart() -> None:
    with cooperative().read() as view:
        [record] = view.records("reversal")
        [one] = [one for one in load(beancount_journal(view))[0] if one.meta.get("record") == record.seq]
    assert (one.meta["reverses"], one.meta["kind"]) == ("15", "reversal")
    assert (one.date, one.meta["effective"], one.meta["hash"]) == (
        record.booked_on,
        record.effective_on,
        record.hash.hex(),
    )
    assert (one.meta["key"], one.meta["actor"]) == (record.key, record.actor)
    assert [(leg.account, leg.units.number) for leg in one.postings] == [
        ("Assets:C2021:102", Decimal(-500)),
        ("Equity:C2021:301", Decimal(500)),
    ]


def test_transit_and_what_is_no_money_are_not_in_it() -> None:
    beancount, hledger_text = both(
        book_of(
            Posting(MONEY, "c2023:301", TRANSIT, 5),
            Posting(MONEY, TRANSIT, "c2023:101", 2),
            Posting(MONEY, TRANSIT, "c2023:102", 3),
            Posting("memo:reserve", "memo", "member/0042", 7),
        )
    )
    for text in (beancount, hledger_text):
        assert "ransit" not in text
        assert "ember" not in text
    assert [len(one.postings) for one in load(beancount)[0] if type(one).__name__ == "Transaction"] == [3]


def test_the_first_and_the_last_day_and_the_largest_amounts_are_read(tmp_path: Path) -> None:
    journal = book_of(*[Posting(MONEY, "c2023:301", "c2023:102", LARGEST_QUANTITY) for _ in range(1000)])
    for n, day in enumerate((FIRST_DAY, LAST_DAY)):
        journal.append(
            [Entry("note", day, day, {}, [Posting(MONEY, "c2023:102", "c2023:101", 7)])], key=f"{n}", actor="me"
        )
    beancount, hledger_text = both(journal)
    entries, errors = load(beancount)
    assert errors == []
    assert told(entries) == {"c2023:301": -(10**18), "c2023:102": 10**18 - 14, "c2023:101": 14}
    check_hledger_lines(hledger_text)
    if HLEDGER is not None:
        assert hledger(hledger_text, tmp_path, "check", "--strict").returncode == 0
        assert told_by_hledger(hledger_text, tmp_path) == told(entries)


def test_a_book_without_money_is_accepted_too() -> None:
    journal = MemoryJournal("hill")
    journal.append(found('示例村 "x" \\', effective_on=DAY), key="found", actor="me")
    beancount, _ = both(journal)
    assert load(beancount) == ([], [])
    assert loader.load_string(beancount)[2]["title"] == '示例村 "x" \\'


NASTY = [
    'quotes " and \\ and \\n and \\" at the end \\',
    "two\nlines\r\nand a tab\t and \x00 and \x1b[2J and \u2028",
    "; a comment | a note [2020-13-45] date:2020-99-99, date2: x",
    '2026-01-01 open Assets:X CNY\n2026-01-01 * "x"',
    "(code) ! * # tag #tag ^link {} @ = 5 CNY",
    "长" * 200_000,
    " ",
    "𠮷野家 é é 😀",
    "%s {0} {x}",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_texts_are_quoted_so_that_they_stay_texts(text: str) -> None:
    beancount, hledger_text = both(book_of(Posting(MONEY, "c2023:301", "c2023:101", 5), facts={"reason": text}))
    entries, errors = load(beancount)
    assert errors == []
    assert [one.narration for one in entries if type(one).__name__ == "Transaction"] == [printable(text)]
    check_hledger_lines(hledger_text)


@steady(100)
@given(
    st.text(max_size=40),
    st.text(st.characters(exclude_characters="#"), min_size=1, max_size=40).filter(str.isprintable).filter(str.strip),
)
def test_any_text_is_quoted(text: str, key: str) -> None:
    beancount, hledger_text = both(
        book_of(Posting(MONEY, "c2023:301", "c2023:101", 5), facts={"reason": text}, key=key)
    )
    entries, errors = load(beancount)
    assert errors == []
    [one] = [one for one in entries if type(one).__name__ == "Transaction"]
    assert (one.narration, one.meta["key"]) == (printable(text) or "note", unicodedata.normalize("NFC", key))
    check_hledger_lines(hledger_text)


@with_hledger
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_texts_stay_texts_in_hledger(text: str, tmp_path: Path) -> None:
    key = printable(text)[:150].replace("#", "") if text.strip() else "x"
    journal = book_of(Posting(MONEY, "c2023:301", "c2023:101", 5), facts={"reason": text}, key=key)
    hledger_text = both(journal)[1]
    checked = hledger(hledger_text, tmp_path, "check", "--strict")
    assert (checked.returncode, checked.stderr) == (0, "")
    listed = hledger(hledger_text, tmp_path, "descriptions")
    assert set(listed.stdout.splitlines()) == {"balances", printable(text).replace(";", "；").strip()}
    tags = hledger(hledger_text, tmp_path, "tags").stdout.split()
    assert tags == ["actor", "code", "effective", "hash", "key", "kind", "name", "name-en", "record", "type"]


LINES = [
    r"; [^\n]*",
    r"decimal-mark \.",
    r"commodity 1000\.00 CNY",
    r"account (?P<account>[^\s;]+)  ; type: [ACELRX]",
    r"    ; [a-z-]+: [^;,\n]*",
    r"\d{4}-\d\d-\d\d \* (\(\d+\)( [^;\n]*)?|balances)",
    r"    (?P<leg>[^\s;]+)  -?\d+\.\d\d CNY( =\*? -?\d+\.\d\d CNY)?",
    r"",
]


def check_hledger_lines(text: str) -> None:
    """Every line is one of the few that are meant, every account of a leg is declared, every transaction balances."""
    declared, used = set[str](), set[str]()
    for line in text.split("\n"):
        found = [match for one in LINES if (match := re.fullmatch(one, line))]
        assert found, line[:200]
        groups = found[0].groupdict()
        declared |= {groups["account"]} if groups.get("account") else set()
        used |= {groups["leg"]} if groups.get("leg") else set()
    assert used <= declared
    for block in text.split("\n\n"):
        if re.match(r"\d", block):
            amounts = re.findall(r"^    \S+  (-?\d+\.\d\d) CNY(?: =|$)", block, re.MULTILINE)
            assert sum(map(Decimal, amounts)) == 0


@pytest.mark.parametrize("name", BOOKS)
def test_every_line_for_hledger_is_one_that_it_reads_and_its_balances_are_the_books_own(name: str) -> None:
    """What can be said of the syntax where there is no hledger."""
    with book(name).read() as view:
        text, mine = hledger_journal(view), own(view)
    check_hledger_lines(text)
    codes = dict(re.findall(r"^account (\S+) .*\n    ; code: (\S+)$", text, re.MULTILINE))
    legs, _, last = text.rpartition("\n\n")
    stands = dict.fromkeys(codes, 0)
    for leg, amount in re.findall(r"^    (\S+)  (-?\d+\.\d\d) CNY$", legs, re.MULTILINE):
        for place in codes:
            if leg == place or leg.startswith(f"{place}:"):
                stands[place] += int(Decimal(amount) * 100)
    assert {codes[place]: fen for place, fen in stands.items()} == mine
    asserted = re.findall(r"^    (\S+)  0\.00 CNY =\*? (-?\d+\.\d\d) CNY$", last, re.MULTILINE)
    assert {codes[place]: int(Decimal(amount) * 100) for place, amount in asserted} == mine


def test_no_personal_data_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = cooperative()
    with journal.read() as view:
        monkeypatch.setattr(type(view), "personal", None)
        texts = beancount_journal(view), hledger_journal(view)
    assert all(
        word not in text for text in texts for word in ("成员甲", "999999196001010018", "2015-06-07", "示例公司")
    )
