"""Whole lives of runs, on a file that is lost sight of, broken off and written by two, against what a reader adds up.

Two books are led through the same: one in memory, which nothing happens to, and one in a file, which everything does.
The model knows nothing of either: it splits, withholds and adds up by itself, from what was said to it.
"""

import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event

from coopledger.core.ahead import in_turn
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.calendar import term
from coopledger.core.chart import C2004, C2023, MONEY, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Resolution
from coopledger.core.contract import conclude
from coopledger.core.contract_run import of_contract, projected_run
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.dividend import approve, declare, disclose, propose, undo
from coopledger.core.dues import Due, dues
from coopledger.core.entitlement import by_record_date, by_time_held
from coopledger.core.growth import ramp
from coopledger.core.journal import Decision, Entry, Posting, Record
from coopledger.core.member import Joiner, admit, die, leave
from coopledger.core.movement import freeze, issue, pledge, release, transfer, unfreeze
from coopledger.core.payout import bounce, lapse, pay
from coopledger.core.plan import Plan, Stream
from coopledger.core.problems import problems
from coopledger.core.receivable import fall_due, receive
from coopledger.core.register import holdings
from coopledger.core.reversal import take_back
from coopledger.core.run import Proposal, parts, runs
from coopledger.core.share_class import open_class, preset
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.waterfall import Step, Waterfall, share
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError, StaleJournal
from coopledger.store.database import create_book, open_book
from coopledger.store.memory import MemoryJournal
from coopledger.store.sql import SqlJournal
from tests.faults.books import FULL, said, times
from tests.faults.test_crash import CutError
from tests.store.books import Clock, head
from tests.store.in_step import StepSalts

DAY = timedelta(1)
FOUNDED, YEAR_END, BEGUN = date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 10)
HOLDERS = {"17": 500, "18": 300, "19": 1, "20": 199}
RULES = {
    "record date": by_record_date(YEAR_END),
    "days": by_time_held(FOUNDED, YEAR_END, first=True, last=True, by="days"),
}
SURPLUS, CAME_IN, CASH, BANK = 3_000_00, 1_000_01, 300_00, 4_000_00
GIVEN = SURPLUS - SURPLUS // 10
FREE = 3_000_00
"""What nothing but a plain run is for: a gift that came in after the year was distributed."""
CHARTER = COLLECTIVE._replace(
    disclosure_days=0,
    lapse_years=1,
    waterfall=Waterfall(
        (
            Step("losses", "losses"),
            Step("reserve", "reserve", share("10%", "after losses")),
            Step("members", "dividend", share("100%", "left"), by="class land"),
        )
    ),
)
CONVERTED = {**C2004_TO_C2023, "531": "504"}
WAYS = {"bank": "paid", "cash": "paid", "member current": "set off"}

FAULTS = st.sampled_from(["none", "none", "reopened", "repeated", "two writers", "cut 0", "cut 1", "cut 2"])
"""What happens to the file in a step; *cut 1* is before its second write, *cut 2* at the latest before its commit."""


STATES = ("proposed", "disclosed", "approved", "declared")


class Payout(NamedTuple):
    """A payout: its record, through what, in which chart, and of each whose payment did not come back net and tax."""

    seq: int
    through: str
    new_chart: bool
    nets: dict[str, int]
    taxes: dict[str, int]


class Life:
    """A run as the model knows it."""

    def __init__(self, of: str, instalment: int, again: Callable[[], dict[str, int]], rate: Fraction) -> None:
        self.of, self.instalment, self.again, self.rate = of, instalment, again, rate
        self.parts, self.steps = again(), ["proposed"]
        self.clean(None)

    def clean(self, on: date | None) -> None:
        """As it is once it is declared, or declared no more."""
        self.declared_on = on
        self.dues = {number: dict.fromkeys(("paid", "set off", "withheld", "lapsed"), 0) for number in self.parts}
        self.since: dict[str, date] = {}
        self.payouts: list[Payout] = []

    @property
    def owed(self) -> dict[str, int]:
        if self.declared_on is None:
            return {}
        left = {number: fen - sum(self.dues[number].values()) for number, fen in self.parts.items()}
        return {number: fen for number, fen in left.items() if fen}

    def tax_of(self, number: str, fen: int) -> int:
        own = self.dues[number]
        gross = own["paid"] + own["set off"] + own["withheld"] + fen
        return min(max((self.rate * gross + Fraction(1, 2)).__floor__() - own["withheld"], 0), fen)


