"""Conversions: from one chart of accounts to the next, every balance in one entry."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from coopledger.core.chart import C2004, C2007, Chart, adoption, charts, check_chart
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, View, mapped, root
from coopledger.core.share_class import changed_class, class_on, classes
from coopledger.core.timeline import state
from coopledger.errors import RegisterError
from coopledger.text import Message

CONVERSION = "conversion"
"""The kind of the record that moves every balance from one chart to the next."""

C2004_TO_C2023: Mapping[str, str] = {
    **{
        same: same
        for same in C2004.accounts
        if C2004.accounts[same].kind not in ("income", "expense") and same not in ("131", "132", "212")
    },
    "153": "154",
    "154": "153",
    "202": "211",
    "211": "212",
}
"""Where the balances of 2004's accounts go. Livestock (131), trees (132) and welfare payable (212) must be split by
what they are; income and expenses are closed at the year's end. Not read again: compare it with 财会〔2023〕20号."""

C2007_TO_C2021: Mapping[str, str] = {
    same: same
    for same in C2007.accounts
    if C2007.accounts[same].kind not in ("income", "expense") and same not in ("141", "142")
}
"""Where the balances of 2007's accounts go (财会〔2021〕38号, section 2). Livestock (141) and trees (142) are split."""


def convert_chart(
    to: Chart,
    mapping: Mapping[str, str],
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    splits: Mapping[str, Mapping[str, int]] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """The decision to go over to another chart: one entry moves every balance of the old chart to the new one.

    ``mapping`` has the new bare code (or a part, ``311/premium``) of each old bare code; parts such as members' come
    along. Where one old account becomes several (trees, 应付款), ``splits`` says how much of each account's balance
    goes where, in fen, debit balances positive: ``{"132": {"131": 1_000_00, "132": 500_00}}``.

    Classes whose capital stood in the old chart have it in the new one from that day on.

    A correction of an old voucher is booked in the old chart by nature (it takes back those very lines); converting
    again then moves what it left. Of a guarded account (what is owed to members, or for a purpose) both go into one
    append, :func:`~coopledger.core.ahead.in_turn`, for it never falls below zero in between.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(C2004), key="old", actor="accountant")
    >>> day = date(2023, 5, 1)
    >>> wages = Entry("note", day, day, {}, [Posting("CNY", "c2004:211", "c2004:401", 50_00)])
    >>> _ = journal.append([wages], key="wages", actor="accountant")
    >>> _ = journal.append(convert_chart(C2023, C2004_TO_C2023), key="new", actor="accountant")
    >>> with journal.read() as view:
    ...     view.balances("CNY")
    {('CNY', 'c2023:212'): -5000, ('CNY', 'c2023:401'): 5000}

    Raises RegisterError: a balance without a new account, a split that does not come to its balance, an entry that
    is booked in the old chart after the day. Source: 财会〔2023〕20号 and 财会〔2021〕38号, section 2.
    """
    check_chart(to)
    day = to.since if effective_on is None else effective_on
    cites = cited(documents, resolution)
    places = dict(mapped(mapping))
    divided = {account: dict(mapped(parts)) for account, parts in mapped(splits or {}).items()}

    def decide(view: View) -> Iterator[Entry]:
        known = charts(view)
        earlier = [(since, chart) for since, chart in known.adopted if chart.code != to.code and since <= day]
        if not earlier:
            raise RegisterError(
                Message("{day}: no chart of accounts is in force in this book: adopt one from that day on", day=day)
            )
        old = earlier[-1][1]
        if not any(chart.code == to.code and since <= day for since, chart in known.adopted):
            yield adoption(to, day, booked_on or day, known.ground, cites)
        _check_old_entries(view, old, day)
        postings = []
        for (denomination, account), balance in view.balances().items():
            if account.startswith(f"{old.code}:"):
                for target, quantity in _targets(account, balance, to, places, divided):
                    pair = (account, target) if quantity > 0 else (target, account)
                    postings.append(Posting(denomination, *pair, abs(quantity)))
        said = {"from": old.code, "to": to.code, "mapping": places, **cites}
        yield Entry(CONVERSION, day, booked_on or day, said, postings)
        for cls, line in classes(view).items():
            capital = state(line, day).get("capital")
            if capital and capital.startswith(f"{old.code}:"):
                [(account, _)] = _targets(capital, 0, to, places, {})
                changes = {"capital": account}
                known_class = class_on(view, cls, day)
                yield changed_class(known_class, changes, effective_on=day, booked_on=booked_on, reason="conversion")

    return decide


def _targets(
    account: str, balance: int, to: Chart, mapping: Mapping[str, str], splits: Mapping[str, Mapping[str, int]]
) -> list[tuple[str, int]]:
    """The accounts of the new chart that take over a balance, each with its share, debit positive."""
    _, _, bare = account.partition(":")
    opened, stroke, part = bare.partition("/")
    if bare in splits:
        parts = splits[bare]
        if sum(parts.values()) != balance:
            raise RegisterError(
                Message(
                    "{account}: the split comes to {seen}, its balance is {balance} (smallest units, debit positive)",
                    account=account,
                    seen=sum(parts.values()),
                    balance=balance,
                )
            )
        found = [(new, quantity) for new, quantity in parts.items() if quantity]
    elif opened in mapping:
        found = [(mapping[opened] + stroke + part, balance)]
    else:
        raise RegisterError(
            Message(
                "{account} stands at {balance} and has no place in chart {chart}: map it, split it, or close it first",
                account=account,
                balance=balance,
                chart=to.code,
            )
        )
    for new, _ in found:
        if root(new) not in to.accounts:
            raise RegisterError(
                Message("{role}: chart {chart} has no account {account}", role=account, chart=to.code, account=new)
            )
    return [(f"{to.code}:{new}", quantity) for new, quantity in found]


def _check_old_entries(view: View, old: Chart, day: date) -> None:
    for record in view.records():
        if record.booked_on < day or record.kind == CONVERSION:
            continue
        for one in record.postings:
            if one.reverses_seq is None and (
                one.source.startswith(f"{old.code}:") or one.target.startswith(f"{old.code}:")
            ):
                raise RegisterError(
                    Message(
                        "record {seq} is booked on {day} in chart {chart}, which ends before {end}: reverse it first",
                        seq=record.seq,
                        day=record.booked_on,
                        chart=old.code,
                        end=day,
                    )
                )
