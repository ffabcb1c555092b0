"""Conversions: from one chart of accounts to the next, every balance in one entry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.accounts import open_from
from coopledger.core.ahead import Ahead
from coopledger.core.balances import Place, printed, standing
from coopledger.core.chart import C2004, C2007, CONVERSION, MONEY, Chart, Charts, adoption, charts, check_chart
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import (
    Decision,
    Entry,
    Posting,
    View,
    check_date,
    code,
    is_under,
    mapped,
    root,
    shown,
)
from coopledger.core.share_class import changed_class, check_capital, class_on, classes
from coopledger.core.timeline import Timeline, days, state
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message

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
    goes where, in fen, debit balances positive: ``{"132": {"131": 1_000_00, "132": 500_00}}``. It is of the first day
    on which something of the account moves. What moves on a later one takes from where the split put it, in its order,
    as far as it stands there; the rest, and what is added, goes by ``mapping``.

    Classes whose capital stood in the old chart have it in the new one from that day on; it goes to one account, and
    nothing else goes there. So with what other verbs find by its role: rights, funds, what is owed to members. What in
    the old chart counts for a later day, or was booked on one, moves then, in an entry of its own.

    After it everything is booked in the chart in force on its accounting date, whatever day it counts for. A correction
    of an old voucher is booked in the old chart by nature (it takes back those very lines), and so is what is still
    booked before the day. What a decision leaves there is carried over in the same append (:func:`carried`). Of what
    has no place in the new chart, as what was split by hand, converting again moves what it left, and
    :func:`check_conversions` says that it is due. Of a guarded account (what is owed to members, or for a purpose)
    both go into one append, :func:`~coopledger.core.ahead.in_turn`, for it never falls below zero in between.

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
    class that is split or gets something else beside it, what would stand where the verbs do not look for it (what is
    retained, or a member owes by runs, is not split), a booking before the day, an entry that is booked in the old
    chart after the day and not taken back.

    Source: 财会〔2023〕20号 and 财会〔2021〕38号, section 2.
    """
    check_chart(to)
    day = to.since if effective_on is None else effective_on
    check_date(day)
    check_date(day if booked_on is None else booked_on)
    cites = cited(documents, resolution)
    places = {code(old): code(new) for old, new in mapped(mapping).items()}
    divided = {code(account): dict(mapped(parts)) for account, parts in mapped(splits or {}).items()}
    if booked_on is not None and booked_on < day:
        raise RegisterError(
            Message(
                "booked on {booked}: the chart {chart} is in force from {day} on: that day, or a later one, is "
                "expected",
                booked=booked_on,
                chart=to.code,
                day=day,
            )
        )

    def decide(view: View) -> list[Entry]:
        known = charts(view)
        earlier = [(since, chart) for since, chart in known.adopted if chart.code != to.code and since <= day]
        if not earlier:
            raise RegisterError(
                Message("{day}: no chart of accounts is in force in this book: adopt one from that day on", day=day)
            )
        old = earlier[-1][1]
        booked = booked_on or max(day, open_from(view))
        entries: list[Entry] = []
        if known.in_force(day).code != to.code:
            entries.append(adoption(to, day, booked, known.ground, cites))
        _check_old_entries(view, old, day)
        _check_nothing_before(view, known, old, to, day)
        capitals = _capitals(view, old, to, day, places, divided)
        moves = _left(view, old, day, booked)
        made = [(one.facts.get("from"), one.facts.get("to")) for one in view.records(CONVERSION)]
        if (old.code, to.code) not in made:
            moves.setdefault((day, booked), {})  # the first is recorded, with nothing to move even
        said = {"from": old.code, "to": to.code, "mapping": places, **cites}
        used: set[str] = set()
        for (on, booked_then), moved in sorted(moves.items()):
            splits_then = {bare: None if bare in used else parts for bare, parts in divided.items()}
            postings = [*_moved(Ahead(view, entries), on, moved, old, to, places, splits_then, capitals)]
            used |= {account.partition(":")[2] for _, account in moved}
            entries.append(Entry(CONVERSION, on, booked_then, said, postings))
        for cls, (_, account) in capitals.items():
            first = _first_in(classes(view)[cls], old, day)
            if first is not None:
                check_capital(Ahead(view, entries), account)
                one, changes = class_on(view, cls, first), {"capital": account}
                entries.append(changed_class(one, changes, effective_on=first, booked_on=booked, reason="conversion"))
        return entries

    return decide


