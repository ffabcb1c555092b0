"""Whole lives of runs, in a database that is lost sight of, broken off and written by two, against what is added up.

Two books are led through the same: one in memory, which nothing happens to, and one in a file or on a server, which
everything does. The village knows nothing of either: it works out by itself what was said to it.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, event

from coopledger.core.ahead import in_turn
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.calendar import term
from coopledger.core.chart import C2004, C2023, MONEY, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Resolution
from coopledger.core.collection import collect, repay
from coopledger.core.contract import conclude
from coopledger.core.contract_run import of_contract, projected_run
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.debt import advanced, brought, undone_debts
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.dues import Due, dues
from coopledger.core.growth import ramp
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Decision, Entry, Head, Posting, Record, View
from coopledger.core.lapse import check_lapses, lapse
from coopledger.core.member import Joiner, admit, die, leave
from coopledger.core.movement import freeze, issue, pledge, release, transfer, unfreeze
from coopledger.core.payout import bounce, held_over, pay, payables
from coopledger.core.plan import Plan, Stream
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.receivable import fall_due, receive
from coopledger.core.register import holdings
from coopledger.core.retained import pay_retained
from coopledger.core.reversal import take_back
from coopledger.core.run import of_step, parts, runs
from coopledger.core.share_class import open_class, preset
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.undoing import undo
from coopledger.core.waterfall import Step, Waterfall, share
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError, StaleJournal
from coopledger.store.database import create_book, open_book
from coopledger.store.memory import MemoryJournal
from coopledger.store.sql import SqlJournal
from tests.faults.books import FULL, said, times
from tests.faults.test_crash import CutError
from tests.faults.village import (
    BANK,
    CAME_IN,
    CASH,
    DAY,
    FOUNDED,
    FREE,
    GIVEN,
    GOODS,
    HOLDERS,
    ON_A_DAY,
    PAR,
    PRICE,
    RESERVE,
    RULES,
    STATES,
    SURPLUS,
    WAYS,
    YEAR_END,
    Life,
    Payout,
    Village,
)
from tests.store.books import Clock, head
from tests.store.in_step import StepSalts

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
NUMBERS = {
    "101": "paid",
    "102": "paid",
    "121": "in kind",
    "214": "withheld",
    "202": "retained",
    "211": "retained",
    "301": "reinvested",
    "113": "set off",
    "531": "lapsed",
    "504": "lapsed",
}
"""What became of what was owed, by the account that it went against, in either chart."""

FAULTS = st.sampled_from(["none", "none", "none", "reopened", "repeated", "two writers", "cut 0", "cut 1", "cut 2"])
"""What happens to the book in a step; *cut 1* is before its second write, *cut 2* at the latest before its commit."""

RATES = st.sampled_from([Fraction(0), Fraction(1, 5), Fraction(1, 7)])
KEPT = st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 3), Fraction(1)])
LEAST = st.sampled_from([0, 0, 2_00, 400_00])


class Terms(NamedTuple):
    """What is asked of a run, before it is known what goes together."""

    total: int
    days: bool
    shape: str
    to: int
    remainder: str
    tax: Fraction
    retained: Fraction
    least: int
    also: str

    def proposal(self) -> Proposal:
        each = self.shape.startswith("each")
        asked = Proposal(
            "surplus",
            "2026",
            "land",
            RULES["days" if self.days and not each else "record date"],
            None if self.shape in {"each", "each and cap"} else self.total,
            Fraction(self.total, 1003) if each else None,
            to_fen=self.to,
            hold_below_fen=self.least,
            cap_fen=max(self.total // 3, 100) if "cap" in self.shape else None,
        )
        if self.also == "advance":
            return asked._replace(advance=True)
        return asked._replace(
            tax=self.tax,
            retained=self.retained,
            policy="cumulative" if self.shape == "cumulative" else "each year",
            remainder=self.remainder if asked.total_fen else "",
        )


TERMS = st.builds(
    Terms,
    st.sampled_from([7, 1_00, 99_99, 300_07, 500_00, 1_000_03, 1_234_56, 2_000_00]),
    st.sampled_from([False, False, True]),
    st.sampled_from(["total", "each", "each of a total", "cap", "each and cap", "cumulative", "cumulative"]),
    st.sampled_from([1, 1, 100]),
    st.sampled_from(["", "reserve"]),
    RATES,
    KEPT,
    LEAST,
    st.sampled_from(["", "advance", "nets", "nets", "supplements", "again", "for some"]),
)


_LARGE = {"shape": "total", "total": 1_234_56, "least": 0}
_MADE_UP = {"shape": "cumulative", "to": 100, "also": ""}
OPENINGS: dict[str, list[dict[str, Any]]] = {
    "advance": [
        {"also": "advance"},
        {**_LARGE, "also": "advance"},
        {**_LARGE, "retained": Fraction(1, 3), "also": "nets"},
    ],
    "floor": [{**_LARGE, "also": "advance"}, {"also": "", **_LARGE, "total": 99_99}, {**_LARGE, "also": "nets"}],
    "cumulative": [{"total": 1_234_56, **_MADE_UP}, {"total": 999_99, **_MADE_UP}, {**_MADE_UP, "to": 1}],
    "lapsed": [{**_LARGE, "tax": Fraction(1, 5), "retained": Fraction(0), "also": ""}, {}, {}],
    "lapsed advance": [{**_LARGE, "also": "advance"}, {}, {}],
    "old chart": [{**_LARGE, "tax": Fraction(0), "retained": Fraction(1, 3), "also": ""}, {}, {}],
    "held over": [{"least": 2_00, "total": 1_00}, {"least": 400_00, "total": 300_07}, _LARGE],
    "back pay": [{**_LARGE, "shape": "each", "retained": Fraction(1, 3), "also": ""}, {"also": "for some"}, {}],
}
"""What the first three runs of a life have in common, so that lives are about something."""
ENDINGS = {
    "back pay": "r1",
    "floor": "r1",
    "cumulative": "r1",
    "held over": "r3",
    "lapsed": "r1",
    "lapsed advance": "r1",
    "old chart": "r1",
}
"""The run that something is done with at once, of some openings."""


class LifeMachine(RuleBasedStateMachine):
    """Runs of a surplus, of a step of its distribution and of a contract, in a village that goes on living."""

    engine: ClassVar[Engine | None] = None
    """The server, in a schema of which the book is; without one it is a file."""
    opening: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.salts, self.keys, self.codes = Clock(), StepSalts(), count(1), count(1)
        self.folder = tempfile.TemporaryDirectory()
        self.schema = None if self.engine is None else f"coopledger_lives_{os.getpid()}_{next(_schemas)}"
        self.where: Engine | Path = self.engine or Path(self.folder.name) / "book.db"
        self.memory = MemoryJournal("hill", clock=self.clock, salt=self.salts)
        self.book: SqlJournal = create_book(self.where, "hill", schema=self.schema, clock=self.clock, salt=self.salts)
        self.village = Village()
        self.projected: dict[str, int] = {}
        self.has_left = False
        self.looked_at: Head | None = None
        self.seen: dict[tuple[str, str], Counter[str]] = {}

    def opened(self) -> SqlJournal:
        return open_book(self.where, "hill", schema=self.schema, clock=self.clock, salt=self.salts)

    # ---------------------------------------------------------------- a step, and what happens to the book meanwhile

    def do(
        self, decision: Decision, fault: str = "none", *, refused: bool = False, shares: bool = False
    ) -> list[Record]:
        """Take a step in both books, or see both refuse it. Shares move only where that is said."""
        self.remembers()
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
            with self.opened().read() as view:
                assert view.head == seen
        self.salts.set(seen.seq)
        assert [one.hash for one in self.book.append(decision, **asked, after=seen)] == [one.hash for one in records]
        if fault == "two writers":
            other = self.opened()
            with pytest.raises(StaleJournal):
                other.append(decision, key=f"{key} too", actor="another", after=seen)
            other.close()
        elif fault == "repeated":
            assert self.book.append(decision, **asked) == records
        elif fault == "reopened":
            self.book.close()
            self.book = self.opened()
        assert shares or {leg.denomination for one in records for leg in one.postings} <= {MONEY}
        self.sees(records)
        return records

    def remembers(self) -> None:
        """Who waits now, and who owes since a run was undone."""
        with self.memory.read() as view:
            self.village.remember(undone_debts(view))

    def broken_off(self, decision: Decision, at: int, asked: dict[str, Any]) -> None:
        """The append breaks off before one of its writes, or before its commit: nothing of it is there."""
        before, dialect = head(self.book), type(self.book._dialect)
        writes, written = count(), dialect.write

        def write(*arguments: Any) -> None:
            if next(writes) == at:
                raise CutError
            written(*arguments)

        def commit(_connection: object) -> None:
            if next(writes) <= at:
                raise CutError

        self.salts.set(before.seq)
        event.listen(self.book._engine, "commit", commit)
        with mock.patch.object(dialect, "write", write), pytest.raises(CutError):
            self.book.append(decision, **asked)
        event.remove(self.book._engine, "commit", commit)
        assert head(self.book) == before

    def sees(self, records: list[Record]) -> None:
        """Adds up what records say became of what is owed, by run and holder: by the accounts that it went against."""
        for record in records:
            for leg in record.postings if record.kind != "conversion" else ():
                settles = "/surplus/" in leg.target
                own, other = (leg.target, leg.source) if settles else (leg.source, leg.target)
                if "/surplus/" in own:
                    _, _, code, number = own.split("/")
                    way = NUMBERS.get(other.partition(":")[2].partition("/")[0], "")
                    way = {"declaration": "declared", "undeclared": "reversed", "lapse": "lapsed"}.get(record.kind, way)
                    seen = self.seen.setdefault((code, number), Counter())
                    seen[way] += leg.quantity if settles != (way == "declared") else -leg.quantity

    # ---------------------------------------------------------------- how it begins

    @initialize(
        converted=st.sampled_from([True, True, False]),
        first=st.lists(TERMS, min_size=3, max_size=3),
    )
    def founded(self, converted: bool, first: list[Terms]) -> None:
        people = [Joiner(f"00{home}", household=home, head=True) for home in HOLDERS]
        dam = Stream("dam", amount=ramp("1,000.01 yuan", rise="0 yuan"))
        plan = Plan("hill", term("2026-01-01", years=3, basis="contribution"), [dam])
        receivable, capital = C2004.account("receivable"), C2004.account("share capital")
        steps: list[Decision] = [
            found("示例村股份经济合作社", CHARTER, effective_on=FOUNDED),
            adopt(C2004, effective_on=FOUNDED),
            open_class(preset("land"), effective_on=FOUNDED),
            open_class(preset("cash", level="household", par_fen=PAR, capital=capital), effective_on=FOUNDED),
            admit(*people, Joiner("1017", household="17"), effective_on=FOUNDED),
            *(issue("land", to=home, shares=shares, effective_on=FOUNDED) for home, shares in HOLDERS.items()),
            enter_surplus(2026, SURPLUS, source="annual statement 2026"),
            distribute(2026),
            conclude("hill", plan, counterparty="company", effective_on=FOUNDED, income="distribution"),
            moved(YEAR_END, receivable, "c2004:102", BANK),
            moved(YEAR_END, "c2004:102", "c2004:101", CASH),
            moved(YEAR_END, "c2004:102", "c2004:121", GOODS),
            moved(YEAR_END, "c2004:322", "c2004:102", FREE),
        ]
        self.do(in_turn(*steps), shares=True)
        projected = self.expected_of_contract()
        self.do(in_turn(fall_due("hill", until=YEAR_END), receive("hill", CAME_IN, effective_on=YEAR_END)))
        plain = self.village.split(Proposal("dam", "2026", "land", ON_A_DAY, CAME_IN))
        assert plain is not None
        assert self.expected_of_contract() == projected == plain.parts
        if converted and self.opening != "old chart":
            self.converts("none")
        self.projected, self.first = projected, first[0]._replace(**OPENINGS[self.opening][0])
        for terms, also in zip(first, OPENINGS[self.opening], strict=True):
            self.proposes(terms._replace(**also), "none", at_once=True)
            self.repays("17", "none")
        if self.opening in ENDINGS:
            self.goes_on()

    def goes_on(self) -> None:
        """What comes after some openings, for it seldom comes by itself."""
        village = self.village
        code = ENDINGS[self.opening]
        if code not in village.lives or not village.lives[code].owed:
            return
        if self.opening == "held over":  # with a large run the little is paid, and to who has no shares any more
            self.pays(code, None, 1, "bank", None, "none")
            self.sells("19", "20", 1, village.on, "none")
        elif self.opening == "back pay":  # who had sold too late is found to hold fewer, and another more
            self.pays(code, None, 1, "bank", None, "none")
            self.pays_out(code, ["17"], 2, "bank", None, "none")
            self.sells("17", "19", 40, YEAR_END - 5 * DAY, "none")
            self.proposes(self.first._replace(also="again"), "none", at_once=True)
            self.undoes(f"r{next(self.codes) - 1}", "none")
            self.undoes(code, "none")
            self.collects("17", 2, "bank", "none")
        elif self.opening == "cumulative":  # what is reinvested keeps a run from being undone
            self.gives(code, "shares", None, None, "none")
            self.undoes(code, "none")
        elif self.opening == "old chart":  # what was retained or lapsed in it is undone in the new one
            village.on += 366 * DAY
            self.lapses(code, "none")
            self.converts("none")
            self.undoes(code, "none")
        elif self.opening == "floor":  # the run that counts another is undone before it
            self.pays(code, ["17"], 2, "bank", None, "none")
            for each in (code, *village.at("declared")[:1:-1], code):
                self.undoes(each, "none")
        else:
            self.pays(code, ["17", "18"], 2, "bank", None, "none")
            village.on += 366 * DAY
            self.lapses(code, "none")

    def expected_of_contract(self) -> dict[str, int]:
        with self.memory.read() as view:
            return {**projected_run(view, "hill", Proposal("dam", "2026", "land", ON_A_DAY)).parts}

    # ---------------------------------------------------------------- a run, step by step

    def chosen(self, data: st.DataObject, *states: str) -> tuple[str, Life]:
        code = data.draw(st.sampled_from(self.village.at(*states)))
        return code, self.village.lives[code]

    @precondition(lambda self: len(self.village.at(*STATES)) < 6)
    @rule(terms=TERMS, at_once=st.sampled_from([True, True, False]), fault=FAULTS)
    def proposed(self, terms: Terms, at_once: bool, fault: str) -> None:
        self.proposes(terms, fault, at_once=at_once)

    def proposes(self, terms: Terms, fault: str, *, at_once: bool) -> None:
        village, asked, code = self.village, terms.proposal(), f"r{next(self.codes)}"
        asked = asked._replace(instalment=len(village.lives) + 1)
        if terms.also == "nets":
            asked = asked._replace(nets=tuple(village.not_netted()[-2:]))
        if terms.also == "supplements" and (first := village.live("surplus")[:1]):
            asked = asked._replace(instalment=village.lives[first[0]].asked.instalment)
            self.do(propose(code, asked, effective_on=village.on), refused=True)
            asked = asked._replace(supplements=first[0])
        asked = self.paid_back(terms, asked)
        split = None if village.goes_before(asked) else village.split(asked)
        if self.do(propose(code, asked, effective_on=village.on), fault, refused=split is None) and split is not None:
            village.lives[code] = Life("surplus", asked, split.parts)
            if at_once:
                self.approves(code)
                self.declares(code, fault)

    def paid_back(self, terms: Terms, asked: Proposal) -> Proposal:
        """Back pay: the same on each share once more, for who had too few; or amounts for some after a split."""
        village = self.village
        each = [name for name in village.not_netted() if village.lives[name].asked.each_fen is not None]
        again = [name for name in each if not village.lives[name].asked.advance and not village.lives[name].asked.nets]
        if terms.also == "again" and again:
            return village.lives[again[0]].asked._replace(supplements=again[0], nets=(again[0],))
        if terms.also == "for some":
            own: dict[str, Any] = {
                "amounts": {"20": 7, "17": terms.total // 3 + 1},
                "reason": "recognised",
                "total_fen": None,
            }
            plain: dict[str, Any] = {
                "each_fen": None,
                "to_fen": 1,
                "cap_fen": None,
                "policy": "each year",
                "remainder": "",
            }
            asked = asked._replace(**own, **plain)
            if first := village.live("surplus")[:1]:
                asked = asked._replace(supplements=first[0], instalment=village.lives[first[0]].asked.instalment)
        return asked

    @precondition(lambda self: not self.village.live("contract") or not self.village.live("step"))
    @rule(tax=RATES, retained=KEPT, least=LEAST, fault=FAULTS)
    def proposed_for_what_is_earmarked(self, tax: Fraction, retained: Fraction, least: int, fault: str) -> None:
        """The step of the distribution, and then what came in by the contract."""
        village, code, of = self.village, f"e{next(self.codes)}", "contract" if self.village.live("step") else "step"
        with self.memory.read() as view:
            if of == "contract":
                asked = of_contract(view, "hill", Proposal("dam", "2026", "land", ON_A_DAY, tax=tax), village.on)
                assert asked.total_fen == CAME_IN
                assert parts(view, asked).parts == self.expected_of_contract()
            else:
                asked = of_step(view, 2026, "members", tax)
                assert asked.total_fen == GIVEN
        asked = asked._replace(retained=retained, hold_below_fen=least)
        if of == "step" and not (retained or least):
            [record] = self.do(propose_steps(2026, effective_on=village.on, tax=tax), fault)
            code = str(record.facts["run"])
            for one in village.lives.values():  # the last that was withdrawn says how this one pays
                if one.of == "step":
                    asked = asked._replace(retained=one.asked.retained, hold_below_fen=one.asked.hold_below_fen)
        else:
            self.do(propose(code, asked, effective_on=village.on), fault)
        asked = asked._replace(rule=ON_A_DAY)
        split = village.split(asked)
        assert split is not None
        village.lives[code] = Life(of, asked, split.parts)

    def approves(self, code: str, fault: str = "none") -> None:
        self.do(approve(code, Resolution("2027-1", "members", self.village.on, 5, 5, 5)), fault)
        self.village.lives[code].steps.append("approved")

    @precondition(lambda self: self.village.at(*STATES[:-1]))
    @rule(data=st.data(), disclosed=st.sampled_from([False, False, True]), fault=FAULTS)
    def went_on(self, data: st.DataObject, disclosed: bool, fault: str) -> None:
        village = self.village
        code, one = self.chosen(data, *STATES[:-1])
        if disclosed and one.steps[-1] == "proposed":
            self.do(disclose(code, since=village.on, until=village.on, where="village board"), fault)
            one.steps.append("disclosed")
            return
        if one.steps[-1] != "approved":
            self.approves(code)
        self.declares(code, fault)

    def declares(self, code: str, fault: str) -> None:
        """What it splits by now has to be what was proposed, and there."""
        village, one = self.village, self.village.lives[code]
        split, was = village.split(one.asked), (dict(village.debts), village.left)
        there = village.left - village.kept_from(one)
        set_off = None
        if split is not None and split.parts == one.parts:
            needed = sum(one.parts.values()) + split.remainder
            if one.asked.advance or needed <= there:
                set_off = village.declare(one, split, self.advanced)
        records = self.do(declare(code, effective_on=village.on), fault, refused=set_off is None)
        if set_off is None:
            assert (village.debts, village.left) == was
            return
        one.steps.append("declared")
        if set_off[0]:
            one.payouts.append(Payout(records[-1].seq, village.on, "member current", *set_off))

    # ---------------------------------------------------------------- and what is owed of it

    @precondition(lambda self: any(one.owed for one in self.village.declared()))
    @rule(data=st.data(), through=st.sampled_from(["bank", "bank", "bank", "cash", "member current"]), fault=FAULTS)
    def paid(self, data: st.DataObject, through: str, fault: str) -> None:
        """To everybody who does not wait."""
        code, _ = self.owing(data)
        self.pays(code, None, 1, through, None, fault)

    @precondition(lambda self: any(one.owed for one in self.village.declared()))
    @rule(
        data=st.data(),
        some=st.integers(1, 15),
        part=st.integers(1, 3),
        through=st.sampled_from(["bank", "bank", "cash"]),
        released=st.sampled_from([None, "the creditor agrees"]),
        fault=FAULTS,
    )
    def paid_in_part(  # noqa: PLR0917 - what is drawn
        self, data: st.DataObject, some: int, part: int, through: str, released: str | None, fault: str
    ) -> None:
        """To some of them, of whom now and then one is owed nothing; or set off against what they owe."""
        code, one = self.owing(data)
        owed = [*one.owed]
        numbers = [number for at, number in enumerate([*owed, "17"]) if some >> at & 1][:3] or owed[:1]
        if all(self.village.debts[number] > 0 for number in numbers):
            through = "member current"
        self.pays(code, [*dict.fromkeys(numbers)], part, through, released, fault)

    def owing(self, data: st.DataObject) -> tuple[str, Life]:
        """A run of which something is owed, more than is held over where there is one."""
        village = self.village
        known = {code: one for code, one in village.lives.items() if one.owed}
        due = [code for code, one in known.items() if one.owed.keys() - village.held_over(one)]
        code = data.draw(st.sampled_from(due or [*known]))
        return code, known[code]

    def pays(  # noqa: PLR0917 - a payout, and what happens meanwhile
        self, code: str, numbers: list[str] | None, part: int, through: str, released: str | None, fault: str
    ) -> None:
        village, one = self.village, self.village.lives[code]
        self.would_be_paid(code)
        named = None
        due = village.to_pay(code)
        if numbers is not None:
            named = {number: -(-one.owed.get(number, 0) // part) for number in numbers}
            due = [(one, named)]
        elif through == "member current":
            due = village.set_off(due, self.advanced)
        found = [self.after_tax(each, amounts) for each, amounts in due]
        nets = Counter[str]()
        for net, _ in found:
            nets.update(net)
        if through == "member current":
            enough = all(village.debts[number] >= net for number, net in nets.items())
        else:
            enough = sum(nets.values()) <= village.money[through]
        allowed = released is not None or named is None or not any(village.waits(number) for number in named)
        if through != "member current" and self.owes_back({n for _, amounts in due for n in amounts}, released):
            allowed = False
        there = bool(due) and all(all(amounts.values()) for _, amounts in due)
        refused = not (there and enough and allowed and self.taxable(*(tax for _, tax in found)))
        decision = pay(code, effective_on=village.on, through=through, holders=named, released=released)
        records = self.do(decision, fault, refused=refused)
        for record, (each, _), (net, tax) in zip(records, due, found, strict=False):
            self.settles(each, record, through, net, tax)
        assert len(records) == (0 if refused else len(due))

    def advanced(self, one: Life) -> Mapping[str, int]:
        """What is left of an advance, of those who had it."""
        if not one.asked.advance:
            return {}
        with self.memory.read() as view:
            found = advanced(view, next(code for code, other in self.village.lives.items() if other is one))
        village = self.village  # who brought an advance that was undone has a claim, which makes up for the next one
        standing = {number: debt + village.credit[number] for number, debt in village.debts.items()}
        assert all(fen <= min(standing[number], one.parts[number]) for number, fen in found.items())
        return found

    def owes_back(self, numbers: Collection[str], released: str | None) -> bool:
        """Whether some still owe since a run was undone, and it is not said why they are paid all the same."""
        with self.memory.read() as view:
            debts = undone_debts(view)
        assert all(fen <= self.village.debts[number] for number, fen in debts.items())
        return released is None and not debts.keys().isdisjoint(numbers)

    def would_be_paid(self, code: str) -> None:
        """What is said beforehand of what everybody would receive, and of who waits for more."""
        one = self.village.lives[code]
        with self.memory.read() as view:
            found = payables(view, code, self.village.on)
            waits = held_over(view, runs(view)[code], self.village.on, [*one.owed])
        assert {number: (own.fen, own.tax) for number, own in found.items()} == {
            number: (fen, one.tax_of(number, fen)) for number, fen in one.owed.items()
        }
        assert {*waits} == self.village.held_over(one)

    def after_tax(self, one: Life, amounts: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        taxes = {number: one.tax_of(number, fen) for number, fen in amounts.items()}
        return {number: fen - taxes[number] for number, fen in amounts.items()}, taxes

    def taxable(self, *taxes: Mapping[str, int]) -> bool:
        """The old chart has no account for taxes."""
        return self.village.new_chart or not any(fen for own in taxes for fen in own.values())

    def settles(self, one: Life, record: Record, through: str, nets: dict[str, int], taxes: dict[str, int]) -> None:
        one.payouts.append(Payout(record.seq, self.village.on, through, {**nets}, {**taxes}))
        for number, net in nets.items():
            self.village.settle(one, through, number, net, taxes[number])

    @precondition(lambda self: any(one.owed for one in self.village.declared()))
    @rule(
        data=st.data(),
        way=st.sampled_from(["goods", "shares"]),
        everybody=st.booleans(),
        released=st.sampled_from([None, "the creditor agrees"]),
        fault=FAULTS,
    )
    def paid_in_units(self, data: st.DataObject, way: str, everybody: bool, released: str | None, fault: str) -> None:
        """To everybody or to one, in goods or in shares of the capital."""
        code, one = self.owing(data)
        self.gives(code, way, None if everybody else data.draw(st.sampled_from([*one.owed])), released, fault)

    def gives(self, code: str, way: str, to: str | None, released: str | None, fault: str) -> None:
        village, one = self.village, self.village.lives[code]
        over, price = village.held_over(one), PAR if way == "shares" else PRICE
        due = {number: fen for number, fen in one.owed.items() if number not in over and not village.waits(number)}
        if to is not None:
            due = {to: one.owed[to]}
        units = {number: (fen - one.tax_of(number, fen)) // price for number, fen in due.items()}
        units = {number: unit for number, unit in units.items() if unit}
        nets = {number: unit * price for number, unit in units.items()}
        taxes = {number: one.gross_of(number, net) - net for number, net in nets.items()}
        refused = not (units and self.taxable(taxes)) or self.owes_back(due, released)
        if to is not None:
            refused |= (released is None and village.waits(to)) or (way == "shares" and to in village.dead)
        asked: dict[str, Any] = {"holders": None if to is None else [to], "effective_on": village.on}
        if way == "goods":
            refused |= sum(nets.values()) > village.money["goods"]
            against = "c2023:121" if village.new_chart else "c2004:121"
            rice: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": price, "against": against}
            decision = pay_in_kind(code, **rice, **asked, released=released)
        else:
            decision = reinvest(code, "cash", **asked, released=released)
        for record in self.do(decision, fault, refused=refused, shares=way == "shares"):
            self.settles(one, record, way, nets, taxes)

    @precondition(lambda self: any(payout.nets for one in self.village.declared() for payout in one.payouts))
    @rule(data=st.data(), fault=FAULTS)
    def came_back(self, data: st.DataObject, fault: str) -> None:
        """What somebody was paid, or all that was given in a record in goods or in shares."""
        village = self.village
        known = [(code, payout) for code, one in village.lives.items() for payout in one.payouts if payout.nets]
        code, payout = data.draw(st.sampled_from(known))
        one, numbers = village.lives[code], [*payout.nets]
        if payout.through in {"goods", "shares"}:
            decision = take_back(payout.seq, booked_on=village.on)
        else:
            numbers = [data.draw(st.sampled_from(numbers))]
            decision = bounce(code, payout.seq, numbers, effective_on=village.on)
            one.since[numbers[0]] = village.on
        self.do(decision, fault, shares=payout.through == "shares")
        if payout.through in {"goods", "shares"}:
            village.take_back(one, payout)
        one.back.update(dict.fromkeys(numbers, village.on))
        for number in numbers:
            village.settle(one, payout.through, number, -payout.nets.pop(number), -payout.taxes[number])

    @precondition(lambda self: any(any(one.kept.values()) for one in self.village.declared()))
    @rule(
        data=st.data(),
        some=st.integers(0, 15),
        part=st.integers(1, 3),
        through=st.sampled_from(["bank", "bank", "cash", "member current"]),
        released=st.sampled_from([None, "the creditor agrees"]),
        fault=FAULTS,
    )
    def retained_paid_out(  # noqa: PLR0917 - what is drawn
        self, data: st.DataObject, some: int, part: int, through: str, released: str | None, fault: str
    ) -> None:
        """What is retained, to everybody or to some; of whom now and then one has nothing any more."""
        known = [code for code, one in self.village.lives.items() if any(one.kept.values())]
        code = data.draw(st.sampled_from(known))
        numbers = [number for at, number in enumerate(self.village.lives[code].kept) if some >> at & 1]
        self.pays_out(code, numbers or None, part, through, released, fault)

    def pays_out(  # noqa: PLR0917 - a payout, and what happens meanwhile
        self, code: str, numbers: list[str] | None, part: int, through: str, released: str | None, fault: str
    ) -> None:
        village, one = self.village, self.village.lives[code]
        named = None if numbers is None else {number: -(-one.kept.get(number, 0) // part) for number in numbers}
        due = {number: fen for number, fen in one.kept.items() if fen and not village.waits(number)}
        due = due if named is None else named
        if through == "member current":
            enough = all(village.debts[number] >= fen for number, fen in due.items())
        else:
            enough = sum(due.values()) <= village.money[through]
        allowed = named is None or released is not None or not any(village.waits(number) for number in named)
        refused = not (due and all(due.values()) and enough and allowed)
        refused = refused or (through != "member current" and self.owes_back(due, released))
        asked: dict[str, Any] = {
            "through": through,
            "holders": named,
            "released": released,
            "reason": "leaving",
        }
        for record in self.do(pay_retained(code, effective_on=village.on, **asked), fault, refused=refused):
            one.paid_out.append(Payout(record.seq, village.on, through, dict(due), {}))
            self.moves_retained(one, through, due, 1)

    def moves_retained(self, one: Life, through: str, due: Mapping[str, int], sign: int) -> None:
        """What is retained leaves, or is there again."""
        village = self.village
        for number, fen in due.items():
            one.kept[number] -= sign * fen
            if through == "member current":
                village.debts[number] -= sign * fen
            else:
                village.money[through] -= sign * fen

    @precondition(lambda self: any(payout.nets for one in self.village.declared() for payout in one.paid_out))
    @rule(data=st.data(), fault=FAULTS)
    def retained_came_back(self, data: st.DataObject, fault: str) -> None:
        village = self.village
        known = [(code, payout) for code, one in village.lives.items() for payout in one.paid_out if payout.nets]
        code, payout = data.draw(st.sampled_from(known))
        number = data.draw(st.sampled_from([*payout.nets]))
        decision = bounce(code, payout.seq, [number], effective_on=village.on)
        self.do(decision, fault)
        self.moves_retained(village.lives[code], payout.through, {number: payout.nets.pop(number)}, -1)

    @rule(
        number=st.sampled_from([*HOLDERS]),
        part=st.integers(1, 3),
        through=st.sampled_from(["bank", "cash"]),
        fault=FAULTS,
    )
    def collected(self, number: str, part: int, through: str, fault: str) -> None:
        debts = self.village.debts
        self.collects(number if debts[number] else max(debts, key=lambda one: abs(debts[one])), part, through, fault)

    def collects(self, number: str, part: int, through: str, fault: str) -> None:
        """From who owes; who is owed is repaid, if it is there."""
        village = self.village
        owes = village.debts[number]
        fen = -(-abs(owes) // part)
        asked: dict[str, Any] = {"effective_on": village.on, "through": through}
        if owes < 0:
            refused = fen > village.money[through]
            done = self.do(repay({number: fen} if part > 1 else [number], **asked), fault, refused=refused)
            fen = -fen
        else:
            done = self.do(collect({number: fen} if part > 1 else [number], **asked), fault, refused=not fen)
        if done:
            village.debts[number] -= fen
            village.money[through] += fen

    @precondition(lambda self: any(one.owed for one in self.village.declared()))
    @rule(data=st.data(), later=st.sampled_from([True, True, False]), fault=FAULTS)
    def lapsed(self, data: st.DataObject, later: bool, fault: str) -> None:
        code, _ = self.owing(data)
        if later:
            self.village.on += 366 * DAY
        self.lapses(code, fault)

    def lapses(self, code: str, fault: str) -> None:
        village, one = self.village, self.village.lives[code]
        assert one.declared_on is not None
        over = village.held_over(one)
        self.remembers()
        leaps = (village.on.month, village.on.day) == (2, 29)
        began = village.on.replace(year=village.on.year - 1, day=village.on.day - leaps)
        left, waiting = self.advanced(one), self.brought_since(code, began) if one.asked.advance else set()
        waiting |= {number for number in one.owed if village.has_waited(one, number, began)}
        gone = {n: fen for n, fen in one.owed.items() if n not in over and n not in waiting}
        late = one.declared_on.replace(year=one.declared_on.year + 1)
        if self.do(lapse(code, effective_on=village.on), fault, refused=not gone or village.on < late):
            for number, fen in gone.items():
                one.dues[number]["lapsed"] += fen
                off = min(fen, left.get(number, 0))
                one.let_off[number] += off
                village.debts[number] -= off

    def brought_since(self, code: str, day: date) -> set[str]:
        """Who brought something for an advance after a day, or had it set off."""
        with self.memory.read() as view:
            found = brought(view, code)
            return {number for number, own in found.items() if max(view.record(seq).effective_on for seq in own) > day}

    @precondition(lambda self: len(self.village.at(*STATES)) > 4 or any(one.payouts for one in self.village.declared()))
    @rule(data=st.data(), fault=FAULTS)
    def undone(self, data: st.DataObject, fault: str) -> None:
        self.undoes(self.chosen(data, *STATES)[0], fault)

    def undoes(self, code: str, fault: str) -> None:
        village, one = self.village, self.village.lives[code]
        declared = one.steps[-1] == "declared"
        netted = declared and any(code in other.asked.nets for other in village.declared())
        refused = netted or any(own["reinvested"] for own in one.dues.values())
        decision = undo(code, effective_on=village.on, reason="correction")
        if self.do(decision, fault, refused=refused):
            one.steps.pop()
            one.undone = True
            if declared:
                village.undo(one)

    # ---------------------------------------------------------------- meanwhile, in the village

    @rule(
        seller=st.sampled_from([*HOLDERS]),
        buyer=st.sampled_from([*HOLDERS]),
        shares=st.integers(1, 40),
        how=st.sampled_from(["sold", "sold late", "taken back", "pledged", "frozen"]),
        fault=FAULTS,
    )
    def shares_moved(self, seller: str, buyer: str, shares: int, how: str, fault: str) -> None:
        village = self.village
        if how in village.tied:
            self.ties(seller, shares, how, fault)
            return
        if how == "taken back" and village.sales:
            sale = seq, day, seller, buyer, shares = village.sales[-1]
            if {seller, buyer} & village.dead or village.free(buyer, day) < shares:
                return
            self.do(take_back(seq, booked_on=village.on), fault, shares=True)
            village.passes(day, buyer, seller, shares)
            village.sales.remove(sale)
            return
        day = YEAR_END - 5 * DAY if how == "sold late" else village.on  # who held what at the year's end was another
        self.sells(seller, buyer, shares, day, fault)

    def sells(self, seller: str, buyer: str, shares: int, day: date, fault: str) -> None:
        village = self.village
        shares = min(shares, village.free(seller, day))
        if seller == buyer or {seller, buyer} & village.dead or shares < 1:
            return
        decision = transfer("land", holder=seller, to=buyer, shares=shares, effective_on=day, reason="sale")
        [record] = self.do(decision, fault, shares=True)
        village.passes(day, seller, buyer, shares)
        village.sales.append((record.seq, day, seller, buyer, shares))

    def ties(self, number: str, shares: int, how: str, fault: str) -> None:
        """Or frees again."""
        village = self.village
        let = village.tied[how][number]
        if number in village.dead or (not let and village.free(number, village.on) < shares):
            return
        tie: dict[str, Any] = {"holder": number, "shares": let or shares, "effective_on": village.on}
        court = {**tie, "reason": "court order"}
        if how == "pledged":
            decision = release("land", **tie) if let else pledge("land", **tie, creditor="示例信用社")
        else:
            decision = unfreeze("land", **court) if let else freeze("land", **court)
        self.do(decision, fault, shares=True)
        village.tied[how][number] = 0 if let else shares
        village.tied_on.append((village.on, number))

    @rule(how=st.sampled_from(["a day", "a year", "converted", "18", "19", "moved out", "repaid"]), fault=FAULTS)
    def time_passed(self, how: str, fault: str) -> None:
        village = self.village
        if how == "converted":
            if not village.new_chart:
                self.converts(fault)
        elif how == "moved out":
            if not self.has_left:
                self.do(leave("1017", reason="moved out", effective_on=village.on), fault)
                self.has_left = True
        elif how == "repaid":
            self.repays(max(village.debts, key=lambda number: village.debts[number]), fault)
        elif how not in HOLDERS:
            village.on += (366 if how == "a year" else 1) * DAY
        elif how not in village.dead:
            self.do(die(f"00{how}", effective_on=village.on), fault)
            village.dead.add(how)
        elif shares := village.free(how, village.on):
            heir: dict[str, Any] = {"holder": how, "to": "17", "shares": shares, "reason": "inheritance"}
            self.do(transfer("land", **heir, effective_on=village.on), fault, shares=True)
            village.passes(village.on, how, "17", shares)

    def repays(self, number: str, fault: str) -> None:
        """Half of what somebody owes comes into the bank."""
        fen, chart = self.village.debts[number] // 2, "c2023" if self.village.new_chart else "c2004"
        if fen > 0:
            self.do(moved(self.village.on, f"{chart}:113/{number}", f"{chart}:102", fen), fault)
            self.village.debts[number] -= fen
            self.village.money["bank"] += fen

    def converts(self, fault: str) -> None:
        self.village.on += DAY  # nothing is booked in the old chart on the day of the new one
        self.do(convert_chart(C2023, CONVERTED, effective_on=self.village.on), fault)
        self.village.new_chart = True

    # ---------------------------------------------------------------- after each step

    @invariant()
    def both_books_and_the_village_agree(self) -> None:
        """Where nothing was written, nothing of the book can have changed but its head."""
        assert head(self.book) == head(self.memory)
        if not self.projected or head(self.memory) == self.looked_at:
            return
        self.looked_at = head(self.memory)
        assert said(self.book.verify()) == []
        with self.book.read() as view:
            balances = view.balances(MONEY)
        with self.memory.read() as view:
            assert view.balances(MONEY) == balances
            self.is_as_the_village_says(view)
        self.the_money_is_where_it_should_be(balances)
        self.the_sums_agree()

    def is_as_the_village_says(self, view: View) -> None:
        village = self.village
        late = check_lapses(view)  # what is recorded after a lapse, for a day before it, is told, and rightly
        assert said([one for one in problems(view) if one not in late]) == []
        assert totals(trial_balance(view)).balanced
        known = runs(view)
        assert {code: one.state for code, one in known.items()} == {
            code: one.steps[-1] if one.steps else "withdrawn" for code, one in village.lives.items()
        }
        for code, one in village.lives.items():
            found = dues(view, known[code])
            assert found == {
                number: Due(
                    fen,
                    (own := one.dues[number])["paid"],
                    own["set off"],
                    own["withheld"],
                    own["lapsed"],
                    0,
                    one.since.get(number, one.declared_on),
                    number in one.since,
                    own["in kind"],
                    own["retained"],
                    own["reinvested"],
                )
                for number, fen in one.parts.items()
                if fen and one.declared_on is not None
            }
            assert {number: own.unpaid_fen for number, own in found.items() if own.unpaid_fen} == one.owed
        for cls, shares in (("land", village.held(village.on)), ("cash", self.reinvested())):
            assert {number: one.shares for number, one in holdings(view, cls, village.on).items()} == {
                number: own for number, own in shares.items() if own
            }

    def reinvested(self) -> dict[str, int]:
        """How many shares of the capital each has."""
        found = Counter[str]()
        for one in self.village.declared():
            found.update({number: own["reinvested"] // PAR for number, own in one.dues.items()})
        return found

    def the_sums_agree(self) -> None:
        """Declared is paid, in kind, tax, retained, reinvested, set off, lapsed, undone and unpaid: in all records."""
        for code, one in self.village.lives.items():
            expected, owed = one.whole(), one.owed
            for number, own in expected.items():
                gone = sum(own[way] for way in (*WAYS, "reversed"))
                assert own["declared"] == gone + owed.get(number, 0)
                assert min(own.values()) >= 0
                assert +self.seen.get((code, number), Counter()) == +own
        assert {code for code, _ in self.seen} <= self.village.lives.keys()

    def the_money_is_where_it_should_be(self, balances: Mapping[tuple[str, str], int]) -> None:
        village = self.village
        bare = Counter[str]()
        for (_, account), fen in balances.items():
            chart, _, own = account.partition(":")
            assert (chart == "c2023") is village.new_chart or chart not in {"c2004", "c2023"} or not fen
            bare[own] += fen
        declared = village.declared()
        expected = Counter(
            {
                "102": village.money["bank"],
                "101": village.money["cash"],
                "121": village.money["goods"],
                "112": -BANK,
                "321": SURPLUS,
                "322": -village.left,
                "311/reserve": -RESERVE - sum(one.remainder for one in declared),
                "301": -village.sum_of("reinvested"),
                "504" if village.new_chart else "531": -village.sum_of("lapsed")
                + sum(sum(one.let_off.values()) for one in declared),
            }
        )
        assert min(village.money.values()) >= 0
        expected.update({f"113/{number}": fen for number, fen in village.debts.items()})
        for code, one in village.lives.items():
            expected[f"214/{code}"] = -sum(own["withheld"] for own in one.dues.values())
            expected.update({f"113/surplus/{code}/{number}": -fen for number, fen in one.owed.items()})
            for number, kept in one.dues.items():
                assert 0 <= one.kept.get(number, 0) <= kept["retained"]
                expected[f"{'211' if village.new_chart else '202'}/retained/{number}"] -= one.kept.get(number, 0)
        assert {own: fen for own, fen in bare.items() if fen} == {own: fen for own, fen in expected.items() if fen}

    def teardown(self) -> None:
        try:
            if self.projected and head(self.book) == head(self.memory):
                with self.book.read() as view:
                    self.is_as_the_village_says(view)
        finally:
            self.book.close()
            if self.engine is not None:
                with self.engine.begin() as connection:
                    connection.exec_driver_sql(f"DROP SCHEMA {self.schema} CASCADE")
            self.folder.cleanup()


_schemas = count(1)


def moved(on: date, source: str, target: str, fen: int) -> Decision:
    """Money from one account to another."""
    return lambda _: [Entry("movement", on, on, {}, [Posting(MONEY, source, target, fen)])]


def lead(opening: str, engine: Engine | None, few: int, many: int) -> None:
    """Lead some lives that begin so, or as many as the target says."""
    machine = type("Life", (LifeMachine,), {"opening": opening, "engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=times(few, many),
            stateful_step_count=times(30, 50),
            deadline=None,
            derandomize=not FULL,
            database=None,
            suppress_health_check=[*HealthCheck],
        ),
    )


@pytest.mark.parametrize("opening", OPENINGS)
def test_lives_in_a_file(opening: str) -> None:
    lead(opening, None, 4, 60)


@pytest.mark.parametrize("opening", OPENINGS)
def test_lives_on_a_server(opening: str, fault_engine: Engine) -> None:
    lead(opening, fault_engine, 2, 20)
