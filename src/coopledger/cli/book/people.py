"""People: members and their standing, households, personal data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import click

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.opened import today
from coopledger.cli.book.questions import asking
from coopledger.cli.book.recording import Act, recording
from coopledger.cli.book.values import DAY, NEW_HEAD, NEW_HEADS, REASON, OneOf, Pair
from coopledger.core.household import (
    HEAD_REASONS,
    MOVING_REASONS,
    change_head,
    form_household,
    merge_households,
    move,
)
from coopledger.core.journal import Entry, View
from coopledger.core.member import LEAVING_REASONS, Joiner, change_members, die, leave
from coopledger.core.notice import give_notice, withdraw_notice
from coopledger.core.people import number_of, roll
from coopledger.core.personal import PERSONAL
from coopledger.core.share_class import KINDS
from coopledger.core.table import Table
from coopledger.errors import RegisterError
from coopledger.files import identity
from coopledger.text import Message, printable

_NEW_HEADS = option(
    "--new-head",
    "new_heads",
    type=NEW_HEADS,
    multiple=True,
    help="The next head of a household that loses its own: the number, or household=number (17=0043).",
)


def _personal(function: Any) -> Any:  # noqa: ANN401 - a function under its options
    for one in reversed(
        [
            option("--name", help="The name."),
            option("--id", help="The ID number (居民身份证号码), or an organisation's code (统一社会信用代码)."),
            option("--birth", type=DAY, metavar="DAY", help="The birth date; that of the ID number if left out."),
            option("--relation", help="The relation to the head of the household, such as 户主 or 配偶."),
            option("--phone", help="The telephone number."),
            option("--card", help="The number of the bank card or account to which dividends are paid."),
            option("--payee", help="Whose account it is (户名), if not by the same name."),
            option("--branch", help="The bank that keeps it (开户行)."),
            option("--address", help="The address."),
        ]
    ):
        function = one(function)
    return function


@recording(
    "member",
    "coopledger book member hill.db 0044 --name 成员丁 --id 999999198001310014 --household 17 --reason birth "
    "--on 2026-02-01",
    personal=PERSONAL,
)
@argument("number")
@_personal
@option("--household", default="", metavar="NUMBER", help="The household in which the person lives.")
@option("--head", is_flag=True, help="The head of the household, which is formed if it is new.")
@option("--kind", type=OneOf(KINDS), default="person", show_default=True, help="What the member is.")
@option("--standing", type=OneOf(["member", "holder"]), default="member", show_default=True, help="A member, or not.")
@option("--group", "groups", multiple=True, help="A group that the member belongs to. Several are accepted.")
@option("--reason", type=REASON, default="founding", show_default=True, help="Why: founding, birth, marriage, …")
def member(
    view: View,
    act: Act,
    number: str,
    household: str,
    head: bool,
    kind: Any,  # noqa: ANN401 - one of the kinds
    standing: Any,  # noqa: ANN401
    groups: tuple[str, ...],
    reason: str,
    **personal: Any,
) -> Iterable[Entry]:
    """Admit a member under NUMBER.

    The number is what all records know the member by. Name, ID number and the like are kept apart and can be erased;
    an ID number is checked, and printed masked.
    """
    joiner = Joiner(number, kind, household, head, standing, groups, _row(personal))
    return identity.admit(joiner, reason=reason, **act.days, **act.papers)(view)


@recording(
    "personal",
    "coopledger book personal hill.db 0042 --phone 13800000000 --on 2026-02-01",
    documents=False,
    resolution=False,
    personal=PERSONAL,
    stateful=True,
)
@argument("number")
@_personal
def personal_command(view: View, act: Act, number: str, **personal: Any) -> Iterable[Entry]:
    """Write down personal data of NUMBER: a new phone, another bank card. What is not said stays."""
    now, number = roll(view), number_of(number)
    row = identity.checked(_row(personal), number not in now.members or now.members[number].kind == "person")
    if not row:
        raise RegisterError(Message("nothing is changed: name what is to be written down"))
    subject = f"{'h' if number in now.households else 'm'}/{number}"
    if row.items() <= view.personal([subject]).get(subject, {}).items():
        return []
    return identity.note_personal({number: row}, **act.days)(view)


@recording(
    "change-member",
    "coopledger book change-member hill.db 0042 --group cadres --reason election --on 2026-02-01",
)
@argument("number")
@option("--standing", type=OneOf(["member", "holder"]), help="A member, or a holder without membership.")
@option("--group", "groups", multiple=True, help="All groups that the member belongs to from then on.")
@option("--no-groups", is_flag=True, help="The member belongs to no group any more.")
@option("--extra-votes", type=click.IntRange(0), help="Votes on top of the own one, within the charter's limit.")
@option("--reason", type=REASON, required=True, help="Why; correction takes a leaving or a death back.")
def change_member(
    view: View,
    act: Act,
    number: str,
    standing: Any,  # noqa: ANN401 - one of the standings
    groups: tuple[str, ...],
    no_groups: bool,
    extra_votes: int | None,
    reason: str,
) -> Iterable[Entry]:
    """Change the standing, groups or extra votes of the member NUMBER from a day on."""
    if standing is None and not groups and not no_groups and extra_votes is None:
        raise RegisterError(Message("nothing is changed: name a standing, groups or extra votes"))
    if groups and no_groups:
        raise RegisterError(Message("--group names groups, and --no-groups none: one of them is expected"))
    return change_members(
        [number],
        reason=reason,
        standing=standing,
        groups=groups if groups or no_groups else None,
        extra_votes=extra_votes,
        **act.days,
        **act.papers,
    )(view)


@recording("notice", "coopledger book notice hill.db 0043 --on 2026-06-01", resolution=False)
@argument("number")
def notice(view: View, act: Act, number: str) -> Iterable[Entry]:
    """Record that the member NUMBER gave notice of leaving (农民专业合作社法 25)."""
    return give_notice(number, documents=act.documents, **act.days)(view)


@recording("withdraw-notice", "coopledger book withdraw-notice coop.db 0042 --on 2023-03-01", resolution=False)
@argument("number")
def withdraw_notice_command(view: View, act: Act, number: str) -> Iterable[Entry]:
    """Record that the member NUMBER takes a notice of leaving back, and stays."""
    return withdraw_notice(number, documents=act.documents, **act.days)(view)


@recording("leave", "coopledger book leave hill.db 0043 --reason moved-out --on 2026-06-01")
@argument("number")
@option("--reason", type=OneOf(LEAVING_REASONS), required=True, help="Why the membership ends.")
@option("--keeps-shares", is_flag=True, help="The leaver stays on as a holder.")
@_NEW_HEADS
def leave_command(
    view: View, act: Act, number: str, reason: str, keeps_shares: bool, new_heads: tuple[str | Pair, ...]
) -> Iterable[Entry]:
    """End the membership of NUMBER, who holds nothing any more or keeps the shares.

    Shares that are refunded or spread go with 'withdraw'. From the day --on there is no membership.
    """
    heads = _heads(view, act, new_heads)
    return leave(number, reason=reason, keeps_shares=keeps_shares, new_heads=heads, **act.days, **act.papers)(view)


@recording("death", "coopledger book death hill.db 0041 --new-head 0042 --on 2026-06-01", resolution=False)
@argument("number")
@option("--new-head", type=NEW_HEAD, help="The next head of the household, if it was the head who died.")
def death(view: View, act: Act, number: str, new_head: str | None) -> Iterable[Entry]:
    """Record a death. What the person held stays as an estate until it is inherited."""
    return die(number, new_head=new_head, documents=act.documents, **act.days)(view)


@asking("members", "coopledger book members hill.db --on 2026-03-01")
@option("--on", type=DAY, metavar="DAY", help="As of this day; today if left out.")
def members(view: View, on: date | None) -> list[Table]:
    """Who are the members (成员名册), and the households with their heads, on a day."""
    from coopledger.reports.roster import roster_report

    return roster_report(view, on or today())


# ---------------------------------------------------------------- households


@recording("form", "coopledger book household form hill.db 30 --head 0043 --reason household-division --on 2026-05-01")
@argument("number")
@option("--head", required=True, metavar="NUMBER", help="Who is its head.")
@option("--with", "members", multiple=True, metavar="NUMBER", help="Who else lives in it. Several are accepted.")
@option(
    "--reason", type=OneOf(MOVING_REASONS), default="household-division", show_default=True, help="Why it is formed."
)
@_NEW_HEADS
def form(
    view: View,
    act: Act,
    number: str,
    head: str,
    members: tuple[str, ...],
    reason: str,
    new_heads: tuple[str | Pair, ...],
) -> Iterable[Entry]:
    """Form the household NUMBER of people who are in the register, or split it off from another one (分户).

    Shares pass by a transfer for household-division.
    """
    heads = _heads(view, act, new_heads)
    return form_household(number, head=head, members=members, reason=reason, new_heads=heads, **act.days, **act.papers)(
        view
    )


@recording("move", "coopledger book household move hill.db 0043 --to 18 --reason marriage --on 2026-05-01")
@argument("number")
@option("--to", required=True, metavar="HOUSEHOLD", help="The household that the person moves to.")
@option("--reason", type=OneOf(MOVING_REASONS), required=True, help="Why.")
@_NEW_HEADS
def move_command(
    view: View, act: Act, number: str, to: str, reason: str, new_heads: tuple[str | Pair, ...]
) -> Iterable[Entry]:
    """Move the person NUMBER to another household: a marriage, a divorce, an adoption."""
    heads = _heads(view, act, new_heads, {number: to})
    return move([number], to=to, reason=reason, new_heads=heads, **act.days, **act.papers)(view)


@recording("merge", "coopledger book household merge hill.db 19 --into 18 --on 2026-05-01")
@argument("number")
@option("--into", required=True, metavar="HOUSEHOLD", help="The household that stays.")
def merge(view: View, act: Act, number: str, into: str) -> Iterable[Entry]:
    """Merge the household NUMBER into another one (并户), whose head stays."""
    return merge_households(number, into=into, **act.days, **act.papers)(view)


@recording("head", "coopledger book household head hill.db 17 --head 0042 --on 2026-05-01", resolution=False)
@argument("number")
@option("--head", required=True, metavar="NUMBER", help="Who is the head from then on.")
@option("--reason", type=OneOf(HEAD_REASONS), default="agreement", show_default=True, help="Why.")
def head_command(view: View, act: Act, number: str, head: str, reason: str) -> Iterable[Entry]:
    """Make another member of the household NUMBER its head."""
    return change_head(number, head=head, reason=reason, documents=act.documents, **act.days)(view)


def _heads(
    view: View, act: Act, named: Sequence[str | Pair], moving: Mapping[str, str] | None = None
) -> dict[str, str]:
    """New heads by household. Of a number alone it is the household to which he moves, or in which he lives."""
    now = roll(view, act.on).members if named else {}
    heads: dict[str, str] = {}
    for one in named:
        home, head = (one.name, one.value) if isinstance(one, Pair) else ("", one)
        if not home:
            home = (moving or {}).get(head) or (now[head].household if head in now else "")
        if not home:
            raise RegisterError(
                Message(
                    "{number} lives in no household on {day}: name with the next head whose he is, "
                    "household=number (17={number})",
                    number=printable(head),
                    day=act.on,
                )
            )
        if home in heads:
            raise RegisterError(Message("{number} is listed twice", number=printable(home)))
        heads[home] = head
    return heads


def _row(personal: dict[str, Any]) -> dict[str, str]:
    return {name: str(seen) for name, seen in personal.items() if seen is not None}
