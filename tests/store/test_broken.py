"""The contract suite catches what it should: each fault by the tests that are there for it."""

import unicodedata
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from unittest.mock import patch

import pytest

from coopledger.core import accounts, chain
from coopledger.errors import CoopledgerError
from coopledger.store import memory
from coopledger.store.memory import MemoryJournal, MemoryView
from tests.store.books import Book
from tests.store.broken import (
    BurnsNumbers,
    CountsByRecord,
    CountsWhatWasThereBefore,
    DecidesOnce,
    DecidesOnWhatStandsNow,
    ErasesAgain,
    ErasesFirst,
    ErasesNothing,
    ErasesTheCommitments,
    ErasesTheLatest,
    ErasesWhoBeginsAlike,
    Fault,
    FoldsKeys,
    ForgetsKeys,
    GivesTheFirstRecord,
    GivesWhatBeginsAlike,
    LiveViews,
    LooksAtTheHeadFirst,
    OneByOne,
    OneRoom,
    OneSalt,
    RemembersWhatItRefused,
    TakesAnyNumber,
    TrimsKeys,
    Unlocked,
    all_but,
    all_denominations_alike,
    always_confirmed,
    anything_grows,
    as_the_clock_says,
    as_written,
    back_and_forth,
    before_that_time,
    before_the_last_day,
    begins_with,
    but_for_its_last_day,
    by_booking,
    by_the_day_of_booking,
    by_what_it_counts_for,
    digits_shrink,
    each_text,
    entry_by_entry,
    exactly,
    first_version,
    from_it_on,
    given_away,
    guarding_alike,
    guards_change,
    in_local_time,
    key_as_it_is,
    key_with_any_sign,
    last_of_all,
    line_by_line,
    links_of_zeros,
    lot_by_lot,
    lot_unchecked,
    never_again,
    never_confirmed,
    never_earlier,
    no_lot_is_an_empty_one,
    no_reversals,
    no_way_back,
    nothing_checked,
    nothing_is_zero,
    numbers_as_floats,
    of_all_times,
    of_who_begins_alike,
    only_at_the_end,
    only_debit,
    only_on_the_day,
    only_the_first,
    parts_together,
    postings_alone,
    replaced,
    rows_must_be_there,
    same_number,
    sum_unchecked,
    through_floats,
    unsalted,
    until_the_day_before,
    until_the_first_later_one,
    way_unchecked,
    with_zeros,
    without,
    without_its_zone,
)
from tests.store.contract import Contract
from tests.store.in_step import walk

CONFLICT = "test_other_content_is_a_conflict_that_names_the_field"
GOLDEN = "test_the_golden_books_have_their_golden_hashes"
FOLDED = "test_balances_are_what_a_fold_of_all_postings_gives"
MOVED = "test_movements_are_the_postings_by_day_number_and_line"
ALL_OR_NOTHING = "test_one_entry_that_is_refused_keeps_all_others_out"
BACKDATED = "test_a_backdated_movement_that_would_make_a_later_day_negative_is_refused"
NETTED = "test_the_movements_of_one_day_are_netted_in_whatever_order_they_come"
LOCKED = "test_a_closed_period_takes_no_accounting_date_on_its_last_day_or_before"
TEXT = "test_facts_come_back_as_they_were"
STANDS_STILL = "test_a_view_does_not_change_when_the_book_moves_on"

