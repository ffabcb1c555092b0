"""Conversions: from one chart of accounts to the next, every balance in one entry."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from coopledger.core.ahead import Ahead
from coopledger.core.balances import Place, printed
from coopledger.core.chart import C2004, C2007, MONEY, Chart, adoption, charts, check_chart
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, Record, View, is_under, mapped, root
from coopledger.core.share_class import changed_class, check_capital, class_on, classes
from coopledger.core.timeline import state
from coopledger.errors import Problem, RegisterError
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

    Classes whose capital stood in the old chart have it in the new one from that day on; it goes to one account, and
    nothing else goes there. What in the old chart counts for a later day moves on that day, in an entry of its own.

    After it everything is booked in the chart in force on its accounting date, whatever day it counts for. A correction
    of an old voucher is booked in the old chart by nature (it takes back those very lines), and so is what is still
    booked before the day; converting again then moves what that left, and :func:`check_conversions` says that it is
    due. Of a guarded account (what is owed to members, or for a purpose) both go into one
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

    Raises RegisterError: a balance without a new account, a split that does not come to its balance, capital of a
    class that is split or gets something else beside it, an entry that is booked in the old chart after the day and
    not taken back. Source: 财会〔2023〕20号 and 财会〔2021〕38号, section 2.
    """
    check_chart(to)
    day = to.since if effective_on is None else effective_on
    cites = cited(documents, resolution)
    places = dict(mapped(mapping))
    divided = {account: dict(mapped(parts)) for account, parts in mapped(splits or {}).items()}

    def decide(view: View) -> list[Entry]:
        known = charts(view)
        earlier = [(since, chart) for since, chart in known.adopted if chart.code != to.code and since <= day]
        if not earlier:
            raise RegisterError(
                Message("{day}: no chart of accounts is in force in this book: adopt one from that day on", day=day)
            )
        old = earlier[-1][1]
        entries: list[Entry] = []
        if not any(chart.code == to.code and since <= day for since, chart in known.adopted):
            entries.append(adoption(to, day, booked_on or day, known.ground, cites))
        _check_old_entries(view, old, day)
        capitals = _capitals(view, old, to, day, places, divided)
        again = any((one.facts["from"], one.facts["to"]) == (old.code, to.code) for one in view.records(CONVERSION))
        said = {"from": old.code, "to": to.code, "mapping": places, **cites}
        for on, moved in _moved(view, old, day):
            postings = []
            for (denomination, account), balance in moved.items():
                for target, quantity in _targets(account, balance, to, places, divided if on == day else {}):
                    _check_capital_alone(account, target, capitals)
                    pair = (account, target) if quantity > 0 else (target, account)
                    postings.append(Posting(denomination, *pair, abs(quantity)))
            if postings or not again:
                entries.append(Entry(CONVERSION, on, booked_on or day, said, postings))
        for cls, (_, account) in capitals.items():
            one = class_on(view, cls, day)
            if one.capital != account:
                check_capital(Ahead(view, entries), account)
                changes = {"capital": account}
                entries.append(changed_class(one, changes, effective_on=day, booked_on=booked_on, reason="conversion"))
        return entries

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


def check_conversions(view: View) -> list[Problem]:
    """A problem for each account of a chart that the book has left in which something still stands.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_conversions(view)
    []
    """
    left = {one.facts["from"]: (one.facts["to"], one.effective_on) for one in view.records(CONVERSION)}
    return [
        Problem(
            account,
            Message(
                "{balance} yuan stand in it, though the book went over from chart {old} to {new} on {day}: convert it "
                "once more (convert_chart, 'book convert-chart --again'), and they move along",
                balance=printed(balance, 2),
                old=old,
                new=new,
                day=day,
            ),
        )
        for old, (new, day) in sorted(left.items())
        for (_, account), balance in view.balances(MONEY).items()
        if account.startswith(f"{old}:")
    ]


