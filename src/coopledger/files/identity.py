"""Identity numbers: checked, written in one form, and masked wherever people read them.

Two kinds: resident ID numbers (居民身份证号码, 18 characters, GB 11643) and organisation codes (统一社会信用代码, 18
characters, GB 32100). Spreadsheets spoil them: a number of 18 digits keeps 15 (4.20106E+17, or zeros at the end).
What is refused is said without the number itself.

:func:`admit`, :func:`note_personal` and :func:`object_to` are the core's verbs with this check, which the core, on
the standard library alone, does without; they are what :mod:`coopledger.book` and the command line offer.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import mul
from typing import Any, Literal

from stdnum.cn import uscc

from coopledger.core import deliberation, member
from coopledger.core.citation import Document, Resolution
from coopledger.core.journal import Decision, Entry, View, listed
from coopledger.core.member import Joiner
from coopledger.core.people import by_number, roll
from coopledger.core.personal import compact, masked, masked_account, personal_row
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message

Kind = Literal["resident", "organisation"]

_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+")
_FORMS = {
    "resident": re.compile(r"\d{17}[\dX]", re.ASCII),
    "organisation": re.compile(r"\d{8}[\dA-HJ-NP-RTUW-Y]{10}", re.ASCII),
}
_PERSONAL = re.compile(r"(?<![\dA-Za-z])(?:\d{17}[\dXx]|62\d{14,17})(?![\dA-Za-z])", re.ASCII)
"""What may be a resident ID or a UnionPay card."""


def validate(kind: Kind, seen: object) -> str:
    """The number in its compact form: 18 half-width characters, letters as capitals.

    Full-width digits, spaces, hyphens and a spreadsheet's leading apostrophe are read over. The region of a resident
    ID is not looked up: districts are renamed and abolished, and old numbers stay valid.

    Raises RegisterError, which shows the number masked: a wrong length or form, a birth date or check digit that is
    none, and what a spreadsheet has spoilt.

    >>> validate("resident", "９９９９９９ 1980 0131 0014")
    '999999198001310014'
    >>> validate("resident", "9.99999E+17")
    Traceback (most recent call last):
    ...
    coopledger.errors.RegisterError: 9*********7 is a rounded number: a spreadsheet has lost its last digits; \
type the 18 characters again, as text
    """
    number = "" if seen is None else compact(str(seen))
    if _checks(kind, number):
        return number
    if _ROUNDED.fullmatch(number) or (len(number) == 18 and number.endswith("000")):
        raise RegisterError(
            Message(
                "{seen} is a rounded number: a spreadsheet has lost its last digits; type the 18 characters again, "
                "as text",
                seen=masked(number),
            )
        )
    if kind == "resident" and len(number) == 15 and number.isdigit():
        raise RegisterError(
            Message(
                "{seen} has 15 digits: from before 1999, or cut off by a spreadsheet; the one of 18 is expected",
                seen=masked(number),
            )
        )
    if not _FORMS[kind].fullmatch(number):
        raise RegisterError(
            Message(
                "{seen} has {count} characters: {expected} are expected",
                seen=masked(number),
                count=len(number),
                expected=Message("17 digits and a digit or X")
                if kind == "resident"
                else Message("8 digits and 10 digits or letters without I, O, S, V, Z"),
            )
        )
    raise RegisterError(
        Message("{seen}: its check digit or its date is wrong: a digit is mistyped", seen=masked(number))
    )


def birth_date(number: str) -> str:
    """The birth date that a resident ID says, for a personal row: ``1980-01-31``.

    >>> birth_date("999999198001310014")
    '1980-01-31'
    """
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def checked(personal: Mapping[str, str], of_person: bool = True) -> dict[str, str]:  # noqa: FBT001, FBT002
    """A personal row whose ID number is right, and says the birth date of a person if nothing else does.

    Raises RegisterError for an ID number that is none, or says another birth date than the row.

    >>> checked({"name": "成员甲", "id": "999999-19800131-0014"})
    {'name': '成员甲', 'id': '999999198001310014', 'birth': '1980-01-31'}
    """
    row = personal_row(personal)
    if not row.get("id"):
        return row
    row["id"] = validate("resident" if of_person else "organisation", row["id"])
    if of_person:
        born = birth_date(row["id"])
        if row.setdefault("birth", born) != born:
            raise RegisterError(
                Message(
                    "born on {birth}, but the ID number says {born}: one of them is wrong",
                    birth=row["birth"],
                    born=born,
                )
            )
    return row


def admit(
    *joiners: Joiner,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "founding",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Admit members, as :func:`coopledger.core.member.admit` does, with their ID numbers checked, which that does not.

    Raises RegisterError also for a resident ID as a member's number: that stands in the records for good.

    >>> joiner = Joiner("0042", household="17", head=True, personal={"name": "成员甲", "id": "999999198001310014"})
    >>> admission = admit(joiner, effective_on=date(2026, 1, 1))
    """
    for one in listed(joiners, Joiner):
        check_number(one.number)
    return member.admit(
        *(one._replace(personal=checked(one.personal, one.kind == "person")) for one in joiners),
        effective_on=effective_on,
        booked_on=booked_on,
        reason=reason,
        documents=documents,
        resolution=resolution,
    )


