"""The page of the published cases: what their sources say beside what the library computes.

``write_page`` replays the example plans and distributions and writes Markdown. The page is made anew at each build.
"""

import ast
import re
import runpy
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from decimal import Decimal
from fractions import Fraction
from functools import cache
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from coopledger.core.claims import Verdict, check_claims
from coopledger.core.distribution import all_outcomes
from coopledger.core.projection import Payment, Projection, project
from coopledger.core.quantity import PLAIN, Number, Unit, decimal
from coopledger.files.plan_file import load_plan
from docs.distributions import Case, Figure, read_case

EXAMPLES = Path(__file__).parent.parent / "examples"
FIRST = EXAMPLES / "laohushan.toml"
LATER = EXAMPLES / "cases" / "later.toml"

INTRODUCTION = """\
# Published cases

Deals of share cooperatives as newspapers, county offices and cooperatives published them, each computed by the
library: as a *plan* of what is paid over the years, as the *distribution* of a surplus by the steps of a charter, as a
*book* that is kept from the first contribution on. *Computed* is the library's own figure, *published* what the
source says, *difference* the first less the second, and *reading* how closely a source's figure is meant where it is
not exact.

Nothing is fitted to a published figure. In {contradicting} of the {count} cases a figure does not hold: what the source
says of the deal cannot all be true as the notes read it. Inputs that had to be derived or invented are named in the
notes.
"""
CONTRADICTIONS = """\
## Where sources contradict themselves

Every published figure that does not hold.
"""
LATER_INTRODUCTION = """\
## What cannot be recomputed

What the sources do not say, and what of the cases therefore cannot be compared.
"""


class Replayed(NamedTuple):
    """A case with all that recomputes it: its plan, its distribution, its book, where there is one."""

    name: str
    title: str
    source: str
    projection: Projection | None = None
    verdicts: Sequence[Verdict] = ()
    distributed: Case | None = None
    book: Path | None = None

    @property
    def files(self) -> dict[str, Path]:
        """What it is recomputed as, and the file of each."""
        path = FIRST if self.name == FIRST.stem else EXAMPLES / "cases" / f"{self.name}.toml"
        found = {"plan": path} if self.projection else {}
        if self.distributed:
            found["distribution"] = self.distributed.path
        if self.book:
            found["book"] = self.book
        return found

    @property
    def judged(self) -> list[tuple[Verdict, bool]]:
        """All verdicts: the plan's, and those of the distribution that are not the same once more.

        And whether what was published is only that it is a whole number.
        """
        figures = self.distributed.figures if self.distributed else ()
        others = [(one.verdict, "whole" in one.said) for one in figures if one.verdict]
        return [
            *((one, False) for one in self.verdicts),
            *((one, whole) for one, whole in others if not any(_is_same(one, other) for other in self.verdicts)),
        ]

    def tally(self, *, holds: bool) -> int:
        """How many of them hold, or do not."""
        return sum(one.holds is holds for one, _ in self.judged)


def write_page(path: Path) -> None:
    """Write the page to ``path``; a page that would not change is left alone."""
    page = "\n".join(_page())
    if not path.exists() or path.read_text(encoding="utf-8") != page:
        path.write_text(page, encoding="utf-8")


def _page() -> Iterator[str]:
    cases = [*_replay()]
    contradicting = sum(case.tally(holds=False) > 0 for case in cases)
    yield INTRODUCTION.format(contradicting=contradicting, count=len(cases))
    rows = [
        [
            f"`{case.name}`",
            _plain(case.title),
            ", ".join(case.files),
            str(case.tally(holds=True)),
            str(case.tally(holds=False)),
        ]
        for case in cases
    ]
    yield from _table(["case", "what it is", "recomputed as", "hold", "do not hold"], rows)
    yield CONTRADICTIONS
    failed = [(case.name, one, whole) for case in cases for one, whole in case.judged if not one.holds]
    yield from _table(
        ["case", "about", "computed", "published", "difference"],
        [[f"`{name}`", *_row(one, whole=whole)[:4]] for name, one, whole in failed],
    )
    for case in cases:
        yield from _section(case)
    yield LATER_INTRODUCTION
    later = tomllib.loads(LATER.read_text(encoding="utf-8"))["later"]
    yield from _table(
        ["case", "missing", "why"], [[f"`{one['id']}`", _plain(one["needs"]), _plain(one["why"])] for one in later]
    )