def _moved(view: View, old: Chart, day: date) -> Iterator[tuple[date, dict[Place, int]]]:
    """What leaves the old chart, by denomination and account: its balances on the day, and what moves in it later.

    An entry that was booked before the day may count for a later one, and so may a correction.
    """
    later = {record.effective_on for record in view.records() if record.effective_on > day and _lines(record, old)}
    before: dict[Place, int] = {}
    for on in (day, *sorted(later)):
        now = {place: balance for place, balance in view.balances(on=on).items() if _is_of(place[1], old)}
        moved = {place: now.get(place, 0) - before.get(place, 0) for place in sorted({*now, *before})}
        before = now
        if on == day or any(moved.values()):
            yield on, {place: quantity for place, quantity in moved.items() if quantity}


def _capitals(  # noqa: PLR0917 - what a conversion was told
    view: View,
    old: Chart,
    to: Chart,
    day: date,
    mapping: Mapping[str, str],
    splits: Mapping[str, Mapping[str, int]],
) -> dict[str, tuple[str, str]]:
    """The classes with capital in the old chart: each with its account there, and the one that takes it over."""
    found = {}
    for cls, line in classes(view).items():
        stood = [one.fields.get("capital") or "" for one in line if one.effective_on <= day]
        before = next((account for account in reversed(stood) if _is_of(account, old)), "")
        now = state(line, day).get("capital") or ""
        if before and _is_of(now, old):
            if before.partition(":")[2] in splits:
                raise RegisterError(
                    Message(
                        "{account} is the capital of {cls} and is not split: map it, so that one account takes it over",
                        account=before,
                        cls=cls,
                    )
                )
            [(after, _)] = _targets(before, 0, to, mapping, {})
            found[cls] = (before, after)
        elif before and _is_of(now, to):  # converted already
            found[cls] = (before, now)
    return found


def _check_capital_alone(account: str, target: str, capitals: Mapping[str, tuple[str, str]]) -> None:
    """Raise RegisterError if capital of a class would go elsewhere than it is to, or something else go there."""
    goes = [(cls, after) for cls, (before, after) in capitals.items() if is_under(account, before)]
    meets = [(cls, new) for cls, (_, new) in capitals.items() if is_under(target, new) or is_under(new, target)]
    if goes and not any(is_under(target, after) for _, after in goes):
        raise RegisterError(
            Message(
                "{account} is the capital of {cls}, which {after} took over: map it there",
                account=account,
                cls=goes[0][0],
                after=goes[0][1],
            )
        )
    if meets and not goes:
        raise RegisterError(
            Message(
                "{account} would go to {target}, which has the capital of {cls} and nothing else: map it to another "
                "account",
                account=account,
                target=target,
                cls=meets[0][0],
            )
        )


def _is_of(account: str, chart: Chart) -> bool:
    return account.startswith(f"{chart.code}:")


def _lines(record: Record, chart: Chart) -> dict[int, int]:
    """The lines of a record that move something in a chart, each with its quantity."""
    return {
        line: one.quantity
        for line, one in enumerate(record.postings)
        if _is_of(one.source, chart) or _is_of(one.target, chart)
    }


def _check_old_entries(view: View, old: Chart, day: date) -> None:
    """Raise RegisterError if something is booked in the old chart from the day on that was not taken back."""
    left: dict[tuple[int, int], int] = {}
    booked: dict[int, date] = {}
    for record in view.records():
        for line, one in enumerate(record.postings):
            if one.reverses_seq is not None and one.reverses_line is not None:
                if (one.reverses_seq, one.reverses_line) in left:
                    left[one.reverses_seq, one.reverses_line] -= one.quantity
            elif record.booked_on >= day and record.kind != CONVERSION and line in _lines(record, old):
                left[record.seq, line] = one.quantity
                booked[record.seq] = record.booked_on
    for (seq, _), quantity in left.items():
        if quantity:
            raise RegisterError(
                Message(
                    "record {seq} is booked on {day} in chart {chart}, which ends before {end}: reverse it first",
                    seq=seq,
                    day=booked[seq],
                    chart=old.code,
                    end=day,
                )
            )
