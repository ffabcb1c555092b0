"""Keeping a book sound: periods, anchors, verification, erasure, the clock."""

from collections.abc import Iterable
from datetime import date, datetime

import click

from coopledger.cli.book.command import PROBLEMS, Where, argument, keeping, option
from coopledger.cli.book.opened import book_files, check_known, opened, today
from coopledger.cli.book.recording import Act, derived_key, login, recording
from coopledger.cli.book.values import ANCHOR, DAY, KNOWN, REASON
from coopledger.cli.printing import complain
from coopledger.core import accounts, wording
from coopledger.core.journal import Entry, Head, View
from coopledger.core.people import number_of, who
from coopledger.core.problems import problems
from coopledger.core.voucher import review_voucher
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


@recording(
    "lock", "coopledger book lock hill.db 2026-01-31 --on 2026-02-05", documents=False, resolution=False, stateful=True
)
@argument("through", type=DAY, metavar="DAY")
def lock(view: View, act: Act, through: date) -> Iterable[Entry]:
    """Close the books up to a DAY: nothing is booked on it or before it any more.

    A day that is still to come is closed only with --on that day, or a later one.
    """
    if through > max(today(), act.on):
        raise RegisterError(
            Message(
                "{through} is still to come, today is {today}: to close the books up to it all the same, say --on "
                "{through}",
                through=through,
                today=today(),
            )
        )
    return accounts.lock(through, **act.days)(view)


@recording("reopen", "coopledger book reopen hill.db 2025-12-31 --reason 审计调整 --on 2026-04-01", stateful=True)
@argument("through", type=DAY, metavar="DAY")
@option("--reason", type=REASON, required=True, help="Why; no names of persons.")
def reopen(view: View, act: Act, through: date, reason: str) -> Iterable[Entry]:
    """Open the books again: from now on they are closed up to this earlier DAY only, the last that stays closed."""
    entries = [*accounts.unlock(through, reason=reason, **act.days, **act.papers)(view)]
    if not entries and [*view.records(accounts.LOCK, accounts.UNLOCK)][-1].kind == accounts.LOCK:
        raise RegisterError(
            Message(
                "the books are closed up to {through} and would stay so: the last day that stays closed is expected",
                through=through,
            )
        )
    return entries


@recording(
    "clock", "coopledger book clock hill.db --reason 电脑时间曾误调 --on 2026-04-01", documents=False, resolution=False
)
@option("--reason", type=REASON, required=True, help="What was wrong with it; no names of persons.")
def clock_command(_view: View, act: Act, reason: str) -> Iterable[Entry]:
    """Record that the clock was found wrong, and go on with the right time.

    Needed where the last record was written by a clock that stood far in the future.
    """
    return [accounts.confirm_clock(reason=reason, **act.days)]


@keeping("anchor", "coopledger book anchor hill.db")
@option("--known", type=KNOWN, help="As it was after a record, at the end of a day or at a time of this place.")
def anchor(where: Where, known: int | datetime | None) -> None:
    """Print the fingerprint of the last record, to be kept outside the book.

    It belongs on every notice. With it 'verify --anchor' finds any change before it, a cut tail among them.
    """
    with opened(where) as book, book.journal.read(known) as view:
        check_known(book.journal, view, known)
        click.echo(str(view.head))


@keeping("verify", "coopledger book verify hill.db")
@option("--anchor", "anchors", type=ANCHOR, multiple=True, help="A fingerprint that was printed. Several are accepted.")
@option("--documents", type=click.Path(), metavar="FOLDER", help="The folder in which the cited documents are.")
def verify(where: Where, anchors: tuple[Head, ...], documents: str | None) -> None:
    """Look for everything that is wrong with a book.

    Its chain of hashes and the anchors, its guards and balances, its personal rows, the database's own structure; the
    register's rules, the control totals, the vouchers; with --documents whether each cited document is there,
    unchanged, and cited. Exit status 3 if anything is found.
    """
    with opened(where) as book:
        found = book.journal.verify(anchors)
        head = Head(0, b"")
        try:
            with book.journal.read() as view:
                head = view.head
                found += problems(view)
                if documents is not None:
                    from coopledger.files.documents import check_documents

                    found += check_documents(view, documents, besides=book_files(book.engine))
        except Exception:
            if not found:  # otherwise it has been said already that the book is damaged
                raise
    complain(found, where.language)
    if found:
        click.echo(Message("problems found: {count}", count=len(found)).say(where.language), err=True)
        raise SystemExit(PROBLEMS)
    said = Message("nothing is wrong; records: {count}, head {head}", count=head.seq, head=str(head))
    click.echo(said.say(where.language))