FAULTS: dict[str, Fault] = {
    # one after the other
    "no lock": Fault(
        (
            "test_writers_at_the_same_time_leave_no_fork_and_no_gap",
            "test_one_key_from_fifty_threads_is_one_record",
            "test_the_last_share_is_given_away_once",
            "test_of_many_who_decided_after_the_same_head_one_is_in_time",
            "test_decisions_at_the_same_time_each_see_what_the_others_did",
        ),
        Unlocked,
    ),
    "entries are written one by one": Fault((ALL_OR_NOTHING,), OneByOne),
    "a refused append uses up a number": Fault(
        ("test_after_a_refusal_the_book_goes_on_without_a_gap_under_the_same_key",), BurnsNumbers
    ),
    "all books in the same rows": Fault(("test_two_books_know_nothing_of_each_other",), OneRoom),
    "the head is not compared": replaced(
        memory, "check_after", nothing_checked, "test_what_was_decided_after_an_older_head_is_stale"
    ),
    "the head's number alone is compared": replaced(
        memory, "check_after", same_number, "test_a_head_with_the_right_number_and_another_hash_is_stale"
    ),
    "the head is compared before the key": Fault(
        ("test_a_repetition_is_asked_nothing_about_heads_clocks_locks_and_balances",), LooksAtTheHeadFirst
    ),
    # keys
    "keys are not looked up": Fault(
        (
            "test_the_same_entries_under_the_same_key_give_the_first_records_and_write_nothing",
            "test_one_key_from_fifty_threads_is_one_record",
        ),
        ForgetsKeys,
    ),
    "keys that differ in case are one": Fault(
        ("test_keys_that_differ_in_any_character_are_different_keys",), FoldsKeys
    ),
    "spaces at the end of a key are lost": Fault(
        ("test_keys_that_differ_in_any_character_are_different_keys",), TrimsKeys
    ),
    "keys are not in their normal form": replaced(
        memory, "check_key", key_as_it_is, "test_two_ways_to_write_an_accent_are_one_key"
    ),
    "keys may reach another append's second record": replaced(
        memory, "check_key", key_with_any_sign, "test_the_key_of_another_appends_second_record_cannot_be_reached"
    ),
    "a repetition gives the first record alone": Fault(
        ("test_a_repetition_of_many_entries_gives_all_their_records",), GivesTheFirstRecord
    ),
    "a repetition gives all records whose keys begin alike": Fault(
        ("test_keys_that_begin_alike_are_kept_apart",), GivesWhatBeginsAlike
    ),
    "a repeated decision sees what stands now": Fault(
        ("test_a_repeated_decision_sees_the_book_as_it_was",), DecidesOnWhatStandsNow
    ),
    "a repeated decision is not asked": Fault(("test_a_decision_that_decides_otherwise_is_a_conflict",), DecidesOnce),
    "other content is not compared": replaced(
        memory, "check_repeated", nothing_checked, CONFLICT, "test_fewer_or_more_entries_are_a_conflict"
    ),
    **{
        f"another {field} is not a conflict": replaced(memory, "check_repeated", all_but(field), CONFLICT)
        for field in (
            "kind",
            "effective_on",
            "booked_on",
            "actor",
            "facts",
            "postings",
            "personal",
            "personal 1",
            "personal 2",
        )
    },
    "another number of entries is not a conflict": replaced(
        memory, "check_repeated", all_but("entries"), "test_fewer_or_more_entries_are_a_conflict"
    ),
    # guards
    "no guard": replaced(
        memory, "first_overdrawn", nothing_checked, "test_a_holder_gives_away_what_he_has_and_not_one_more"
    ),
    "a guard that looks at the end": replaced(memory, "first_overdrawn", only_at_the_end, BACKDATED),
    "a guard that looks at the day of the movement": replaced(memory, "first_overdrawn", only_on_the_day, BACKDATED),
    "a guard that does not net a day": replaced(memory, "first_overdrawn", line_by_line, NETTED),
    "a guard for each lot": replaced(memory, "first_overdrawn", lot_by_lot, "test_lots_make_no_difference"),
    "a guard by the day of booking": replaced(
        memory, "first_overdrawn", by_the_day_of_booking, "test_the_date_of_booking_makes_no_difference"
    ),
    "a guard that judges entry by entry": replaced(
        memory, "first_overdrawn", entry_by_entry, "test_several_entries_of_one_append_are_judged_together"
    ),
    "a guard over all denominations": replaced(
        memory, "first_overdrawn", all_denominations_alike, "test_each_denomination_stands_for_itself"
    ),
    "a guard over all parts of a holder": replaced(
        memory, "first_overdrawn", parts_together, "test_each_part_of_an_account_stands_for_itself"
    ),
    "a guard for debits alone": replaced(memory, "at_risk", only_debit, "test_what_is_owed_to_a_member_is_paid_once"),
    "a guard for the first account alone": replaced(
        memory, "at_risk", only_the_first, "test_each_holder_of_one_record_is_looked_at"
    ),
    "a guard that lets reversals pass": replaced(
        memory, "at_risk", no_reversals, "test_a_reversal_is_guarded_like_any_movement"
    ),
    "a guard for whatever begins alike": Fault(
        ("test_an_account_whose_code_begins_like_a_guarded_one_is_not_guarded",),
        instead=tuple(
            (memory, name, partial(guarding_alike, getattr(memory, name))) for name in ("at_risk", "first_overdrawn")
        ),
    ),
    # reversals
    "reversals are not looked at": replaced(
        memory, "check_reversal", nothing_checked, "test_a_reversal_of_what_is_not_there_is_refused"
    ),
    "the sum of reversals is not looked at": replaced(
        memory,
        "check_reversal",
        sum_unchecked,
        "test_parts_are_taken_back_up_to_the_last_unit",
        "test_ten_thousand_are_paid_in_one_record_and_three_bounce_today_and_two_tomorrow",
    ),
    "the reversals of one append do not add up": Fault(
        (
            "test_the_entries_of_one_append_share_what_is_left",
            "test_the_lines_of_one_record_share_what_is_left",
        ),
        CountsWhatWasThereBefore,
    ),
    "the reversals of a record's lines add up": Fault(
        ("test_each_line_of_a_record_is_counted_for_itself",), CountsByRecord
    ),
    "a reversal may go any way": replaced(
        memory, "check_reversal", way_unchecked, "test_a_reversal_goes_the_way_back_of_the_line_that_it_names"
    ),
    "a reversal may name another lot": replaced(
        memory, "check_reversal", lot_unchecked, "test_a_reversal_goes_the_way_back_of_the_line_that_it_names"
    ),
    "a reversal may be reversed": replaced(memory, "check_reversal", back_and_forth, "test_a_reversal_is_not_reversed"),
    # hashes
    "no reversal is hashed like record 0": replaced(chain, "content_hash", nothing_is_zero, GOLDEN),
    "no lot is hashed like an empty one": replaced(chain, "content_hash", no_lot_is_an_empty_one, GOLDEN),
    **{
        f"{name} is not in the content's hash": replaced(chain, "content_hash", without(n, blank), GOLDEN)
        for n, (name, blank) in enumerate(
            [("kind", ""), ("effective_on", 0), ("booked_on", 0), ("actor", ""), ("facts", "{}"), ("postings", [])]
        )
    },
    **{
        f"{name} is not in the hash": replaced(chain, "record_hash", without(n, blank), GOLDEN)
        for n, (name, blank) in enumerate(
            [
                ("prev_hash", bytes(32)),
                ("seq", 0),
                ("recorded_us", 0),
                ("key", ""),
                ("content", bytes(32)),
                ("personal", "[]"),
                ("locked_through", 0),
            ]
        )
    },
    "records do not name the one before": replaced(
        memory,
        "chained",
        links_of_zeros,
        "test_each_record_carries_the_hash_of_the_one_before_and_its_own_over_both",
    ),
    # times
    "times as the clock says": replaced(
        chain,
        "_time",
        as_the_clock_says,
        "test_while_the_clock_stands_still_each_record_is_a_microsecond_later",
        "test_a_clock_that_steps_back_a_little_moves_no_record_back",
    ),
    "two records at the same time": replaced(
        chain, "_time", never_earlier, "test_while_the_clock_stands_still_each_record_is_a_microsecond_later"
    ),
    "a clock far ahead is believed": replaced(
        chain,
        "_time",
        always_confirmed,
        "test_a_clock_up_to_31_days_ahead_is_believed_and_one_beyond_must_be_confirmed",
    ),
    "a clock far ahead cannot be confirmed": replaced(
        chain,
        "_time",
        never_confirmed,
        "test_a_clock_up_to_31_days_ahead_is_believed_and_one_beyond_must_be_confirmed",
    ),
    "a clock record sets nothing right": replaced(
        chain, "_time", no_way_back, "test_a_clock_record_lets_a_book_go_on_that_was_dated_years_ahead"
    ),
    "any distance of the clock is believed": Fault(
        ("test_a_clock_more_than_31_days_behind_is_refused_whether_confirmed_or_not",),
        instead=((chain, "FAR_US", 10**18),),
    ),
    "what was known ends at the first later record": replaced(
        memory,
        "known_seq",
        until_the_first_later_one,
        "test_times_before_a_clock_record_were_too_late_and_do_not_hide_what_was_known",
    ),
    "what was written at that microsecond was not known": replaced(
        memory,
        "known_seq",
        before_that_time,
        "test_what_was_known_at_a_time_is_what_was_written_up_to_that_microsecond",
    ),
    "a time without a zone is local": replaced(
        memory, "microseconds", in_local_time, "test_a_time_without_a_zone_is_utc_and_one_with_a_zone_is_that_instant"
    ),
    "zones are not looked at": replaced(
        memory,
        "microseconds",
        without_its_zone,
        "test_a_time_without_a_zone_is_utc_and_one_with_a_zone_is_that_instant",
    ),
    "any number of a record will do": Fault(
        ("test_a_number_that_the_book_has_not_reached_is_refused",), TakesAnyNumber
    ),
    # periods and openings
    "locks are not heeded": replaced(chain, "check_period", nothing_checked, LOCKED),
    "locks are for the day that an entry counts for": replaced(
        chain,
        "check_period",
        by_what_it_counts_for,
        "test_a_late_ruling_is_booked_today_and_counts_for_a_day_long_closed",
    ),
    "the last day of a period is open": replaced(chain, "check_period", but_for_its_last_day, LOCKED),
    "records without postings go into closed periods": replaced(
        chain, "check_period", postings_alone, "test_every_kind_of_record_heeds_a_closed_period"
    ),
    "a reopened period stays closed": replaced(
        chain, "check_period", never_again, "test_a_reopened_period_takes_records_again_and_can_be_closed_again"
    ),
    "accounts need not be opened": replaced(
        chain,
        "check_opened",
        nothing_checked,
        "test_nothing_moves_into_or_out_of_an_account_that_was_not_opened",
        "test_no_denomination_moves_that_was_not_opened",
    ),
    "facts that open nothing are let pass": Fault(
        (
            "test_facts_that_open_nothing_are_refused",
            "test_a_lock_goes_forward_and_an_unlock_back",
        ),
        instead=tuple((where, "grown", partial(anything_grows, accounts.grown)) for where in (chain, memory)),
    ),
    "a guard can be taken off": Fault(
        ("test_a_guard_stays_as_it_is",),
        instead=tuple((where, "grown", partial(guards_change, accounts.grown)) for where in (chain, memory)),
    ),
    "digits can be taken away": Fault(
        ("test_digits_are_never_taken_away",),
        instead=tuple((where, "grown", partial(digits_shrink, accounts.grown)) for where in (chain, memory)),
    ),
    "what a refused append opened stays open": Fault(
        ("test_what_a_refused_opening_would_have_opened_is_not_open",), RemembersWhatItRefused
    ),
    # reading
    "views move on": Fault((STANDS_STILL, "test_a_view_of_an_empty_book_stays_empty"), LiveViews),
    "balances end the day before": replaced(memory, "balances", until_the_day_before, FOLDED),
    "balances go by the day of booking": replaced(
        memory, "balances", by_booking, FOLDED, "test_a_movement_counts_from_the_day_itself_and_not_from_its_booking"
    ),
    "balances show zeros": replaced(
        memory, "balances", with_zeros, "test_what_has_been_taken_away_again_does_not_appear_in_balances"
    ),
    "an account is whatever begins with it": replaced(
        memory, "balances", begins_with, FOLDED, "test_the_holder_1_is_not_above_the_holder_10"
    ),
    "an account is without its parts": replaced(memory, "balances", exactly, FOLDED),
    "balances through floats": replaced(
        memory, "balances", through_floats, "test_a_balance_may_be_larger_than_the_largest_quantity"
    ),
    "movements in the order of writing": replaced(memory, "movements", as_written, MOVED),
    "movements end before the last day": replaced(memory, "movements", before_the_last_day, MOVED),
    "records from a number on": replaced(
        MemoryView, "records", from_it_on, "test_records_are_given_by_kind_and_after_a_number_in_order"
    ),
    "record 0 is the last": replaced(
        MemoryView, "record", last_of_all, "test_a_record_is_found_by_its_number_and_by_no_other"
    ),
    "facts are given away": replaced(
        memory, "_copy", given_away, "test_nobody_changes_a_book_through_what_it_gives_away_or_was_given"
    ),
    # text
    "text is cut at NUL": replaced(memory, "facts_of", each_text(lambda text: text.partition("\0")[0]), TEXT),
    "text is stripped": replaced(memory, "facts_of", each_text(str.strip), TEXT),
    "text is given another normal form": replaced(
        memory, "facts_of", each_text(partial(unicodedata.normalize, "NFC")), TEXT
    ),
    "line ends are made alike": replaced(memory, "facts_of", each_text(lambda text: text.replace("\r\n", "\n")), TEXT),
    "text is cut at 64 KiB": replaced(
        memory, "facts_of", each_text(lambda text: text[:65536]), "test_a_memo_of_a_megabyte_comes_back_whole"
    ),
    "numbers in facts are floats": replaced(
        memory,
        "facts_of",
        numbers_as_floats,
        "test_whole_numbers_come_back_exactly_up_to_what_a_database_holds",
    ),
    # persons
    "one salt for all": Fault((GOLDEN, "test_equal_rows_of_two_people_do_not_look_equal"), OneSalt),
    "no salt": replaced(
        chain,
        "commitment",
        unsalted,
        "test_equal_rows_of_two_people_do_not_look_equal",
        "test_a_record_holds_the_numbers_in_order_and_a_salted_hash_for_each",
    ),
    "the first version of a row counts": replaced(
        MemoryView, "personal", first_version, "test_the_latest_version_of_a_row_counts_whatever_day_it_is_effective"
    ),
    "an earlier book has the latest rows": replaced(
        MemoryView, "personal", of_all_times, "test_an_earlier_book_has_the_earlier_version"
    ),
    "the rows of numbers that begin alike": replaced(
        MemoryView, "personal", of_who_begins_alike, "test_the_rows_of_some_numbers_are_theirs_alone"
    ),
    "only the latest version is erased": Fault(
        ("test_erased_rows_are_gone_from_every_version_and_every_earlier_book",), ErasesTheLatest
    ),
    "numbers that begin alike are erased as well": Fault(
        ("test_an_erasure_leaves_the_chain_and_everybody_else_as_they_were",), ErasesWhoBeginsAlike
    ),
    "commitments are erased with the rows": Fault(
        ("test_an_erasure_leaves_the_chain_and_everybody_else_as_they_were",), ErasesTheCommitments
    ),
    "nothing is erased": Fault(("test_erased_rows_are_gone_from_every_version_and_every_earlier_book",), ErasesNothing),
    "a repeated erasure erases what came later": Fault(
        ("test_a_repeated_erasure_gives_the_first_record_and_spares_what_was_written_since",), ErasesAgain
    ),
    "rows are erased before the erasure is accepted": Fault(
        (
            "test_another_erasure_under_the_same_key_is_a_conflict_and_erases_nothing",
            "test_an_erasure_that_is_refused_erases_nothing",
        ),
        ErasesFirst,
    ),
    "an append cannot be repeated after an erasure": replaced(
        memory, "check_repeated", rows_must_be_there, "test_an_append_can_be_repeated_after_its_rows_were_erased"
    ),
}


