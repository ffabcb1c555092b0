"""The shares of a workbook: by class and holder, and their issue."""

from collections.abc import Collection, Mapping

from coopledger.core.citation import cited
from coopledger.core.journal import Entry, View
from coopledger.core.movement import check_issued, issuance
from coopledger.core.register import register
from coopledger.core.share_class import ShareClass
from coopledger.errors import Problem
from coopledger.files.listing import SHEETS, heading
from coopledger.files.village import At, ShareRow, names_of, not_listed
from coopledger.files.village_classes import classes_by_name
from coopledger.files.village_draft import Draft
from coopledger.text import Message, printable


def shares_of(draft: Draft, holders: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Shares by class and holder, in the smallest unit."""
    known = classes_by_name(draft)
    names = names_of(draft.village) if any(one.name for one in draft.village.shares) else {}
    kinds = {one.number: one.kind for one in draft.village.members}
    homes = {one.household for one in draft.village.members if one.household}
    found: dict[str, dict[str, int]] = {}
    first: dict[tuple[str, str, str], ShareRow] = {}
    unknown: set[tuple[int, str]] = set()
    for one in draft.village.shares:
        cls = known.get(one.cls)
        if cls is None:
            _unknown_class(draft, one, known, unknown)
            continue
        own = one.number or one.household
        holder = one.household if cls.level == "household" and one.household else own
        field = "number" if one.number else "household"
        wrong = [each for each in {one.number, holder} if each and each not in holders]
        if wrong:
            draft.say(one.at, field, not_listed(wrong[0], holders, SHEETS["members"]))
            continue
        if (said := _level(cls, holder, kinds, homes)) is not None:
            draft.say(one.at, field, said)
            continue
        if one.name and one.name not in names.get(own, {one.name}):
            said = Message("{seen} has another name in the sheet {sheet}", seen=own, sheet=SHEETS["members"])
            draft.say(one.at, "name", said)
        if one.number and one.household and holders[one.number] not in ("", one.household):
            said = Message("{number} lives in household {household}", number=one.number, household=holders[one.number])
            draft.say(one.at, "household", said)
        if (was := first.setdefault((cls.code, own, one.field), one)) is not one:
            said = Message(
                "{number} has {cls} in {cell} already", number=own, cls=cls.name, cell=was.at.place(was.field)
            )
            draft.say(one.at, one.field, said)
        quantity = one.shares * cls.unit
        if quantity != quantity.to_integral_value():
            said = Message(
                "{seen}: a share of {cls} has {digits} decimals",
                seen=f"{one.shares:f}",
                cls=cls.name,
                digits=cls.digits,
            )
            draft.say(one.at, one.field, said)
            continue
        by_holder = found.setdefault(cls.code, {})
        by_holder[holder] = by_holder.get(holder, 0) + int(quantity)
    return found


def _level(cls: ShareClass, holder: str, kinds: Mapping[str, str], homes: Collection[str]) -> Message | None:
    """What is wrong with a holder of those listed, where a class is held by households, or by persons."""
    if cls.level == "household" and kinds.get(holder) == "person":
        return Message(
            "{cls} is held by households: the household of {number} is expected", cls=cls.name, number=holder
        )
    if cls.level != "household" and "person" in cls.holders and not cls.pooled and holder in homes:
        return Message(
            "{cls} is held by persons: {number} is a household; the number of a person in it is expected",
            cls=cls.name,
            number=holder,
        )
    return None


def issue_shares(draft: Draft, shares: Mapping[str, Mapping[str, int]]) -> None:
    """Issue the shares, a record for each class, by what :func:`coopledger.core.movement.allot` decides."""
    if not shares:
        return
    now = register(draft.ahead, draft.on)
    papers = cited(**draft.papers)
    chart = draft.chart()
    for cls, given in shares.items():
        one = now.share_class(cls)
        against = chart.account("bank") if chart is not None and one.capital is not None else None

        def at(one: ShareClass = one) -> dict[str, tuple[At, str]]:
            names = {heading(one.name).plain, heading(one.code).plain}
            rows = [row for row in draft.village.shares if row.cls in names]
            return {holder: (row.at, row.field) for row in rows for holder in (row.household, row.number) if holder}

        def decide(
            view: View, cls: str = cls, given: Mapping[str, int] = given, against: str | None = against
        ) -> list[Entry]:
            assert draft.on is not None  # noqa: S101 - said before
            entry = issuance(
                view,
                now,
                cls,
                given,
                effective_on=draft.on,
                booked_on=draft.booked or draft.on,
                reason="quantification" if against is None else "contribution",
                against=against,
                papers=papers,
            )
            check_issued(view, now, [entry], None)
            return [entry]

        draft.done(decide, draft.sheet("shares"), at)


def _unknown_class(draft: Draft, one: ShareRow, known: Mapping[str, ShareClass], said_of: set[tuple[int, str]]) -> None:
    listing = one.at.listing
    said = Message(
        "{seen} is no share class: {known} are; another is listed in the sheet {sheet}",
        seen=printable(one.cls),
        known=sorted({cls.name for cls in known.values()}) or "-",
        sheet=SHEETS["classes"],
    )
    if one.field == "shares":
        draft.say(one.at, "class", said)
    elif (id(listing), one.field) not in said_of:
        said_of.add((id(listing), one.field))
        place = listing.sheet.place(listing.heading_row, listing.others[one.field])
        draft.problems.append(Problem(place, said))
