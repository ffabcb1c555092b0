"""Personal rows: names, ID numbers, birth dates and whatever else is stored apart and can be erased."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from coopledger.core.journal import Facts, View, mapped
from coopledger.core.people import STANDINGS, People, check_member, roll_of
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

PERSONAL = ("name", "id", "birth", "relation", "phone", "card", "payee", "branch", "address")
"""What a personal row may say; the birth date as 1980-01-31.

``card`` is the number of the bank card or account to which dividends are paid (账号), ``branch`` the bank that keeps it
(开户行), ``payee`` whose it is (户名) where that is not the name.
"""

ADULT_AGE = 18
"""民法典 17: full age is reached with the eighteenth birthday."""

_COLUMNS = frozenset(PERSONAL)
_SEPARATORS = re.compile(r"[\s'’\-‐-―]")
_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+")
_ACCOUNT = re.compile(r"[0-9]{8,32}")
_UNIONPAY = re.compile(r"62[0-9]{14,17}")
_DOUBLED = str.maketrans("0123456789", "0246813579")
"""The sum of the digits of twice a digit."""


def noted(view: View, people: People, rows: Mapping[str, Mapping[str, str]], on: date) -> dict[str, Facts]:
    """Personal rows by subject, as they stand after some of their columns were written; checked."""
    members = roll_of(people).members if rows.keys() - people.households.keys() else {}
    new: dict[str, Facts] = {}
    for number, row in rows.items():
        if number in people.households:
            new[f"h/{number}"] = personal_row(row)
            continue
        new[f"m/{number}"] = personal_row(row)
        check_birth(number, new[f"m/{number}"], check_member(members, number, on, *STANDINGS).since)
    known = view.personal(list(new)) if new else {}
    new = {subject: {**known.get(subject, {}), **row} for subject, row in new.items()}
    check_ids(view, {subject: row for subject, row in new.items() if row.get("id") != known.get(subject, {}).get("id")})
    return new


def personal_row(row: Mapping[str, str]) -> dict[str, str]:
    """A personal row, checked: known columns, a birth date that is one, an ID number in its compact form.

    >>> personal_row({"name": "成员甲", "id": "99999919800131001x"})["id"]
    '99999919800131001X'
    """
    if not mapped(row).keys() <= _COLUMNS:
        unknown = sorted(map(str, row.keys() - _COLUMNS))
        raise RegisterError(
            Message("personal data {seen}: {accepted} are accepted", seen=printable(str(unknown)), accepted=PERSONAL)
        )
    for name, seen in row.items() if {*map(type, row.values())} != {str} else ():
        if not isinstance(seen, str):
            raise RegisterError(
                Message("personal data {name}: text is expected, not {seen}", name=name, seen=type(seen).__name__)
            )
    found = {name: text for name, text in row.items() if text != ""}
    if "birth" in found and born(found) is None:
        raise RegisterError(Message("a birth date that is none: write it like 1980-01-31"))
    if "id" in found:
        found["id"] = compact(found["id"])
    if "card" in found:
        found["card"] = account_number(found["card"])
    return found


def masked(number: str) -> str:
    """A number as it may be printed: the region and the last two of 18; of anything else the first and the last.

    >>> masked("999999198001310014")
    '999999**********14'
    """
    if len(number) == 18:
        return f"{number[:6]}{'*' * 10}{number[-2:]}"
    return f"{number[:1]}{'*' * (len(number) - 2)}{number[-1:]}" if len(number) > 2 else "*" * len(number)


def compact(seen: str) -> str:
    """An ID number in its one form: no separators, full-width characters as half-width ones, letters as capitals.

    >>> compact(" ９９９９９９-19800131 002x ")
    '99999919800131002X'
    """
    if seen.isascii() and seen.isalnum():
        return seen.upper()
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", seen)).upper()


def account_number(seen: str) -> str:
    """The number of a bank card or account in its one form: 8 to 32 digits, without separators.

    A UnionPay card, 16 to 19 digits that begin with 62 (ISO/IEC 7812-1), has a check digit by Luhn's formula; accounts
    and other cards need have none. Raises RegisterError, which shows the last digits only.

    >>> account_number(" 6200 0000 0000 0000 018 ")
    '6200000000000000018'
    >>> account_number("6200000000000000019")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: bank card …0019: its check digit is wrong: a digit is mistyped
    """
    number = compact(seen)
    is_account = _ACCOUNT.fullmatch(number)
    if not is_account and _ROUNDED.fullmatch(number):
        raise RegisterError(
            Message(
                "the number of the bank card or account is a rounded one: a spreadsheet has lost its last digits; type "
                "it again, as text"
            )
        )
    if not is_account:
        raise RegisterError(
            Message(
                "the number of the bank card or account has {count} characters: 8 to 32 digits are expected",
                count=len(number),
            )
        )
    if _UNIONPAY.fullmatch(number) and _luhn(number) % 10:
        raise RegisterError(
            Message("bank card {seen}: its check digit is wrong: a digit is mistyped", seen=masked_account(number))
        )
    return number


def masked_account(number: str) -> str:
    """The number of a bank card or account as it may be shown.

    >>> masked_account("6200000000000000018")
    '…0018'
    """
    return f"…{number[-4:]}" if len(number) >= 8 else "…"


def _luhn(number: str) -> int:
    """The sum that a check digit makes a multiple of ten (ISO/IEC 7812-1, annex B)."""
    digits = f"{number[::-2]}{number[-2::-2].translate(_DOUBLED)}"
    return sum(digits.encode()) - len(digits) * ord("0")


def born(row: Facts) -> date | None:
    """The birth date that a personal row says, if it says one."""
    try:
        return date.fromisoformat(row["birth"])
    except (KeyError, TypeError, ValueError):
        return None


def is_minor(row: Facts, on: date) -> bool | None:
    """Whether somebody is a minor on a day (民法典 17); None if the row has no birth date, or is erased.

    Who was born on 29 February comes of age on 1 March.

    >>> is_minor({"birth": "2008-06-01"}, date(2026, 5, 31)), is_minor({"birth": "2008-06-01"}, date(2026, 6, 1))
    (True, False)
    """
    birth = born(row)
    if birth is None:
        return None
    return (on.year - birth.year, on.month, on.day) < (ADULT_AGE, birth.month, birth.day)


def check_birth(number: str, row: Facts, since: date) -> None:
    """Raise RegisterError if somebody is in the register before his birth; the message does not show the day."""
    birth = born(row)
    if birth is not None and birth > since:
        raise RegisterError(
            Message("{number} is in the register from {day} on, and the birth date is later", number=number, day=since)
        )


def check_ids(view: View, rows: Mapping[str, Facts]) -> None:
    """Raise RegisterError if an ID number stands in two rows; the message names numbers of members, not the ID."""
    if not any("id" in row for row in rows.values()):
        return
    holders: dict[str, str] = {}
    for subject, row in [*view.personal().items(), *rows.items()]:
        seen = row.get("id")
        if seen and subject.startswith("m/") and holders.setdefault(seen, subject) != subject:
            raise RegisterError(
                Message(
                    "{one} and {other} have the same ID number: a person has one number in the register",
                    one=holders[seen][2:],
                    other=subject[2:],
                )
            )
