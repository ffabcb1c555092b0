"""What a book has opened, and the periods it has closed."""

from datetime import date, timedelta

import pytest

from coopledger.core.accounts import Account, Denomination, opening
from coopledger.core.journal import Entry
from coopledger.errors import EntryError, LockedPeriodError, OverdrawnError, UnopenedError
from tests.store.books import (
    DAY,
    Promises,
    about,
    balance,
    clock_set,
    founding,
    head,
    issue,
    locking,
    move,
    note,
    records,
    unlocking,
)

MONTH_END = date(2026, 1, 31)
NEXT = date(2026, 2, 1)


def opened(*accounts: Account, denominations: tuple[Denomination, ...] = ()) -> Entry:
    return Entry("opening", DAY, DAY, opening(denominations, accounts))


class Opened(Promises):
    def test_nothing_moves_into_or_out_of_an_account_that_was_not_opened(self) -> None:
        book = self.founded()
        for source, target in (("unissued", "fund"), ("fund/1", "holder/1"), ("c37:1022", "holder/1")):
            with pytest.raises(UnopenedError):
                book.append([move(1, source, target)], key="move", actor="me")
        assert head(book).seq == 1

    def test_no_denomination_moves_that_was_not_opened(self) -> None:
        book = self.founded()
        with pytest.raises(UnopenedError, match="Land"):
            book.append([move(1, "unissued", "holder/1", denomination="Land")], key="move", actor="me")

    def test_an_account_can_be_used_from_the_entry_after_its_opening(self) -> None:
        book = self.founded()
        fund = opened(Account("fund", "a fund", "debit"), denominations=(Denomination("gold", "gold", 3),))
        used = move(1, "unissued", "fund/a/b", denomination="gold")
        with pytest.raises(UnopenedError):
            book.append([used, fund], key="too early", actor="me")
        book.append([fund, used], key="in order", actor="me")
        assert balance(book, "fund/a/b", denomination="gold") == 1

    def test_an_opening_cannot_use_in_its_own_postings_what_it_opens(self) -> None:
        book = self.founded()
        both = Entry(
            "opening", DAY, DAY, opening((), [Account("fund", "a fund")]), move(1, "unissued", "fund").postings
        )
        with pytest.raises(UnopenedError):
            book.append([both], key="both", actor="me")

    def test_an_empty_book_takes_records_without_postings_and_no_others(self) -> None:
        book = self.empty()
        book.append([note(), about("1", {"name": "成员甲"})], key="note", actor="me")
        with pytest.raises(UnopenedError):
            book.append([issue(1)], key="issue", actor="me")

    def test_a_name_may_change_and_digits_may_be_added(self) -> None:
        book = self.founded()
        again = opened(Account("holder", "shareholders", "debit"), denominations=(Denomination("CNY", "人民币", 4),))
        book.append([again], key="again", actor="me")
        book.append([issue(5)], key="issue", actor="me")
        assert balance(book) == 5

    def test_a_guard_stays_as_it_is(self) -> None:
        book = self.founded()
        for account in (
            Account("holder", "holders", "none"),
            Account("holder", "holders", "credit"),
            Account("c37:222", "应付剩余盈余", "debit"),
            Account("unissued", "unissued shares", "debit"),
        ):
            with pytest.raises(EntryError):
                book.append([opened(account)], key="again", actor="me")
        assert head(book).seq == 1

    def test_digits_are_never_taken_away(self) -> None:
        book = self.founded()
        with pytest.raises(EntryError):
            book.append([opened(denominations=(Denomination("CNY", "yuan", 1),))], key="again", actor="me")

    def test_facts_that_open_nothing_are_refused(self) -> None:
        book = self.founded()
        for facts in (
            {"accounts": ["fund"]},
            {"accounts": {"fund": "a fund"}},
            {"accounts": {"fund": ["a fund"]}},
            {"accounts": {"fund": ["a fund", "both"]}},
            {"accounts": {"fund/1": ["a part", "none"]}},
            {"accounts": {"": ["no name", "none"]}},
            {"accounts": {"a b": ["no code", "none"]}},
            {"accounts": {"fund": [None, "none"]}},
            {"denominations": {"gold": ["gold", -1]}},
            {"denominations": {"gold": ["gold", 10]}},
            {"denominations": {"gold": ["gold", True]}},
            {"denominations": {"gold": ["gold", "2"]}},
            {"denominations": {"a b": ["no code", 2]}},
            {"denominations": 1},
        ):
            with pytest.raises(EntryError):
                book.append([Entry("opening", DAY, DAY, facts)], key="opening", actor="me")
        assert head(book).seq == 1

    def test_an_account_opened_in_any_script_is_one_account_in_each_of_its_normal_forms(self) -> None:
        book = self.founded()
        composed, apart = "caf\u00e9", "cafe\u0301"
        book.append([opened(Account(apart, "an accent", "debit"))], key="opening", actor="me")
        book.append([move(5, "unissued", f"{composed}/1"), move(2, f"{apart}/1", "unissued")], key="move", actor="me")
        assert balance(book, f"{composed}/1") == 3
        with pytest.raises(OverdrawnError):
            book.append([move(4, f"{apart}/1", "unissued")], key="more", actor="me")

    def test_openings_come_from_the_book_and_not_from_whoever_opened_it(self) -> None:
        """A second append that refers to what the first one opened, and a repetition between them."""
        book = self.empty()
        book.append([founding()], key="founding", actor="me")
        book.append([issue(1)], key="one", actor="me")
        book.append([opened(Account("fund", "a fund", "debit"))], key="fund", actor="me")
        book.append([founding()], key="founding", actor="me")
        with pytest.raises(OverdrawnError):
            book.append([move(1, "fund", "holder/1")], key="from the fund", actor="me")
        with pytest.raises(UnopenedError):
            book.append([move(1, "unissued", "fonds")], key="elsewhere", actor="me")

    # ------------------------------------------------------------ periods

    def test_a_closed_period_takes_no_accounting_date_on_its_last_day_or_before(self) -> None:
        book = self.founded()
        book.append([locking(MONTH_END, NEXT)], key="lock", actor="me")
        for booked in (MONTH_END, DAY, date(1999, 1, 1)):
            for entry in (note(NEXT, booked=booked), move(1, "unissued", "holder/1", NEXT, booked=booked)):
                with pytest.raises(LockedPeriodError):
                    book.append([entry], key="late", actor="me")
        assert head(book).seq == 2
        book.append([note(NEXT)], key="on time", actor="me")

    def test_a_late_ruling_is_booked_today_and_counts_for_a_day_long_closed(self) -> None:
        book = self.founded()
        book.append([locking(MONTH_END, NEXT)], key="lock", actor="me")
        book.append([move(5, "unissued", "holder/1", date(2017, 5, 1), booked=NEXT)], key="ruling", actor="me")
        assert balance(book, on=date(2017, 5, 1)) == 5

    def test_every_record_says_up_to_which_day_the_books_are_closed(self) -> None:
        book = self.founded()
        book.append([note(), locking(DAY, NEXT), note(NEXT), locking(MONTH_END, NEXT)], key="a", actor="me")
        book.append([note(NEXT), unlocking(DAY, NEXT), unlocking(None, NEXT), note()], key="b", actor="me")
        assert [one.locked_through for one in records(book)] == [
            0, 0, 20260101, 20260101, 20260131, 20260131, 20260101, 0, 0,
        ]  # fmt: skip

    def test_a_lock_counts_from_the_next_entry_of_the_same_append(self) -> None:
        book = self.founded()
        with pytest.raises(LockedPeriodError):
            book.append([locking(MONTH_END, NEXT), note(DAY)], key="too late", actor="me")
        book.append([note(DAY), locking(MONTH_END, NEXT)], key="in time", actor="me")

    def test_a_lock_may_be_booked_within_the_period_that_it_closes(self) -> None:
        book = self.founded()
        book.append([locking(MONTH_END, MONTH_END)], key="lock", actor="me")
        with pytest.raises(LockedPeriodError):
            book.append([note(MONTH_END)], key="note", actor="me")

    def test_a_reopened_period_takes_records_again_and_can_be_closed_again(self) -> None:
        book = self.founded()
        book.append([locking(MONTH_END, NEXT)], key="lock", actor="me")
        book.append([unlocking(date(2026, 1, 15), NEXT)], key="unlock", actor="me")
        book.append([note(date(2026, 1, 16))], key="late", actor="me")
        with pytest.raises(LockedPeriodError):
            book.append([note(date(2026, 1, 15))], key="too late", actor="me")
        book.append([locking(MONTH_END, NEXT)], key="lock again", actor="me")
        with pytest.raises(LockedPeriodError):
            book.append([note(date(2026, 1, 16))], key="later", actor="me")

    def test_every_kind_of_record_heeds_a_closed_period(self) -> None:
        book = self.founded()
        book.append([about("1", {"name": "成员甲"}), locking(MONTH_END, NEXT)], key="lock", actor="me")
        for entry in (
            founding(),
            locking(NEXT, MONTH_END),
            unlocking(NEXT - timedelta(2), NEXT - timedelta(2)),
            clock_set(MONTH_END),
            about("1", {"name": "成员甲"}, MONTH_END),
        ):
            with pytest.raises(LockedPeriodError):
                book.append([entry], key="entry", actor="me")
        with pytest.raises(LockedPeriodError):
            book.erase(["1"], key="erasure", actor="me", on=MONTH_END)
        assert head(book).seq == 3

    def test_a_lock_goes_forward_and_an_unlock_back(self) -> None:
        book = self.founded()
        with pytest.raises(EntryError):
            book.append([unlocking(None, DAY)], key="unlock nothing", actor="me")
        book.append([locking(MONTH_END, NEXT)], key="lock", actor="me")
        later = NEXT + timedelta(9)
        for entry in (
            locking(MONTH_END, later),
            locking(DAY, later),
            unlocking(MONTH_END, later),
            unlocking(NEXT, later),
            Entry("lock", later, later, {}),
            Entry("lock", later, later, {"through": "someday"}),
            Entry("lock", later, later, {"through": "2026-02-30"}),
            Entry("lock", later, later, {"through": None}),
            Entry("lock", later, later, {"through": [2026, 2, 1]}),
            Entry("unlock", later, later, {"through": "yesterday", "reason": "a late voucher"}),
            Entry("unlock", later, later, {"through": None}),
            Entry("unlock", later, later, {"through": None, "reason": " "}),
        ):
            with pytest.raises(EntryError):
                book.append([entry], key="entry", actor="me")
        assert head(book).seq == 2

    def test_no_lock_is_for_ever(self) -> None:
        """A slip of the pen that closes a thousand years can still be taken back."""
        book = self.founded()
        last = date(2999, 12, 31)
        with pytest.raises(EntryError):
            book.append([locking(last, DAY)], key="lock", actor="me")
        book.append([locking(last - timedelta(1), DAY)], key="lock", actor="me")
        book.append([unlocking(DAY, DAY + timedelta(1))], key="unlock", actor="me")
        book.append([note(DAY + timedelta(1))], key="note", actor="me")
