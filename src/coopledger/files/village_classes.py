"""The share classes of a workbook: opened where they are new, and known by their names."""

from collections.abc import Mapping

from coopledger.core.share_class import ShareClass, classes, open_class, share_class
from coopledger.core.timeline import state
from coopledger.errors import Problem
from coopledger.files.listing import heading
from coopledger.files.village_draft import Draft
from coopledger.text import Message

_FIELDS: Mapping[str, Message] = {
    "name": Message("name"),
    "digits": Message("decimals of a share"),
    "par_fen": Message("par value"),
}


def open_classes(draft: Draft) -> bool:
    """Open the classes that are new. What their own rows refuse hides nothing else."""
    for row in draft.village.classes:
        one = _with_capital(draft, row.share_class, row.capital)
        line = classes(draft.view).get(one.code)
        if line is None:
            draft.done(open_class(one, **draft.days, **draft.papers), row.at.place("name"))
            continue
        stands = share_class(state(line, draft.on))
        fields = [name for name in ("name", "digits", "par_fen") if getattr(stands, name) != getattr(one, name)]
        if fields:
            said = Message(
                "class {code} is in the book already, and differs: {fields}",
                code=one.code,
                fields=[_FIELDS.get(name, name) for name in fields],
            )
            draft.problems.append(Problem(row.at.place("name"), said))
    return True


def _with_capital(draft: Draft, one: ShareClass, named: str) -> ShareClass:
    """A class with a par value has the account of share capital, or the one named, if the books have a chart."""
    chart = draft.chart()
    if named and chart is not None:
        return one._replace(capital=named if ":" in named else f"{chart.code}:{named}")
    if one.par_fen is None or one.pooled or chart is None or "share capital" not in chart.roles:
        return one
    return one._replace(capital=chart.account("share capital"))


def classes_by_name(draft: Draft) -> dict[str, ShareClass]:
    """The classes of the book, those to be opened among them, by their codes and names as headings say them."""
    found: dict[str, ShareClass] = {}
    for line in classes(draft.ahead).values():
        one = share_class(state(line, draft.on))
        found |= {heading(one.name).plain: one, heading(one.code).plain: one}
    for row in draft.village.classes:  # those that were refused as well: that is said, and hides nothing
        one = row.share_class
        found = {heading(one.name).plain: one, heading(one.code).plain: one} | found
    return found
