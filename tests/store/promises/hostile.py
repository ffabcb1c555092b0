"""Text that means harm, or none: it goes in and comes out as it was, or it is refused."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest

from coopledger.core.journal import LARGEST_QUANTITY, Entry, Posting
from coopledger.errors import EntryError
from tests.store.books import DAY, Promises, about, assert_whole, balance, head, issue, move, note, personal, records

TEXTS = [
    "",
    " ",
    "  leading and trailing  ",
    "\t\r\n\x0b\x0c\x1b[2J\x07\x7f\x85",
    "\x00",
    "before\x00after",
    "\\u0000 \\x00 \\\\ %s %(a)s {a} ? :a $1 ?1",
    "'; DROP TABLE record; --",
    '"; DELETE FROM coopledger_record; --',
    '=HYPERLINK("http://localhost")',
    "+1+1",
    "-2-3",
    "@SUM(A1:A9)",
    "<script>alert(1)</script> &amp; ]]>",
    "null",
    "NaN",
    "007",
    "1e999",
    "2026-02-30",
    '{"a": 1}',
    "\u202egnirts sdrawkcab\u202c \u2066",
    "\u2028\u2029\ufeff\u200b\ufffe\uffff",
    unicodedata.normalize("NFC", "ạ̈ é 가 豈"),
    unicodedata.normalize("NFD", "ạ̈ é 가 豈"),
    "豈 ﬁ Å K \u0344",
    "𠮷𪚥 👩‍👩‍👧‍👧 \U0010ffff",
    "成员甲\n第二行",
]
"""As values these come back as they were: no form is changed, nothing is cut off."""

MEGABYTE = "一个很长的备注 with \x00 and 'quotes' " * 30_000


class Hostile(Promises):
    def test_facts_come_back_as_they_were(self) -> None:
        book = self.founded()
        book.append([note(text=one, listed=[one], keyed={"a": one}) for one in TEXTS], key="texts", actor="me")
        assert [one.facts["text"] for one in records(book)[1:]] == TEXTS
        assert [one.facts["listed"] for one in records(book)[1:]] == [[one] for one in TEXTS]
        assert_whole(book)

    def test_keys_of_facts_come_back_in_their_normal_form(self) -> None:
        book = self.founded()
        book.append([Entry("note", DAY, DAY, {one: n}) for n, one in enumerate(TEXTS)], key="texts", actor="me")
        assert [one.facts for one in records(book)[1:]] == [
            {unicodedata.normalize("NFC", one): n} for n, one in enumerate(TEXTS)
        ]
        assert_whole(book)

    def test_personal_rows_come_back_as_they_were(self) -> None:
        book = self.founded()
        rows = {f"{n}": {"text": one, "list": [one]} for n, one in enumerate(TEXTS)}
        book.append([Entry("members", DAY, DAY, {}, [], rows)], key="members", actor="me")
        assert personal(book) == rows

    def test_a_memo_of_a_megabyte_comes_back_whole(self) -> None:
        book = self.founded()
        assert len(MEGABYTE.encode()) > 1_000_000
        first = book.append([note(memo=MEGABYTE), about("1", {"memo": MEGABYTE})], key="memo", actor="me")
        assert records(book)[1].facts == {"memo": MEGABYTE}
        assert personal(book) == {"1": {"memo": MEGABYTE}}
        assert book.append([note(memo=MEGABYTE), about("1", {"memo": MEGABYTE})], key="memo", actor="me") == first

    def test_whole_numbers_come_back_exactly_up_to_what_a_database_holds(self) -> None:
        book = self.founded()
        numbers = [0, 1, -1, 2**31, 2**53 - 1, 2**53 + 1, 2**63 - 1, -(2**63) + 1]
        book.append([note(numbers=numbers, nested=[[True, False, None]])], key="numbers", actor="me")
        facts = records(book)[1].facts
        assert facts["numbers"] == numbers
        assert [type(one) for one in facts["nested"][0]] == [bool, bool, type(None)]

    def test_a_deep_but_finite_nesting_comes_back(self) -> None:
        book = self.founded()
        deep: Any = "bottom"
        for n in range(18):
            deep = [deep] if n % 2 else {"deeper": deep}
        book.append([note(deep=deep)], key="deep", actor="me")
        assert records(book)[1].facts == {"deep": deep}

    def test_what_is_no_fact_is_refused_before_the_book_is_asked(self) -> None:
        class Colour(Enum):
            RED = 1

        deep: Any = []
        for _ in range(100_000):
            deep = [deep]
        endless: list[Any] = []
        endless.append(endless)
        refused: list[Any] = [
            1.0,
            float("nan"),
            2**63,
            -(2**63),
            10**5000,
            1j,
            b"bytes",
            {1, 2},
            DAY,
            datetime(2026, 1, 1, tzinfo=UTC),
        ]
        refused += ["\ud800", "a\udfffb", {"\ud800": 1}, {1: 2}, {None: 1}, Colour.RED, object(), deep, endless, (1.5,)]
        for one in refused:
            for facts in ({"fact": one}, {"listed": [one]}, {"keyed": {"a": one}}):
                with pytest.raises(EntryError):
                    Entry("note", DAY, DAY, facts)
                with pytest.raises(EntryError):
                    about("1", facts)

    def test_two_keys_that_become_one_are_refused(self) -> None:
        with pytest.raises(EntryError):
            Entry("note", DAY, DAY, {"\u00e9": 1, "e\u0301": 2})
        with pytest.raises(EntryError):
            Entry("note", DAY, DAY, {}, [], {"\u00e9": {}, "e\u0301": {}})

    def test_what_is_no_code_is_refused_wherever_a_code_stands(self) -> None:
        codes: list[Any] = [
            "",
            " ",
            "a b",
            "/",
            "a/",
            "/a",
            "a//b",
            "a\x00",
            "a\n",
            "\ud800",
            "a'b",
            "a;b",
            "a%",
            "*",
            "=1",
        ]
        codes += ["_a", "-a", "a" * 101, "a\u202eb", "😀", 7, b"a", 10**5000]
        places: list[Callable[[Any], Entry]] = [
            lambda one: Entry(one, DAY, DAY),
            lambda one: move(1, one, "holder/1"),
            lambda one: move(1, "unissued", one),
            lambda one: move(1, "unissued", "holder/1", denomination=one),
            lambda one: move(1, "unissued", "holder/1", lot=one),
            lambda one: about(one, {}),
        ]
        for one in codes:
            for place in places:
                with pytest.raises(EntryError):
                    place(one)

    def test_codes_come_back_in_their_normal_form_and_are_one_however_they_were_written(self) -> None:
        book = self.founded()
        apart, composed = (unicodedata.normalize(form, "holder/강é") for form in ("NFD", "NFC"))
        assert apart != composed
        book.append([move(5, "unissued", apart, lot="e\u0301")], key="issue", actor="me")
        book.append([move(2, composed, "unissued", lot="é")], key="take", actor="me")
        assert balance(book, composed) == 3
        assert [one.postings[0].lot for one in records(book)[1:]] == ["é", "é"]
        book.append([move(1, apart, "unissued", lot="é", reverses=(2, 0))], key="back", actor="me")
        assert balance(book, composed) == 2

    def test_the_longest_codes_come_back(self) -> None:
        book = self.founded()
        longest = "holder/" + "户" * 93
        posting = Posting("land", "unissued", longest, 5, None, None, "批" * 100)
        book.append([Entry("类" * 100, DAY, DAY, {}, [posting], {"员" * 100: {}})], key="long", actor="me")
        assert records(book)[1].postings == (posting,)
        assert records(book)[1].kind == "类" * 100
        assert personal(book) == {"员" * 100: {}}
        assert balance(book, longest) == 5

    def test_words_that_a_database_knows_are_codes_like_any_other(self) -> None:
        book = self.founded()
        words = ["NULL", "null", "select", "rowid", "0", "0x1", "1.0", "TRUE", "default", "pg_catalog", "DROP"]
        book.append([issue(n + 1, f"holder/{one}") for n, one in enumerate(words)], key="words", actor="NULL")
        assert [balance(book, f"holder/{one}") for one in words] == list(range(1, len(words) + 1))
        assert {one.actor for one in records(book)[1:]} == {"NULL"}

    def test_actors_and_keys_come_back_as_they_were(self) -> None:
        book = self.founded()
        names = ["'; DROP TABLE record; --", '"', "=1+1", "%s ? :a $1", "会计 甲", "a\\b", "👩", "{}"]
        for one in names:
            book.append([note()], key=one, actor=one)
        assert [(one.key, one.actor) for one in records(book)[1:]] == [(one, one) for one in names]
        assert head(book).seq == len(names) + 1

    def test_quantities_are_whole_numbers_from_one_to_the_largest(self) -> None:
        for one in (0, -1, LARGEST_QUANTITY + 1, 2**63, 10**5000, 1.0, True, "1", None, float("inf")):
            with pytest.raises(EntryError):
                move(one, "unissued", "holder/1")  # type: ignore[arg-type]
