"""The same call a second time: after a lost answer, from another thread, years later."""

import unicodedata
from collections.abc import Iterator
from datetime import timedelta

import pytest

from coopledger.core.journal import Entry, Posting, View
from coopledger.errors import EntryError, KeyConflictError, OverdrawnError, RegisterError
from coopledger.text import Message
from tests.store.books import (
    DAY,
    DAY_US,
    Book,
    Clock,
    Promises,
    about,
    assert_whole,
    balance,
    founding,
    head,
    issue,
    locking,
    note,
    personal,
    records,
    take,
    taking_back,
)

WAS = Entry(
    "payment",
    DAY,
    DAY + timedelta(1),
    {"reason": "first", "nothing": None},
    [Posting("CNY", "c37:332", "c37:102", 100), Posting("land", "unissued", "holder/1", 7)],
    {"1": {"name": "成员甲", "phone": ""}, "2": {"name": "成员乙"}},
)


class Repeating(Promises):
    def test_the_same_entries_under_the_same_key_give_the_first_records_and_write_nothing(self) -> None:
        book = self.founded()
        first = book.append([WAS], key="payment", actor="me")
        before = records(book), personal(book)
        for _ in range(3):
            assert book.append([WAS], key="payment", actor="me") == first
        assert (records(book), personal(book)) == before

    def test_a_repetition_of_many_entries_gives_all_their_records(self) -> None:
        book = self.founded()
        entries = [note(n=1), issue(5), WAS, note(n=4)]
        first = book.append(entries, key="four", actor="me")
        book.append([note()], key="later", actor="me")
        assert book.append(entries, key="four", actor="me") == first
        assert head(book).seq == 6

    def test_a_repetition_long_after_gives_the_first_records(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        first = book.append([issue(5)], key="five", actor="me")
        for n in range(20):
            clock.forward(20 * DAY_US)
            book.append([note(n=n)], key=f"note {n}", actor="me")
        assert book.append([issue(5)], key="five", actor="me") == first
        assert balance(book) == 5

    def test_the_first_append_of_a_book_can_be_repeated(self) -> None:
        book = self.founded()
        assert book.append([founding()], key="founding", actor="founder") == records(book)

    def test_a_repetition_is_asked_nothing_about_heads_clocks_locks_and_balances(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        empty_handed = head(book)
        first = book.append([issue(5), take(5)], key="first", actor="me", after=empty_handed)
        book.append([locking(DAY + timedelta(9), DAY + timedelta(10))], key="lock", actor="me")
        clock.forward(-90 * DAY_US)
        assert book.append([issue(5), take(5)], key="first", actor="me", after=empty_handed) == first
        clock.forward(900 * DAY_US)
        assert book.append([issue(5), take(5)], key="first", actor="me") == first

    def test_locks_and_openings_can_be_repeated(self) -> None:
        book = self.founded()
        lock = locking(DAY, DAY + timedelta(1))
        first = book.append([lock], key="lock", actor="me")
        assert book.append([lock], key="lock", actor="me") == first

    def test_other_content_is_a_conflict_that_names_the_field(self) -> None:
        book = self.founded()
        book.append([WAS], key="payment", actor="me")
        before = records(book), personal(book)
        for name, entry in changed(WAS):
            with pytest.raises(KeyConflictError) as raised:
                book.append([entry], key="payment", actor="me")
            assert raised.value.message.values["name"] == name
            assert name in str(raised.value)
            assert raised.value.message.values["key"] == "payment"
            assert raised.value.message.values["seq"] == 2
        with pytest.raises(KeyConflictError, match="actor"):
            book.append([WAS], key="payment", actor="you")
        assert (records(book), personal(book)) == before

    def test_each_part_of_a_posting_counts_in_a_repetition(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="ten", actor="me")
        was = Posting("land", "holder/1", "unissued", 5, 2, 0)
        book.append([Entry("back", DAY, DAY, {}, [was])], key="back", actor="me")
        for now in (
            was._replace(denomination="mu"),
            was._replace(source="holder/2"),
            was._replace(target="holder/2"),
            was._replace(quantity=4),
            was._replace(reverses_seq=1),
            was._replace(reverses_line=1),
            was._replace(reverses_seq=None, reverses_line=None),
            was._replace(lot="2026"),
        ):
            with pytest.raises(KeyConflictError, match=r"postings was line 0: [a-z]+") as raised:
                book.append([Entry("back", DAY, DAY, {}, [now])], key="back", actor="me")
            assert "Posting(" not in str(raised.value)
        for postings in ([], [was, was], [was, Posting("mu", "unissued", "holders", 1)]):
            with pytest.raises(KeyConflictError, match="postings"):
                book.append([Entry("back", DAY, DAY, {}, postings)], key="back", actor="me")

    def test_nothing_zero_false_and_the_empty_text_are_four_different_facts(self) -> None:
        book = self.founded()
        seen: list[object] = [None, 0, False, "", [], {}]
        for n, one in enumerate(seen):
            book.append([note(said=one)], key=f"note {n}", actor="me")
            for other in seen:
                if other is not one:
                    with pytest.raises(KeyConflictError, match="facts"):
                        book.append([note(said=other)], key=f"note {n}", actor="me")
        assert len({one.content_hash for one in records(book)[1:]}) == len(seen)

    def test_a_difference_in_the_last_of_many_entries_is_a_conflict(self) -> None:
        book = self.founded()
        book.append([note(n=1), note(n=2), note(n=3)], key="three", actor="me")
        with pytest.raises(KeyConflictError) as raised:
            book.append([note(n=1), note(n=2), note(n=4)], key="three", actor="me")
        assert raised.value.message.values["seq"] == 4
        assert raised.value.message.values["name"] == "facts"

    def test_fewer_or_more_entries_are_a_conflict(self) -> None:
        book = self.founded()
        book.append([note(n=1), note(n=2)], key="two", actor="me")
        book.append([note(n=3)], key="three", actor="me")
        for entries in ([], [note(n=1)], [note(n=1), note(n=2), note(n=3)]):
            with pytest.raises(KeyConflictError, match="entries"):
                book.append(entries, key="two", actor="me")
        assert head(book).seq == 4

    def test_the_order_of_facts_and_of_persons_makes_no_difference(self) -> None:
        book = self.founded()
        rows = {"2": {"b": 1, "a": 2}, "1": {"c": 3}}
        first = book.append([Entry("note", DAY, DAY, {"b": 1, "a": {"d": 4, "c": 5}}, [], rows)], key="n", actor="me")
        again = Entry("note", DAY, DAY, {"a": {"c": 5, "d": 4}, "b": 1}, [], {"1": {"c": 3}, "2": {"a": 2, "b": 1}})
        assert book.append([again], key="n", actor="me") == first

    # ------------------------------------------------------------ decisions

    def test_a_repeated_decision_sees_the_book_as_it_was(self) -> None:
        book = self.founded()
        book.append([issue(100)], key="issue", actor="me")
        heads = []

        def half(view: View) -> Iterator[Entry]:
            heads.append(view.head)
            yield take(view.balances("land", under="holder/1")["land", "holder/1"] // 2)

        first = book.append(half, key="half", actor="me")
        book.append(half, key="another half", actor="me")
        assert balance(book) == 25
        assert book.append(half, key="half", actor="me") == first
        assert balance(book) == 25
        assert heads[0] == heads[2]
        assert [one.seq for one in heads] == [2, 3, 2]

    def test_a_repeated_decision_does_not_see_its_own_records_nor_later_persons(self) -> None:
        book = self.founded()

        def first_member(view: View) -> Iterator[Entry]:
            yield about(str(len(view.personal()) + 1), {"seen": len(list(view.records()))})

        first = book.append(first_member, key="first", actor="me")
        book.append(first_member, key="second", actor="me")
        assert book.append(first_member, key="first", actor="me") == first
        assert sorted(personal(book)) == ["1", "2"]

    def test_a_decision_that_decides_otherwise_is_a_conflict(self) -> None:
        book = self.founded()
        book.append(lambda _: [issue(5)], key="five", actor="me")
        with pytest.raises(KeyConflictError, match="postings"):
            book.append(lambda _: [issue(6)], key="five", actor="me")

    def test_another_decision_that_was_not_possible_then_is_a_conflict_and_not_what_it_says_of_then(self) -> None:
        book = self.founded()
        book.append([issue(5)], key="five", actor="me")

        def all_of_it(view: View) -> list[Entry]:
            held = view.balances("land", under="holder/1")
            if not held:
                raise RegisterError(Message("{number} is not in the register", number="1"))
            return [take(held["land", "holder/1"])]

        with pytest.raises(KeyConflictError, match=r"record 2 with other content: .*1 is not in the register"):
            book.append(all_of_it, key="five", actor="me")
        assert balance(book) == 5

    def test_a_decision_may_be_repeated_by_its_entries(self) -> None:
        book = self.founded()
        first = book.append(lambda _: [issue(5)], key="five", actor="me")
        assert book.append([issue(5)], key="five", actor="me") == first

    # ------------------------------------------------------------ keys

    def test_the_key_of_another_appends_second_record_cannot_be_reached(self) -> None:
        book = self.founded()
        book.append([note(n=1), note(n=2)], key="two", actor="me")
        for key in ("two#2", "two#3", "new#1", "#"):
            with pytest.raises(EntryError, match="not a key"):
                book.append([note(n=2)], key=key, actor="me")
        assert head(book).seq == 3

    def test_a_key_that_was_refused_is_free(self) -> None:
        book = self.founded()
        with pytest.raises(OverdrawnError):
            book.append([take(5)], key="five", actor="me")
        assert book.append([issue(5)], key="five", actor="me")[0].seq == 2

    def test_what_is_no_key_or_no_actor_is_refused(self) -> None:
        book = self.founded()
        before = head(book)
        for seen in ("", " ", "a\nb", "a\x00", "a\x1b[2J", "x" * 201, "\ud800", "a\u202eb", None, 7, 10**5000, b"key"):
            with pytest.raises(EntryError):
                book.append([note()], key=seen, actor="me")  # type: ignore[arg-type]
            with pytest.raises(EntryError):
                book.append([note()], key="note", actor=seen)  # type: ignore[arg-type]
        assert head(book) == before

    def test_keys_that_differ_in_any_character_are_different_keys(self) -> None:
        book = self.founded()
        keys = ["a", "A", "a ", " a", "a%", "a_", "ａ", "á", "'a'", '"a"', "a;--", "0", "00", "甲", "乙", "ß", "ss"]
        for n, key in enumerate(keys):
            book.append([note(n=n)], key=key, actor="me")
        assert [one.key for one in records(book)[1:]] == keys
        for n, key in enumerate(keys):
            assert book.append([note(n=n)], key=key, actor="me")[0].seq == n + 2

    def test_two_ways_to_write_an_accent_are_one_key(self) -> None:
        book = self.founded()
        composed, apart = unicodedata.normalize("NFC", "dividéndé"), unicodedata.normalize("NFD", "dividéndé")
        assert composed != apart
        first = book.append([note(n=1)], key=apart, actor="me")
        assert first[0].key == composed
        assert book.append([note(n=1)], key=composed, actor="me") == first
        assert head(book).seq == 2

    def test_the_longest_key_may_stand_over_many_records(self) -> None:
        book = self.founded()
        key, actor = "键" * 200, "人" * 200
        entries = [note(n=n) for n in range(12)]
        first = book.append(entries, key=key, actor=actor)
        assert first[-1].key == f"{key}#12"
        assert book.append(entries, key=key, actor=actor) == first
        assert records(book)[-1].actor == actor

    def test_keys_that_begin_alike_are_kept_apart(self) -> None:
        book: Book = self.founded()
        book.append([note(n=1)], key="pay", actor="me")
        book.append([note(n=2), note(n=3)], key="pay2", actor="me")
        book.append([note(n=4)], key="pa", actor="me")
        assert len(book.append([note(n=1)], key="pay", actor="me")) == 1
        assert len(book.append([note(n=2), note(n=3)], key="pay2", actor="me")) == 2
        assert_whole(book)

    def test_a_repeated_reversal_takes_back_nothing_more(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="issue", actor="me")
        first = book.append([taking_back(10, 2)], key="back", actor="me")
        assert book.append([taking_back(10, 2)], key="back", actor="me") == first
        assert balance(book) == 0


def changed(was: Entry) -> Iterator[tuple[str, Entry]]:
    """The entry with one field changed, by the name of the field."""
    kind, effective, booked = was.kind, was.effective_on, was.booked_on
    facts, postings, rows = was.facts, was.postings, was.personal
    later = timedelta(1)
    yield "kind", Entry("Payment", effective, booked, facts, postings, rows)
    yield "effective_on", Entry(kind, effective + later, booked, facts, postings, rows)
    yield "booked_on", Entry(kind, effective, booked + later, facts, postings, rows)
    yield "facts", Entry(kind, effective, booked, {**facts, "reason": "second"}, postings, rows)
    yield "facts", Entry(kind, effective, booked, {"reason": "first"}, postings, rows)
    yield "facts", Entry(kind, effective, booked, {**facts, "more": None}, postings, rows)
    yield "postings", Entry(kind, effective, booked, facts, postings[:1], rows)
    yield "postings", Entry(kind, effective, booked, facts, reversed(postings), rows)
    yield "personal", Entry(kind, effective, booked, facts, postings, {"1": rows["1"]})
    yield "personal", Entry(kind, effective, booked, facts, postings, {**rows, "3": {}})
    yield "personal", Entry(kind, effective, booked, facts, postings, {"1": rows["1"], "3": rows["2"]})
    yield "personal 1", Entry(kind, effective, booked, facts, postings, {**rows, "1": {"name": "成员甲"}})
    yield "personal 2", Entry(kind, effective, booked, facts, postings, {**rows, "2": {"name": "成员丙"}})
