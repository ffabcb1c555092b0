"""Rights brought in, used up, valued anew, ended, and taken back, in any order and on any day: the book stays sound."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from coopledger.core.ahead import Ahead
from coopledger.core.amortisation import AMORTISATION, amortise, book_values, revalue_contribution
from coopledger.core.chart import MONEY
from coopledger.core.contribution import REVALUATION, Contribution, Right, Valuation, contribute, contributions_of
from coopledger.core.ending import END_REASONS, RULES, end_contribution
from coopledger.core.journal import Decision, Entry, Posting, Record, View
from coopledger.core.member import die, leave
from coopledger.core.movement import issue, pledge, redeem, release, transfer
from coopledger.core.notice import give_notice, withdraw_notice
from coopledger.core.passing import ISSUE, PLEDGE, REDEEM, RELEASE, TRANSFER
from coopledger.core.problems import problems
from coopledger.core.redenomination import redenominate
from coopledger.core.register import holdings
from coopledger.core.reversal import take_back
from coopledger.core.withdrawal import withdraw
from coopledger.errors import CoopledgerError, RegisterError
from tests.core.cooperatives import ADOPTED, FOUNDED, cooperative, put

BANK, CAPITAL, RIGHTS, USED_UP = "c2021:102", "c2021:301", "c2021:161", "c2021:162"
OVER = date(2040, 1, 1)
"""All terms are over, and everything is booked by then."""

DAYS = [
    FOUNDED, date(2024, 1, 15), date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 10),
    date(2024, 3, 31), date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 31), date(2025, 6, 30), date(2026, 1, 1),
]  # fmt: skip
HOUSEHOLDS, PEOPLE, NUMBERS, CLASSES = ("17", "18"), ("0042", "0043", "0044", "0045"), ("G1", "G2"), ("land", "cash")
REVERSIBLE = frozenset({AMORTISATION, REVALUATION, ISSUE, TRANSFER, REDEEM, PLEDGE, RELEASE})

days, numbers, small = st.sampled_from(DAYS), st.sampled_from(NUMBERS), st.integers(1, 12)

Standing = dict[tuple[str, str], int]
"""What stands in each account, by denomination and account; nothing is left out."""


def by_day(view: View) -> dict[date, Standing]:
    """What stands in every account at the end of each day on which something moved: posting by posting."""
    moved: dict[date, list[Posting]] = {}
    for record in view.records():
        moved.setdefault(record.effective_on, []).extend(record.postings)
    found: dict[date, Standing] = {}
    stands: Standing = {}
    for on in sorted(moved):
        for one in moved[on]:
            for account, sign in ((one.source, -1), (one.target, 1)):
                place = one.denomination, account
                stands[place] = stands.get(place, 0) + sign * one.quantity
        found[on] = {place: quantity for place, quantity in stands.items() if quantity}
    return found


def changes(view: View) -> list[tuple[date, Standing]]:
    """The days on which what stands somewhere is another than on the day before."""
    found: list[tuple[date, Standing]] = []
    for on, stands in by_day(view).items():
        if stands != (found[-1][1] if found else {}):
            found.append((on, stands))
    return found


class RightsMachine(RuleBasedStateMachine):
    """Random verbs on random days. Whatever is accepted leaves a sound book, whatever is refused leaves nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = cooperative()
        self.tried = 0

    @property
    def view(self) -> View:
        with self.journal.read() as view:
            return view

    @initialize(
        every=st.sampled_from(["month", "year"]),
        part=st.sampled_from(["months", "days"]),
        months=st.sampled_from([1, 12, 30]),
        value=st.sampled_from([300_00, 36_500_00]),
    )
    def two_rights(self, every: Any, part: Any, months: int, value: int) -> None:  # noqa: ANN401
        for holder in PEOPLE:
            put(self.journal, issue("cash", to=holder, shares=10, effective_on=FOUNDED, against=BANK))
        for n, (number, holder) in enumerate(zip(NUMBERS, HOUSEHOLDS, strict=True)):
            last = DAYS[n] + timedelta(30 * months)
            right = Right(
                "land right", DAYS[n], last, last, area_mu=Fraction(5, 2), parcels=(number,), contract="示例证 0001",
                every=every, part=part,
            )  # fmt: skip
            brought = Contribution(number, holder, "land", right, Valuation(value, "members", FOUNDED), 100_00)
            put(self.journal, contribute(brought, effective_on=DAYS[n], resolution=ADOPTED))

    def attempt(self, verb: Callable[..., Decision], *given: Any, **named: Any) -> list[Record]:
        """The records of a verb, or none if it is refused, which says why and leaves the book as it was."""
        self.tried += 1
        before = self.view
        try:
            records = self.journal.append(verb(*given, **named), key=f"try {self.tried}", actor="accountant")
        except CoopledgerError as refusal:
            refused = str(refusal)
        else:
            if records and REVERSIBLE.issuperset(one.kind for one in records):
                self.check_may_all_come_back(before, records)
            return records
        assert refused
        assert self.view.head == before.head
        return []

    def check_may_all_come_back(self, before: View, records: list[Record]) -> None:
        """What was just recorded is taken back, what is refused after the others: the book is as it was, and sound."""
        view = self.view
        entries: list[Entry] = []
        waiting = records[::-1]
        while waiting:
            refused: list[Record] = []
            for one in waiting:
                try:
                    entries += take_back(one.seq, booked_on=one.booked_on)(Ahead(view, entries))
                except RegisterError:
                    refused.append(one)
            assert refused != waiting
            waiting = refused
        after = Ahead(view, entries)
        assert changes(after) == changes(before)
        assert problems(after) == []

    @rule(through=st.just(OVER) | days)
    def used_up(self, through: date) -> None:
        self.attempt(amortise, through=through)

    @rule(number=numbers, on=days, fen=st.sampled_from([1, 777_77, 60_000_00]))
    def valued_anew(self, number: str, on: date, fen: int) -> None:
        anew = Valuation(fen, "members", FOUNDED)
        self.attempt(revalue_contribution, number, anew, effective_on=on, reason="appraisal", resolution=ADOPTED)

    @rule(number=numbers, on=days, reason=st.sampled_from(END_REASONS), owed=st.sampled_from(RULES))
    def ended(self, number: str, on: date, reason: Any, owed: Any) -> None:  # noqa: ANN401
        self.attempt(end_contribution, number, effective_on=on, reason=reason, rule=owed)

    @rule(kind=st.sampled_from(sorted(REVERSIBLE)) | st.just(AMORTISATION), at=st.integers(0, 30))
    def taken_back(self, kind: str, at: int) -> None:
        """On its own accounting date: else what is redeemed once more is so before it came back into the books."""
        known = [*self.view.records(kind)]
        if known:
            one = known[at % len(known)]
            self.attempt(take_back, one.seq, booked_on=one.booked_on)

    @rule(number=numbers, on=days)
    def ended_by_mistake(self, number: str, on: date) -> None:
        """What was booked with the end stays when it is taken back."""
        for one in self.attempt(end_contribution, number, effective_on=on, reason="exclusion", rule="right only")[-1:]:
            put(self.journal, take_back(one.seq, booked_on=one.booked_on))

    @rule(pair=st.permutations(HOUSEHOLDS), on=days, shares=small)
    def sold(self, pair: list[str], on: date, shares: int) -> None:
        holder, to = pair
        self.attempt(transfer, "land", holder=holder, to=to, shares=shares, effective_on=on, reason="sale")

    @rule(holder=st.sampled_from(HOUSEHOLDS), on=days, shares=small)
    def bought_back(self, holder: str, on: date, shares: int) -> None:
        self.attempt(redeem, "land", holder=holder, shares=shares, effective_on=on, reason="buy-back", against=BANK)

    @rule(holder=st.sampled_from(HOUSEHOLDS), on=days, shares=small, back=st.booleans())
    def pledged(self, holder: str, on: date, shares: int, back: bool) -> None:
        if back:
            self.attempt(release, "land", holder=holder, shares=shares, effective_on=on)
        else:
            self.attempt(pledge, "land", holder=holder, shares=shares, creditor="信用社", effective_on=on)

    @rule(on=days, factor=st.sampled_from([2, Fraction(1, 2)]))
    def split(self, on: date, factor: int | Fraction) -> None:
        self.attempt(redenominate, "land", factor=factor, effective_on=on, resolution=ADOPTED)

    @rule(number=st.sampled_from(PEOPLE), on=days, back=st.booleans())
    def notice(self, number: str, on: date, back: bool) -> None:
        self.attempt(withdraw_notice if back else give_notice, number, effective_on=on)

    @rule(
        pair=st.permutations(PEOPLE), on=days, how=st.sampled_from(["dies", "leaves", "withdraws"]), head=st.booleans()
    )
    def gone(self, pair: list[str], on: date, how: str, head: bool) -> None:
        number, other, *_ = pair
        new_head = other if head else None
        if how == "dies":
            self.attempt(die, number, new_head=new_head, effective_on=on)
        elif how == "leaves":
            self.attempt(leave, number, reason="exclusion", keeps_shares=head, effective_on=on)
        else:
            self.attempt(withdraw, number, against=BANK, new_head=new_head, effective_on=on)

    @invariant()
    def nothing_violates_a_rule(self) -> None:
        assert problems(self.view) == []

    @invariant()
    def holdings_and_capital_are_those_of_the_postings_on_every_day(self) -> None:
        view = self.view
        for on, stands in by_day(view).items():
            capital = 0
            for cls in CLASSES:
                held: dict[str, int] = {}
                for (denomination, account), quantity in stands.items():
                    above, _, rest = account.partition("/")
                    if denomination == cls and above == "holder":
                        assert quantity > 0
                        number = rest.partition("/")[0]
                        held[number] = held.get(number, 0) + quantity
                known = holdings(view, cls, on)
                assert {number: one.shares for number, one in known.items()} == held
                recounts = [one for one in view.records("redenominate") if one.effective_on <= on]
                par = Fraction(100_00 if cls == "land" else 100)
                for one in recounts if cls == "land" else []:
                    par /= Fraction(one.facts["factor"])
                capital += int(par * sum(held.values()))
            assert -stands.get((MONEY, CAPITAL), 0) == capital

    @invariant()
    def a_right_stands_between_0_and_its_value_and_at_nothing_when_its_term_is_over(self) -> None:
        view = self.view
        standing = contributions_of(view)
        for on, stands in by_day(view).items():
            for number in NUMBERS:
                rest = sum(stands.get((MONEY, f"{account}/{number}"), 0) for account in (RIGHTS, USED_UP))
                one = standing.get(number)
                there = one is not None and one.since <= on and (one.ended_on is None or on < one.ended_on)
                assert 0 <= rest <= (one.value_fen(on) if one is not None and there else 0)
        over = Ahead(view, amortise(through=OVER)(view))
        assert [one.book_fen for one in book_values(over) if one.book_fen] == []


TestRights = RightsMachine.TestCase
TestRights.settings = settings(max_examples=20, stateful_step_count=25, derandomize=True, deadline=None, database=None)
