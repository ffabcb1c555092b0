"""Notice of leaving: given, taken back, and what a membership's end asks for."""

from collections.abc import Iterable
from datetime import date, timedelta

from coopledger.core.change import changed
from coopledger.core.charter import Charter, book
from coopledger.core.citation import Document, cited
from coopledger.core.journal import LAST_DAY, Decision, Entry, View, check_date
from coopledger.core.people import Member, check_member, member_of, number_of, roll_of, who, with_entry
from coopledger.core.timeline import Timeline, days, state
from coopledger.errors import RegisterError
from coopledger.text import Message

_WITHOUT_NOTICE = ("exclusion", "dissolution", "correction")

_ON_ANY_DAY = ("dissolution", "correction")


def give_notice(
    number: str, *, effective_on: date, booked_on: date | None = None, documents: Iterable[Document] = ()
) -> Decision:
    """Record that a member gave notice of leaving (农民专业合作社法 25); :func:`last_day` says when membership ends.

    It stands until the member leaves, or takes it back (:func:`withdraw_notice`), or gives another one. Raises
    RegisterError if by an earlier notice the membership ends on a later day, and this one would take its place and come
    too late for that.

    >>> notice = give_notice("0042", effective_on=date(2026, 6, 1))
    """
    leaving, cites = number_of(number), cited(documents)
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        people = who(view)
        check_member(roll_of(people, effective_on).members, leaving, effective_on)
        fields = {leaving: {"notice_on": effective_on.isoformat()}}
        entries = changed(
            view, people, "give notice", fields, effective_on=effective_on, booked_on=booked_on, more=cites
        )
        after = with_entry(people, entries[0], view.head.seq + 1)
        _check_leavings(view, leaving, people.members[leaving], after.members[leaving], effective_on)
        return entries

    return decide


def withdraw_notice(
    number: str, *, effective_on: date, booked_on: date | None = None, documents: Iterable[Document] = ()
) -> Decision:
    """Record that a member takes a notice of leaving back, and stays.

    Raises RegisterError if none stands, or if by that notice the membership ends on a later day: that is corrected
    first.

    >>> stays = withdraw_notice("0042", effective_on=date(2026, 7, 1))
    """
    staying, cites = number_of(number), cited(documents)

    def decide(view: View) -> list[Entry]:
        people = who(view)
        one = check_member(roll_of(people, effective_on).members, staying, effective_on)
        if one.notice_on is None:
            raise RegisterError(
                Message(
                    "{number}: no notice stands on {day} that could be taken back", number=staying, day=effective_on
                )
            )
        line = people.members[staying]
        later = [(day, state(line, day)) for day in days(line, effective_on)]
        gone = [
            day
            for day, known in later
            if known["standing"] in ("left", "holder") and known["reason"] not in _WITHOUT_NOTICE
        ]
        if gone:
            raise RegisterError(
                Message(
                    "{number} leaves on {day}, by that notice: take the leaving back (change_members, 'book "
                    "change-member {number} --standing member --reason correction --on {day}') before the notice is "
                    "taken back",
                    number=staying,
                    day=gone[0],
                )
            )
        fields = {staying: {"notice_on": None}}
        return changed(
            view, people, "withdraw notice", fields, effective_on=effective_on, booked_on=booked_on, more=cites
        )

    return decide


def last_day(notice_on: date, months: int, *, at_year_end: bool = True) -> date:
    """The last day of membership after a notice: so many months away, or the end of that year (农民专业合作社法 25).

    Raises RegisterError for a day that no book reaches.

    >>> last_day(date(2026, 9, 30), 3), last_day(date(2026, 10, 1), 3)
    (datetime.date(2026, 12, 31), datetime.date(2027, 12, 31))
    """
    year, month = divmod(notice_on.year * 12 + notice_on.month - 1 + months, 12)
    if year > LAST_DAY.year:
        raise RegisterError(
            Message(
                "a notice of {months} months, given on {day}, ends after {last}: the charter says too many months",
                months=months,
                day=notice_on,
                last=LAST_DAY,
            )
        )
    if at_year_end:
        return date(year, 12, 31)
    for day_of_month in (notice_on.day, 30, 29, 28):  # the last day of a month that is shorter (民法典 202)
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError  # every month has 28 days


def check_leaving(view: View, member: Member, effective_on: date, reason: str) -> None:
    """Raise RegisterError if a membership cannot end so on a day: no notice in time, not with the accounting year."""
    charter = book(view, effective_on).charter
    if reason not in _WITHOUT_NOTICE:
        _check_notice(member, effective_on, charter)
    if charter.ends_at_year_end and reason not in _ON_ANY_DAY and (effective_on.month, effective_on.day) != (1, 1):
        raise RegisterError(
            Message(
                "{number} leaves on {day}: membership ends with the accounting year, record the leaving on {last} or "
                "{next}, not on {day} ({law})",
                number=member.number,
                day=effective_on,
                last=date(effective_on.year, 1, 1),
                next=date(effective_on.year + 1, 1, 1),
                law=charter.law,
            )
        )


def _check_leavings(view: View, number: str, before: Timeline, after: Timeline, since: date) -> None:
    """Raise RegisterError if a membership ended by a notice, after a day, that another one would take the place of."""
    for day in days(after, since + timedelta(days=1)):
        ended = state(after, day)
        eve = day - timedelta(days=1)
        one, with_new = member_of(number, before, eve), member_of(number, after, eve)
        left = ended["standing"] in ("left", "holder") and ended["reason"] not in _WITHOUT_NOTICE
        if not left or one is None or with_new is None or one.standing != "member":
            continue
        charter = book(view, day).charter
        if _in_time(one, day, charter) and not _in_time(with_new, day, charter):
            raise RegisterError(
                Message(
                    "{number} leaves on {day}, by the notice of {notice}, and one of {seen} would come too late for "
                    "it: take the leaving back (change_members, 'book change-member {number} --standing member "
                    "--reason correction --on {day}') before another notice is recorded",
                    number=number,
                    day=day,
                    notice=one.notice_on or "-",
                    seen=with_new.notice_on or "-",
                )
            )


def _in_time(member: Member, effective_on: date, charter: Charter) -> bool:
    """Whether a notice stands by which a membership may end on a day."""
    try:
        _check_notice(member, effective_on, charter)
    except RegisterError:
        return False
    return True


def _check_notice(member: Member, effective_on: date, charter: Charter) -> None:
    months = charter.notice_months if member.kind == "person" else charter.notice_months_institution
    if not months and not charter.ends_at_year_end:
        return
    if member.notice_on is None:
        raise RegisterError(
            Message(
                "{number} leaves on {day} without notice: notice is given {months} months before membership ends "
                "({law})",
                number=member.number,
                day=effective_on,
                months=months,
                law=charter.law,
            )
        )
    until = last_day(member.notice_on, months, at_year_end=charter.ends_at_year_end)
    if effective_on <= until:
        raise RegisterError(
            Message(
                "{number} gave notice on {notice}; notice is given {months} months before, so the last day of "
                "membership is {until}: record the leaving on {next}, not on {day} ({law})",
                number=member.number,
                notice=member.notice_on,
                months=months,
                until=until,
                next=until + timedelta(days=1),
                day=effective_on,
                law=charter.law,
            )
        )
