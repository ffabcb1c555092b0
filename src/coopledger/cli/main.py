"""The command line: ``coopledger COMMAND``."""

import os
import sys
from typing import Any

import click

from coopledger.cli.help import Option
from coopledger.cli.language import asked_language, click_speaking
from coopledger.cli.lazy import LazyGroup


class _Main(LazyGroup):
    """The program. Its language is known before its words are read: what is wrong with them is said in it too."""

    def main(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - click's signature
        """Run what the words say, those of the process if none are given."""
        words = args[0] if args else more.get("args")
        with click_speaking(asked_language(sys.argv[1:] if words is None else words, os.environ)):
            return super().main(*args, **more)


main = click.version_option(package_name="coopledger", cls=Option, help="Show the version and exit.")(
    _Main(
        "coopledger",
        places={
            "book": "coopledger.cli.book.group:book",
            "contract": "coopledger.cli.book.group:contract",
            "dividend": "coopledger.cli.book.group:dividend",
            "paper": "coopledger.cli.book.group:paper",
            "project": "coopledger.cli.project:project_command",
            "template": "coopledger.cli.template:template_command",
            "verify-paper": "coopledger.cli.book.papers:verify_paper",
        },
        help="Equity register and dividend ledger for shareholding cooperatives.",
    )
)
"""The command ``coopledger``."""
