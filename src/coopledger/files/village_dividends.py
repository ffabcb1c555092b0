"""The past dividends of a workbook: facts about years before the book."""

from collections.abc import Mapping

from coopledger.core.balances import printed
from coopledger.core.past_dividend import note_past_dividends, past_dividends
from coopledger.files.listing import SHEETS
from coopledger.files.village import DividendRow, names_of, not_listed
from coopledger.files.village_draft import Draft
from coopledger.text import Message


def check_past(draft: Draft, holders: Mapping[str, str]) -> None:
    """Keep a problem for each row of somebody unknown, of a year that is not past, or that is noted already."""
    first: dict[tuple[int, str], DividendRow] = {}
    noted = past_dividends(draft.view) if draft.view.head.seq else {}
    names = names_of(draft.village) if any(one.name for one in draft.village.dividends) else {}
    for one in draft.village.dividends:
        field = one.field if one.field != "amount" else "year"
        if one.holder not in holders:
            draft.say(one.at, "holder", not_listed(one.holder, holders, SHEETS["members"]))
        if one.name and one.name not in names.get(one.holder, {one.name}):
            said = Message("{seen} has another name in the sheet {sheet}", seen=one.holder, sheet=SHEETS["members"])
            draft.say(one.at, "name", said)
        if draft.on is not None and one.year > draft.on.year:
            said = Message("{year} lies after {day}: what is paid from then on is a run's", year=one.year, day=draft.on)
            draft.say(one.at, field, said)
        was = first.setdefault((one.year, one.holder), one)
        if was is not one:
            said = Message(
                "{number} has a dividend of {year} in {cell} already",
                number=one.holder,
                year=one.year,
                cell=was.at.place(was.field),
            )
            draft.say(one.at, one.field, said)
        elif stands := next((past for past in noted.get(one.holder, ()) if past.year == one.year), None):
            said = Message(
                "{number}: the dividend of {year}, {fen} yuan, is noted in record {seq} already",
                number=one.holder,
                year=one.year,
                fen=printed(stands.fen, 2),
                seq=stands.seq,
            )
            draft.say(one.at, one.field, said)


def note_past(draft: Draft) -> None:
    """Note the past dividends, a year after the other."""
    by_year: dict[int, dict[str, int]] = {}
    for one in draft.village.dividends:
        by_year.setdefault(one.year, {})[one.holder] = one.fen
    at = {one.holder: (one.at, "holder") for one in draft.village.dividends}
    for year, amounts in sorted(by_year.items()):
        draft.done(
            note_past_dividends(year, amounts, **draft.days, **draft.papers), draft.sheet("past dividends"), lambda: at
        )
