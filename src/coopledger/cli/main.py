"""The command line: ``coopledger COMMAND``."""

import click

from coopledger.cli.lazy import LazyGroup

main = click.version_option(package_name="coopledger")(
    LazyGroup(
        "coopledger",
        places={"book": "coopledger.cli.book.group:book", "project": "coopledger.cli.project:project_command"},
        help="Equity register and dividend ledger for shareholding cooperatives.",
    )
)
"""The command ``coopledger``."""
