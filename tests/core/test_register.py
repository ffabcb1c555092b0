"""The register: who holds what on a day, and the laws that hold whatever happened."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from coopledger.core.ahead import in_turn
from coopledger.core.charter import COLLECTIVE, SPECIALISED, book
from coopledger.core.journal import Decision
from coopledger.core.member import Joiner, admit, change_members, leave
from coopledger.core.movement import issue, pay_in, pledge, redeem, release, transfer
from coopledger.core.redenomination import change_class, redenominate
from coopledger.core.register import Holding, earning, eligible, holdings, outstanding, register
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.core.statement import statement, turnovers
from coopledger.errors import JournalError, OverdrawnError, RegisterError
from coopledger.store.memory import MemoryView
from tests.core.village import BANK, CAPITAL, FOUNDED, JULY, JUNE, MAY, NEXT_YEAR, VOTE, empty, given, shares, village

# ---------------------------------------------------------------- as of a day


def test_a_holding_has_its_tied_parts_in_it_and_whoever_has_only_tied_shares_holds_them() -> None:
    made = given(village(), "land", h17=500, h18=300)
    assert [*holdings(made.view, "land").values()] == [
        Holding("17", 500, 0, 0, 0, 800),
        Holding("18", 300, 0, 0, 0, 800),
    ]
    made.do(pledge("land", holder="17", shares=500, creditor="bank", effective_on=MAY))
    found = holdings(made.view, "land")
    assert [*found.values()] == [Holding("17", 500, 500, 0, 0, 800), Holding("18", 300, 0, 0, 0, 800)]
    assert {type(one) for one in (*found.values(), *holdings(made.view, "land", FOUNDED).values())} == {Holding}


def test_a_class_is_one_class_however_its_letters_are_composed() -> None:
    made = village([preset("land", code="th\u00e9")])
    now = register(made.view, MAY)
    assert now.share_class("the\u0301") is now.share_class("th\u00e9")
    made.do(issue("th\u00e9", to="17", shares=5, effective_on=MAY))
    assert holdings(made.view, "the\u0301", MAY)["17"].shares == 5
    assert holdings(made.view, "the\u0301", MAY, register(made.view, MAY))["17"].shares == 5
    assert (earning(made.view, "the\u0301", MAY), outstanding(made.view, "the\u0301")) == ({"17": 5}, 5)


def test_the_register_of_a_day_is_reprinted_after_later_movements() -> None:
    made = given(village(), "land", h17=500, h18=300)
    made.do(transfer("land", holder="17", to="18", shares=200, effective_on=MAY, reason="sale"))
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


def test_a_pooled_class_of_households_is_held_by_their_heads() -> None:
    """农民专业合作社法 44: equally to the members, so a household has a part for each of its people."""
    made = village([preset("subsidy", level="household")])
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED))
    assert shares(made, "subsidy") == {"17": 300, "18": 200, "19": 100}


def test_a_pool_is_not_issued_to_while_nobody_has_a_part_in_it() -> None:
    made = village([preset("subsidy", level="household", group="poor")])
    into_the_pool = issue("subsidy", shares=600, effective_on=FOUNDED)
    refused = (
        "subsidy: nobody has a part in the pool on 2026-01-01: it belongs to members of the kind person, in the group "
        "poor, persons among them in a household: admit them first"
    )
    with pytest.raises(RegisterError, match=refused):
        made.do(into_the_pool)
    made.do(admit(Joiner("0070", groups=("poor",)), effective_on=FOUNDED))
    with pytest.raises(RegisterError, match=refused):
        made.do(into_the_pool)
    made.do(change_members(["0061"], effective_on=MAY, reason="list", groups=["poor"]))
    with pytest.raises(RegisterError, match=refused):
        made.do(into_the_pool)
    made.do(issue("subsidy", shares=600, effective_on=MAY))
    assert shares(made, "subsidy") == {"19": 600}


def test_a_founding_issues_to_the_pool_after_it_admits() -> None:
    made = empty()
    steps = [open_class(preset("subsidy"), effective_on=FOUNDED), issue("subsidy", shares=600, effective_on=FOUNDED)]
    with pytest.raises(RegisterError, match="nobody has a part in the pool on 2026-01-01: it belongs to members of"):
        made.do(in_turn(*steps))
    made.do(in_turn(steps[0], admit(Joiner("0042"), Joiner("0043"), effective_on=FOUNDED), steps[1]))
    assert shares(made, "subsidy") == {"0042": 300, "0043": 300}


def test_eligible_households_count_their_heads() -> None:
    now = register(village().view, FOUNDED)
    assert eligible(now, now.classes["member"]) == {"17": 3, "18": 2, "19": 1}


# ---------------------------------------------------------------- what earns


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
            self.made.do(take_back(seq, booked_on=NEXT_YEAR))  # no record is booked later
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