class LifeMachine(RuleBasedStateMachine):
    """Runs of a surplus, of a step of its distribution and of a contract, in a village that goes on living."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.salts, self.keys, self.codes = Clock(), StepSalts(), count(1), count(1)
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "book.db"
        self.memory = MemoryJournal("hill", clock=self.clock, salt=self.salts)
        self.book: SqlJournal = create_book(self.file, "hill", clock=self.clock, salt=self.salts)
        self.on = BEGUN
        self.moves = [(FOUNDED, number, shares) for number, shares in HOLDERS.items()]
        self.tied = {"pledged": dict.fromkeys(HOLDERS, 0), "frozen": dict.fromkeys(HOLDERS, 0)}
        self.dead: set[str] = set()
        self.sales: list[tuple[int, date, str, str, int]] = []
        self.lives: dict[str, Life] = {}
        self.bank, self.cash = BANK - CASH + CAME_IN + FREE, CASH
        self.left = GIVEN + CAME_IN + FREE
        self.debts = dict.fromkeys(HOLDERS, 0)
        self.new_chart = self.has_left = False
        self.projected: dict[str, int] = {}

    # ---------------------------------------------------------------- a step, and what happens to the file meanwhile

    def do(self, decision: Decision, fault: str = "none", *, refused: bool = False) -> list[Record]:
        """Take a step in both books, or see both refuse it."""
        key, seen = f"step {next(self.keys)}", head(self.memory)
        self.salts.set(seen.seq)
        asked: dict[str, Any] = {"key": key, "actor": "accountant"}
        if refused:
            for book in (self.memory, self.book):
                with pytest.raises(CoopledgerError):
                    book.append(decision, **asked)
            assert head(self.book) == head(self.memory) == seen
            return []
        records = self.memory.append(decision, **asked)
        if fault.startswith("cut"):
            self.broken_off(decision, int(fault[4:]), asked)
        elif fault == "two writers":
            with open_book(self.file, "hill", clock=self.clock, salt=self.salts).read() as view:
                assert view.head == seen
        self.salts.set(seen.seq)
        assert [one.hash for one in self.book.append(decision, **asked, after=seen)] == [one.hash for one in records]
        if fault == "two writers":
            other = open_book(self.file, "hill", clock=self.clock, salt=self.salts)
            with pytest.raises(StaleJournal):
                other.append(decision, key=f"{key} too", actor="another", after=seen)
            other.close()
        elif fault == "repeated":
            assert self.book.append(decision, **asked) == records
        elif fault == "reopened":
            self.book.close()
            self.book = open_book(self.file, "hill", clock=self.clock, salt=self.salts)
        return records

    def broken_off(self, decision: Decision, at: int, asked: dict[str, Any]) -> None:
        """The append breaks off before one of its writes, or before its commit: nothing of it is there."""
        before, engine = head(self.book), self.book._engine
        writes = count()

        def write(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("INSERT") and next(writes) == at:
                raise CutError

        def commit(_connection: object) -> None:
            if next(writes) <= at:
                raise CutError

        event.listen(engine, "before_cursor_execute", write)
        event.listen(engine, "commit", commit)
        self.salts.set(before.seq)
        with pytest.raises(CutError):
            self.book.append(decision, **asked)
        event.remove(engine, "before_cursor_execute", write)
        event.remove(engine, "commit", commit)
        assert head(self.book) == before

    # ---------------------------------------------------------------- what the model knows of the register

    def held(self, on: date) -> dict[str, int]:
        found = dict.fromkeys(HOLDERS, 0)
        for day, number, shares in self.moves:
            found[number] += shares if day <= on else 0
        return found

    def free(self, number: str, since: date) -> int:
        """How many shares may move from a day on."""
        days = {since, *(day for day, *_ in self.moves if day > since)}
        tied = sum(own[number] for own in self.tied.values())
        return min(self.held(day)[number] for day in days) - tied

    def waits(self, number: str) -> bool:
        return number in self.dead or any(own[number] for own in self.tied.values())

    def split(self, total: int, by: str) -> dict[str, int]:
        """A total by largest remainder, of equal ones to the lower number."""
        days = [YEAR_END] if by == "record date" else [FOUNDED + n * DAY for n in range(365)]
        weights: dict[str, int] = {}
        for day in days:
            for number, shares in self.held(day).items():
                weights[number] = weights.get(number, 0) + shares
        weights = {number: weight for number, weight in sorted(weights.items()) if weight}
        whole = sum(weights.values())
        found = {number: total * weight // whole for number, weight in weights.items()}
        order = sorted(weights, key=lambda number: (-(total * weights[number] % whole), number))
        for number in order[: total - sum(found.values())]:
            found[number] += 1
        return found

    def at(self, *states: str) -> list[str]:
        """The runs that are there now."""
        return [code for code, one in self.lives.items() if one.steps and one.steps[-1] in states]

    # ---------------------------------------------------------------- how it begins

    @initialize(converted=st.booleans())
    def founded(self, converted: bool) -> None:
        people = [Joiner(f"00{home}", household=home, head=True) for home in HOLDERS]
        dam = Stream("dam", amount=ramp("1,000.01 yuan", rise="0 yuan"))
        plan = Plan("hill", term("2026-01-01", years=3, basis="contribution"), [dam])
        receivable = C2004.account("receivable")
        steps: list[Decision] = [
            found("示例村股份经济合作社", CHARTER, effective_on=FOUNDED),
            adopt(C2004, effective_on=FOUNDED),
            open_class(preset("land"), effective_on=FOUNDED),
            admit(*people, Joiner("1017", household="17"), effective_on=FOUNDED),
            *(issue("land", to=home, shares=shares, effective_on=FOUNDED) for home, shares in HOLDERS.items()),
            enter_surplus(2026, SURPLUS, source="annual statement 2026"),
            distribute(2026),
            conclude("hill", plan, counterparty="company", effective_on=FOUNDED, income="distribution"),
            moved(YEAR_END, receivable, "c2004:102", BANK),
            moved(YEAR_END, "c2004:102", "c2004:101", CASH),
            moved(YEAR_END, "c2004:322", "c2004:102", FREE),
        ]
        for one in steps:
            self.do(one)
        self.projected = self.expected_of_contract()
        self.do(fall_due("hill", until=YEAR_END))
        self.do(receive("hill", CAME_IN, effective_on=YEAR_END))
        assert self.expected_of_contract() == self.projected == self.split(CAME_IN, "record date")
        if converted:
            self.converted("none")

    def expected_of_contract(self) -> dict[str, int]:
        with self.book.read() as view:
            return {**projected_run(view, "hill", Proposal("dam", "2026", "land", RULES["record date"])).parts}

    # ---------------------------------------------------------------- a run, step by step

    def live(self, of: str) -> list[str]:
        return [code for code, one in self.lives.items() if one.steps and one.of == of]

    def chosen(self, data: st.DataObject, *states: str) -> tuple[str, Life]:
        code = data.draw(st.sampled_from(self.at(*states)))
        return code, self.lives[code]

    @precondition(lambda self: len(self.at(*STATES)) < 4)
    @rule(
        total=st.integers(4, 2_500_00),
        by=st.sampled_from([*RULES]),
        rate=st.sampled_from([Fraction(0), Fraction(1, 5), Fraction(1, 7)]),
        supplement=st.booleans(),
        at_once=st.sampled_from([True, True, False]),
        data=st.data(),
        fault=FAULTS,
    )
    def proposed(  # noqa: PLR0917 - what is drawn
        self,
        total: int,
        by: str,
        rate: Fraction,
        supplement: bool,
        at_once: bool,
        data: st.DataObject,
        fault: str,
    ) -> None:
        code = f"r{next(self.codes)}"
        asked = Proposal("surplus", "2026", "land", RULES[by], total, tax=rate, instalment=len(self.lives) + 1)
        if supplement and (first := self.live("surplus")[:1]):
            asked = asked._replace(instalment=self.lives[first[0]].instalment)
            self.do(propose(code, asked, effective_on=self.on), refused=True)
            asked = asked._replace(supplements=first[0])
        self.do(propose(code, asked, effective_on=self.on), fault)
        self.lives[code] = Life("surplus", asked.instalment, lambda: self.split(total, by), rate)
        if at_once:
            self.approved_and_declared(data, fault)

    @precondition(lambda self: not self.live("contract"))
    @rule(fault=FAULTS)
    def proposed_of_the_contract(self, fault: str) -> None:
        code = f"c{next(self.codes)}"
        with self.book.read() as view:
            asked = of_contract(view, "hill", Proposal("dam", "2026", "land", RULES["record date"]), self.on)
            assert asked.total_fen == CAME_IN
            assert parts(view, asked).parts == self.expected_of_contract()
        self.do(propose(code, asked, effective_on=self.on), fault)
        self.lives[code] = Life("contract", 1, lambda: self.split(CAME_IN, "record date"), Fraction(0))

    @precondition(lambda self: not self.live("step"))
    @rule(rate=st.sampled_from([Fraction(0), Fraction(1, 5)]), fault=FAULTS)
    def proposed_of_the_distribution(self, rate: Fraction, fault: str) -> None:
        [record] = self.do(propose_steps(2026, effective_on=self.on, tax=rate), fault)
        self.lives[str(record.facts["run"])] = Life("step", 1, lambda: self.split(GIVEN, "record date"), rate)

    @precondition(lambda self: self.at("proposed"))
    @rule(data=st.data(), fault=FAULTS)
    def disclosed(self, data: st.DataObject, fault: str) -> None:
        code, one = self.chosen(data, "proposed")
        self.do(disclose(code, since=self.on, until=self.on, where="village board"), fault)
        one.steps.append("disclosed")

    @precondition(lambda self: self.at("proposed", "disclosed"))
    @rule(data=st.data(), fault=FAULTS)
    def approved(self, data: st.DataObject, fault: str) -> None:
        code, one = self.chosen(data, "proposed", "disclosed")
        self.do(approve(code, Resolution("2027-1", "members", self.on, 5, 5, 5)), fault)
        one.steps.append("approved")

    @precondition(lambda self: self.at("proposed", "disclosed"))
    @rule(data=st.data(), fault=FAULTS)
    def approved_and_declared(self, data: st.DataObject, fault: str) -> None:
        self.approved(data, "none")
        self.declared(data, fault)

    def kept_from(self, one: Life) -> int:
        """What is for a step of the distribution, or for the runs of the contract, and for no other run."""
        declared = {other.of for other in self.lives.values() if other.declared_on is not None}
        return sum(fen for of, fen in {"step": GIVEN, "contract": CAME_IN}.items() if of not in {one.of, *declared})

    @precondition(lambda self: self.at("approved"))
    @rule(data=st.data(), fault=FAULTS)
    def declared(self, data: st.DataObject, fault: str) -> None:
        code, one = self.chosen(data, "approved")
        total = sum(one.parts.values())
        refused = one.again() != one.parts or total > self.left - self.kept_from(one)
        if self.do(declare(code, effective_on=self.on), fault, refused=refused):
            one.steps.append("declared")
            one.clean(self.on)
            self.left -= total

    @precondition(lambda self: self.at("declared"))
    @rule(
        data=st.data(),
        numbers=st.none() | st.lists(st.sampled_from([*HOLDERS]), unique=True, min_size=1),
        part=st.integers(1, 3),
        through=st.sampled_from([*WAYS]),
        released=st.none() | st.just("the creditor agrees"),
        fault=FAULTS,
    )
    def paid_in_part(  # noqa: PLR0917 - what is drawn
        self, data: st.DataObject, numbers: list[str] | None, part: int, through: str, released: str | None, fault: str
    ) -> None:
        code, _ = self.chosen(data, "declared")
        self.pays(code, numbers, part, through, released, fault)

    @precondition(lambda self: self.at("declared"))
    @rule(data=st.data(), fault=FAULTS)
    def paid(self, data: st.DataObject, fault: str) -> None:
        code, _ = self.chosen(data, "declared")
        self.pays(code, None, 1, "bank", None, fault)

    @precondition(lambda self: any(one.owed for one in self.lives.values()))
    @rule(data=st.data(), fault=FAULTS)
    def one_was_paid_a_third(self, data: st.DataObject, fault: str) -> None:
        """Or it was set off against what he owes."""
        code = data.draw(st.sampled_from([code for code, one in self.lives.items() if one.owed]))
        number = data.draw(st.sampled_from([*self.lives[code].owed]))
        through = "member current" if self.debts[number] else "bank"
        self.pays(code, [number], 3, through, "agreed", fault)

    def pays(  # noqa: PLR0917 - a payout, and what happens meanwhile
        self, code: str, numbers: list[str] | None, part: int, through: str, released: str | None, fault: str
    ) -> None:
        one = self.lives[code]
        owed = one.owed
        if numbers is None:
            amounts = {number: fen for number, fen in owed.items() if not self.waits(number)}
            named = None
        else:
            amounts = named = {number: -(-owed.get(number, 0) // part) for number in numbers}
        taxes = {number: one.tax_of(number, fen) for number, fen in amounts.items()}
        nets = {number: fen - taxes[number] for number, fen in amounts.items()}
        enough = {
            "bank": sum(nets.values()) <= self.bank,
            "cash": sum(nets.values()) <= self.cash,
            "member current": all(self.debts[number] >= net for number, net in nets.items()),
        }[through]
        allowed = released is not None or named is None or not any(self.waits(number) for number in named)
        taxable = self.new_chart or not any(taxes.values())  # the old chart has no account for taxes
        refused = not (amounts and all(amounts.values()) and enough and allowed and taxable)
        decision = pay(code, effective_on=self.on, through=through, holders=named, released=released)
        for record in self.do(decision, fault, refused=refused):
            one.payouts.append(Payout(record.seq, through, self.new_chart, nets, taxes))
            for number in amounts:
                self.moves_money(one, through, number, nets[number], taxes[number])

    def moves_money(self, one: Life, through: str, number: str, net: int, tax: int) -> None:
        one.dues[number][WAYS[through]] += net
        one.dues[number]["withheld"] += tax
        if through == "bank":
            self.bank -= net
        elif through == "cash":
            self.cash -= net
        else:
            self.debts[number] -= net

    @precondition(lambda self: any(payout.nets for one in self.lives.values() for payout in one.payouts))
    @rule(data=st.data(), fault=FAULTS)
    def bounced(self, data: st.DataObject, fault: str) -> None:
        known = [(code, payout) for code, one in self.lives.items() for payout in one.payouts if payout.nets]
        code, payout = data.draw(st.sampled_from(known))
        number = data.draw(st.sampled_from([*payout.nets]))
        decision = bounce(code, payout.seq, [number], effective_on=self.on)
        if payout.new_chart != self.new_chart:  # it comes back to where it left: what that leaves goes over as well
            decision = in_turn(decision, convert_chart(C2023, CONVERTED, effective_on=self.on))
        self.do(decision, fault)
        self.moves_money(self.lives[code], payout.through, number, -payout.nets.pop(number), -payout.taxes[number])
        self.lives[code].since[number] = self.on

    @precondition(lambda self: self.at("declared"))
    @rule(data=st.data(), fault=FAULTS)
    def lapsed(self, data: st.DataObject, fault: str) -> None:
        code, one = self.chosen(data, "declared")
        assert one.declared_on is not None
        owed = one.owed
        late = one.declared_on.replace(year=one.declared_on.year + 1)
        if self.do(lapse(code, effective_on=self.on), fault, refused=not owed or self.on < late):
            for number, fen in owed.items():
                one.dues[number]["lapsed"] += fen

    @precondition(lambda self: len(self.at(*STATES)) > 3 or any(one.payouts for one in self.lives.values()))
    @rule(data=st.data(), fault=FAULTS)
    def undone(self, data: st.DataObject, fault: str) -> None:
        code, one = self.chosen(data, *STATES)
        self.do(undo(code, effective_on=self.on, reason="correction"), fault)
        if one.steps.pop() == "declared":
            for number, own in one.dues.items():
                self.debts[number] += own["paid"] + own["set off"]
            self.left += sum(one.parts.values())
            one.clean(None)

    # ---------------------------------------------------------------- meanwhile, in the village

    @rule(
        seller=st.sampled_from([*HOLDERS]),
        buyer=st.sampled_from([*HOLDERS]),
        shares=st.integers(1, 40),
        late=st.booleans(),
        fault=FAULTS,
    )
    def sold(self, seller: str, buyer: str, shares: int, late: bool, fault: str) -> None:
        day = YEAR_END - 5 * DAY if late else self.on  # told late: who held what at the year's end was another
        if seller == buyer or {seller, buyer} & self.dead or self.free(seller, day) < shares:
            return
        decision = transfer("land", holder=seller, to=buyer, shares=shares, effective_on=day, reason="sale")
        [record] = self.do(decision, fault)
        self.passes(day, seller, buyer, shares)
        self.sales.append((record.seq, day, seller, buyer, shares))

    @precondition(lambda self: self.sales)
    @rule(data=st.data(), fault=FAULTS)
    def taken_back(self, data: st.DataObject, fault: str) -> None:
        sale = data.draw(st.sampled_from(self.sales))
        seq, day, seller, buyer, shares = sale
        if {seller, buyer} & self.dead or self.free(buyer, day) < shares:
            return
        self.do(take_back(seq, booked_on=self.on), fault)
        self.passes(day, buyer, seller, shares)
        self.sales.remove(sale)

    @rule(
        number=st.sampled_from([*HOLDERS]),
        shares=st.integers(1, 20),
        how=st.sampled_from(["pledged", "frozen"]),
        fault=FAULTS,
    )
    def tied_up(self, number: str, shares: int, how: str, fault: str) -> None:
        if number in self.dead or self.free(number, self.on) < shares:
            return
        tie: dict[str, Any] = {"holder": number, "shares": shares, "effective_on": self.on}
        by_court = freeze("land", **tie, reason="court order")
        self.do(pledge("land", **tie, creditor="示例信用社") if how == "pledged" else by_court, fault)
        self.tied[how][number] += shares

    @precondition(lambda self: any(any(own.values()) for own in self.tied.values()))
    @rule(data=st.data(), fault=FAULTS)
    def let_go(self, data: st.DataObject, fault: str) -> None:
        tied = [(how, number) for how, own in self.tied.items() for number, shares in own.items() if shares]
        how, number = data.draw(st.sampled_from(tied))
        let: dict[str, Any] = {"holder": number, "shares": self.tied[how][number], "effective_on": self.on}
        freed = unfreeze("land", **let, reason="court order")
        self.do(release("land", **let) if how == "pledged" else freed, fault)
        self.tied[how][number] = 0

    @precondition(lambda self: {"18", "19"} - self.dead)
    @rule(data=st.data(), fault=FAULTS)
    def died(self, data: st.DataObject, fault: str) -> None:
        number = data.draw(st.sampled_from(sorted({"18", "19"} - self.dead)))
        self.do(die(f"00{number}", effective_on=self.on), fault)
        self.dead.add(number)

    @precondition(lambda self: self.dead)
    @rule(data=st.data(), fault=FAULTS)
    def inherited(self, data: st.DataObject, fault: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.dead)))
        shares = self.free(number, self.on)
        if not shares:
            return
        heir: dict[str, Any] = {"holder": number, "to": "17", "shares": shares, "reason": "inheritance"}
        self.do(transfer("land", **heir, effective_on=self.on), fault)
        self.passes(self.on, number, "17", shares)

    @precondition(lambda self: not self.has_left)
    @rule(fault=FAULTS)
    def moved_out(self, fault: str) -> None:
        self.do(leave("1017", reason="moved out", effective_on=self.on), fault)
        self.has_left = True

    def passes(self, day: date, seller: str, buyer: str, shares: int) -> None:
        self.moves += [(day, seller, -shares), (day, buyer, shares)]

    @precondition(lambda self: not self.new_chart)
    @rule(fault=FAULTS)
    def converted(self, fault: str) -> None:
        self.on += DAY  # nothing is booked in the old chart on the day of the new one
        self.do(convert_chart(C2023, CONVERTED, effective_on=self.on), fault)
        self.new_chart = True

    @rule(days=st.sampled_from([1, 7, 366]))
    def passed(self, days: int) -> None:
        self.on += days * DAY

    # ---------------------------------------------------------------- after each step

    @invariant()
    def both_books_and_the_model_agree(self) -> None:
        if not self.projected:  # not begun
            return
        assert head(self.book) == head(self.memory)
        assert said(self.book.verify()) == []
        with self.book.read() as view:
            assert said(problems(view)) == []
            assert totals(trial_balance(view)).balanced
            known = runs(view)
            assert {code: one.state for code, one in known.items()} == {
                code: one.steps[-1] if one.steps else "withdrawn" for code, one in self.lives.items()
            }
            for code, one in self.lives.items():
                found = dues(view, known[code])
                assert found == {
                    number: Due(
                        fen,
                        one.dues[number]["paid"],
                        one.dues[number]["set off"],
                        one.dues[number]["withheld"],
                        one.dues[number]["lapsed"],
                        0,
                        one.since.get(number, one.declared_on),
                        number in one.since,
                    )
                    for number, fen in one.parts.items()
                    if fen and one.declared_on is not None
                }
                assert {number: own.unpaid_fen for number, own in found.items() if own.unpaid_fen} == one.owed
            assert {number: one.shares for number, one in holdings(view, "land", self.on).items()} == {
                number: shares for number, shares in self.held(self.on).items() if shares
            }
            self.the_money_is_where_it_should_be(view.balances(MONEY))

    def the_money_is_where_it_should_be(self, balances: Mapping[tuple[str, str], int]) -> None:
        def at(*accounts: str) -> int:
            return sum(fen for (_, account), fen in balances.items() if account.partition(":")[2] in accounts)

        assert (at("102"), at("101"), -at("322")) == (self.bank, self.cash, self.left)
        assert min(self.bank, self.cash) >= 0
        assert {number: at(f"113/{number}") for number in HOLDERS} == self.debts
        kept = {
            way: sum(own[way] for one in self.lives.values() for own in one.dues.values())
            for way in ("withheld", "lapsed")
        }
        assert -at(*(f"214/{code}" for code in self.lives)) == kept["withheld"]
        assert -at("531", "504") == kept["lapsed"]
        owed = {
            f"113/surplus/{code}/{number}": -fen for code, one in self.lives.items() for number, fen in one.owed.items()
        }
        assert {
            account.partition(":")[2]: fen for (_, account), fen in balances.items() if "/surplus/" in account
        } == owed

    def teardown(self) -> None:
        self.book.close()
        self.folder.cleanup()


def moved(on: date, source: str, target: str, fen: int) -> Decision:
    """Money from one account to another."""
    return lambda _: [Entry("movement", on, on, {}, [Posting(MONEY, source, target, fen)])]


TestLives = LifeMachine.TestCase
TestLives.settings = settings(
    max_examples=times(12, 300),
    stateful_step_count=times(30, 50),
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=[*HealthCheck],
)
