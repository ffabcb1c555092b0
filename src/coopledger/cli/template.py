"""``coopledger template``: the workbook to fill in."""

import os
import sys

import click

from coopledger.cli.language import LANGUAGES
from coopledger.cli.printing import complain, write
from coopledger.errors import WorkbookError
from coopledger.text import Language, Message, reader_language

_LAWS = ("collective", "specialised")
_CHARTS = ("c2004", "c2007", "c2021", "c2023")


@click.command("template")
@click.argument("file")
@click.option("--law", type=click.Choice(_LAWS), default="collective", show_default=True, help="The cooperative's law.")
@click.option(
    "--chart", type=click.Choice(_CHARTS), help="The chart of accounts; that of the law in force if left out."
)
@click.option("--filled", is_flag=True, help="Filled in with an invented village, to try the import with.")
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is said; the sheets are in Chinese.")
def template_command(file: str, law: str, chart: str | None, filled: bool, force: bool, lang: Language | None) -> None:
    """Write FILE, the workbook (.xlsx) in which a village is filled in, for 'coopledger book import'.

    It has a sheet for each of: the cooperative, households, members, share classes, shares, contributions, opening
    balances, past dividends; with Chinese headings, drop-down lists, checks in the cells, and an example.
    """
    from coopledger.files.template import template

    language = lang or reader_language(os.environ)
    if os.path.exists(file) and not force:
        said = Message("{file} is there already: --force writes over it", file=file)
        click.echo(said.say(language), err=True)
        sys.exit(1)
    try:
        data = template(law, chart, filled=filled)
    except WorkbookError as error:
        complain(error.problems, language)
        sys.exit(1)
    write(file, data)
    said = Message("{file}: fill it in, then 'coopledger book import BOOK {file}'", file=file)
    click.echo(said.say(language))
