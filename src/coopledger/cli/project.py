"""``coopledger project``: forty years from one plan file."""

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

import click

from coopledger.cli.answer import FORMAT, OUTPUT, file_missing, form_of, hand_over, laid_out
from coopledger.cli.help import Command, argument, option
from coopledger.cli.language import LANGUAGES, spoken
from coopledger.cli.printing import complain
from coopledger.core.claims import Verdict, check_claims
from coopledger.core.projection import Projection, project
from coopledger.errors import PlanError, Problem
from coopledger.files.plan_file import read_plan
from coopledger.text import Language, Message

CLAIM_DOES_NOT_HOLD = 3


class Wanted(NamedTuple):
    """What the reader asked to see."""

    language: Language
    calendar: bool
    holders: bool
    explained: bool


_VIEWS = click.Choice(["contract-year", "calendar-year"])


@click.command("project", cls=Command)
@argument("plan", type=click.Path(exists=True, dir_okay=False))
@option("--format", "form", **FORMAT)
@option("--by", type=_VIEWS, default="contract-year", show_default=True, help="Payments, or accruals.")
@option("--holders", is_flag=True, help="Who gets what of each payment.")
@option("--explain", "explained", is_flag=True, help="Each stream in words, its last year worked through.")
@option("--strict", is_flag=True, help="Exit with 3 if a claim does not hold.")
@option("--output", **OUTPUT)
@option("--lang", type=click.Choice(LANGUAGES), help="Language; the environment's (LANG) if left out.")
def project_command(
    plan: str,
    form: str | None,
    by: str,
    holders: bool,
    explained: bool,
    strict: bool,
    output: str | None,
    lang: Language | None,
) -> None:
    """Print what a PLAN (a TOML file) pays over its term.

    Example: coopledger project examples/laohushan.toml --format csv
    """
    wanted = Wanted(lang or spoken(), by == "calendar-year", holders, explained)
    if wanted.holders and wanted.calendar:
        raise _misuse(Message("--holders shows payments: it goes with --by contract-year"), wanted)
    chosen = form_of(form, output)
    if missing := file_missing(chosen, output):
        raise _misuse(missing, wanted)
    if wanted.explained and chosen not in ("table", "json"):
        raise _misuse(Message("--explain goes with --format table or json"), wanted)
    reading = read_plan(plan)
    complain(reading.notices, wanted.language)
    if reading.plan is None:
        complain(reading.problems, wanted.language)
        sys.exit(1)
    try:
        projection = project(reading.plan)
        verdicts = check_claims(projection)
    except PlanError as error:
        name = os.path.basename(plan)
        complain([Problem(f"{name}: {one.where}", one.message) for one in error.problems], wanted.language)
        sys.exit(1)
    if output is not None and os.path.realpath(output) in [os.path.realpath(file) for file in reading.files]:
        raise _misuse(Message("--output {file} would overwrite what the plan is read from", file=output), wanted)
    hand_over(_FORMATTED[chosen](projection, verdicts, wanted), chosen, output)
    if strict and not all(verdict.holds for verdict in verdicts):
        sys.exit(CLAIM_DOES_NOT_HOLD)


def _misuse(message: Message, wanted: Wanted) -> click.UsageError:
    return click.UsageError(message.say(wanted.language), click.get_current_context())


# What prints is imported where it is asked for: nobody waits for the tables who wants JSON.


def _table(projection: Projection, verdicts: Sequence[Verdict], wanted: Wanted) -> str:
    from coopledger.files.text_table import text_table
    from coopledger.reports.payouts import claims_table, head, holder_tables, payouts, split_tables

    plan, language = projection.plan, wanted.language
    title, rest = text_table(payouts(projection, calendar=wanted.calendar), language).split("\n", 1)
    blocks = ["\n".join([title, *(line.say(language) for line in head(plan)), rest])]
    if not wanted.calendar:
        blocks += [text_table(table, language) for table in split_tables(projection)]
    if wanted.holders:
        blocks += [text_table(table, language) for table in holder_tables(projection)]
    if verdicts:
        blocks.append(text_table(claims_table(verdicts), language))
    if wanted.explained:
        from coopledger.core.claims import possible_clauses

        blocks += ["\n".join(lines) + "\n" for lines in _explanations(projection, language).values()]
        for verdict in verdicts:
            if clauses := possible_clauses(verdict, projection):
                blocks.append(_clauses(verdict, clauses, language))
    return "\n".join([*blocks, *(note + "\n" for note in plan.notes)])


def _csv(projection: Projection, _verdicts: Sequence[Verdict], wanted: Wanted) -> str:
    from coopledger.files.projection_data import projection_csv

    return projection_csv(projection, calendar=wanted.calendar, holders=wanted.holders, language=wanted.language)


def _json(projection: Projection, verdicts: Sequence[Verdict], wanted: Wanted) -> str:
    from coopledger.files.projection_data import projection_json

    return projection_json(
        projection,
        verdicts,
        calendar=wanted.calendar,
        holders=wanted.holders,
        explanations=_explanations(projection, wanted.language) if wanted.explained else None,
        language=wanted.language,
    )


def _xlsx(projection: Projection, verdicts: Sequence[Verdict], wanted: Wanted) -> str | bytes | list[bytes]:
    from coopledger.reports.payouts import claims_table, head, holder_tables, payouts, split_tables

    first = payouts(projection, calendar=wanted.calendar, merged=False)
    tables = [first._replace(notes=[*head(projection.plan), *first.notes, *projection.plan.notes])]
    if not wanted.calendar:
        tables += split_tables(projection, merged=False)
    if wanted.holders:
        tables += holder_tables(projection, merged=False)
    if verdicts:
        tables.append(claims_table(verdicts))
    return laid_out(tables, "xlsx", wanted.language)


def _parquet(projection: Projection, _verdicts: Sequence[Verdict], wanted: Wanted) -> list[bytes]:
    from coopledger.files.arrow import parquet, projection_arrow

    lines = projection_arrow(projection, calendar=wanted.calendar, holders=wanted.holders, language=wanted.language)
    return [parquet(lines)]


_FORMATTED = {"table": _table, "csv": _csv, "json": _json, "xlsx": _xlsx, "parquet": _parquet}


def _explanations(projection: Projection, language: Language) -> dict[str, list[str]]:
    from coopledger.core.explain import explain

    plan = projection.plan
    return {
        stream.name: [line.say(language) for line in explain(stream, plan.term, plan.currency)]
        for stream in plan.streams
    }


def _clauses(verdict: Verdict, clauses: Sequence[Message], language: Language) -> str:
    heading = Message(
        "{about}: any one of these clauses would make it hold; none of them is in the source, none is believed",
        about=verdict.claim.about,
    )
    return "\n".join([heading.say(language), *(f"  - {clause.say(language)}" for clause in clauses)]) + "\n"