def _moved(  # noqa: PLR0917 - what a conversion was told
    view: View,
    on: date,
    moved: Mapping[Place, int],
    old: Chart,
    to: Chart,
    mapping: Mapping[str, str],
    splits: Mapping[str, Mapping[str, int] | None],
    capitals: Mapping[str, tuple[str, str]],
) -> Iterator[Posting]:
    """The postings by which balances of the old chart go to their places in the new one, on a day.

    What an earlier conversion divided is taken from where that put it.
    """
    put, taken = _put(view, old, to), dict[str, int]()
    for (denomination, account), balance in sorted(moved.items()):
        bare = account.partition(":")[2]
        targets = _targets(account, balance, to, mapping, splits, old)
        for target, _ in targets:
            _check_capital_alone(account, target, capitals)
            _check_role(account, target, old, to)
            _check_holder(view, account, target, old, to, mapping)
        if splits.get(bare) is None:
            [(mapped_to, _)] = targets
            targets = _from_where_it_is(view, on, put.get(account, {}), mapped_to, balance, taken)
        for target, quantity in targets:
            pair = (account, target) if quantity > 0 else (target, account)
            yield Posting(denomination, *pair, abs(quantity))


def _put(view: View, old: Chart, to: Chart) -> dict[str, dict[str, int]]:
    """Where conversions put what stood in each account of a chart, in their order, and how much, debit positive."""
    found: dict[str, dict[str, int]] = {}
    for record in view.records(CONVERSION):
        if (record.facts.get("from"), record.facts.get("to")) != (old.code, to.code):
            continue
        for leg in record.postings:
            for account, target, quantity in (
                (leg.source, leg.target, leg.quantity),
                (leg.target, leg.source, -leg.quantity),
            ):
                if _is_of(account, old):
                    own = found.setdefault(account, {})
                    own[target] = own.get(target, 0) + quantity
    return found


def _from_where_it_is(  # noqa: PLR0917 - what moves, and where the rest of it went
    view: View, on: date, put: Mapping[str, int], mapped_to: str, balance: int, taken: dict[str, int]
) -> list[tuple[str, int]]:
    """What takes over a balance that an account was left with after its conversion: where that put what it takes off.

    In the order of the conversion, and no more than it put there and stands there; the rest goes by the mapping.
    ``taken`` is what was taken already. So nothing falls below zero in one place while it stands in another.
    """
    if [*put] in ([], [mapped_to]):
        return [(mapped_to, balance)]
    side, left = (-1, balance) if balance > 0 else (1, -balance)
    found: dict[str, int] = {}
    for place, quantity in put.items():
        stands = standing_carried(view, place, on, side) - taken.get(place, 0)
        if (part := min(left, side * quantity, stands)) > 0:
            found[place] = part
            taken[place] = taken.get(place, 0) + part
            left -= part
    if left:
        found[mapped_to] = found.get(mapped_to, 0) + left
    return [(place, -side * part) for place, part in found.items()]


