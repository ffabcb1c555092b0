"""The register: who holds what on a day, how that came about, and what violates its rules."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from coopledger.core.ahead import Ahead, in_turn
from coopledger.core.apportionment import apportion, apportioned
from coopledger.core.charter import COLLECTIVE, SPECIALISED, UNISSUED, book
from coopledger.core.composition import Votes, by_household, composition, votes
from coopledger.core.household import form_household, merge_households
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import allot, issue, pay_in, pledge, redeem, release, take_back, transfer
from coopledger.core.redenomination import redenominate
from coopledger.core.register import earning, eligible, holdings, outstanding, register
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import change_class, preset
from coopledger.core.statement import statement, turnovers
from coopledger.errors import JournalError, OverdrawnError, RegisterError
from coopledger.store.memory import MemoryView
from tests.core.village import BANK, CAPITAL, FOUNDED, VOTE, Village, given, shares, village

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


# ---------------------------------------------------------------- as of a day


def test_the_register_of_a_day_is_reprinted_after_later_movements() -> None:
    made = given(village(), "land", h17=500, h18=300)
    made.do(transfer("land", holder="17", to="18", shares=200, effective_on=MAY, reason="household division"))
    before = holdings(made.view, "land", date(2026, 4, 30))
    assert {number: (one.shares, one.of_class) for number, one in before.items()} == {
        "17": (500, Fraction(5, 8)),
        "18": (300, Fraction(3, 8)),
    }
    assert shares(made, "land") == {"17": 300, "18": 500}


def test_the_register_as_known_then_does_not_know_a_late_ruling() -> None:
    made = village()
    [known] = made.do(issue("labour", to="0041", shares=100, effective_on=FOUNDED))
    made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED, booked_on=JULY, reason="ruling"))
    with made.journal.read(known=known.seq) as then:
        assert list(holdings(then, "labour", MAY)) == ["0041"]
    assert list(holdings(made.view, "labour", MAY)) == ["0041", "0042"]


def test_a_book_that_is_not_founded_has_no_register() -> None:
    made = village()
    with pytest.raises(RegisterError, match="the book is not founded on 2025-12-31"):
        register(made.view, date(2025, 12, 31))
    assert book(made.view).charter == SPECIALISED


def test_every_class_is_in_parts_that_make_one() -> None:
    made = given(village(), "cash", m0041=333, m0042=1, m0051=17)
    assert sum(one.of_class for one in holdings(made.view, "cash").values()) == 1
    assert outstanding(made.view, "cash") == 351


def test_a_register_of_thousands_reads_the_balances_once() -> None:
    """No query per holder."""
    made = given(village(), "cash", m0041=333, m0042=1, m0051=17)

    class Counting(MemoryView):
        reads = 0

        def balances(self, *args: Any, **kept: Any) -> dict[tuple[str, str], int]:
            Counting.reads += 1
            return super().balances(*args, **kept)

    view = Counting(list(made.view.records()), {}, made.view.head)
    assert len(holdings(view, "cash", MAY)) == 3
    assert Counting.reads == 1


# ---------------------------------------------------------------- pooled classes


def test_a_pooled_class_is_held_in_equal_parts_by_whoever_is_eligible_on_the_day() -> None:
    """农民专业合作社法 44: quantified equally. Joiners and leavers change everybody's part without a posting."""
    made = village(charter=COLLECTIVE)
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED, reason="quantification"))
    postings = len([one for record in made.view.records() for one in record.postings])
    made.do(admit(Joiner("0044", household="17"), effective_on=MAY, reason="birth"))
    made.do(leave("0052", "0051", effective_on=JUNE, reason="moved out"))
    assert shares(made, "subsidy", FOUNDED) == dict.fromkeys(["0041", "0042", "0043", "0051", "0052", "0061"], 100)
    assert set(shares(made, "subsidy", MAY).values()) == {Fraction(600, 7)}
    assert shares(made, "subsidy", JUNE) == dict.fromkeys(["0041", "0042", "0043", "0044", "0061"], 120)
    assert postings == len([one for record in made.view.records() for one in record.postings])


