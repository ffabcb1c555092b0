"""The page of the charts of accounts, made from the charts themselves.

``write_page`` writes Markdown: each chart with its accounts and their roles, in both languages, and the conversions.
"""

from collections.abc import Mapping
from pathlib import Path

from coopledger.core.accounts import NOTHING
from coopledger.core.chart import C2023, CHARTS, Chart, Charts, adopt, charts
from coopledger.core.charter import found
from coopledger.core.conversion import C2004_TO_C2023, C2007_TO_C2021
from coopledger.core.journal import root
from coopledger.store.memory import MemoryJournal

INTRODUCTION = """\
# Charts of accounts (会计科目)

A book adopts a chart, `coopledger book create BOOK --chart c2023`, and goes over to the next one when the state puts
another in its place: [Go over to another chart of accounts](../how-to/change-charts.md). Four are kept ready. This page
is made from them.

- An account is named with its chart, `c2023:211`, never by its bare number: 211 is wages payable in the chart of 2004
  and payables in that of 2023. A command also takes the number, the Chinese name or the role alone, and means the chart
  in force on the accounting date.
- A part stands behind a slash and needs no opening: `c2021:222/0042` is what is owed to the holder 0042.
- The *side* is the one on which a balance normally stands. A balance is printed with debits positive.
- A *guarded* account never falls below zero on its side, today or on any day before: nobody is paid more than is owed
  to him, and no fund is spent twice. In the charts of collectives what is owed to members is a part of 内部往来, which
  may stand on either side: there the commands refuse to pay more than is owed, not the account.
- A *role* is a purpose that the commands name, so that none of them knows a number: `--against bank`,
  `--capital share-capital`. On the command line it is written with a hyphen, in Python with a space:
  `chart.account("share capital")`. The functions `with_accounts` and `with_roles` of
  [`coopledger.core.chart`](api-books.md) change a chart before a book adopts it.
- The chart of 2023 and the way to it from 2004 were written down without reading the regulations once more: let an
  accountant compare them before a book begins.
"""

MEMO = """
## Beside the money

What has no place in the accounts above stands in accounts and units of its own, never in a trial balance of money. They
are the same with every chart. A class of shares is a unit as well, opened with the class.

"""

BESIDE = {
    "holder": "`holder/0042`: the shares of a holder. Parts of them: `holder/0042/pledged`, `frozen`, `unpaid`",
    "unissued": "where shares come from when they are issued, and go when they are redeemed",
    "transit": "what passes through a record and leaves nothing in it",
    "memo": "where memo units come from",
    "unquantified": "what of a fund may still be quantified, by fund",
    "member": "`member/0042`: what was quantified to a member of reserve, subsidies and donations, and his trade",
    "land": "`land/0042`: the land, in mu, that a holder has brought in",
}
"""What stands in the accounts that every book has."""


def write_page(path: Path) -> None:
    """Write the page."""
    index = "".join(
        f"| [`{one.code}`](#{one.code}) | {one.name.zh} | {one.name.en} | {one.source} | {one.since} |\n"
        for one in CHARTS.values()
    )
    parts = [
        INTRODUCTION,
        "\n| chart | 中文 | English | source | in force from |\n| --- | --- | --- | --- | --- |\n",
        index,
        *map(_section, CHARTS.values()),
        MEMO,
        _beside(),
        _conversion("c2004", "c2023", C2004_TO_C2023, "财会〔2023〕20号"),
        _conversion("c2007", "c2021", C2007_TO_C2021, "财会〔2021〕38号"),
    ]
    path.write_text("".join(parts), encoding="utf-8")


def _section(chart: Chart) -> str:
    accounts = [
        f"| `{one.code}` | {one.name.zh} | {one.name.en} | {one.kind} | {one.side} "
        f"| {'yes' if one.guard != 'none' else ''} |"
        for one in sorted(chart.accounts.values())
    ]
    known = Charts(((chart.since, chart),), NOTHING)
    roles = []
    for role in chart.roles:
        name = known.called(chart.account(role), chart.since)
        roles.append(f"| `{role}` | `{chart.account(role)}` | {name.zh} | {name.en} |")
    return "\n".join(
        [
            "",
            f"## {chart.code}",
            "",
            f"{chart.name.zh} ({chart.name.en}), {chart.source}, in force from {chart.since}.",
            "",
            "| code | 科目 | account | kind | side | guarded |",
            "| --- | --- | --- | --- | --- | --- |",
            *accounts,
            "",
            f"### Roles of {chart.code}",
            "",
            "| role | account | 科目 | called |",
            "| --- | --- | --- | --- |",
            *roles,
            "",
        ]
    )


def _beside() -> str:
    """The accounts and units that a new book has besides those of its chart."""
    journal = MemoryJournal("page")
    steps = [found("page", effective_on=C2023.since), adopt(C2023)]
    for key, step in enumerate(steps):
        journal.append(step, key=str(key), actor="page")
    with journal.read() as view:
        ground = charts(view).ground
    accounts = [
        f"| `{one.code}` | {one.name} | {'yes' if one.guard != 'none' else ''} | {BESIDE[one.code]} |"
        for one in ground.accounts.values()
        if ":" not in one.code
    ]
    units = [f"| `{one.code}` | {one.name} | {one.digits} |" for one in ground.denominations.values()]
    return "\n".join(
        [
            "| account | in the book | guarded | what stands in it |",
            "| --- | --- | --- | --- |",
            *accounts,
            "",
            "| unit | in the book | decimals |",
            "| --- | --- | --- |",
            *units,
            "",
        ]
    )


def _conversion(old: str, new: str, mapping: Mapping[str, str], source: str) -> str:
    """Where the balances of an old chart go; those that keep their number in one line."""
    before, after = CHARTS[old].accounts, CHARTS[new].accounts
    moved = [
        f"| `{old}:{one}` | {before[one].name.zh} | `{new}:{to}` | {after[root(to)].name.zh} |"
        for one, to in sorted(mapping.items())
        if one != to
    ]
    table = ["| from | 科目 | to | 科目 |", "| --- | --- | --- | --- |", *moved, ""] if moved else []
    kept = ", ".join(f"`{one}`" for one in sorted(before) if mapping.get(one) == one)
    split = ", ".join(
        f"`{one.code}` {one.name.zh} ({one.name.en})"
        for one in before.values()
        if one.code not in mapping and one.kind not in ("income", "expense")
    )
    return "\n".join(
        [
            "",
            f"## From {old} to {new}",
            "",
            f"Where `coopledger book convert-chart` moves the balances ({source}).",
            "",
            *table,
            f"- The same number in both: {kept}.",
            f"- Split by hand, by what they hold: {split}.",
            "- Income and expenses are closed before, at the year's end.",
            "",
        ]
    )
