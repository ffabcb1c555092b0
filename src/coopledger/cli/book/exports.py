"""Exports of a book that other programs check: its money as a plain-text journal, its tables as a Data Package."""

import os
from datetime import datetime

import click

from coopledger.cli.book.command import Where, argument, keeping, option
from coopledger.cli.book.opened import check_known, opened
from coopledger.cli.book.questions import check_no_book
from coopledger.cli.book.values import KNOWN, Refused
from coopledger.cli.printing import doing, write, write_folder
from coopledger.text import Message, printable

FOLDER = "datapackage"
"""The form that is a folder of files."""


@keeping("export", "coopledger book export hill.db hill.beancount --as beancount")
@argument("target", type=click.Path(), metavar="FILE_OR_FOLDER")
@option(
    "--as",
    "form",
    type=click.Choice(["beancount", "hledger", FOLDER]),
    required=True,
    help="For which program: the money, for 'bean-check FILE' or 'hledger check --strict -f FILE'; or every table, for "
    "'frictionless validate FOLDER/datapackage.json'.",
)
@option("--known", type=KNOWN, help="As it was after a record, at the end of a day or at a time of this place.")
def export(where: Where, target: str, form: str, known: int | datetime | None) -> None:
    """Write a book to a file, or a folder, that another program checks.

    The money with every account's balance, for beancount or hledger; or every table, with a description of its columns,
    as a Data Package. No personal data is in it. What is there already is not overwritten.
    """
    if os.path.isfile(target) or os.path.isdir(target):
        raise Refused(Message("{file} is there already: name another, or move it away first", file=printable(target)))
    with opened(where) as book:
        check_no_book(target, book.engine, "FILE_OR_FOLDER")
        try:
            doing(Message("the book is being read …"), where.language)
            with book.journal.read(known) as view:
                check_known(book.journal, view, known)
                head = view.head
                if form == FOLDER:
                    from coopledger.files.data_package import data_package

                    write_folder(target, data_package(view))
                else:
                    from coopledger.files.plain_journal import beancount_journal, hledger_journal

                    write(target, (beancount_journal if form == "beancount" else hledger_journal)(view, where.language))
        finally:
            doing(None, where.language)
    said = Message(
        "{file}: the book up to record {seq}; head {head}", file=printable(target), seq=head.seq, head=str(head)
    )
    click.echo(said.say(where.language))