def test_a_pooled_class_is_for_its_group_alone() -> None:
    made = village([preset("subsidy", group="poor-2016")])
    made.do(change_members(["0041", "0061"], effective_on=FOUNDED, reason="list of 2016", groups=["poor-2016"]))
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED))
    assert shares(made, "subsidy") == {"0041": 300, "0061": 300}


def test_eligible_households_count_their_heads() -> None:
    now = register(village().view, FOUNDED)
    assert eligible(now, now.classes["member"]) == {"17": 3, "18": 2, "19": 1}


# ---------------------------------------------------------------- what earns, and whose part it is


def test_a_charter_says_whether_what_is_subscribed_or_paid_in_earns() -> None:
    """认缴 and 实缴; pledged shares earn for their holder."""
    made = given(village(), "cash", m0042=500)
    made.do(
        pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=FOUNDED),
        issue("cash", to="0042", shares=300, effective_on=FOUNDED, paid=False),
        issue("cash", to="0051", shares=300, effective_on=FOUNDED, paid=False),
    )
    assert earning(made.view, "cash") == {"0042": 500}
    made.do(change_class("cash", effective_on=MAY, reason="charter", earns="subscribed"))
    assert earning(made.view, "cash", MAY) == {"0042": 800, "0051": 300}
    made.do(change_class("cash", effective_on=JUNE, reason="charter", dividend=False))
    assert earning(made.view, "cash", JUNE) == {}


def test_a_household_says_whose_part_is_whose_and_what_came_since_is_a_rest() -> None:
    made = given(village(), "member", h17=4)
    assert apportioned(made.view, "member", "17") == ({}, 4)
    made.do(apportion("member", "17", {"0041": 1, "0042": 1, "0043": 2}, effective_on=MAY))
    made.do(issue("member", to="17", shares=1, effective_on=JUNE, reason="ruling"))
    assert apportioned(made.view, "member", "17", MAY) == ({"0041": 1, "0042": 1, "0043": 2}, 0)
    assert apportioned(made.view, "member", "17", JUNE) == ({"0041": 1, "0042": 1, "0043": 2}, 1)
    assert apportioned(made.view, "member", "17", FOUNDED) == ({}, 4)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"0041": 3}, "parts of 3 of member in sum: household 17 holds 4 on 2026-05-01"),
        ({"0041": 5, "0042": -1}, "parts of 4 of member in sum"),
        ({"0051": 4}, "0051 do not live in household 17 on 2026-05-01: 0041, 0042, 0043 do"),
    ],
)
def test_parts_that_are_not_the_whole_or_a_strangers_are_refused(parts: dict[str, int], words: str) -> None:
    made = given(village(), "member", h17=4)
    with pytest.raises(RegisterError, match=words):
        made.do(apportion("member", "17", parts, effective_on=MAY))


# ---------------------------------------------------------------- statements


def test_a_statement_has_every_movement_with_its_balance() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(
        pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=MAY),
        transfer("cash", holder="0042", to="0051", shares=150, effective_on=JUNE, reason="sale"),
        issue("labour", to="0042", shares=25, effective_on=JUNE, reason="ruling"),
    )
    lines = statement(made.view, "0042")
    assert [(one.kind, one.cls, one.quantity, one.balance, one.free, one.other, one.reason) for one in lines] == [
        ("issue", "cash", 500, 500, 500, "", "contribution"),
        ("pledge", "cash", 0, 500, 400, "", "loan"),
        ("transfer", "cash", -150, 350, 250, "0051", "sale"),
        ("issue", "labour", 25, 25, 25, "", "ruling"),
    ]
    assert statement(made.view, "0042", JUNE) == lines[2:]
    assert statement(made.view, "0042", until=MAY) == lines[:2]
    assert [one.quantity for one in statement(made.view, "0051")] == [150]