@recording(
    "review",
    "coopledger book review hill.db 11 31 --reviewer 审核岗 --cashier 出纳岗 --on 2026-04-01",
    documents=False,
    resolution=False,
)
@argument("seqs", type=int, metavar="RECORD...", nargs=-1, required=True)
@option("--reviewer", required=True, help="Who reviewed it: an office or a code.")
@option("--cashier", default="", help="Who paid or received: an office or a code.")
def review(view: View, act: Act, seqs: tuple[int, ...], reviewer: str, cashier: str) -> Iterable[Entry]:
    """Record that the vouchers of some RECORDs were reviewed.

    Preparer, reviewer and cashier are three persons.
    """
    return review_voucher(seqs, reviewer=reviewer, cashier=cashier, **act.days)(view)


@keeping("erase", "coopledger book erase hill.db 0042 --reason 本人要求 --yes --on 2026-04-01")
@argument("number")
@option("--reason", type=REASON, required=True, help="Why; no names of persons.")
@option("--on", type=DAY, metavar="DAY", help="The day; today if left out.")
@option(
    "--actor",
    metavar="NAME",
    help="Who does it, by an office or a code: it stays in the chain for good. "
    "If left out, COOPLEDGER_ACTOR, or your login name.",
)
@option("--key", metavar="TEXT", help="The key that makes a repetition harmless; made of the command if left out.")
@option("--again", is_flag=True, help="Data was written down anew since: erase it too.")
@option("--dry-run", is_flag=True, help="Show what would be erased, and erase nothing.")
@option("--yes", is_flag=True, help="Do not ask.")
def erase(
    where: Where,
    number: str,
    reason: str,
    on: date | None,
    actor: str | None,
    key: str | None,
    again: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Erase the personal data of a member or household NUMBER, for good.

    The records stay, and so do the shares; who the number was is known no more. It cannot be undone.
    """
    day, number = on or today(), number_of(number)
    with opened(where) as book:
        with book.journal.read() as view:
            before = view.head
            people = who(view)
            if number not in people.members and number not in people.households:
                raise RegisterError(
                    Message("{number} is not in the register on {day}", number=printable(number), day=day)
                )
            subject = f"m/{number}" if number in people.members else f"h/{number}"
            row = view.personal([subject]).get(subject, {})
            erased = [one.seq for one in view.records(accounts.ERASURE) if subject in one.facts["subjects"]]
        if not row and not erased:
            raise RegisterError(Message("{number} has no personal data: there is nothing to erase", number=number))
        if not row:
            stands = Message("record {seq} says the same already: nothing was written", seq=erased[-1])
            click.echo(stands.say(where.language))
            return
        said = Message(
            "personal data of {number}: {names}", number=number, names=[wording.words(one) for one in row] or "-"
        ).say(where.language)
        if dry_run:
            click.echo(said)
            click.echo(Message("a dry run: nothing was written").say(where.language))
            return
        if not yes:
            click.echo(said)
            click.confirm(Message("Erase it for good?").say(where.language), abort=True)
        derived = derived_key("erase", {"number": number, "on": day}) + (f"/{before.seq + 1}" if again else "")
        record = book.journal.erase(
            [subject], key=key or derived, actor=actor or login(), on=day, facts={"reason": reason}
        )
    if record.seq <= before.seq:
        words = Message(
            "record {seq} says the same already: nothing was written (to record it once more: --again)", seq=record.seq
        )
    else:
        words = Message(
            "record {seq}: the personal data of {number} is erased; head {head}",
            seq=record.seq,
            number=number,
            head=f"{record.seq}:{record.hash.hex()[:8]}",
        )
    click.echo(words.say(where.language))
