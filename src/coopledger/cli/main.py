"""The command line: ``coopledger COMMAND``."""

import click

from coopledger.cli.project import project_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coopledger")
def main() -> None:
    """Equity register and dividend ledger for shareholding cooperatives."""


main.add_command(project_command)
