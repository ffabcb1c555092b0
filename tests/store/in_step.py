"""Books of several stores led through the same random sequences, in step with the plain model.

After every step all books have given the same answer or the same error as the model, and have its head; the hashes
run over everything, so equal heads are equal books.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from coopledger.core.journal import Entry, Facts, Posting, View
from coopledger.errors import CoopledgerError
from tests.store.books import DAY, DAY_US, NOW_US, SECOND_US, Book, Clock, Make, assert_whole, at, founding, fresh_name
from tests.store.model import Model, ModelView, Refused

SEQUENCES = int(os.environ.get("COOPLEDGER_SEQUENCES", "60"))
"""How many sequences are walked; ``make fault`` walks ten thousand."""

STEPS = 50


class StepSalts:
    """Salts that depend on the step alone, so that a refused append uses none up."""

    def __init__(self) -> None:
        self.step, self.count = 0, 0

    def __call__(self) -> bytes:
        self.count += 1
        return sha256(b"step %d salt %d" % (self.step, self.count)).digest()[:16]

    def set(self, step: int) -> None:
        self.step, self.count = step, 0


class Ask(NamedTuple):
    """An append that may be repeated."""

    entries: Any
    key: str
    actor: str


# ---------------------------------------------------------------- what is appended

DAYS = [DAY + timedelta(n) for n in range(6)]
FREE = ["unissued", "c37:332", "holders", "村账:现金"]
HELD = ["holder/1", "holder/1/pledged", "holder/10"]
OWED = ["c37:222/1", "c37:222/10"]
SUBJECTS = ["1", "10", "甲"]
UNDER = [None, "holder", "holder/1", "holder/10", "hold", "c37:222", "村账:现金", "unissued"]

days = st.sampled_from(DAYS)
quantities = st.integers(1, 12)
denominations = st.sampled_from(["land", "land", "land", "CNY", "CNY", "gold"])
lots = st.sampled_from([None, None, "2026"])


def between(sources: Sequence[str], targets: Sequence[str]) -> st.SearchStrategy[Posting]:
    return st.builds(
        Posting,
        denominations,
        st.sampled_from(sources),
        st.sampled_from(targets),
        quantities,
        st.none(),
        st.none(),
        lots,
    ).filter(lambda one: one.source != one.target)


postings = st.one_of(
    between(["unissued"], HELD),  # more comes in than goes out, or nothing would ever go through
    between(["unissued"], HELD),
    between(HELD, ["unissued", *HELD]),
    between(OWED, ["c37:332"]),
    between(["村账:现金"], OWED),
    between(FREE, [*FREE, "nowhere/1"]),
)
moves = st.builds(
    lambda on, booked, lines: Entry("move", on, booked, {}, lines),
    days,
    days,
    st.lists(postings, min_size=1, max_size=3),
)
notes = st.builds(
    lambda on, booked, said: Entry("note", on, booked, {"said": said}),
    days,
    days,
    st.sampled_from([None, 0, False, "", "甲", "\0", [1], {"a": None}]),
)
persons = st.builds(
    lambda on, rows: Entry("person", on, DAYS[-1], {}, [], rows),
    days,
    st.dictionaries(st.sampled_from(SUBJECTS), st.fixed_dictionaries({"n": st.integers(0, 2)}), min_size=1),
)
openings = st.builds(
    lambda facts: Entry("opening", DAY, DAYS[-1], facts),
    st.sampled_from(
        [
            {"denominations": {"gold": ["gold", 3]}},
            {"denominations": {"gold": ["gold", 1]}},
            {"accounts": {"nowhere": ["somewhere", "none"]}},
            {"accounts": {"nowhere": ["somewhere", "debit"]}},
            {"accounts": {"holder": ["holders", "none"]}},
            {"accounts": {"holder": ["shareholders", "debit"]}},
        ]
    ),
)
locks = st.builds(
    lambda on, booked: Entry("lock", booked, booked, {"through": f"{on}"}), st.sampled_from(DAYS[:4]), days
)
unlocks = st.builds(
    lambda on, booked: Entry("unlock", booked, booked, {"through": on and f"{on}", "reason": "a late voucher"}),
    st.one_of(st.none(), st.sampled_from(DAYS[:3])),
    days,
)
clocks = st.builds(lambda booked: Entry("clock", booked, booked), days)
entry = st.one_of(*[moves] * 9, notes, persons, persons, openings, locks, unlocks, clocks)
entries = st.lists(entry, min_size=1, max_size=3)


def start() -> list[Entry]:
    """Something for everybody, so that there is something to take, to owe and to pay."""
    shares = [Posting("land", "unissued", part, 9) for part in HELD]
    owed = [Posting("CNY", part, "c37:332", 9) for part in OWED]
    return [founding(), Entry("start", DAYS[1], DAYS[1], {}, [*shares, *owed])]


def changed(one: Entry, how: int) -> Entry:
    """The entry with one thing changed."""
    kind, effective, booked, facts = one.kind, one.effective_on, one.booked_on, one.facts
    lines, rows = list(one.postings), dict(one.personal)
    match how:
        case 0:
            kind = "other"
        case 1:
            effective += timedelta(1)
        case 2:
            booked += timedelta(1)
        case 3:
            facts = {**facts, "more": None}
        case 4 if lines:
            lines[-1] = lines[-1]._replace(quantity=lines[-1].quantity + 1)
        case 5 if lines:
            lines[0] = lines[0]._replace(lot="2027")
        case 6 if rows:
            rows[max(rows)] = {"n": 3}
        case _:
            rows["other"] = {}
    return Entry(kind, effective, booked, facts, lines, rows)


def halving(account: str) -> Callable[[View | ModelView], Iterator[Entry]]:
    """A decision: half of what an account has goes back."""

    def decided(view: View | ModelView) -> Iterator[Entry]:
        held = view.balances("land", account).get(("land", account), 0)
        if held > 1:
            yield Entry("half", DAYS[-1], DAYS[-1], {"of": held}, [Posting("land", account, "unissued", held // 2)])

    return decided


# ---------------------------------------------------------------- the walk


class Walk(RuleBasedStateMachine):
    """A sequence of appends, repetitions, refusals and questions."""

    makes: ClassVar[Sequence[Make]] = ()

    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        name = fresh_name()
        self.clock = Clock()
        self.salts = [StepSalts() for _ in range(len(self.makes) + 1)]
        self.model = Model(name, self.clock, self.salts[0])
        self.books = [make(name, self.clock, salt) for make, salt in zip(self.makes, self.salts[1:], strict=True)]
        self.steps = 0

    def do(self, verb: Callable[[Any], Any]) -> bool:
        """Do the same with the model and with every book; whether it went through."""
        self.steps += 1
        for salt in self.salts:
            salt.set(self.steps)
        outcomes = [outcome(verb, one) for one in (self.model, *self.books)]
        for other in outcomes[1:]:
            assert other == outcomes[0]
        return not isinstance(outcomes[0], str)

    def append(self, what: Any, *, key: str = "", actor: str = "me", **said: Any) -> Any:  # noqa: ANN401
        ask = Ask(what, key or f"key {self.steps}", actor)
        gone = self.do(lambda book: book.append(ask.entries, key=ask.key, actor=ask.actor, **said))
        return ask if gone else multiple()

    @initialize(target=asked)
    def start(self) -> Any:  # noqa: ANN401 - what a bundle takes
        return self.append(start())

    @rule(target=asked, what=entries, confirmed=st.booleans())
    def append_entries(self, what: list[Entry], confirmed: bool) -> Any:  # noqa: ANN401
        return self.append(what, confirm_clock=confirmed)

    @rule(target=asked, account=st.sampled_from(HELD))
    def decide(self, account: str) -> Any:  # noqa: ANN401
        return self.append(halving(account))

    @precondition(lambda self: self.lines())
    @rule(
        target=asked,
        picked=st.lists(st.tuples(st.integers(0, 99), quantities, st.booleans()), min_size=1, max_size=3),
        on=days,
        together=st.booleans(),
        crooked=st.sampled_from([False, False, False, True]),
    )
    def take_back(self, picked: list[tuple[int, int, bool]], on: date, together: bool, crooked: bool) -> Any:  # noqa: ANN401
        lines = self.lines()
        back = []
        for n, part, whole in picked:
            seq, line, was = lines[n % len(lines)]
            lot = "crooked" if crooked else was.lot
            quantity = was.quantity if whole else part
            back.append(Posting(was.denomination, was.target, was.source, quantity, seq, line, lot))
        made = [back] if together else [[one] for one in back]
        return self.append([Entry("back", on, DAYS[-1], {}, one) for one in made])

    @rule(ask=asked)
    def repeat(self, ask: Ask) -> None:
        self.append(ask.entries, key=ask.key, actor=ask.actor)

    @rule(ask=asked, how=st.integers(0, 7), which=st.sampled_from([0, -1]))
    def repeat_otherwise(self, ask: Ask, how: int, which: int) -> None:
        if callable(ask.entries):
            self.append(ask.entries, key=ask.key, actor="you")
        else:
            what = list(ask.entries)
            what[which] = changed(what[which], how)
            self.append(what, key=ask.key, actor=ask.actor)

    @rule(ask=asked, more=entry)
    def repeat_with_more_or_less(self, ask: Ask, more: Entry) -> None:
        if not callable(ask.entries):
            self.append([*ask.entries, more], key=ask.key, actor=ask.actor)
            self.append(ask.entries[:-1], key=ask.key, actor=ask.actor)

    @rule(target=asked, what=entries, back=st.integers(0, 1))
    def append_after(self, what: list[Entry], back: int) -> Any:  # noqa: ANN401
        seen = self.model.view(max(len(self.model.state.records) - back, 0)).head
        return self.append(what, after=seen)

    @rule(target=asked, what=entries)
    def append_while_somebody_reads(self, what: list[Entry]) -> Any:  # noqa: ANN401
        before = self.model.view()
        with ExitStack() as stack:
            views = [stack.enter_context(book.read()) for book in self.books]
            asked = self.append(what)
            for view in views:
                assert view.head == before.head
                assert list(view.records()) == before.records()
                assert view.balances() == before.balances()
        return asked

    @rule(subjects=st.sets(st.sampled_from(SUBJECTS), min_size=1), again=st.booleans())
    def erase(self, subjects: set[str], again: bool) -> None:
        key = "erasure" if again else f"key {self.steps}"
        self.do(lambda book: [book.erase(subjects, key=key, actor="clerk", on=DAYS[-1])])

    @rule(us=st.sampled_from([1, SECOND_US, DAY_US, -1, -SECOND_US, -DAY_US]))
    def tick(self, us: int) -> None:
        self.clock.forward(us)

    @rule(target=asked, days=st.sampled_from([31, 32, 400, -31, -32, -400]), confirmed=st.booleans(), what=entry)
    def leap(self, days: int, confirmed: bool, what: Entry) -> Any:  # noqa: ANN401
        """The clock goes far off; the next append goes with it, or the clock comes back."""
        was_us = self.clock.now_us
        self.clock.forward(days * DAY_US)
        before = len(self.model.state.records)
        asked = self.append([what], confirm_clock=confirmed)
        if len(self.model.state.records) == before:
            self.clock.now_us = was_us
        return asked

    @rule(target=asked)
    def set_the_clock_right(self) -> Any:  # noqa: ANN401
        self.clock.now_us = NOW_US + self.steps * SECOND_US
        return self.append([Entry("clock", DAYS[-1], DAYS[-1])])

    @rule(
        known=st.integers(0, 40),
        denomination=st.sampled_from([None, "land", "CNY"]),
        under=st.sampled_from(UNDER),
        on=st.one_of(st.none(), days),
    )
    def ask(self, known: int, denomination: str | None, under: str | None, on: date | None) -> None:
        view = self.model.view(min(known, len(self.model.state.records)))
        for book in self.books:
            with book.read(view.seq) as seen:
                assert seen.head == view.head
                assert seen.balances(denomination, under, on) == view.balances(denomination, under, on)
                assert [tuple(one) for one in seen.movements(under or "holder")] == view.movements(under or "holder")
                assert seen.personal() == view.personal()

    @rule(us=st.sampled_from([0, -1, 1, -SECOND_US, -DAY_US, -32 * DAY_US, 32 * DAY_US]))
    def ask_what_was_known(self, us: int) -> None:
        known_us = self.clock.now_us + us
        view = self.model.view(self.model.known_at(known_us))
        for book in self.books:
            with book.read(at(known_us)) as seen:
                assert seen.head == view.head

    @invariant()
    def all_heads_are_the_same(self) -> None:
        expected = self.model.view().head
        for book in self.books:
            with book.read() as view:
                assert view.head == expected

    def lines(self) -> list[tuple[int, int, Posting]]:
        return [
            (record.seq, line, one) for record in self.model.state.records for line, one in enumerate(record.postings)
        ]

    def teardown(self) -> None:
        expected = self.model.view()
        for book in self.books:
            assert_same(book, expected)


def outcome(verb: Callable[[Any], Any], book: object) -> list[Any] | str:
    """What a book answers: records, or the name of an error."""
    try:
        return list(verb(book))
    except Refused as error:
        return str(error)
    except CoopledgerError as error:
        return type(error).__name__


def assert_same(book: Book, expected: ModelView) -> None:
    """The whole book, record by record and day by day."""
    assert_whole(book)
    with book.read() as view:
        assert list(view.records()) == expected.records()
        personal: dict[str, Facts] = view.personal()
        assert personal == expected.personal()
        for on in (*DAYS, None):
            assert view.balances(on=on) == expected.balances(on=on)


def walk(*makes: Make, sequences: int = SEQUENCES, shrink: bool = True) -> None:
    """Lead books of these stores through random sequences; the same ones every time, unless a number was asked for."""
    walking = type("Walking", (Walk,), {"makes": makes})
    phases = (Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else []))
    run_state_machine_as_test(
        walking,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize="COOPLEDGER_SEQUENCES" not in os.environ,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
