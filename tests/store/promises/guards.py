"""A guarded account is below zero on no day: not today, and on no day before or after."""

from datetime import date, timedelta

import pytest

from coopledger.core.accounts import Account, opening
from coopledger.core.journal import Entry, Posting
from coopledger.errors import OverdrawnError
from tests.store.books import DAY, Book, Promises, balance, days, founding, head, issue, move, note, take, taking_back

D = days(60)


def refused(book: Book, *entries: Entry) -> bool:
    """Whether the book refuses entries because an account would be overdrawn; then nothing may have changed."""
    before = head(book)
    try:
        book.append(entries, key=f"after {before.seq}", actor="me")
    except OverdrawnError:
        assert head(book) == before
        return True
    return False


def credit(quantity: int, on: date = DAY, part: str = "0042") -> Entry:
    """What is owed to a member grows."""
    return move(quantity, f"c37:222/{part}", "c37:332", on, denomination="CNY")


def pay(quantity: int, on: date = DAY, part: str = "0042") -> Entry:
    """What is owed to a member is paid."""
    return move(quantity, "c37:102", f"c37:222/{part}", on, denomination="CNY")


class Guards(Promises):
    def test_a_holder_gives_away_what_he_has_and_not_one_more(self) -> None:
        book = self.founded()
        assert refused(book, take(1))
        assert not refused(book, issue(10))
        assert refused(book, take(11))
        assert not refused(book, take(10))
        assert refused(book, take(1))

    def test_an_account_without_a_guard_may_stand_anywhere(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10), move(5, "holders", "c37:102"), move(9, "c37:102", "holders"))
        assert balance(book, "unissued") == -10
        assert balance(book, "holders") == 4

    def test_a_backdated_movement_that_would_make_a_later_day_negative_is_refused(self) -> None:
        """In software of others a balance that is not negative today is enough."""
        book = self.founded()
        assert not refused(book, issue(10, on=D[0]), take(10, on=D[20]), issue(10, on=D[40]))
        assert balance(book) == 10
        assert refused(book, take(1, on=D[10]))
        assert refused(book, take(1, on=D[0]))
        assert refused(book, take(1, on=D[20]))
        assert refused(book, take(1, on=D[39]))
        assert not refused(book, take(1, on=D[40]))

    def test_a_movement_before_the_first_shares_is_refused_however_many_come_later(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, on=D[10]))
        assert refused(book, take(1, on=D[9]))
        assert not refused(book, take(1, on=D[10]))

    def test_a_future_movement_reserves_what_it_will_take(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, on=D[0]), take(8, on=D[50]))
        assert refused(book, take(3, on=D[1]))
        assert not refused(book, take(2, on=D[1]))
        assert not refused(book, issue(3, on=D[49]))
        assert not refused(book, take(3, on=D[49]))

    def test_a_backdated_issue_makes_room_for_a_backdated_movement(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, on=D[10]), take(10, on=D[20]))
        assert refused(book, take(4, on=D[5]))
        assert not refused(book, issue(4, on=D[5]))
        assert not refused(book, take(4, on=D[5]))

    def test_what_is_owed_to_a_member_is_paid_once(self) -> None:
        book = self.founded()
        assert refused(book, pay(1))
        assert not refused(book, credit(100_00, D[10]))
        assert refused(book, pay(1, D[9]))
        assert refused(book, pay(100_01, D[10]))
        assert not refused(book, pay(60_00, D[30]))
        assert refused(book, pay(50_00, D[20]))
        assert not refused(book, pay(40_00, D[20]))
        assert refused(book, pay(1, D[59]))
        assert balance(book, "c37:222/0042", denomination="CNY") == 0

    def test_the_movements_of_one_day_are_netted_in_whatever_order_they_come(self) -> None:
        book = self.founded()
        assert not refused(book, take(10, on=D[5]), issue(10, on=D[5]))
        assert refused(book, take(1, on=D[5]))
        assert not refused(book, take(7, on=D[5]), issue(3, on=D[5]), issue(4, on=D[5]))
        postings = [Posting("land", "holder/1", "unissued", 5), Posting("land", "unissued", "holder/1", 5)]
        assert not refused(book, Entry("swap", D[5], D[5], {}, postings))
        assert balance(book) == 0

    def test_several_entries_of_one_append_are_judged_together(self) -> None:
        book = self.founded()
        assert not refused(book, take(10, on=D[20]), take(5, on=D[10]), issue(15, on=D[0]))
        assert refused(book, take(1, on=D[30]), issue(1, on=D[31]))
        assert refused(book, issue(1, on=D[30]), take(1, on=D[30]), take(1, on=D[31]))
        assert not refused(book, take(1, on=D[31]), issue(1, on=D[30]))

    def test_many_small_movements_of_one_append_add_up(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10))
        assert refused(book, *[take(1, on=one) for one in D[:11]])
        assert refused(book, Entry("sale", D[0], D[0], {}, [Posting("land", "holder/1", "holder/2", 1)] * 11))
        assert not refused(book, *[take(1, on=one) for one in D[:10]])

    def test_the_date_of_booking_makes_no_difference(self) -> None:
        book = self.founded()
        assert not refused(book, move(10, "unissued", "holder/1", D[30], booked=D[0]))
        assert refused(book, move(10, "holder/1", "unissued", D[10], booked=D[40]))
        assert not refused(book, move(10, "holder/1", "unissued", D[30], booked=D[0]))

    def test_lots_make_no_difference(self) -> None:
        book = self.founded()
        assert not refused(
            book, move(6, "unissued", "holder/1", lot="2024"), move(4, "unissued", "holder/1", lot="2025")
        )
        assert not refused(book, move(7, "holder/1", "unissued", lot="2024"))
        assert refused(book, move(4, "holder/1", "unissued", lot="2025"))
        assert not refused(book, move(3, "holder/1", "unissued"))

    def test_each_denomination_stands_for_itself(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10), move(5, "unissued", "holder/1", denomination="mu"))
        assert refused(book, move(6, "holder/1", "unissued", denomination="mu"))
        assert refused(book, move(1, "holder/1", "unissued", denomination="CNY"))

    def test_each_part_of_an_account_stands_for_itself(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, "holder/1"), issue(10, "holder/10"), issue(10, "holder/1/pledged"))
        assert refused(book, take(11, "holder/1"))
        assert refused(book, take(11, "holder/10"))
        assert refused(book, take(11, "holder/1/pledged"))
        assert refused(book, take(1, "holder"))
        assert refused(book, take(1, "holder/100"))
        assert not refused(book, take(10, "holder/1"), take(10, "holder/10"), take(10, "holder/1/pledged"))

    def test_an_account_whose_code_begins_like_a_guarded_one_is_not_guarded(self) -> None:
        book = self.founded()
        assert not refused(book, move(5, "holders", "unissued"), move(5, "holders/1", "unissued"))

    def test_each_holder_of_one_record_is_looked_at(self) -> None:
        book = self.founded()
        assert not refused(book, *[issue(n, f"holder/{n}") for n in range(1, 40)])
        for short in (1, 20, 39):
            taken = [Posting("land", f"holder/{n}", "unissued", n + (n == short)) for n in range(1, 40)]
            assert refused(book, Entry("split", DAY, DAY, {}, taken))
        taken = [Posting("land", f"holder/{n}", "unissued", n) for n in range(1, 40)]
        assert not refused(book, Entry("split", DAY, DAY, {}, taken))

    def test_a_transfer_between_two_guarded_accounts_looks_at_the_giving_one(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, on=D[10]))
        assert refused(book, move(5, "holder/1", "holder/2", D[5]))
        assert not refused(book, move(5, "holder/1", "holder/2", D[15]))
        assert refused(book, move(5, "holder/2", "holder/3", D[10]))
        assert not refused(book, move(5, "holder/2", "holder/3", D[15]))

    def test_a_posting_from_a_debit_guarded_to_a_credit_guarded_account_looks_at_both(self) -> None:
        book = self.founded()
        both = move(5, "holder/1", "c37:222/1", D[10], denomination="CNY")
        assert refused(book, both)
        assert not refused(book, move(5, "unissued", "holder/1", D[0], denomination="CNY"))
        assert refused(book, both)
        assert not refused(book, credit(5, D[0], "1"))
        assert not refused(book, both)

    def test_a_reversal_is_guarded_like_any_movement(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, on=D[0]), move(10, "holder/1", "holder/2", D[10]))
        assert refused(book, taking_back(1, 2, on=D[10]))
        assert not refused(book, move(4, "holder/2", "holder/1", D[20], reverses=(3, 0)))
        assert refused(book, taking_back(5, 2, on=D[20]))
        assert refused(book, taking_back(4, 2, on=D[19]))
        assert not refused(book, taking_back(4, 2, on=D[20]))

    def test_a_reversed_payment_is_owed_again(self) -> None:
        book = self.founded()
        assert not refused(book, credit(100), pay(100, D[1]))
        assert not refused(book, move(30, "c37:222/0042", "c37:102", D[5], denomination="CNY", reverses=(3, 0)))
        assert refused(book, pay(30, D[4]))
        assert refused(book, pay(31, D[5]))
        assert not refused(book, pay(30, D[5]))

    def test_an_account_opened_later_with_a_guard_is_guarded_from_its_first_posting(self) -> None:
        book = self.founded()
        opened = Entry("opening", DAY, DAY, opening((), [Account("fund", "a fund", "debit")]))
        assert refused(book, opened, move(1, "fund/1", "unissued"))
        assert not refused(book, opened)
        assert refused(book, move(1, "fund/1", "unissued"))

    def test_records_without_postings_and_movements_in_are_never_overdrawn(self) -> None:
        book = self.founded()
        assert not refused(book, founding(), note(), issue(1), credit(1))

    def test_the_error_names_the_account_the_day_and_what_it_would_stand_at(self) -> None:
        book = self.founded()
        assert not refused(book, issue(10, on=D[0]), take(10, on=D[20]), credit(5_00, D[0]))
        with pytest.raises(OverdrawnError) as raised:
            book.append([take(3, on=D[10])], key="take", actor="me")
        assert raised.value.message.values["account"] == "holder/1"
        assert raised.value.message.values["day"] == D[20]
        assert raised.value.message.values["balance"] == "-3"
        with pytest.raises(OverdrawnError) as raised:
            book.append([pay(12_34, D[3])], key="pay", actor="me")
        assert raised.value.message.values["account"] == "c37:222/0042"
        assert raised.value.message.values["day"] == D[3]

    def test_a_long_history_is_guarded_on_each_of_its_days(self) -> None:
        book = self.founded()
        entries = [issue(2, on=one) for one in D] + [take(1, on=one) for one in D]
        assert not refused(book, *entries)
        for n in (0, 1, 30, 59):
            assert refused(book, take(n + 2, on=D[n]))
        assert not refused(book, take(1, on=D[0]))
        assert refused(book, take(1, on=D[0]))
        assert refused(book, take(60, on=D[0] + timedelta(1000)))
        assert not refused(book, take(59, on=D[0] + timedelta(1000)))