def failing(fault: Fault, names: Iterable[str], *, tries: int = 1) -> set[str]:
    """Which tests of the suite fail over a store with a fault, in one of some tries. Any other error is an error."""

    class Suite(Contract):
        def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
            return fault.journal(book, clock=clock, salt=salt)

    def fails(name: str) -> bool:
        with ExitStack() as stack:
            for where, what, wrong in fault.instead:
                stack.enter_context(patch.object(where, what, wrong))
            try:
                getattr(Suite(), name)()
            except (AssertionError, CoopledgerError, pytest.fail.Exception):
                return True
        return False

    return {name for name in names if any(fails(name) for _ in range(tries))}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught_by_the_promises_that_it_breaks(name: str) -> None:
    fault = FAULTS[name]
    # Threads of a busy machine may happen to come one after the other.
    assert failing(fault, fault.caught_by, tries=30) == set(fault.caught_by)


def test_the_same_tests_pass_over_the_healthy_store() -> None:
    names = {name for fault in FAULTS.values() for name in fault.caught_by}
    assert failing(Fault((), MemoryJournal), sorted(names)) == set()


@pytest.mark.parametrize(
    "name",
    [
        "entries are written one by one",
        "a repeated decision sees what stands now",
        "a guard that looks at the end",
        "the sum of reversals is not looked at",
        "a reversal may be reversed",
        "no reversal is hashed like record 0",
        "two records at the same time",
        "locks are not heeded",
        "views move on",
        "nothing is erased",
    ],
)
def test_a_random_walk_comes_across_a_fault_as_well(name: str) -> None:
    fault = FAULTS[name]
    with ExitStack() as stack:
        for where, what, wrong in fault.instead:
            stack.enter_context(patch.object(where, what, wrong))
        with pytest.raises(AssertionError):
            walk(lambda book, clock, salt: fault.journal(book, clock=clock, salt=salt), sequences=1000, shrink=False)