def test_a_transfer_between_pledged_parts_keeps_numbers_with_the_same_beginning_apart() -> None:
    made = village([preset("labour")], [Joiner("1"), Joiner("11")])
    made.do(
        issue("labour", to="11", shares=5, effective_on=FOUNDED),
        transfer("labour", holder="11", to="1", shares=2, effective_on=MAY, reason="gift"),
    )
    assert [(one.quantity, one.other) for one in statement(made.view, "1")] == [(2, "11")]


def test_turnovers_between_two_days_reconcile() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(
        transfer("cash", holder="0042", to="0051", shares=150, effective_on=MAY, reason="sale"),
        pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=MAY),
        redeem("cash", holder="0051", shares=50, effective_on=JUNE, reason="buy-back", against=BANK),
    )
    found = turnovers(made.view, "cash", MAY, JUNE)
    assert {number: (one.opening, one.came, one.went, one.closing) for number, one in found.items()} == {
        "0042": (500, {}, {"transfer": 150}, 350),
        "0051": (0, {"transfer": 150}, {"redeem": 50}, 100),
    }


# ---------------------------------------------------------------- composition and votes


def test_the_composition_adds_up_by_kind_and_by_household() -> None:
    made = given(given(village(), "cash", m0042=500, m0900=1500), "land", h17=40)
    made.do(issue("cash", to="0051", shares=300, effective_on=FOUNDED, paid=False))
    made.do(pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=FOUNDED))
    cash = composition(made.view)["cash"]
    assert (cash.shares, cash.holders, cash.pledged, cash.unpaid) == (2300, 3, 100, 300)
    assert cash.by_kind == {"person": 800, "collective": 1500}
    assert cash.capital_fen == 200_000
    assert composition(made.view)["land"].by_kind == {"household": 40}
    assert by_household(made.view) == {"": {"cash": 1500}, "17": {"cash": 500, "land": 40}, "18": {"cash": 300}}


def test_shares_of_somebody_unknown_do_not_stop_a_report() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0777", 5))
    assert composition(made.view)["labour"].by_kind == {"": 5}
    assert by_household(made.view) == {"": {"labour": 5}}


def test_members_of_age_have_one_vote_each_and_minors_none() -> None:
    """农村集体经济组织法 26; extra votes by 农民专业合作社法 22."""
    made = village()
    made.do(change_members(["0051"], effective_on=MAY, reason="contribution", extra_votes=1))
    made.do(die("0041", effective_on=JUNE, new_head="0042"))
    assert sorted(votes(made.view, MAY)) == ["0041", "0042", "0051", "0052", "0061", "0900"]
    assert votes(made.view, MAY)["0051"] == Votes(1, 1)
    assert "0041" not in votes(made.view, JUNE)
    assert "0043" in votes(made.view, date(2033, 6, 7))


def test_a_charter_may_count_votes_by_share() -> None:
    made = village([preset("labour", vote=True), preset("land")], charter=COLLECTIVE._replace(votes="share"))
    made.do(issue("labour", to="0042", shares=250, effective_on=FOUNDED))
    made.do(issue("labour", to="0051", shares=99, effective_on=FOUNDED))
    made.do(issue("land", to="17", shares=99, effective_on=FOUNDED))
    assert votes(made.view, MAY) == {"0042": Votes(2)}


# ---------------------------------------------------------------- the audit


def written(made: Village, *postings: Posting, kind: str = "import", on: date = MAY, **facts: Any) -> None:
    """What no verb would write."""
    made.do(Entry(kind, on, on, facts, postings))


def problems(made: Village) -> list[str]:
    return [str(one) for one in audit_register(made.view)]


def test_a_sound_book_has_no_problems() -> None:
    made = given(given(village(), "cash", m0042=500), "member", h17=3)
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED))
    assert problems(made) == []


def test_shares_of_nobody_are_found() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0777", 5))
    assert problems(made) == ["holder 0777: labour from 2026-05-01 on: held by nobody in the register"]


def test_shares_of_somebody_who_has_left_are_found_from_the_day_he_left() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    written(made, Posting("labour", UNISSUED, "holder/0042", 5))
    assert problems(made) == ["holder 0042: labour from 2026-06-01 on: held by somebody who has left"]


