"""Personal rows: apart from the chain, bound to it by salted hashes, and erasable without breaking it."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from coopledger.core.journal import Entry
from coopledger.errors import EntryError, KeyConflictError, OverdrawnError
from tests.store.books import (
    DAY,
    Clock,
    Promises,
    Salts,
    about,
    assert_whole,
    founding,
    fresh_name,
    head,
    issue,
    json_of,
    note,
    personal,
    records,
    take,
)

LATER = DAY + timedelta(9)


class Persons(Promises):
    def test_a_personal_row_comes_back_as_it_was(self) -> None:
        book = self.founded()
        row = {"name": "成员甲", "id": "999999199001011236", "minor": False, "phones": ["", None], "children": {"n": 2}}
        book.append([about("0042", row)], key="member", actor="me")
        assert personal(book) == {"0042": row}
        assert "成员甲" not in repr(records(book))

    def test_a_record_holds_the_numbers_in_order_and_a_salted_hash_for_each(self) -> None:
        salts = Salts()
        book = self.founded(salt=salts)
        rows = {"2": {"name": "成员乙"}, "10": {"name": "成员甲"}, "1": {"name": "成员丙"}}
        [record] = book.append([Entry("members", DAY, DAY, {}, [], rows)], key="members", actor="me")
        assert [subject for subject, _ in record.personal] == ["1", "10", "2"]
        for salt, (subject, commitment) in zip(salts.given[-3:], record.personal, strict=True):
            assert commitment == sha256(salt + json_of(rows[subject]).encode()).hexdigest()
        assert records(book)[-1] == record

    def test_equal_rows_of_two_people_do_not_look_equal(self) -> None:
        book = self.founded()
        same = {"bank": "0000"}
        book.append([Entry("cards", DAY, DAY, {}, [], {"1": same, "2": same}), about("1", same)], key="a", actor="me")
        commitments = [commitment for record in records(book) for _, commitment in record.personal]
        assert len({*commitments}) == 3

    def test_the_latest_version_of_a_row_counts_whatever_day_it_is_effective(self) -> None:
        book = self.founded()
        book.append([about("1", {"phone": "1"}, LATER), about("2", {"phone": "9"})], key="first", actor="me")
        book.append([about("1", {"phone": "2", "name": "成员甲"}, DAY)], key="second", actor="me")
        book.append([about("1", {"phone": "3"}, date(2000, 1, 1))], key="third", actor="me")
        assert personal(book) == {"1": {"phone": "3"}, "2": {"phone": "9"}}

    def test_an_earlier_book_has_the_earlier_version(self) -> None:
        book = self.founded()
        for n in range(3):
            book.append([about("1", {"n": n})], key=f"n {n}", actor="me")
        for n in range(3):
            with book.read(2 + n) as view:
                assert view.personal() == {"1": {"n": n}}
        with book.read(1) as view:
            assert view.personal() == {}

    def test_the_rows_of_some_numbers_are_theirs_alone(self) -> None:
        book = self.founded()
        rows = {number: {"n": number} for number in ("1", "10", "01", "1/1", "甲", "0042")}
        book.append([Entry("members", DAY, DAY, {}, [], rows)], key="members", actor="me")
        with book.read() as view:
            assert view.personal() == rows
            assert view.personal(["1"]) == {"1": {"n": "1"}}
            assert view.personal({"甲", "0042", "nobody"}) == {"甲": {"n": "甲"}, "0042": {"n": "0042"}}
            assert view.personal([]) == {}
            assert view.personal(["%"]) == view.personal(["_"]) == {}

    def test_the_row_of_a_refused_append_is_not_there(self) -> None:
        book = self.founded()
        with pytest.raises(OverdrawnError):
            book.append([about("1", {"n": 1}), take(1)], key="refused", actor="me")
        assert personal(book) == {}

    def test_an_empty_row_is_a_row(self) -> None:
        book = self.founded()
        book.append([about("1", {"n": 1})], key="first", actor="me")
        book.append([about("1", {})], key="second", actor="me")
        assert personal(book) == {"1": {}}

    # ------------------------------------------------------------ erasing

    def test_erased_rows_are_gone_from_every_version_and_every_earlier_book(self) -> None:
        book = self.founded()
        for n in range(3):
            book.append([about("1", {"n": n}), about("2", {"n": n})], key=f"n {n}", actor="me")
        book.erase(["1"], key="erasure", actor="me", on=LATER)
        assert personal(book) == {"2": {"n": 2}}
        for known in range(9):
            with book.read(known) as view:
                assert "1" not in view.personal()
                assert view.personal(["1"]) == {}

    def test_an_erasure_leaves_the_chain_and_everybody_else_as_they_were(self) -> None:
        name = fresh_name()
        book = self.make(name, Clock(), Salts())
        rows = {number: {"name": f"成员{number}"} for number in ("1", "10", "01", "2")}
        book.append([founding(), Entry("members", DAY, DAY, {}, [], rows), issue(5)], key="first", actor="me")
        before = records(book)
        book.erase(["1"], key="erasure", actor="me", on=LATER)
        assert records(book)[:-1] == before
        assert personal(book) == {number: row for number, row in rows.items() if number != "1"}
        assert_whole(book, name)

    def test_an_erasure_is_itself_a_record_that_names_the_numbers(self) -> None:
        book = self.founded()
        book.append([about(number, {"n": 1}) for number in ("1", "2", "3")], key="members", actor="me")
        record = book.erase({"2", "1", "3"}, key="erasure", actor="clerk", on=LATER, facts={"request": "17/2026"})
        assert record == records(book)[-1]
        assert (record.kind, record.key, record.actor) == ("erasure", "erasure", "clerk")
        assert (record.effective_on, record.booked_on) == (LATER, LATER)
        assert record.facts == {"request": "17/2026", "subjects": ["1", "2", "3"]}
        assert personal(book) == {}

    def test_a_repeated_erasure_gives_the_first_record_and_spares_what_was_written_since(self) -> None:
        book = self.founded()
        book.append([about("1", {"n": 1})], key="member", actor="me")
        first = book.erase(["1"], key="erasure", actor="me", on=LATER)
        book.append([about("1", {"n": 2}, LATER)], key="member again", actor="me")
        assert book.erase(["1"], key="erasure", actor="me", on=LATER) == first
        assert personal(book) == {"1": {"n": 2}}
        assert head(book).seq == 4

    def test_another_erasure_under_the_same_key_is_a_conflict_and_erases_nothing(self) -> None:
        book = self.founded()
        book.append([about("1", {"n": 1}), about("2", {"n": 2})], key="members", actor="me")
        book.erase(["1"], key="erasure", actor="me", on=LATER)
        with pytest.raises(KeyConflictError, match="facts"):
            book.erase(["2"], key="erasure", actor="me", on=LATER)
        with pytest.raises(KeyConflictError):
            book.erase(["2"], key="members", actor="me", on=LATER)
        assert personal(book) == {"2": {"n": 2}}

    def test_an_append_can_be_repeated_after_its_rows_were_erased(self) -> None:
        book = self.founded()
        entry = Entry("members", DAY, DAY, {}, [], {"1": {"name": "成员甲"}, "2": {"name": "成员乙"}})
        first = book.append([entry], key="members", actor="me")
        book.erase(["1"], key="erasure", actor="me", on=LATER)
        assert book.append([entry], key="members", actor="me") == first
        assert personal(book) == {"2": {"name": "成员乙"}}
        other = Entry("members", DAY, DAY, {}, [], {"1": {"name": "成员甲"}, "2": {"name": "成员丙"}})
        with pytest.raises(KeyConflictError, match="personal 2"):
            book.append([other], key="members", actor="me")
        with pytest.raises(KeyConflictError, match="personal"):
            book.append([Entry("members", DAY, DAY, {}, [], {"2": {"name": "成员乙"}})], key="members", actor="me")

    def test_a_number_is_erased_in_each_of_its_normal_forms(self) -> None:
        book = self.founded()
        book.append([about("e\u0301", {"n": 1})], key="member", actor="me")
        assert personal(book) == {"é": {"n": 1}}
        book.erase(["e\u0301"], key="erasure", actor="me", on=LATER)
        assert personal(book) == {}

    def test_an_erasure_that_is_refused_erases_nothing(self) -> None:
        book = self.founded()
        book.append([about("1", {"n": 1})], key="member", actor="me")
        with pytest.raises(EntryError):
            book.append([Entry("erasure", DAY, DAY, {"subjects": ["1"]})], key="by hand", actor="me")
        for subjects, key, actor in (("1", "e", "me"), (["a b"], "e", "me"), (["1"], "", "me"), (["1"], "e", "")):
            with pytest.raises(EntryError):
                book.erase(subjects, key=key, actor=actor, on=LATER)
        assert personal(book) == {"1": {"n": 1}}
        assert head(book).seq == 2

    def test_a_number_about_which_nothing_was_written_is_not_erased(self) -> None:
        """A slip of the pen would be recorded as an erasure, and the data would stay."""
        book = self.founded()
        book.append([about("m/1", {"n": 1}), about("m/2", {"n": 2})], key="members", actor="me")
        for subjects in (["1"], ["m/1", "1"], ["m/01"], ["m"]):
            with pytest.raises(EntryError, match=r"no personal data under that, and none was erased: .* m/0042"):
                book.erase(subjects, key="erasure", actor="me", on=LATER)
        assert (personal(book), head(book).seq) == ({"m/1": {"n": 1}, "m/2": {"n": 2}}, 3)
        first = book.erase(["m/1"], key="erasure", actor="me", on=LATER)
        assert book.erase(["m/1"], key="erasure", actor="me", on=LATER) == first
        book.erase(["m/1", "m/2"], key="both", actor="me", on=LATER)
        assert (personal(book), head(book).seq) == ({}, 5)

    def test_an_erased_number_may_be_written_about_again(self) -> None:
        book = self.founded()
        book.append([about("1", {"n": 1})], key="first", actor="me")
        book.erase(["1"], key="erasure", actor="me", on=LATER)
        book.append([about("1", {"n": 2}, LATER), note(LATER)], key="second", actor="me")
        assert personal(book) == {"1": {"n": 2}}
        book.erase(["1"], key="second erasure", actor="me", on=LATER)
        assert personal(book) == {}
        assert_whole(book)
