"""Importing a village: what a workbook says, booked by the verbs of the register, all of it or nothing.

The verbs' own rules hold. What one of them refuses is said at the cell that it is about, as far as that is known. Each
noun of a workbook has its module beside this one: classes, people, shares, contributions, balances, past dividends.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from coopledger.core.chart import adopt, charts
from coopledger.core.charter import book, found
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, View, canonical, check_date, listed
from coopledger.core.people import who
from coopledger.errors import CoopledgerError, Problem, WorkbookError
from coopledger.files.identity import without_numbers
from coopledger.files.listing import SHEETS
from coopledger.files.village import Village
from coopledger.files.village_balances import balances_of, enter_balances
from coopledger.files.village_classes import open_classes
from coopledger.files.village_contributions import contribute_all, contributions_in
from coopledger.files.village_dividends import check_past, note_past
from coopledger.files.village_draft import Draft
from coopledger.files.village_people import admit_people, check_new, holders_of
from coopledger.files.village_shares import issue_shares, shares_of
from coopledger.files.workbook import in_order
from coopledger.text import Message, printable


class Counts(NamedTuple):
    """How much a workbook would book: people, households, shares by class, money in fen."""

    households: int
    members: int
    shares: Mapping[str, Decimal]
    contributions: int
    contributed_fen: int
    accounts: int
    debit_fen: int
    dividends: int
    dividends_fen: int


def counts(village: Village) -> Counts:
    """How much a workbook says."""
    shares: dict[str, Decimal] = {}
    for one in village.shares:
        shares[one.cls] = shares.get(one.cls, Decimal(0)) + one.shares
    return Counts(
        len({one.household for one in village.members if one.household}),
        len(village.members),
        shares,
        len(village.contributions),
        sum(one.cells["amount"] or 0 for one in village.contributions),
        len(village.balances),
        sum(one.fen for one in village.balances if one.fen > 0),
        len(village.dividends),
        sum(one.fen for one in village.dividends),
    )


def import_village(
    village: Village,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    r"""Book what a workbook says, in a book that is founded or, by its sheet 合作社, in an empty one.

    ``effective_on`` is the day from which it all counts; the sheet's 建账日期, if none is given. Nobody who is in the
    register is changed: a row about him is a problem that says whether it differs.

    Raises WorkbookError with all problems of the workbook, and with all that the book does not agree to.

    >>> from tempfile import TemporaryDirectory
    >>> from coopledger.book import COLLECTIVE, MemoryJournal, found, holdings, open_class, preset, read_village
    >>> day, hill = date(2026, 1, 1), MemoryJournal("hill")
    >>> _ = hill.append(found("示例村股份经济合作社", COLLECTIVE, effective_on=day), key="founding", actor="会计")
    >>> with TemporaryDirectory() as folder:
    ...     with open(f"{folder}/成员.csv", "w", encoding="gbk") as file:
    ...         _ = file.write("编号,户号,姓名,与户主关系\n0041,17,成员甲,户主\n0042,17,成员乙,配偶\n")
    ...     read = read_village(f"{folder}/成员.csv")
    >>> records = hill.append(import_village(read, effective_on=day), key=import_key(read, day), actor="会计")
    >>> [*records[0].facts["members"]]
    ['0041', '0042']
    """
    if not isinstance(village, Village):
        raise WorkbookError(
            [
                Problem(
                    "",
                    Message("{seen}: what read_village makes of a workbook is expected", seen=type(village).__name__),
                )
            ]
        )
    on = effective_on or (village.cooperative.on if village.cooperative else None)
    papers: dict[str, Any] = {"documents": listed(documents, Document), "resolution": resolution}
    cited(**papers)
    for one in (effective_on, booked_on):
        if one is not None:
            check_date(one)

    def decide(view: View) -> list[Entry]:
        draft = Draft(view, village, on, booked_on or on, papers)
        entries = _entries(draft)
        if draft.problems:
            raise WorkbookError(in_order(village.workbook, map(without_numbers, draft.problems)))
        return entries

    return decide


def import_key(village: Village, effective_on: date | None = None) -> str:
    """The key of an import, made of what the workbook says and the day: the same once more is recorded once.

    Personal data are not in it, for the key stays in the book when they are erased.
    """
    said: list[Any] = [str(effective_on or (village.cooperative.on if village.cooperative else None))]
    if (ours := village.cooperative) is not None:
        said.append([ours.name, ours.charter and ours.charter.law, ours.chart and ours.chart.code])
    said.append([one.number for one in village.households])
    said.append([[one.number, one.kind, one.household, one.head, one.standing, *one.groups] for one in village.members])
    said.append([[one.share_class.code, one.share_class.name, str(one.share_class[2:])] for one in village.classes])
    said.append([[one.household, one.number, one.cls, f"{one.shares.normalize():f}"] for one in village.shares])
    said.append(
        [
            [one.number, one.holder, one.cls, *(_canonical(one.cells[name]) for name in sorted(one.cells))]
            for one in village.contributions
        ]
    )
    said.append([[one.account, one.name, one.fen] for one in village.balances])
    said.append([[one.year, one.holder, one.fen] for one in village.dividends])
    return f"import {sha256(canonical(said).encode()).hexdigest()[:16]}"


def _entries(draft: Draft) -> list[Entry]:
    """Everything, or as much as can be told, with the problems."""
    if draft.on is None:
        said = Message(
            "no day: 建账日期 in the sheet {sheet}, or the day by itself, is expected", sheet=SHEETS["cooperative"]
        )
        draft.problems.append(Problem(draft.village.workbook.file, said))
        return []
    if not _found_book(draft) or not open_classes(draft):
        return []
    people = who(draft.ahead)
    check_new(draft, people)
    holders = holders_of(draft, people)
    shares = shares_of(draft, holders)
    contributions = contributions_in(draft, holders)
    check_past(draft, holders)
    balances = balances_of(draft)
    if draft.problems:
        return []
    admit_people(draft)
    if not draft.problems:
        issue_shares(draft, shares)
        contribute_all(draft, contributions)
    if not draft.problems:
        enter_balances(draft, balances)
        note_past(draft)
    return draft.made


def _found_book(draft: Draft) -> bool:
    ours, on = draft.village.cooperative, draft.on
    if draft.view.head.seq == 0:
        if ours is None or not ours.name or ours.charter is None:
            place = (
                draft.village.workbook.file if ours is None else ours.places.get("name", draft.village.workbook.file)
            )
            said = Message(
                "the book is new: its name and law are expected in the sheet {sheet} (名称, 适用法律)",
                sheet=SHEETS["cooperative"],
            )
            draft.problems.append(Problem(place, said))
            return False
        steps = [("name", found(ours.name, ours.charter, **draft.days))] if on else []
        if ours.chart is not None:
            steps.append(("chart", adopt(ours.chart, **draft.days)))
        return all(draft.done(one, ours.places.get(field, "")) for field, one in steps)
    try:
        now = book(draft.view, on)
    except CoopledgerError as error:
        draft.problems.append(Problem(draft.village.workbook.file, error.message))
        return False
    if ours is not None:
        adopted = [chart for since, chart in charts(draft.view).adopted if on is None or since <= on]
        for field, seen, stands in (
            ("name", ours.name, now.name),
            ("law", ours.charter and ours.charter.law, now.charter.law),
            ("chart", ours.chart and ours.chart.code, adopted[-1].code if adopted else ""),
        ):
            if seen and seen != stands:
                message = Message("{seen}: the book has {stands}", seen=printable(str(seen)), stands=stands or "-")
                draft.problems.append(Problem(ours.places.get(field, ""), message))
    return True


def _canonical(seen: object) -> object:
    """A cell's value as a key has it: 5 and 5.0 are one number."""
    if isinstance(seen, Decimal):
        return f"{seen.normalize():f}"
    return seen if seen is None or isinstance(seen, int | str) else str(seen)
