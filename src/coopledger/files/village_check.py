"""Checks of a village's workbook by itself: who stands twice, households without a head, sums that are not their rows'.

Whether a book takes it is not asked here.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from coopledger.core.balances import printed
from coopledger.errors import CoopledgerError, Problem
from coopledger.files.cell import is_blank_text, is_empty, number, text, total
from coopledger.files.listing import SHEETS, SUMMED, Listing, Total, heading
from coopledger.files.village import At, HouseholdRow, MemberRow, Village, differs, not_listed, plain
from coopledger.text import Message, printable


def with_heads(
    members: list[MemberRow], households: Sequence[HouseholdRow], problems: list[Problem]
) -> list[MemberRow]:
    """The members, those who are heads by the sheet of households among them."""
    if not any(one.head for one in households):
        return members
    by_home: dict[str, list[int]] = {}
    for n, one in enumerate(members):
        if one.household:
            by_home.setdefault(one.household, []).append(n)
    for home in households:
        living = by_home.get(home.number, [])
        if not home.head or not living:
            continue
        named = [n for n in living if home.head in (members[n].number, members[n].personal.get("name"))]
        if len(named) != 1:
            said = Message(
                "the head {head} is not among the people of household {number}", head=home.head, number=home.number
            )
            if named:
                said = Message(
                    "{head} are several people of household {number}: name the head by number",
                    head=home.head,
                    number=home.number,
                )
            _say(problems, home.at.place("head"), said)
        elif not members[named[0]].head:
            told = [n for n in living if members[n].head]
            if told:
                said = Message(
                    "{head} is the head of household {number}, and {other} by {cell}: one is expected",
                    head=members[named[0]].number,
                    number=home.number,
                    other=members[told[0]].number,
                    cell=members[told[0]].at.place(_head_field(members[told[0]].at)),
                )
                _say(problems, home.at.place("head"), said)
            else:
                members[named[0]] = members[named[0]]._replace(head=True)
    return members


def check_village(made: Village, problems: list[Problem], incomplete: Collection[str] = ()) -> None:
    """Keep a problem for whatever rows that can each be read say together and cannot be.

    ``incomplete`` has the households, and the kinds of listings, of which a row could not be read: what is said of all
    their rows is not compared.
    """
    _check_twice(made.households, "number", Message("household"), problems)
    _check_twice(made.members, "number", Message("member"), problems)
    _check_homes(made, problems, incomplete)
    _check_people(made.members, problems)
    _check_classes(made, problems, incomplete)
    _check_totals(made.listings, problems)
    _check_balanced(made, problems)


def _check_twice(
    rows: Sequence[HouseholdRow] | Sequence[MemberRow], field: str, what: Message, problems: list[Problem]
) -> None:
    first: dict[str, At] = {}
    for one in rows:
        if (was := first.setdefault(one.number, one.at)) is not one.at:
            said = Message(
                "{what} {number} stands in {cell} already", what=what, number=one.number, cell=was.place(field)
            )
            _say(problems, one.at.place(field), said)


def _check_homes(made: Village, problems: list[Problem], incomplete: Collection[str]) -> None:
    """Households: each with one head and somebody in it, and a number of its own."""
    homes: dict[str, list[MemberRow]] = {}
    numbers: dict[str, MemberRow] = {}
    for one in made.members:
        numbers.setdefault(one.number, one)
        if one.household:
            homes.setdefault(one.household, []).append(one)
    _check_living(made, homes, problems, incomplete)
    known = {one.number for one in made.households}
    for home_number, living in homes.items():
        heads = [one for one in living if one.head]
        for other in heads[1:]:
            said = Message(
                "household {household} has two heads, {one} and {other}: one is expected",
                household=home_number,
                one=heads[0].number,
                other=other.number,
            )
            _say(problems, other.at.place(_head_field(other.at)), said)
        if not heads and home_number not in incomplete:
            said = Message("household {household} has no head: say which of its people it is", household=home_number)
            _say(problems, living[0].at.place("household"), said)
        if known and home_number not in known:
            _say(problems, living[0].at.place("household"), not_listed(home_number, known, SHEETS["households"]))
        if home_number in numbers:
            said = Message("{number} is a member's and a household's number: each needs its own", number=home_number)
            _say(problems, living[0].at.place("household"), said)


def _check_living(
    made: Village, homes: Mapping[str, Sequence[MemberRow]], problems: list[Problem], incomplete: Collection[str]
) -> None:
    """Somebody lives in each household that is listed, and as many as are said to."""
    for home in made.households:
        if home.number in incomplete:
            continue
        living = homes.get(home.number, [])
        if not living and made.members:
            _say(problems, home.at.place("number"), Message("nobody lives in household {number}", number=home.number))
        elif home.people is not None and home.people != len(living) and made.members:
            _say(problems, home.at.place("count"), differs(home.people, len(living)))


def _check_people(members: Sequence[MemberRow], problems: list[Problem]) -> None:
    """Nobody stands twice: no ID number does, and no name with the same birth date, or in the same household."""
    ids: dict[str, At] = {}
    alike: dict[tuple[str, str], MemberRow] = {}
    said_of: set[int] = set()
    for one in members:
        row = one.personal
        if (number := row.get("id")) and (was := ids.setdefault(number, one.at)) is not one.at:
            said = Message(
                "the same ID number as in {cell}: a person has one number in the register", cell=was.place("id")
            )
            _say(problems, one.at.place("id"), said)
        if name := row.get("name"):
            for more in (row.get("birth", ""), f"/{one.household}" if one.household else ""):
                first = alike.setdefault((name, more), one) if more else one
                if first is not one and id(one) not in said_of and _may_be_one(first.personal, row):
                    said_of.add(id(one))
                    said = Message(
                        "the same person as in {cell}, by name: delete one of them, or tell them apart by ID numbers "
                        "or birth dates",
                        cell=first.at.place("name"),
                    )
                    _say(problems, one.at.place("name"), said)


def _may_be_one(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two personal rows of one name may be one person's: neither ID numbers nor birth dates tell them apart."""
    births = {one.get("birth"), other.get("birth")}
    return not (one.get("id") and other.get("id")) and (len(births) == 1 or None in births)