def _targets(  # noqa: PLR0917 - what a conversion was told
    account: str,
    balance: int,
    to: Chart,
    mapping: Mapping[str, str],
    splits: Mapping[str, Mapping[str, int] | None],
    old: Chart,
) -> list[tuple[str, int]]:
    """The accounts of the new chart that take over a balance, each with its share, debit positive."""
    _, _, bare = account.partition(":")
    opened, stroke, part = bare.partition("/")
    if (parts := splits.get(bare)) is not None:
        if wrong := [quantity for quantity in parts.values() if type(quantity) is not int]:
            raise RegisterError(
                Message("{account}: {seen}: a whole number of fen is expected", account=account, seen=shown(wrong[0]))
            )
        if sum(parts.values()) != balance:
            raise RegisterError(
                Message(
                    "{account}: the split comes to {seen} yuan, its balance is {balance} (debit positive)",
                    account=account,
                    seen=printed(sum(parts.values()), 2),
                    balance=printed(balance, 2),
                )
            )
        found = [(new, quantity) for new, quantity in parts.items() if quantity]
    elif opened in mapping:
        found = [(mapping[opened] + stroke + part, balance)]
    elif bare in splits:
        raise RegisterError(
            Message(
                "{account}: {balance} yuan of it are for a later day, or were booked on one, and have no place in "
                "chart {chart}: a split is of the first day only, so map it as well ('--map {bare}=…')",
                account=account,
                balance=printed(balance, 2),
                chart=to.code,
                bare=opened,
            )
        )
    else:
        raise RegisterError(
            Message(
                "{account} stands at {balance} yuan and has no place in chart {chart}: map it ('--map {bare}=…') or "
                "split it ('--split {bare}=…'){hint}",
                account=account,
                balance=printed(balance, 2),
                chart=to.code,
                bare=opened,
                hint=_closing_hint(opened, old, to),
            )
        )
    for new, _ in found:
        if root(new) not in to.accounts:
            raise RegisterError(
                Message("{role}: chart {chart} has no account {account}", role=account, chart=to.code, account=new)
            )
    return [(f"{to.code}:{new}", quantity) for new, quantity in found]


def _check_nothing_before(view: View, known: Charts, old: Chart, to: Chart, day: date) -> None:
    """Raise RegisterError if something would go on standing in the old chart from a day on which the new one was kept.

    What is converted again on the day on which the chart came into force moves on its own day, where that is later.
    """
    since = day
    for on, chart in reversed([one for one in known.adopted if one[0] <= day]):
        if chart.code != to.code:
            break
        since = on
    early = {account: found for account, found in _first_left(view, old, since).items() if found[0] < day}
    for account, (on, balance) in sorted(early.items()):
        raise RegisterError(
            Message(
                "{account}: {balance} yuan stand in it from {on} on, and would until {day}: convert it on {since}, "
                "from which day on the book is kept by chart {chart}; what counts for later days moves on those",
                account=account,
                balance=printed(balance, 2),
                on=on,
                day=day,
                since=since,
                chart=to.code,
            )
        )


def _closing_hint(bare: str, old: Chart, to: Chart) -> Message | str:
    """Where income and expenses go that were not closed at the year's end."""
    account = old.accounts.get(bare)
    if account is None or account.kind not in ("income", "expense") or "distribution" not in to.roles:
        return ""
    return Message(
        "; income and expenses of the old year that were not closed are part of what is distributed, {account}",
        account=to.roles["distribution"],
    )


def taken_over(view: View, known: Charts, account: str, chart: Chart) -> str:
    """The account of a chart that took over, in conversions, what stood in an account of an earlier one.

    That is by their mapping; what that has no place for, such as income that was closed before, is found by its role.
    An account of the chart itself, and of one that was not converted, stays what it is.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(C2004), key="old", actor="accountant")
    >>> _ = journal.append(convert_chart(C2023, C2004_TO_C2023), key="new", actor="accountant")
    >>> with journal.read() as view:
    ...     taken_over(view, charts(view), "c2004:202/17", C2023), taken_over(view, charts(view), "c2004:531", C2023)
    ('c2023:211/17', 'c2023:504')
    """
    return account if _is_of(account, chart) else stood_in(view, known, account)[-1]


