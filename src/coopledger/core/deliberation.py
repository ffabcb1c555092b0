"""The four deliberations and two publications (四议两公开一监督) of a run, as far as they are steps of their own.

Where the charter asks for them, the party branch proposes a run, the two committees discuss it and the party members
deliberate; while it lies open, objections to it are made and answered; when its result is public, the supervisory
committee says what it found. To disclose and to decide are steps of every run
(:mod:`~coopledger.core.dividend`); anybody may object to any.
"""

from collections.abc import Iterable
from datetime import date

from coopledger.core.charter import check_carried
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, View, check_date, code, shown
from coopledger.core.run import (
    Step,
    check_after,
)
from coopledger.core.run_step import check_text, in_state, next_entry
from coopledger.errors import RegisterError
from coopledger.text import Message


def discuss(
    name: str,
    resolution: Resolution,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record that the two committees discussed a run and carried it (商议), of the four deliberations.

    Raises RegisterError: it was not proposed, or is further; another meeting, or not carried
    (:func:`~coopledger.core.charter.check_carried`); the charter asks for no such step.

    >>> discussed = discuss("2026", Resolution("2027-2", "committees", date(2027, 1, 8), 9, 8, 8))
    """
    return _carried(name, "discuss", "committees", resolution, effective_on, booked_on, documents)


def deliberate(
    name: str,
    resolution: Resolution,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record that the party members deliberated on a run and carried it (审议), of the four deliberations.

    Raises RegisterError: it was not discussed, or is further; another meeting, or not carried
    (:func:`~coopledger.core.charter.check_carried`); the charter asks for no such step.

    >>> deliberated = deliberate("2026", Resolution("2027-3", "party", date(2027, 1, 9), 40, 32, 30, 2))
    """
    return _carried(name, "deliberate", "party", resolution, effective_on, booked_on, documents)


def object_to(
    name: str,
    *,
    by: str,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record what somebody objects to a run that lies open (异议), by a number of the register or a code.

    Both stay in the records for good: no names and no ID numbers in them; services take ``coopledger.book.object_to``,
    which refuses a resident ID. The run is not approved before it is answered. Objections are counted from 1.

    Raises RegisterError: it does not lie open yet, or is approved already; a day before it lay open.

    >>> doubt = object_to("2026", by="0042", what="share count of household 17", effective_on=date(2027, 1, 12))
    """
    facts = {"by": code(by), "what": check_text("what", what), **cited(documents)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = in_state(view, name, "object")
        check_after(one, min(seen.since for seen in one.disclosures), effective_on)
        return [next_entry(one, "object", facts, effective_on, booked_on)]

    return decide


def answer(
    name: str,
    objection: int,
    *,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record what an objection to a run, by its number from 1 on, was answered (答复).

    Raises RegisterError: there is no such objection, or it was answered already; before it was made.

    >>> counted = answer("2026", 1, what="counted anew: 500", effective_on=date(2027, 1, 14))
    """
    if type(objection) is not int:
        raise RegisterError(Message("objection: {seen}: its number (int) is expected", seen=shown(objection)))
    facts = {"objection": objection, "what": check_text("what", what), **cited(documents)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = in_state(view, name, "answer")
        if objection not in one.unanswered:
            raise RegisterError(
                Message(
                    "run {run}: objection {number} is not there, or was answered; without an answer is {known}",
                    run=one.code,
                    number=objection,
                    known=one.unanswered or "-",
                )
            )
        check_after(one, one.objections[objection - 1].on, effective_on)
        return [next_entry(one, "answer", facts, effective_on, booked_on)]

    return decide


def supervise(
    name: str,
    *,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record what the supervisory committee found of a run whose result is public (监督), of the four deliberations.

    Raises RegisterError: the result is not disclosed yet; the charter asks for no such step.

    >>> sound = supervise("2026", what="paid as approved", effective_on=date(2027, 3, 1))
    """
    facts = {"what": check_text("what", what), **cited(documents)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = in_state(view, name, "supervise")
        check_after(one, min(seen.since for seen in one.results), effective_on)
        return [next_entry(one, "supervise", facts, effective_on, booked_on)]

    return decide


def _carried(  # noqa: PLR0917 - what its two verbs are told
    name: str,
    step: Step,
    meeting: str,
    resolution: Resolution,
    effective_on: date | None,
    booked_on: date | None,
    documents: Iterable[Document],
) -> Decision:
    """A step that a meeting of the party or of the committees carries."""
    papers = cited(documents, resolution)
    check_carried(resolution, meeting)
    if effective_on is not None:
        check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = in_state(view, name, step)
        on = max(resolution.day, one.counts_from) if effective_on is None else effective_on
        check_after(one, one.reached_on, resolution.day)
        check_after(one, resolution.day, on)
        return [next_entry(one, step, papers, on, booked_on)]

    return decide