def note_personal(
    rows: Mapping[str, Mapping[str, str]], *, effective_on: date, booked_on: date | None = None
) -> Decision:
    """Write personal rows, as :func:`coopledger.core.member.note_personal` does, with their ID numbers checked.

    Of a move, a merger or another change of a household, ``personal`` goes by the core's check alone.

    >>> change = note_personal({"0042": {"phone": "13800000000"}}, effective_on=date(2026, 1, 1))
    """
    said = by_number(rows)

    def decide(view: View) -> Iterable[Entry]:
        known = roll(view).members
        right = {
            number: checked(row, number not in known or known[number].kind == "person") for number, row in said.items()
        }
        return member.note_personal(right, effective_on=effective_on, booked_on=booked_on)(view)

    return decide


def object_to(
    name: str,
    *,
    by: str,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record an objection to a run, as :func:`coopledger.core.deliberation.object_to` does; a resident ID is no number.

    >>> doubt = object_to("2026", by="0042", what="share count of household 17", effective_on=date(2027, 1, 12))
    """
    check_number(by)
    return deliberation.object_to(
        name, by=by, what=what, effective_on=effective_on, booked_on=booked_on, documents=documents
    )


def check_number(number: object) -> None:
    """Raise RegisterError for a resident ID where a number is expected that stays in the records."""
    if isinstance(number, str) and _checks("resident", compact(number)):
        raise RegisterError(
            Message(
                "{seen} is an ID number: a member's number stands in the records for good, and an ID number can be "
                "erased; give the member a number of the register's own",
                seen=masked(compact(number)),
            )
        )


def without_numbers(problem: Problem) -> Problem:
    """A problem that cites no resident ID and no bank card whole: where columns have moved, they stand anywhere.

    >>> print(without_numbers(Problem("成员!F2", Message("{seen}: a number is expected", seen="999999198001310014"))))
    成员!F2: 999999**********14: a number is expected
    """
    return problem._replace(message=_without(problem.message))


def _without(seen: Any) -> Any:  # noqa: ANN401 - what a message may hold
    if isinstance(seen, Message):
        return Message(seen.template, **{name: _without(value) for name, value in seen.values.items()})
    if isinstance(seen, list | tuple):
        return [_without(one) for one in seen]
    if isinstance(seen, str | int | Decimal) and _PERSONAL.search(str(seen)):
        return _PERSONAL.sub(_cited, str(seen))
    return seen


def _cited(match: re.Match[str]) -> str:
    number = compact(match[0])
    if _checks("resident", number):
        return masked(number)
    return masked_account(number) if number.startswith("62") else number


def _checks(kind: Kind, number: str) -> bool:
    """Whether a number has the check digit, and a resident ID a birth date, that it must have.

    A register has thousands of resident IDs: GB 11643 is reckoned here, as stdnum does it.
    """
    if not _FORMS[kind].fullmatch(number):
        return False
    if kind == "organisation":
        return uscc.is_valid(number)
    try:
        date.fromisoformat(birth_date(number))
    except ValueError:
        return False
    return _CHECK_DIGITS[(sum(map(mul, number.encode(), _WEIGHTS)) - _ZEROS) % 11] == number[17]


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(_WEIGHTS)
"""What the codes of 17 digits are more than the digits."""
_CHECK_DIGITS = "10X98765432"
