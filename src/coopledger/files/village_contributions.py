"""The contributions of a workbook, each with its row."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from coopledger.core.contribution import Contribution, Money, Right, Valuation, contribute, contributions_of, shares_for
from coopledger.core.share_class import ShareClass
from coopledger.files.listing import SHEETS
from coopledger.files.village import At, ContributionRow, not_listed
from coopledger.files.village_classes import classes_by_name
from coopledger.files.village_draft import Draft
from coopledger.text import Message, printable


def contributions_in(draft: Draft, holders: Mapping[str, str]) -> list[tuple[ContributionRow, Contribution]]:
    """The contributions, each with its row; ``holders`` are those who can hold something."""
    known, found = classes_by_name(draft), []
    stands = contributions_of(draft.view) if draft.view.head.seq else {}
    first: dict[str, At] = {}
    for one in draft.village.contributions:
        cls = known.get(one.cls)
        if cls is None:
            said = Message(
                "{seen} is no share class: {known} are; another is listed in the sheet {sheet}",
                seen=printable(one.cls),
                known=sorted({other.name for other in known.values()}) or "-",
                sheet=SHEETS["classes"],
            )
            draft.say(one.at, "class", said)
        if one.holder not in holders:
            draft.say(one.at, "holder", not_listed(one.holder, holders, SHEETS["members"]))
        if (was := first.setdefault(one.number, one.at)) is not one.at or one.number in stands:
            place = was.place("number") if was is not one.at else "-"
            said = Message("contribution {number}: the number is taken ({cell})", number=one.number, cell=place)
            draft.say(one.at, "number", said)
        if cls is not None:
            made = _contribution(draft, one, cls)
            found.append((one, made))
            if made.amount_fen and made.price_fen:
                draft.tried(one.at, "amount", shares_for, made.amount_fen, made.price_fen, cls)
    return found


def contribute_all(draft: Draft, rows: Sequence[tuple[ContributionRow, Contribution]]) -> None:
    """All together; if they are refused, each by itself, so that each problem has its row."""
    if not rows:
        return
    before = len(draft.problems)
    at = {one.number: (one.at, "number") for one, _ in rows}
    draft.done(
        contribute(*(one for _, one in rows), **draft.days, **draft.papers), draft.sheet("contributions"), lambda: at
    )
    if len(draft.problems) == before:
        return
    together = draft.problems.pop()
    for row, one in rows:
        draft.done(contribute(one, **draft.days, **draft.papers), row.at.place("number"))
    if len(draft.problems) == before:
        draft.problems.append(together)


def _contribution(draft: Draft, row: ContributionRow, cls: ShareClass) -> Contribution:
    said, on = row.cells, draft.on or date.min
    fen, price, shares = said["amount"], said["price"], said["shares"]
    units = None if shares is None else int(shares * cls.unit)
    if price is None and fen and cls.par_fen is not None:
        price = cls.par_fen
    if price is None and fen and units and not (fen * cls.unit) % units:
        price = fen * cls.unit // units
    brought: Right | Money
    if said["money"] is not None:
        brought = Money(fen or 0, said["money"], said["into"], said["source"], said["rule"])
        return Contribution(row.number, row.holder, cls.code, brought, price_fen=price)
    brought = Right(
        said["right"],
        said["starts_on"],
        said["ends_on"],
        said["right_ends_on"] or said["ends_on"],
        said["basis"],
        None if said["area"] is None else Fraction(said["area"]),
        said["parcels"],
        said["contract"],
        said["built_by"],
        said["built_with"],
    )
    value = None
    if fen:
        value = Valuation(fen, said["valued_by"], said["valued_on"] or on, said["appraiser"])
    return Contribution(
        row.number,
        row.holder,
        cls.code,
        brought,
        value,
        price if fen else None,
        None if fen else units,
    )
