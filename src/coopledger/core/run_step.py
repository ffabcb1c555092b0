"""Steps of a dividend run: which may be taken in which state, which is next, and the record of one."""

from datetime import date
from typing import Any

from coopledger.core.charter import FOUR, Steps
from coopledger.core.journal import Entry, View, check_days, shown
from coopledger.core.proposal import Proposal
from coopledger.core.run import (
    RUN,
    STATES,
    Run,
    State,
    Step,
    check_after,
    check_run,
    owed,
    run,
    runs,
)
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message

_SHARED: dict[Step, tuple[State, ...]] = {
    "object": ("disclosed",),
    "answer": ("disclosed",),
    "undo": STATES[:-1],
}
_BEFORE: dict[Steps, dict[Step, tuple[State, ...]]] = {
    "plain": {
        **_SHARED,
        "disclose": ("proposed", "disclosed", "approved", "published", "declared", "reported"),
        "approve": ("proposed", "disclosed"),
        "declare": ("approved", "published"),
    },
    FOUR: {
        **_SHARED,
        "discuss": ("proposed",),
        "deliberate": ("discussed",),
        "disclose": ("deliberated", "disclosed", "approved", "published", "declared", "reported"),
        "approve": ("disclosed",),
        "declare": ("published",),
        "supervise": ("reported",),
    },
}
"""In which states each step may be taken, by what the charter asks for."""
_PLAIN_NEXT: dict[State, Message] = {
    "proposed": Message("it is disclosed next, and approved"),
    "disclosed": Message("it is approved next"),
    "approved": Message("it is declared next"),
    "published": Message("it is declared next"),
    "declared": Message("it is paid next"),
    "reported": Message("all its steps are taken"),
    "supervised": Message("all its steps are taken"),
    "withdrawn": Message("propose another"),
}
_NEXT: dict[Steps, dict[State, Message]] = {
    "plain": _PLAIN_NEXT,
    FOUR: {
        **_PLAIN_NEXT,
        "proposed": Message("the two committees discuss it next"),
        "discussed": Message("the party members deliberate on it next"),
        "deliberated": Message("it is disclosed next"),
        "approved": Message("the decision is disclosed next"),
        "declared": Message("it is paid next, and the result disclosed"),
        "reported": Message("the supervisory committee says next what it found"),
    },
}


def next_step(view: View, one: Run, on: date | None = None) -> Message:
    """What is to be done next with a run, by the order that its charter asks for; with one of a day, as of that day.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> asked = Proposal("surplus", "2026", "land", by_record_date(date(2026, 12, 31)), total_fen=600_00)
    >>> proposed = Run("2026", asked, 5, date(2027, 1, 5), 600_00, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     str(next_step(view, proposed)), str(next_step(view, proposed._replace(steps="four deliberations")))
    ('it is disclosed next, and approved', 'the two committees discuss it next')
    """
    check_run(one)
    check_days(on)
    if one.state == "disclosed" and one.unanswered:
        return Message("objections {numbers} are answered next, and it is approved", numbers=one.unanswered)
    if one.state == "declared" and not owed(view, one.code, on):
        return Message("the result is disclosed next") if one.steps == FOUR else _NEXT[one.steps]["reported"]
    if one.withdrawn and (others := _in_its_place(view, one, on)):
        return Message("{runs} took its place", runs=others)
    return _NEXT[one.steps][one.state]


def _in_its_place(view: View, one: Run, on: date | None) -> list[str]:
    """The runs that were proposed after one, for the same, or for the same class, rule and instalment of its stream."""

    def like(asked: Proposal) -> tuple[object, ...]:
        return asked.stream, asked.instalment, asked.step, asked.share_class, asked.rule

    return [
        other.code
        for other in runs(view, on).values()
        if not other.withdrawn
        and other.proposed_in > one.proposed_in
        and (other.proposal.purpose == one.proposal.purpose or like(other.proposal) == like(one.proposal))
    ]


def next_entry(one: Run, step: Step, facts: dict[str, Any], effective_on: date, booked_on: date | None) -> Entry:
    """A step of a run. Raises RegisterError if it would count from before the step, or the undo, that it follows.

    Objections and their answers stand beside the other steps, and follow an undo alone.
    """
    beside = step in {"object", "answer"}
    check_after(one, (one.undone_on or one.proposed_on) if beside else one.counts_from, effective_on)
    return step_entry(one.code, step, facts, effective_on, booked_on)


def step_entry(name: str, step: Step, facts: dict[str, Any], effective_on: date, booked_on: date | None) -> Entry:
    """The record of a step, whatever it follows.

    >>> step_entry("2026", "discuss", {}, date(2027, 1, 6), None).facts
    {'run': '2026', 'step': 'discuss'}
    """
    return Entry(RUN, effective_on, booked_on or effective_on, {"run": name, "step": step, **facts})


def in_state(view: View, name: str, step: Step) -> Run:
    """A run in which a step may be taken now. Raises RegisterError if it is not that far, or further."""
    one = run(view, name)
    known = _BEFORE[one.steps]
    if step not in known:
        raise RegisterError(
            Message(
                "run {run}: {step} is one of the four deliberations, for which the charter did not ask when it was "
                "proposed: {next}",
                run=one.code,
                step=words(step),
                next=next_step(view, one),
            )
        )
    if one.state not in known[step]:
        raise out_of_order(view, one)
    return one


def out_of_order(view: View, one: Run) -> RegisterError:
    """Why a step is not taken now, and which is."""
    return RegisterError(
        Message("run {run} is {state}: {next}", run=one.code, state=words(one.state), next=next_step(view, one))
    )


def check_text(name: str, seen: object) -> str:
    """A text that says something. Raises RegisterError.

    >>> check_text("reason", " ")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: reason: ' ': a text is expected
    """
    if not isinstance(seen, str) or not seen.strip():
        raise RegisterError(Message("{name}: {seen}: a text is expected", name=name, seen=shown(seen)))
    return seen