def _check_classes(made: Village, problems: list[Problem], incomplete: Collection[str]) -> None:
    first: dict[str, At] = {}
    for one in made.classes:
        for name in {heading(one.share_class.name).plain, heading(one.share_class.code).plain}:
            if (was := first.setdefault(name, one.at)) is not one.at:
                said = Message("class {name} stands in {cell} already", name=name, cell=was.place("name"))
                _say(problems, one.at.place("name"), said)
    if {"shares", "contributions"} & {*incomplete}:
        return
    sums: dict[str, Decimal] = {}
    for row in made.shares:
        sums[row.cls] = sums.get(row.cls, Decimal(0)) + row.shares
    pars = {heading(one.share_class.name).plain: one.share_class.par_fen for one in made.classes}
    for more in made.contributions:
        shares = more.cells["shares"]
        amount, price = more.cells["amount"], more.cells["price"] or pars.get(more.cls)
        if shares is None and amount and price:
            shares = Decimal(amount) / price
        sums[more.cls] = sums.get(more.cls, Decimal(0)) + (shares or 0)
    for one in made.classes:
        names = {heading(one.share_class.name).plain, heading(one.share_class.code).plain}
        come_to = sum((sums.get(name, Decimal(0)) for name in names), Decimal(0))
        if one.total is not None and one.total != come_to:
            said = Message(
                "{cls} has {total} shares, and the rows of {sheets} come to {sum}",
                cls=one.share_class.name,
                total=plain(one.total),
                sheets=[SHEETS["shares"], SHEETS["contributions"]],
                sum=plain(come_to),
            )
            _say(problems, one.at.place("total"), said)


def _check_totals(listings: Sequence[Listing], problems: list[Problem]) -> None:
    """Every total below the rows is that of the rows."""
    for listing in listings:
        known = {**listing.columns, **listing.others}
        fields = [one for one in (*SUMMED.get(listing.kind, ()), *listing.others) if one in known]
        for line in listing.totals:
            for field in fields:
                _check_total(listing, line, field, problems)


def _check_total(listing: Listing, line: Total, field: str, problems: list[Problem]) -> None:
    """One cell of a total. Where a cell above it cannot be read, that is said there."""
    seen = listing.cell(line.row, field)
    if is_empty(seen) or (type(seen) is str and text(seen).replace(" ", "") in ("合计", "总计", "小计")):
        return
    try:
        said = total(seen)
    except CoopledgerError as error:
        _say(problems, listing.place(line.row, field), error.message)
        return
    try:
        cells = [listing.cell(row, field) for row in line.of]
        if any(map(is_blank_text, cells)):
            return
        come_to = sum((number(cell) for cell in cells if not is_empty(cell)), Decimal(0))
    except CoopledgerError:
        return
    if said != come_to:
        _say(problems, listing.place(line.row, field), differs(said, come_to))


def _check_balanced(made: Village, problems: list[Problem]) -> None:
    rows = made.balances
    debit = sum(one.fen for one in rows if one.fen > 0)
    credit = -sum(one.fen for one in rows if one.fen < 0)
    whole = {id(one.at.listing): len(one.at.listing.rows) for one in rows}
    if debit != credit and len(rows) == sum(whole.values()):
        said = Message(
            "debits come to {debit} yuan, credits to {credit}: both sides the same are expected",
            debit=printed(debit, 2),
            credit=printed(credit, 2),
        )
        last = rows[-1].at.listing
        at = last.totals[-1].row if last.totals else rows[-1].at.row
        _say(problems, last.place(at, "credit" if "credit" in last.columns else "balance"), said)


def _head_field(at: At) -> str:
    """The column that says that somebody is a head."""
    said = at.listing.cell(at.row, "head")
    return "head" if "head" in at.listing.columns and not is_empty(said) else "relation"


def _say(problems: list[Problem], where: str, message: Message) -> None:
    problems.append(Problem(printable(where), message))