def stood_in(view: View, known: Charts, account: str) -> list[str]:
    """The accounts in which it stood, one after the other, what conversions took over from an account; itself first.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(C2004), key="old", actor="accountant")
    >>> _ = journal.append(convert_chart(C2023, C2004_TO_C2023), key="new", actor="accountant")
    >>> with journal.read() as view:
    ...     stood_in(view, charts(view), "c2004:202/17")
    ['c2004:202/17', 'c2023:211/17']
    """
    found = [account]
    by_code = {one.code: one for _, one in known.adopted}
    for record in view.records(CONVERSION):
        old, new = (by_code.get(str(record.facts.get(end))) for end in ("from", "to"))
        if old is None or new is None or not _is_of(account, old):
            continue
        bare = account.partition(":")[2]
        opened, stroke, part = bare.partition("/")
        mapping: Any = record.facts["mapping"]
        roles = [role for role, place in old.roles.items() if role in new.roles and is_under(bare, place)]
        if opened in mapping:
            account = f"{new.code}:{mapping[opened]}{stroke}{part}"
        elif roles:
            role = max(roles, key=lambda one: len(old.roles[one]))
            account = new.account(role) + bare[len(old.roles[role]) :]
        if account not in found:
            found.append(account)
    return found


def standing_carried(view: View, account: str, on: date, sign: int = 1, less: Iterable[tuple[date, int]] = ()) -> int:
    """What of money stands in an account, and in those that took it over in conversions, on a day and each later one.

    On the credit side with the sign -1. ``less`` is what of it is set aside, each from its day on.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     standing_carried(view, "c2004:102", date(2024, 1, 1))
    0
    """
    return standing(view, MONEY, stood_in(view, charts(view), account), on, sign, less)


def not_yet(known: Charts, account: str, on: date) -> Message | str:
    """What is said, after a semicolon, of an account of a chart by which the book is not kept on a day yet.

    >>> from coopledger.core.accounts import NOTHING
    >>> from coopledger.core.chart import C2023
    >>> known = Charts(((date(2020, 1, 1), C2004), (date(2024, 1, 1), C2023)), NOTHING)
    >>> print(not_yet(known, "c2023:102", date(2023, 12, 20)))
    ; the book is kept by chart c2023 from 2024-01-01 on: count it for that day or a later one, or book it before that
    day in chart c2004, and it is carried over
    >>> not_yet(known, "c2023:102", date(2024, 1, 1)), not_yet(known, "c2004:102", date(2023, 12, 20))
    ('', '')
    """
    then = [chart.code for since, chart in known.adopted if since <= on]
    since = next((day for day, chart in known.adopted if day > on and _is_of(account, chart)), None)
    if since is None or not then or _is_of(account, known.in_force(on)):
        return ""
    return Message(
        "; the book is kept by chart {chart} from {since} on: count it for that day or a later one, or book it before "
        "that day in chart {old}, and it is carried over",
        chart=account.partition(":")[0],
        since=since,
        old=then[-1],
    )


def carried(view: View, entries: Iterable[Entry]) -> list[Entry]:
    """The entries of one append, and conversions of what they leave in charts that the book has left: so nothing stays.

    Whatever verb books for a day before a conversion, or takes back in the old chart what was booked there, its money
    goes by the mapping of the conversion where that sent the rest, on the day on which the new chart came into force or
    a later one of the entry; of what was split as well as mapped, it takes from where that put it. Where something has
    no place there, as what was split by hand alone, all of it stays: :func:`check_conversions` asks for it. What
    conversions of the same append move already, is not moved again.

    Raises RegisterError if what stays would be below zero where that may never be: what is owed, or for a purpose.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(C2004), key="old", actor="accountant")
    >>> _ = journal.append(convert_chart(C2023, C2004_TO_C2023), key="new", actor="accountant")
    >>> day = date(2023, 5, 1)
    >>> till = Entry("note", day, day, {}, [Posting("CNY", "c2004:102", "c2004:101", 50_00)])
    >>> with journal.read() as view:
    ...     for one in carried(view, [till]):
    ...         print(one.kind, one.effective_on, [(leg.source, leg.target) for leg in one.postings])
    note 2023-05-01 [('c2004:102', 'c2004:101')]
    conversion 2024-01-01 [('c2004:101', 'c2023:101'), ('c2023:102', 'c2004:102')]
    """
    made = [*entries]
    if not any(one.postings for one in made):
        return made
    converts = any(one.kind == CONVERSION for one in made)
    ways = [*_left_charts(charts(Ahead(view, made) if converts else view))]
    left = tuple(f"{old.code}:" for old, _, _ in ways)
    moves = [
        (_Days(one.effective_on, one.booked_on), (leg.denomination, account), quantity)
        for one in (made if ways else ())
        if one.kind != CONVERSION
        for leg in one.postings
        for account, quantity in ((leg.target, leg.quantity), (leg.source, -leg.quantity))
        if account.startswith(left)
    ]
    return [*made, *_carried(Ahead(view, made), _still_there(view, made, moves), ways)] if moves else made