def test_shares_of_a_household_that_is_merged_are_found() -> None:
    made = village()
    made.do(merge_households("19", into="18", effective_on=JUNE))
    written(made, Posting("member", UNISSUED, "holder/19", 5))
    assert problems(made) == ["holder 19: member from 2026-06-01 on: held by somebody who has left"]


@pytest.mark.parametrize(
    ("cls", "number", "words"),
    [
        ("labour", "17", "held by a kind of holder that may not"),
        ("land", "0042", "held by a kind of holder that may not"),
        ("collective", "0901", "held by a kind of holder that may not"),
        ("subsidy", "0042", "of a pooled class the pool holds all"),
        ("labour", "pool", "of a pooled class the pool holds all"),
    ],
)
def test_shares_of_who_may_not_hold_them_are_found(cls: str, number: str, words: str) -> None:
    made = village()
    written(made, Posting(cls, UNISSUED, f"holder/{number}", 5))
    assert problems(made) == [f"holder {number}: {cls} from 2026-05-01 on: {words}"]


def test_shares_from_before_their_class_are_found() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0042", 5), on=date(2025, 12, 1))
    assert problems(made) == ["holder 0042: labour from 2025-12-01 on: the class is not there yet"]


def test_a_holding_above_the_cap_is_found() -> None:
    made = village([preset("labour", cap=Fraction(1, 5))])
    made.do(allot("labour", dict.fromkeys(["0041", "0042", "0043", "0051", "0052"], 100), effective_on=FOUNDED))
    written(made, Posting("labour", "holder/0041", "holder/0042", 1))
    assert problems(made) == ["holder 0042: labour: 101 on 2026-05-01, more than the cap of 1/5, which is 100"]


def test_a_lot_below_zero_is_found() -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=5, effective_on=FOUNDED, lot="2024"))
    written(made, Posting("labour", "holder/0042", "holder/0041", 5, lot="2025"))
    assert problems(made) == [
        "holder/0042: labour: lot 2025 stands at -5 on 2026-05-01: never below zero is expected",
    ]


def test_capital_that_is_not_shares_at_par_is_found_on_the_first_day_on_which_it_differs() -> None:
    made = given(village(), "cash", m0042=500)
    written(made, Posting("CNY", CAPITAL, BANK, 1))
    written(made, Posting("CNY", BANK, CAPITAL, 1), on=JUNE)
    assert problems(made) == [
        "c37:301: shows 50001 fen on 2026-05-01, paid-in shares at par are 50000 fen: the same is expected"
    ]


def test_capital_is_right_every_day_when_the_account_moves_to_another_chart() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(change_class("cash", effective_on=MAY, reason="chart", capital="c37:311"))
    assert problems(made)[0].startswith("c37:301: shows 50000 fen on 2026-05-01, paid-in shares at par are 0 fen")


def test_households_without_a_head_or_with_two_are_found() -> None:
    made = village()
    written(made, kind="member", members={"0051": {"household": "17"}}, households={})
    made.do(
        Entry("note", MAY, MAY, personal={f"m/{number}": {"relation": "户主"} for number in ("0041", "0042")}),
    )
    assert problems(made) == [
        "household 18: from 2026-05-01 on 0052 live in it, and its head is 0051: one of them is expected",
        "household 17: 0041, 0042 are all its head by their personal data: one is expected",
    ]


def test_an_id_number_in_two_rows_is_found() -> None:
    made = village()
    rows = {f"m/{number}": {"id": "999999198001310014"} for number in ("0041", "0042")}
    made.do(Entry("note", MAY, MAY, personal=rows))
    assert problems(made) == ["member 0042: has the ID number of 0041: one is expected"]


def test_too_many_extra_votes_are_found() -> None:
    made = village()
    written(made, kind="member", members={"0051": {"extra_votes": 9}}, households={})
    assert problems(made)[0].startswith("votes: 9 extra votes: at most 1 are allowed to 7 members")


# ---------------------------------------------------------------- a view of what would be


