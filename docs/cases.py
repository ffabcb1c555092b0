"""The page of the published cases: what their sources say beside what the library computes.

``write_page`` replays the example plans and writes Markdown. The page is made anew at each build and is not kept.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from coopledger.core.claims import Verdict, check_claims
from coopledger.core.plan import Plan
from coopledger.core.projection import Payment, Projection, project
from coopledger.core.quantity import PLAIN, Number, Unit, decimal
from coopledger.files.plan_file import load_plan

EXAMPLES = Path(__file__).parent.parent / "examples"
FIRST = EXAMPLES / "laohushan.toml"
LATER = EXAMPLES / "cases" / "later.toml"

INTRODUCTION = """\
# Published cases

Deals of share cooperatives as newspapers, county offices and cooperatives published them, each written as a plan and
computed by the library. *Computed* is the library's own figure, *published* what the source says, *difference* the
first less the second, and *reading* how closely a source's figure is meant where it is not exact.

Nothing is fitted to a published figure. In {contradicting} of the {count} plans a figure does not hold: what the source
says of the deal cannot all be true as the notes read it. Inputs that had to be derived or invented are named in the
notes.
"""
LATER_INTRODUCTION = """\
## What comes later

What of these cases the plans do not express yet.
"""


def write_page(path: Path) -> None:
    """Write the page to ``path``; a page that would not change is left alone."""
    page = "\n".join(_page())
    if not path.exists() or path.read_text(encoding="utf-8") != page:
        path.write_text(page, encoding="utf-8")


def _page() -> Iterator[str]:
    paths = [FIRST, *sorted(file for file in LATER.parent.glob("*.toml") if file != LATER)]
    replayed = [(path, _replay(load_plan(path))) for path in paths]
    contradicting = sum(any(not one.holds for one in verdicts) for _, (_, verdicts) in replayed)
    yield INTRODUCTION.format(contradicting=contradicting, count=len(paths))
    rows = [
        [
            f"`{path.stem}`",
            _plain(projection.plan.title),
            str(sum(one.holds for one in verdicts)),
            str(sum(not one.holds for one in verdicts)),
        ]
        for path, (projection, verdicts) in replayed
    ]
    yield from _table(["plan", "what it is", "hold", "do not hold"], rows)
    for path, (projection, verdicts) in replayed:
        yield from _section(path.relative_to(EXAMPLES.parent), projection, verdicts)
    yield LATER_INTRODUCTION
    later = tomllib.loads(LATER.read_text(encoding="utf-8"))["later"]
    yield from _table(
        ["case", "needs", "why"], [[f"`{one['id']}`", _plain(one["needs"]), _plain(one["why"])] for one in later]
    )


def _replay(plan: Plan) -> tuple[Projection, Sequence[Verdict]]:
    projection = project(plan)
    return projection, check_claims(projection)


def _section(path: Path, projection: Projection, verdicts: Sequence[Verdict]) -> Iterator[str]:
    plan = projection.plan
    yield f"## {_plain(plan.title)}\n"
    yield f"{_plain(plan.source)} · `{path.as_posix()}`\n"
    if verdicts:
        yield from _table(
            ["about", "computed", "published", "difference", "verdict", "reading"],
            [_row(verdict) for verdict in verdicts],
        )
    else:
        yield "No published figure to compare with.\n"
        scale = projection.plan.currency.scale
        unit = plan.currency.unit
        yield from _table(
            ["stream", "first year", "whole term"],
            [
                [
                    _plain(one.stream.name),
                    _shown(Fraction(_first_year(one.payments), scale), unit),
                    _shown(Fraction(one.total, scale), unit),
                ]
                for one in projection.streams
            ],
        )
    for note in plan.notes:
        yield f"- {_plain(note)}"
    if plan.notes:
        yield ""


def _first_year(payments: Sequence[Payment]) -> int:
    return sum(payment.amount or 0 for payment in payments if payment.year == payments[0].year)


def _row(verdict: Verdict) -> list[str]:
    claim = verdict.claim
    unit = claim.claimed.unit
    return [
        _plain(claim.about),
        _shown(verdict.computed.value, unit),
        _shown(claim.claimed.value, unit),
        _shown(verdict.difference, unit),
        "holds" if verdict.holds else "**does not hold**",
        _reading(verdict),
    ]


def _reading(verdict: Verdict) -> str:
    claim = verdict.claim
    for words, step in (("rounded", claim.rounded_to), ("truncated", claim.truncated_to)):
        if step is not None and step.unit == PLAIN:
            return f"{words} to {_shown(step.value, step.unit)}"
    return _plain(str(verdict.reading or ""))


def _shown(value: Number, unit: Unit) -> str:
    """A figure in at most six decimals; a plain one as a percentage."""
    if unit == PLAIN:
        return f"{_decimals(Fraction(value) * 100)}%"
    return _plain(f"{_decimals(value)} {unit}")


def _decimals(value: Number) -> str:
    exact = decimal(value)
    if "/" not in exact and len(exact.partition(".")[2]) <= 6:
        return exact
    rounded = round(Decimal(value.numerator) / value.denominator, 6)
    return f"≈ {rounded:,f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


def _plain(text: str) -> str:
    """Text that Markdown takes as it is."""
    return re.sub(r"([\\|*_`<>\[\]#])", r"\\\1", " ".join(text.split()))