def carried_places(view: View, accounts: Iterable[str]) -> list[Entry]:
    """The conversions of what still stands of money in some accounts, of those of a chart that was converted.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     carried_places(view, ["c2004:113"])
    []
    """
    places = [(MONEY, account) for account in sorted({*accounts})]
    moves = [*_stands(view, places)]
    booked_on = max((when.booked_on for when, _, _ in moves), default=date.min)
    return _carried(view, _booked(moves, booked_on), [*_left_charts(charts(view))])


class _Days(NamedTuple):
    """The day for which something counts, and the accounting date."""

    on: date
    booked_on: date


_Moves = list[tuple[_Days, Place, int]]
"""What goes into places, or out of them (below 0), by the days for which and on which it is booked."""


def _stands(view: View, places: Iterable[Place]) -> Iterator[tuple[_Days, Place, int]]:
    """All that moved in some places."""
    for denomination, account in places:
        for one in view.movements(account, denomination):
            if into := (one.posting.target == account) - (one.posting.source == account):
                yield _Days(one.effective_on, one.booked_on), (denomination, account), into * one.posting.quantity


def _booked(moves: Iterable[tuple[_Days, Place, int]], booked_on: date) -> _Moves:
    """Moves, all of them booked on one day."""
    return [(when._replace(booked_on=booked_on), place, quantity) for when, place, quantity in moves]


def _still_there(view: View, made: Sequence[Entry], moves: _Moves) -> _Moves:
    """What entries move in some places, and of those that had something before, or that they convert, what stands."""
    ahead = Ahead(view, made)
    moved: dict[Place, int] = {}
    for _, place, quantity in moves:
        moved[place] = moved.get(place, 0) + quantity
    stands: dict[Place, int] = {}
    for denomination, account in {(unit, root(place)) for unit, place in moved}:
        stands |= ahead.balances(denomination, account)
    converted = {
        (leg.denomination, account)
        for one in made
        if one.kind == CONVERSION
        for leg in one.postings
        for account in (leg.source, leg.target)
    }
    other = {place for place, fen in moved.items() if place in converted or stands.get(place, 0) != fen}
    own = [(when, place, quantity) for when, place, quantity in moves if place not in other]
    return own + _booked(_stands(ahead, sorted(other)), max(when.booked_on for when, _, _ in moves))