def test_a_book_ahead_answers_as_the_book_would() -> None:
    made = given(village(), "cash", m0042=500)
    decision = in_turn(
        transfer("cash", holder="0042", to="0051", shares=100, effective_on=MAY, reason="sale"),
        admit(Joiner("0070", personal={"name": "成员己"}), effective_on=MAY),
    )
    before = made.view
    ahead = Ahead(before, decision(before))
    made.do(decision)
    now = made.view
    assert ahead.head.seq == now.head.seq
    assert ahead.balances("cash", "holder") == now.balances("cash", "holder")
    assert list(ahead.movements("holder/0042", "cash")) == list(now.movements("holder/0042", "cash"))
    assert ahead.personal() == now.personal()
    assert register(ahead, MAY) == register(now, MAY)
    assert [one.kind for one in ahead.records(since=before.head.seq)] == ["transfer", "member"]
    assert ahead.record(now.head.seq).facts == now.record(now.head.seq).facts
    assert ahead.record(1).facts == now.record(1).facts


# ---------------------------------------------------------------- laws of the register

HOLDERS = ("0041", "0042", "0043", "0051", "0052")
DAYS = [FOUNDED + timedelta(days=30 * n) for n in range(8)]

holders, offsets, quantities = st.sampled_from(HOLDERS), st.sampled_from(DAYS), st.integers(1, 40)


