"""The opening balances of a workbook: what they are more than shares, contributions and what stood before brought."""

from collections.abc import Mapping

from coopledger.core.balances import printed
from coopledger.core.chart import MONEY, Chart
from coopledger.core.journal import is_under, root
from coopledger.core.ordinary import enter
from coopledger.core.share_class import capitals
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError
from coopledger.files.listing import SHEETS
from coopledger.files.village import BalanceRow
from coopledger.files.village_draft import Draft
from coopledger.text import Message, printable

OPENING_REASON = "期初余额"
"""The summary of the voucher by which opening balances enter."""


def balances_of(draft: Draft) -> dict[str, BalanceRow]:
    """The rows of the opening balances by account, without those that say nothing."""
    said_of = [one for one in draft.village.balances if one.fen]
    chart = draft.chart()
    if said_of and chart is None:
        said = Message(
            "no chart of accounts is adopted: 会计制度 in the sheet {sheet} is expected",
            sheet=SHEETS["cooperative"],
        )
        draft.say(said_of[0].at, None, said)
    return _by_account(draft, chart) if said_of and chart is not None else {}


def enter_balances(draft: Draft, rows: Mapping[str, BalanceRow]) -> None:
    """Enter what the balances are more than shares, contributions and what stood before brought."""
    chart = draft.chart()
    if not rows or chart is None:
        return
    stands = {account: fen for (_, account), fen in draft.ahead.balances(MONEY, None, draft.on).items()}
    rest: dict[str, int] = {}
    for account, row in rows.items():
        rest[account] = row.fen - sum(fen for other, fen in stands.items() if is_under(other, account))
    _check_listed(draft, rows, stands)
    _check_capital(draft, rows, rest)
    if not draft.problems and any(rest.values()):
        _enter_rest(draft, chart, rows, rest)


def _check_listed(draft: Draft, rows: Mapping[str, BalanceRow], stands: Mapping[str, int]) -> None:
    """Whatever shares and contributions brought to something is in the sheet."""
    missing: dict[str, int] = {}
    for account, fen in stands.items():
        if ":" in account and not any(is_under(account, other) for other in rows):
            missing[root(account)] = missing.get(root(account), 0) + fen
    for account, fen in missing.items():
        if fen:
            said = Message(
                "{account} comes to {fen} yuan by shares and contributions, and is not listed: it is expected",
                account=account,
                fen=printed(fen, 2),
            )
            draft.say(next(iter(rows.values())).at, None, said)


def _check_capital(draft: Draft, rows: Mapping[str, BalanceRow], rest: dict[str, int]) -> None:
    """The capital of shares is what they come to at par: nothing is left of it to enter."""
    for cls, capital in capitals(draft.ahead):
        for account in [one for one in rows if is_under(capital, one) and rest.get(one)]:
            row, left = rows[account], rest.pop(account)
            said = Message(
                "{account}: {said} yuan are said, and the shares of {cls} come to {sum} at par; other capital "
                "stands beside them, in a part that 资本科目 of the sheet {sheet} names",
                sheet=SHEETS["classes"],
                account=account,
                said=printed(-row.fen, 2),
                cls=cls,
                sum=printed(left - row.fen, 2),
            )
            draft.say(row.at, _side(row), said)


def _enter_rest(draft: Draft, chart: Chart, rows: Mapping[str, BalanceRow], rest: dict[str, int]) -> None:
    """The voucher of the rest. What is not distributed yet goes through the surplus, as a year's does."""
    at = {account: (row.at, _side(row)) for account, row in rows.items()}
    undistributed = 0
    reserve = chart.account("reserve") if "reserve" in chart.roles else ""
    if root(reserve) != reserve and root(reserve) in rest:  # of 公积公益金 by itself: the part that verbs know
        rest[reserve] = rest.pop(root(reserve))
        at[reserve] = at[root(reserve)]
    if {"surplus", "distribution"} <= chart.roles.keys():
        undistributed = -rest.pop(chart.account("distribution"), 0)
        if undistributed:
            own = chart.account("surplus")
            rest[own] = rest.get(own, 0) - undistributed
    debit = {account: fen for account, fen in rest.items() if fen > 0}
    credit = {account: -fen for account, fen in rest.items() if fen < 0}
    try:
        decision = enter(debit, credit, reason=OPENING_REASON, **draft.days, **draft.papers)
    except CoopledgerError as error:
        draft.refused(error, draft.sheet("opening balances"), lambda: at)
        return
    draft.done(decision, draft.sheet("opening balances"), lambda: at)
    if undistributed and not draft.problems and draft.on is not None:
        account = chart.account("distribution")
        source = enter_surplus(draft.on.year - 1, undistributed, source=OPENING_REASON, **draft.days, **draft.papers)
        draft.done(source, rows[account].at.place(_side(rows[account])))


def _by_account(draft: Draft, chart: Chart) -> dict[str, BalanceRow]:
    """The rows by the accounts that they mean."""
    found: dict[str, BalanceRow] = {}
    by_name: dict[str, list[str]] = {}
    for one in chart.accounts.values():
        by_name.setdefault(one.name.zh, []).append(one.code)
    for row in draft.village.balances:
        bare = row.account.removeprefix(f"{chart.code}:")
        if not bare and len(by_name.get(row.name, ())) == 1:
            bare = by_name[row.name][0]
        listed = chart.accounts.get(root(bare))
        field = "account" if row.account else "name"
        if listed is None:
            said = Message(
                "{seen}: no such account in {chart}: a code of it (102) is expected, a part of one behind a "
                "stroke (102/1)",
                seen=printable(row.account or row.name),
                chart=chart.name,
            )
            draft.say(row.at, field, said)
            continue
        if row.account and row.name and (others := by_name.get(row.name, [])) and listed.code not in others:
            said = Message(
                "{code} is {name} in {chart}, and {seen} has {other}",
                code=listed.code,
                name=listed.name.zh,
                chart=chart.name,
                seen=row.name,
                other=others[0],
            )
            draft.say(row.at, "name", said)
        account = f"{chart.code}:{bare}"
        if row.fen and (instead := _beside_runs(chart, account, row)) is not None:
            draft.say(row.at, field, instead)
            continue
        for other, was in found.items():
            if is_under(account, other) or is_under(other, account):
                cell = was.at.place("account" if was.account else "name")
                said = Message("{account} stands in {cell} already, or a part of it", account=bare, cell=cell)
                draft.say(row.at, field, said)
                break
        found.setdefault(account, row)
    return {account: row for account, row in found.items() if row.fen}


def _side(row: BalanceRow) -> str:
    """The column in which a balance stands."""
    return next(
        (one for one in ("debit" if row.fen > 0 else "credit", "balance") if one in row.at.listing.columns), "account"
    )


def _beside_runs(chart: Chart, account: str, row: BalanceRow) -> Message | None:
    """What is said of an account that runs keep: what was owed before the book stands beside it, and is settled so."""
    current = chart.account("member current") if "member current" in chart.roles else account
    of_runs = [chart.account(role) for role in ("surplus payable", "refund payable") if role in chart.roles]
    if not any(is_under(account, one) for one in of_runs) and (account == current or not is_under(account, current)):
        return None
    beside = chart.accounts[chart.roles["payable" if row.fen < 0 else "receivable"]]
    return Message(
        "{account} is kept by the runs of this book: what was owed before it is expected in {code} ({name}) or parts "
        "of it ({code}/0041), and is settled by 'book enter'",
        account=account.removeprefix(f"{chart.code}:"),
        code=beside.code,
        name=beside.name.zh,
    )