def _carried(view: View, moves: _Moves, ways: Sequence[tuple[Chart, Chart, date]]) -> list[Entry]:
    """The conversions, made as those before them, of what moves leave in charts that were converted."""
    left, entries = [*moves], list[Entry]()
    if not any(_is_of(account, old) for _, (_, account), _ in left for old, _, _ in ways):
        return entries
    mappings: dict[tuple[Any, Any], dict[str, str]] = {}
    for record in view.records(CONVERSION):
        mapping: Any = record.facts.get("mapping", {})
        mappings.setdefault((record.facts.get("from"), record.facts.get("to")), {}).update(mapping)
    opens = open_from(view)
    for old, new, since in ways:
        places = mappings.get((old.code, new.code))
        if places is None:
            continue
        by_days: dict[_Days, dict[Place, int]] = {}
        for when, place, quantity in left:
            if _is_of(place[1], old):
                moved = by_days.setdefault(_Days(max(when.on, since), max(when.booked_on, since, opens)), {})
                moved[place] = moved.get(place, 0) + quantity
        try:
            capitals = _capitals(view, old, new, since, places, {})
            made = _carried_one_way(Ahead(view, entries), by_days, old, new, places, capitals)
        except RegisterError as error:
            _check_may_stay(charts(view), by_days.values(), new, since, error)
            continue
        entries += made
        for entry in made:
            for leg in entry.postings:
                when = _Days(entry.effective_on, entry.booked_on)
                left += [
                    (when, (leg.denomination, leg.target), leg.quantity),
                    (when, (leg.denomination, leg.source), -leg.quantity),
                ]
    return entries


def _carried_one_way(  # noqa: PLR0917 - what moves, and what its conversion was told
    view: View,
    by_days: Mapping[_Days, Mapping[Place, int]],
    old: Chart,
    new: Chart,
    mapping: Mapping[str, str],
    capitals: Mapping[str, tuple[str, str]],
) -> list[Entry]:
    """The conversions from one chart to another, each of which sees those before it."""
    made: list[Entry] = []
    for (on, booked_on), moved in sorted(by_days.items()):
        still = {place: quantity for place, quantity in moved.items() if quantity}
        if postings := [*_moved(Ahead(view, made), on, still, old, new, mapping, {}, capitals)]:
            said = {"from": old.code, "to": new.code, "mapping": mapping}
            made.append(Entry(CONVERSION, on, booked_on, said, postings))
    return made


def _check_may_stay(
    known: Charts, moved: Iterable[Mapping[Place, int]], new: Chart, since: date, error: RegisterError
) -> None:
    """Raise RegisterError if what has no place in the new chart would be below zero in an account that is guarded."""
    stays: dict[Place, int] = {}
    for places in moved:
        for place, quantity in places.items():
            stays[place] = stays.get(place, 0) + quantity
    for (_, account), quantity in stays.items():
        guard = known.ground.guard(account)
        if (guard == "credit" and quantity > 0) or (guard == "debit" and quantity < 0):
            raise RegisterError(
                Message(
                    "{account} would be below zero from {since} on, for what stood in it is in chart {new} since then, "
                    "and this is not carried over ({why}): count it for {since} or a later day, in chart {new}, or "
                    "append it in one with its conversion (in_turn(…, convert_chart(…, splits=…)))",
                    account=account,
                    since=since,
                    new=new.code,
                    why=error.message,
                )
            ) from error


def _left_charts(known: Charts) -> Iterator[tuple[Chart, Chart, date]]:
    """The charts that the book has left for good, each with the one that followed, and the day on which it did."""
    for at, (_, old) in enumerate(known.adopted[:-1]):
        since, new = known.adopted[at + 1]
        if new.code != old.code and all(chart.code != old.code for _, chart in known.adopted[at + 1 :]):
            yield old, new, since  # no other version of it, and it did not come back


def check_conversions(view: View) -> list[Problem]:
    """A problem for each account of a chart that the book has left in which something stands, from a day on.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_conversions(view)
    []
    """
    problems = []
    for old, new, since in _left_charts(charts(view)):
        problems += [
            Problem(
                account,
                Message(
                    "{balance} yuan stand in it from {on} on, though from {day} on the book is kept by chart {new}: "
                    "convert it (convert_chart, 'book convert-chart {new} --on {day} --again'), and they move along",
                    balance=printed(balance, 2),
                    on=on,
                    new=new.code,
                    day=since,
                ),
            )
            for account, (on, balance) in sorted(_first_left(view, old, since).items())
        ]
    return problems