def _replay() -> Iterator[Replayed]:
    """All cases: the seed's with their books, then the published ones by name."""
    books = {path.stem: path for path in (EXAMPLES / "books").glob("*.py")}
    distributions = {path.stem: path for path in (EXAMPLES / "distributions").glob("*.toml")}
    for path in (FIRST, *sorted(file for file in LATER.parent.glob("*.toml") if file != LATER)):
        projection = project(load_plan(path))
        plan, name = projection.plan, path.stem
        distributed = read_case(distributions[name]) if name in distributions else None
        yield Replayed(
            name, plan.title, plan.source, projection, check_claims(projection), distributed, books.get(name)
        )
        if path == FIRST:
            for other in sorted(books.keys() - {name}):
                yield Replayed(other, _docstring(books[other])[0].partition(":")[0], "", book=books[other])


def _docstring(path: Path) -> list[str]:
    """The paragraphs of a book's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")


@cache
def _printed(path: Path) -> str:
    """What a book prints, run as it stands."""
    with redirect_stdout(StringIO()) as printed:
        runpy.run_path(str(path), run_name="__main__")
    return printed.getvalue()


def _is_same(one: Verdict, other: Verdict) -> bool:
    return (one.computed, one.claim.claimed) == (other.computed, other.claim.claimed)


def _section(case: Replayed) -> Iterator[str]:
    yield f"## {_plain(case.title)}\n"
    paths = [f"`{path.relative_to(EXAMPLES.parent).as_posix()}`" for path in case.files.values()]
    yield f"{' · '.join([_plain(case.source), *paths] if case.source else paths)}\n"
    if case.projection:
        yield from _of_plan(case.projection, case.verdicts)
    if case.distributed:
        yield from _of_distribution(case.distributed)
    if case.book:
        yield "\n\n".join(_plain(paragraph.replace("`", "")) for paragraph in _docstring(case.book)[1:]) + "\n"
        yield f"What it prints:\n\n```text\n{_printed(case.book)}```\n"


def _of_plan(projection: Projection, verdicts: Sequence[Verdict]) -> Iterator[str]:
    plan = projection.plan
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
    yield from _notes(plan.notes)


def _of_distribution(case: Case) -> Iterator[str]:
    """The steps and what they come to, and the figures that were asked for."""
    unit = case.currency.unit
    yield f"### {_plain(case.title)}\n"
    yield f"To distribute: {_shown(Fraction(case.done.surplus.total_fen, 100), unit)}.\n"
    yield from _table(
        ["step", "by", "due", "amount"],
        [
            [
                _plain(one.step.code),
                _plain(one.step.by or "-"),
                *(_shown(Fraction(fen, 100), unit) for fen in (one.due_fen, one.amount_fen)),
            ]
            for one in all_outcomes(case.done.outcomes)
        ],
    )
    yield from _table(
        ["about", "computed", "published", "difference", "verdict", "reading"], [_asked(one) for one in case.figures]
    )
    yield from _notes(case.notes)


def _asked(one: Figure) -> list[str]:
    if one.verdict is None:
        return [_plain(one.about), _shown(one.computed.value, one.computed.unit), "-", "-", "-", ""]
    return _row(one.verdict, whole="whole" in one.said)


def _notes(notes: Sequence[str]) -> Iterator[str]:
    for note in notes:
        yield f"- {_plain(note)}"
    if notes:
        yield ""


def _first_year(payments: Sequence[Payment]) -> int:
    return sum(payment.amount or 0 for payment in payments if payment.year == payments[0].year)


def _row(verdict: Verdict, *, whole: bool = False) -> list[str]:
    claim = verdict.claim
    unit = claim.claimed.unit
    return [
        _plain(claim.about),
        _shown(verdict.computed.value, unit),
        "a whole number" if whole else _shown(claim.claimed.value, unit),
        "" if whole else _shown(verdict.difference, unit),
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
