"""``coopledger paper projection``: a plan over its term as an HTML file."""

import os
import sys

import click

from coopledger.cli.book.command import Argument, BookCommand, Option
from coopledger.cli.book.papers import TO_FILE
from coopledger.cli.book.values import Refused
from coopledger.cli.language import LANGUAGES, spoken
from coopledger.cli.printing import complain, give
from coopledger.core.claims import check_claims
from coopledger.core.projection import project
from coopledger.errors import PlanError, Problem
from coopledger.files.plan_file import read_plan
from coopledger.text import Language, Message


def _projection(plan: str, output: str | None, lang: Language | None) -> None:
    """What a PLAN (a TOML file) pays over its term: a chart, every year, the claims beside the figures."""
    from coopledger.pages.projection import projection_page

    language = lang or spoken()
    reading = read_plan(plan)
    complain(reading.notices, language)
    if reading.plan is None:
        complain(reading.problems, language)
        sys.exit(1)
    if output is not None and os.path.realpath(output) in [os.path.realpath(file) for file in reading.files]:
        raise Refused(Message("--output {file} would overwrite what the plan is read from", file=output))
    try:
        projected = project(reading.plan)
        html = projection_page(projected, check_claims(projected), language=language)
    except PlanError as error:
        name = os.path.basename(plan)
        complain([Problem(f"{name}: {one.where}", one.message) for one in error.problems], language)
        sys.exit(1)
    give(html, output)


projection = BookCommand(
    "projection",
    _projection,
    [
        Argument(["plan"], type=click.Path(exists=True, dir_okay=False)),
        Option(["--output"], type=click.Path(dir_okay=False), metavar="FILE", help=TO_FILE),
        Option(["--lang"], type=click.Choice(LANGUAGES), help="Language; the environment's (LANG) if left out."),
    ],
    "coopledger paper projection examples/laohushan.toml --output plan.html",
)