def _first_left(view: View, old: Chart, day: date) -> dict[str, tuple[date, int]]:
    """The accounts of a left chart in which something stands from the day on: since when, and how much then."""
    changed: dict[str, dict[date, int]] = {}
    for (on, _), moved in _left(view, old, day, day).items():
        for (_, account), quantity in moved.items():
            by_day = changed.setdefault(account, {})
            by_day[on] = by_day.get(on, 0) + quantity
    first = {account: [one for one in sorted(by_day.items()) if one[1]][:1] for account, by_day in changed.items()}
    return {account: found[0] for account, found in first.items() if found}


def _left(view: View, old: Chart, day: date, booked_on: date) -> dict[tuple[date, date], dict[Place, int]]:
    """What is to leave the old chart, by the days for which and on which it is booked, and by denomination and account.

    On the day, what there was; what was booked before the day for a later one, on that. A correction is moved when it
    was booked, so that no trial balance before it changes.
    """
    found: dict[tuple[date, date], dict[Place, int]] = {}
    for record in view.records():
        days = max(record.effective_on, day), max(record.booked_on, day, booked_on)
        for one in record.postings:
            for account, quantity in ((one.target, one.quantity), (one.source, -one.quantity)):
                if _is_of(account, old):
                    moved = found.setdefault(days, {})
                    moved[one.denomination, account] = moved.get((one.denomination, account), 0) + quantity
    return {
        days: left
        for days, moved in found.items()
        if (left := {place: quantity for place, quantity in moved.items() if quantity})
    }


def _first_in(line: Timeline, old: Chart, day: date) -> date | None:
    """The first of the day and later ones on which a class is opened or changed whose capital is in the old chart."""
    on_days = (day, *days(line, day))
    return next((on for on in on_days if _is_of(state(line, on).get("capital") or "", old)), None)


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
        stood = [one.fields.get("capital") or "" for one in line]
        before = next((account for account in reversed(stood) if _is_of(account, old)), "")
        if before and _first_in(line, old, day) is not None:
            if before.partition(":")[2] in splits:
                raise RegisterError(
                    Message(
                        "{account} is the capital of {cls} and is not split: map it, so that one account takes it over",
                        account=before,
                        cls=cls,
                    )
                )
            [(after, _)] = _targets(before, 0, to, mapping, {}, old)
            found[cls] = (before, after)
        elif before and (now := state(line, day).get("capital") or "") and _is_of(now, to):  # converted already
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


def _check_role(account: str, target: str, old: Chart, to: Chart) -> None:
    """Raise RegisterError if a balance that other verbs find by a role would go where they do not look for it.

    And if another balance would go among subsidies or donations, which are to agree with what members have of them.
    """
    roles = [one for one in _FOUND if one in old.roles and one in to.roles and is_under(account, old.account(one))]
    roles += [
        one
        for one in _PARTED
        if one in old.roles and one in to.roles and is_under(account, above := old.account(one)) and account != above
    ]
    if roles and not any(is_under(target, to.account(one)) for one in roles):
        raise RegisterError(
            Message(
                "{account} would go to {target}, and is {role}, for which chart {chart} has {accepted}: map it there",
                account=account,
                target=target,
                role=roles[0],
                chart=to.code,
                accepted=to.account(roles[0]),
            )
        )
    for one in ("subsidy fund", "donation fund"):
        if one not in roles and one in to.roles and is_under(target, to.account(one)):
            raise RegisterError(
                Message(
                    "{account} would go to {target}, which has the {role} and nothing else: map it to another account",
                    account=account,
                    target=target,
                    role=one,
                )
            )