class RegisterMachine(RuleBasedStateMachine):
    """Random movements, also backdated ones, against a dictionary of what happened on each day."""

    def __init__(self) -> None:
        super().__init__()
        self.made = village([preset("cash", capital=CAPITAL)])
        self.events: list[tuple[date, str, str, int]] = []
        """Day, holder, part, change; what was refused is not here."""
        self.taken: list[tuple[int, list[tuple[date, str, str, int]]]] = []
        self.barrier = FOUNDED
        self.recounted = 0

    @initialize()
    def some_shares(self) -> None:
        for number in HOLDERS[:3]:
            self.attempt(FOUNDED, issue, [(number, "", 50)], to=number, shares=50, against=BANK)

    def lowest(self, changes: list[tuple[date, str, str, int]]) -> int:
        """The lowest balance of any part of any holder on any day."""
        found = [0]
        for number in HOLDERS:
            for part in ("", "pledged", "unpaid"):
                own = [(day, change) for day, one, at, change in changes if (one, at) == (number, part)]
                found += [sum(change for day, change in own if day <= on) for on in {day for day, _ in own}]
        return min(found)

    def attempt(
        self, on: date, verb: Callable[..., Decision], changes: list[tuple[str, str, int]], **kept: Any
    ) -> None:
        events = [(on, *one) for one in changes]
        expected = self.lowest(self.events + events) >= 0 and on >= self.barrier
        try:
            [record] = self.made.do(verb("cash", effective_on=on, **kept))
        except (JournalError, RegisterError):
            assert not expected
        else:
            assert expected
            self.events += events
            self.taken.append((record.seq, events))

    @rule(on=offsets, to=holders, shares=quantities, paid=st.booleans())
    def issued(self, on: date, to: str, shares: int, paid: bool) -> None:
        money = {"against": BANK} if paid else {"paid": False}
        self.attempt(on, issue, [(to, "" if paid else "unpaid", shares)], to=to, shares=shares, **money)

    @rule(on=offsets, holder=holders, shares=quantities)
    def paid_in(self, on: date, holder: str, shares: int) -> None:
        changes = [(holder, "unpaid", -shares), (holder, "", shares)]
        self.attempt(on, pay_in, changes, holder=holder, shares=shares, against=BANK)

    @rule(on=offsets, pair=st.permutations(HOLDERS), shares=quantities, reason=st.sampled_from(["sale", "gift"]))
    def transferred(self, on: date, pair: list[str], shares: int, reason: str) -> None:
        holder, to, *_ = pair
        changes = [(holder, "", -shares), (to, "", shares)]
        self.attempt(on, transfer, changes, holder=holder, to=to, shares=shares, reason=reason)

    @rule(on=offsets, holder=holders, shares=quantities)
    def redeemed(self, on: date, holder: str, shares: int) -> None:
        changes = [(holder, "", -shares)]
        self.attempt(on, redeem, changes, holder=holder, shares=shares, reason="buy-back", against=BANK)

    @rule(on=offsets, holder=holders, shares=quantities)
    def pledged(self, on: date, holder: str, shares: int) -> None:
        changes = [(holder, "", -shares), (holder, "pledged", shares)]
        self.attempt(on, pledge, changes, holder=holder, shares=shares, creditor="信用社")

    @rule(on=offsets, holder=holders, shares=quantities)
    def released(self, on: date, holder: str, shares: int) -> None:
        changes = [(holder, "pledged", -shares), (holder, "", shares)]
        self.attempt(on, release, changes, holder=holder, shares=shares)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def taken_back(self, data: st.DataObject) -> None:
        seq, events = self.taken.pop(data.draw(st.integers(0, len(self.taken) - 1)))
        back = [(day, number, part, -change) for day, number, part, change in events]
        expected = self.lowest(self.events + back) >= 0 and seq > self.recounted
        try:
            self.made.do(take_back(seq, booked_on=JULY))
        except (OverdrawnError, RegisterError):
            assert not expected
        else:
            assert expected
            self.events += back

    @rule(on=offsets, factor=st.sampled_from([2, Fraction(1, 2)]))
    def split(self, on: date, factor: int | Fraction) -> None:
        last = max((day for day, *_ in self.events), default=FOUNDED)
        now: dict[tuple[str, str], int] = {}
        for _, number, part, change in self.events:
            now[number, part] = now.get((number, part), 0) + change
        par_fen = Fraction(register(self.made.view).classes["cash"].par_fen or 0)
        whole_par = (par_fen / factor).denominator == 1
        expected = (
            on >= max(last, self.barrier)
            and all(Fraction(held * factor).denominator == 1 for held in now.values())
            and whole_par
        )
        try:
            self.made.do(redenominate("cash", factor=factor, effective_on=on, resolution=VOTE))
        except RegisterError:
            assert not expected
        else:
            assert expected
            more = [(on, number, part, int(held * factor) - held) for (number, part), held in now.items()]
            self.events += [one for one in more if one[-1]]
            self.barrier = on
            self.recounted = self.made.view.head.seq

    @invariant()
    def holdings_are_those_of_the_dictionary_on_every_day(self) -> None:
        for on in DAYS:
            expected: dict[str, int] = {}
            tied: dict[tuple[str, str], int] = {}
            for day, number, part, change in self.events:
                if day <= on:
                    expected[number] = expected.get(number, 0) + change
                    tied[number, part] = tied.get((number, part), 0) + change
            held = holdings(self.made.view, "cash", on)
            assert {number: one.shares for number, one in held.items()} == {
                number: quantity for number, quantity in sorted(expected.items()) if quantity
            }
            for number, one in held.items():
                assert (one.free, one.pledged, one.unpaid) == tuple(
                    tied.get((number, part), 0) for part in ("", "pledged", "unpaid")
                )

    @invariant()
    def nothing_violates_a_rule_and_statements_end_where_the_register_stands(self) -> None:
        view = self.made.view
        assert audit_register(view) == []
        for number, one in holdings(view, "cash").items():
            assert statement(view, number)[-1].balance == one.shares
        moved = turnovers(view, "cash", DAYS[0], DAYS[-1])
        assert {number: one.closing for number, one in moved.items() if one.closing} == shares(self.made, "cash")


TestRegister = RegisterMachine.TestCase
TestRegister.settings = settings(
    max_examples=60, stateful_step_count=15, derandomize=True, deadline=None, database=None
)


def test_a_household_division_moves_people_and_shares_in_one_append() -> None:
    made = given(village(), "land", h17=500)
    made.do(
        in_turn(
            form_household("20", head="0042", members=["0043"], effective_on=MAY),
            transfer("land", holder="17", to="20", shares=200, effective_on=MAY, reason="household division"),
        )
    )
    assert shares(made, "land", MAY) == {"17": 300, "20": 200}
    assert problems(made) == []