def _check_holder(  # noqa: PLR0917 - what a conversion was told
    view: View, account: str, target: str, old: Chart, to: Chart, mapping: Mapping[str, str]
) -> None:
    """Raise RegisterError if what a run owes to a holder, retained of it, or has him owe, would go where no verb looks.

    What is owed is found below the run by the number at the end, and may be divided there; the others stand in one.
    """
    for role in _OWED:
        if role in old.roles and is_under(account, above := old.account(role)):
            run, _, rest = account[len(above) + 1 :].partition("/")
            number = rest.rpartition("/")[2]
            below = to.account(role, run) if number and role in to.roles else ""
            if below and not (target.startswith(f"{below}/") and target.endswith(f"/{number}")):
                raise _lost(account, target, f"{below}/{number}")
            return
    for places in (_OWES, _RETAINED):
        part = next((account[len(one) :] for one in _places_of(old, places) if is_under(account, one)), "")
        looked_for = [one + part for one in _places_of(to, places)]
        if places == _RETAINED:  # wherever the mapping sends all of it, it is found
            looked_for += _mapped_to(account, to, mapping)
        if part and looked_for and target not in looked_for:
            stood = [one + part for _, chart in charts(view).adopted for one in _places_of(chart, places)]
            if any("run" in view.record(one.seq).facts for at in stood for one in view.movements(at, MONEY)):
                raise _lost(account, target, looked_for[0])


def _mapped_to(account: str, to: Chart, mapping: Mapping[str, str]) -> list[str]:
    """The account to which a mapping sends one of the old chart, if it does."""
    opened, stroke, part = account.partition(":")[2].partition("/")
    return [f"{to.code}:{mapping[opened]}{stroke}{part}"] if opened in mapping else []


def _places_of(chart: Chart, places: Iterable[tuple[str, str]]) -> list[str]:
    """The accounts of a chart for some roles, or parts of them."""
    return [chart.account(role, part) for role, part in places if role in chart.roles]


def _lost(account: str, target: str, expected: str) -> RegisterError:
    return RegisterError(
        Message(
            "{account} would go to {target}, where no verb finds what a run owes to somebody, retained of it, or has "
            "him owe: leave it out of the splits, and map all of it to {expected}",
            account=account,
            target=target,
            expected=expected,
        )
    )


_OWED = ("surplus payable", "refund payable")
"""The roles of the accounts in which it stands, by run and number, what is owed to holders."""

_OWES, _RETAINED = (("member current", ""),), (("retained", ""), ("payable", "retained"))
"""In which parts of which roles' accounts it stands, by number, what holders owe by runs, and what is retained."""

_FOUND = (
    "right",
    "amortisation",
    "refund payable",
    "surplus payable",
    "special payable",
    "subsidy fund",
    "donation fund",
    "reserve",
)
"""The roles of accounts in whose parts, or balances, other verbs find what somebody has brought in, is owed, or has."""

_PARTED = ("receivable", "payable")
"""Those in whose parts it stands what is owed by contracts, and what came in before; of others they have no part."""


def _is_of(account: str, chart: Chart) -> bool:
    return account.startswith(f"{chart.code}:")


def _check_old_entries(view: View, old: Chart, day: date) -> None:
    """Raise RegisterError if something is booked in the old chart from the day on that was not taken back."""
    left: dict[tuple[int, int], int] = {}
    booked: dict[int, date] = {}
    for record in view.records():
        for line, one in enumerate(record.postings):
            if one.reverses_seq is not None and one.reverses_line is not None:
                if (one.reverses_seq, one.reverses_line) in left:
                    left[one.reverses_seq, one.reverses_line] -= one.quantity
            elif (
                record.booked_on >= day
                and record.kind != CONVERSION
                and (_is_of(one.source, old) or _is_of(one.target, old))
            ):
                left[record.seq, line] = one.quantity
                booked[record.seq] = record.booked_on
    for (seq, _), quantity in left.items():
        if quantity:
            raise RegisterError(
                Message(
                    "record {seq} is booked on {day} in chart {chart}, which ends before {end}: take it back first, or "
                    "go over on a later day",
                    seq=seq,
                    day=booked[seq],
                    chart=old.code,
                    end=day,
                )
            )
