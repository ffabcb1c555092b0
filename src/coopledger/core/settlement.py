"""Settlements: what is owed of a run leaves it, less the tax; what the proposal settles itself, the declaration does.

Whatever way something is settled in, money, goods, shares, or by staying in the holder's name, it is a receipt: all of
a holder's receipts together bear the run's rate.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.allocation import in_order
from coopledger.core.balances import lowest, printed
from coopledger.core.chart import MONEY, Chart, Charts, Words, charts
from coopledger.core.conversion import carried_places, not_yet, standing_carried, stood_in
from coopledger.core.journal import LAST_DAY, Entry, Posting, View, is_under
from coopledger.core.passing import REVERSAL
from coopledger.core.rounding import divide
from coopledger.core.run import (
    BOUNCE,
    LAPSE,
    REFUND,
    RETAINED_PAYOUT,
    RETENTION,
    ROLE,
    Run,
    holder_paid,
    owed,
    settled,
)
from coopledger.errors import RegisterError
from coopledger.text import Message, printable, translated

TAX = "taxes payable"
"""The role of the account in which it stands what was withheld."""

CURRENT = "member current"
"""The role of the account, with a part for each member, in which it stands what they owe."""

RETAINED = "retained"
"""The role of the account in which it stands, by holder, what is retained; without it, that is among the payables."""

Withheld = Callable[[str, int], int]
"""What is withheld of a receipt, by the number of its holder, and the fen of it."""


def withheld(view: View, known: Charts, one: Run) -> Withheld:
    """What is withheld of a receipt of a run: the rate on all receipts of a holder, less what was withheld before.

    Both are rounded half up. What lapsed was never received. A payment that came back may leave a fen off: no more is
    withheld than is received.
    """
    if not one.proposal.tax:
        return lambda _, __: 0
    before = settled(view, one)
    taxes = {chart.account(TAX, one.code) for _, chart in known.adopted if TAX in chart.roles}
    rate = Fraction(one.proposal.tax)
    gone: dict[str, int] = {}
    for move in lapses(view, one):
        gone[move.holder] = gone.get(move.holder, 0) + move.fen

    def of(number: str, fen: int) -> int:
        own = before.get(number, {})
        receipts = sum(own.values()) - gone.get(number, 0) + fen
        due = divide(rate.numerator * receipts, rate.denominator, "half up")
        return min(max(due - sum(own.get(tax, 0) for tax in taxes), 0), fen)

    return of


class Lapsed(NamedTuple):
    """What lapsed of what a holder was owed, in fen, by which record and on which day, without what was taken back."""

    seq: int
    on: date
    holder: str
    fen: int


def lapses(view: View, one: Run) -> list[Lapsed]:
    """What lapsed of a run since it was declared and stays so, record by record.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     lapses(view, never)
    []
    """
    own = [record for record in view.records(LAPSE, since=one.declared_in) if record.facts["run"] == one.code]
    later = view.records(REVERSAL, since=own[0].seq) if own else ()
    taken_back = {leg[4:6] for record in later for leg in record.postings}
    return [
        Lapsed(record.seq, record.effective_on, holder_paid(leg.target), leg.quantity)
        for record in own
        for line, leg in enumerate(record.postings)
        if (record.seq, line) not in taken_back
    ]


def gross(tax: Withheld, number: str, owed_fen: int, net_fen: int) -> int:
    """The least of what is owed of which so much is left when its tax is withheld; all of it, if all leaves that.

    >>> gross(lambda _, fen: (fen + 4) // 5, "17", 100_00, 60_00)
    7500
    """
    if owed_fen - tax(number, owed_fen) == net_fen:
        return owed_fen
    return bisect_left(range(owed_fen + 1), net_fen, key=lambda fen: fen - tax(number, fen))


def set_off(tax: Withheld, places: Mapping[str, int], debts: Mapping[str, int]) -> dict[str, int]:
    """What of some accounts of a run leaves it when its holders' debts are set off: no more than is left after tax.

    >>> set_off(lambda _, fen: (fen + 4) // 5, {"c2021:222/2026/17": 100_00, "c2021:222/2026/18": 50_00}, {"17": 60_00})
    {'c2021:222/2026/17': 7500}
    """
    gone: dict[str, int] = {}
    for number, own in by_holder(places).items():
        due = sum(own.values())
        net = min(debts.get(number, 0), due - tax(number, due))
        if net > 0:
            gone |= first_of(own, gross(tax, number, due, net))
    return gone


def by_holder(places: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """What stands in some accounts of a run, by the number of whom it is owed to, and by account.

    A conversion may have divided what is owed to one.

    >>> by_holder({"c2023:113/surplus/2026/17": 30, "c2023:113/surplus/2026/a/17": 10})
    {'17': {'c2023:113/surplus/2026/17': 30, 'c2023:113/surplus/2026/a/17': 10}}
    """
    found: dict[str, dict[str, int]] = {}
    for account, fen in places.items():
        found.setdefault(holder_paid(account), {})[account] = fen
    return found


def settling(
    tax: Withheld, chart: Chart, one: Run, places: Mapping[str, int], gives: Callable[[str], str]
) -> list[Posting]:
    """The postings by which fen of some accounts leave a run: less the tax against the account that ``gives`` a number.

    Of what stands in several accounts of one holder, the tax is of the sum, and taken of the first.
    """
    numbers = [*map(holder_paid, places)]
    sums = dict(zip(numbers, places.values(), strict=True))
    if len(sums) < len(numbers):
        sums = {number: sum(own.values()) for number, own in by_holder(places).items()}
    held = {number: part for number, fen in sums.items() if (part := tax(number, fen))}
    postings = []
    for (account, fen), number in zip(places.items(), numbers, strict=True):
        part = min(held.get(number, 0), fen)
        if fen - part:
            postings.append(Posting(MONEY, gives(number), account, fen - part))
        if part:
            postings.append(Posting(MONEY, chart.account(TAX, one.code), account, part))
            held[number] -= part
    return postings


_TAKES_NONE = frozenset({"share capital", "subsidy fund", "donation fund", "distribution", "surplus", RETAINED})
"""The roles whose accounts agree with something, are what is distributed, or stand in holders' names."""


def check_takes(view: View, name: str, role: str, booked_on: date) -> None:
    """Raise RegisterError if the account of a role, said as ``name``, cannot take what is left or lapsed.

    It is the cooperative's own by then: a fund or income, and no account of what it owes others.
    """
    known = charts(view)
    chart = known.in_force(booked_on)
    account = chart.account(role)
    if not _takes(known, chart, role):
        raise RegisterError(
            Message(
                "{name}: {role} takes none{why}: one of {known} is expected",
                name=name,
                role=printable(role),
                why=Message(", for it is what is owed to others") if known.kind(account) == "liability" else "",
                known=[
                    Words(other, known.called(chart.account(other), booked_on).zh)
                    for other in chart.roles
                    if _takes(known, chart, other)
                ],
            )
        )


def _takes(known: Charts, chart: Chart, role: str) -> bool:
    return role not in _TAKES_NONE and known.kind(chart.account(role)) in {"equity", "income"}


def called(view: View, role: str) -> Words:
    """What an account is called: in English its purpose, in Chinese its name in the last chart that has one for it.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(C2023), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     called(view, "bank")
    Words(en='bank', zh='银行存款')
    """
    found = [chart for _, chart in charts(view).adopted if role in chart.roles]
    account = found[-1].accounts.get(found[-1].roles[role]) if found else None
    return Words(role, account.name.zh if account else translated(role, "zh"))


def all_at_once(problems: Iterable[Message], named: Collection[str]) -> Message:
    """All that is wrong with those who are named, and that nothing was recorded for the others either.

    >>> print(all_at_once([Message("17 owes nothing"), Message("18 owes nothing")], ["17", "18", "19"]))
    17 owes nothing; 18 owes nothing; nothing was recorded for anybody
    """
    last = [Message("nothing was recorded for anybody")] if len(named) > 1 else []
    said, *others = [*problems, *last]
    for other in others:
        said = Message("{first}; {changes}", first=said, changes=other)
    return said


def check_there(view: View, one: Run, postings: Iterable[Posting], source: str, on: date) -> None:
    """Raise RegisterError if an account, or a part of it, gives more than it has on a day or a later one."""
    needed: dict[str, int] = {}
    for leg in postings:
        if is_under(leg.source, source):
            needed[leg.source] = needed.get(leg.source, 0) + leg.quantity
    parts = [payer.removeprefix(f"{source}/") for payer in needed if payer != source]
    there = standing_parts(view, source, parts, on) if parts else {}
    for payer, fen in needed.items():
        stands = standing_carried(view, source, on) if payer == source else there[payer.removeprefix(f"{source}/")]
        if stands < fen:
            raise RegisterError(
                Message(
                    "run {run}: {account} stands at {stands} yuan from {day} on: {amount} cannot be paid from it{hint}",
                    run=one.code,
                    account=payer,
                    stands=printed(stands, 2),
                    day=on,
                    amount=printed(fen, 2),
                    hint=not_yet(charts(view), payer, on),
                )
            )


def retention(view: View, one: Run, on: date, booked_on: date) -> Iterator[Entry]:
    """What of a run that is declared is retained: Dr surplus payable Cr retained, by holder."""
    known = charts(view)
    chart, rate = known.in_force(booked_on), one.proposal.retained
    kept = {
        account: fen
        for account, due in owed(view, one.code).items()
        if (fen := rate.numerator * due // rate.denominator)
    }
    if kept:
        postings = settling(withheld(view, known, one), chart, one, kept, lambda number: retained(chart, number))
        yield Entry(RETENTION, on, booked_on, {"run": one.code}, postings)


def standing_parts(view: View, above: str, numbers: Iterable[str], on: date, sign: int = 1) -> dict[str, int]:
    """What stands in the parts that some numbers have of an account, on a day and each later one, in fen.

    On the credit side with the sign -1. So much may leave them on that day. What moves later is read once for all. What
    conversions took over later, stands on where they took it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     standing_parts(view, "c2021:114", ["17"], date(2026, 1, 1))
    {'17': 0}
    """
    moved: dict[str, list[tuple[date, int]]] = {number: [] for number in numbers}
    places = stood_in(view, charts(view), above)
    for place in places:
        there = view.balances(MONEY, place, on)
        parts = {f"{place}/{number}": number for number in moved}
        for account, number in parts.items():
            moved[number].append((on, sign * there.get((MONEY, account), 0)))
        for move in view.movements(place, MONEY, on + timedelta(1)) if on < LAST_DAY else ():
            leg = move.posting
            for account, fen in ((leg.target, leg.quantity), (leg.source, -leg.quantity)):
                if account in parts:
                    moved[parts[account]].append((move.effective_on, sign * fen))
    least = {number: lowest(line, on) for number, line in moved.items()}
    if len(places) == 1:
        return least
    return {number: min(fen, moved[number][0][1]) for number, fen in least.items()}  # no more than it has itself then


def left_behind(view: View) -> list[Entry]:
    """The conversions of what is owed of runs, or retained, and still stands in a chart that was converted.

    That is in books in which something came back after a conversion before it was carried over with that. What settles
    it, moves it first: so to each holder it is owed in one account.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     left_behind(view)
    []
    """
    adopted = {chart.code: chart for _, chart in charts(view).adopted}
    if len(adopted) < 2:
        return []
    owing = [chart.account(role) for chart in adopted.values() for role in (ROLE, REFUND) if role in chart.roles]
    above = [*owing, *retained_places(view)]
    return carried_places(view, [account for one in above for _, account in view.balances(MONEY, one)])


def first_of(places: Mapping[str, int], fen: int) -> dict[str, int]:
    """So many fen of what stands in some accounts, of the first of them first.

    >>> first_of({"c2021:114/17": 30, "c2023:113/17": 20, "c2023:211/17": 9}, 40)
    {'c2021:114/17': 30, 'c2023:113/17': 10}
    """
    found = {}
    for account, stands in places.items():
        if part := min(fen, stands):
            found[account] = part
            fen -= part
    return found


def retained(chart: Chart, number: str) -> str:
    """The account in which it stands what is retained in a holder's name.

    >>> from coopledger.core.chart import C2021
    >>> retained(C2021, "0042")
    'c2021:211/retained/0042'
    """
    return f"{retained_place(chart)}/{number}"


def retained_place(chart: Chart) -> str:
    """The account below which it stands, by holder, what is retained.

    >>> from coopledger.core.chart import C2021, with_roles
    >>> retained_place(C2021), retained_place(with_roles(C2021, {"retained": "321/retained"}))
    ('c2021:211/retained', 'c2021:321/retained')
    """
    return chart.account(RETAINED) if RETAINED in chart.roles else chart.account("payable", "retained")


class Kept(NamedTuple):
    """What a run retained in a holder's name, in fen, or paid out of that (below 0); what of it came back, above.

    ``account`` is the one in which it stood then.
    """

    seq: int
    kind: str
    on: date
    holder: str
    fen: int
    account: str


def kept(view: View, one: Run, on: date | None = None) -> list[Kept]:
    """What a run retained since it was declared, and what of that was paid out, up to a day, in the order of records.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     kept(view, never)
    []
    """
    if one.declared_on is None or not one.proposal.retained:
        return []
    above = retained_places(view)
    found: list[Kept] = []
    own: set[int] = set()
    for record in view.records(RETENTION, RETAINED_PAYOUT, BOUNCE, since=one.declared_in):
        if record.kind in {RETENTION, RETAINED_PAYOUT} and record.facts.get("run") == one.code:
            own.add(record.seq)
        if on is not None and record.effective_on > on:
            continue
        for leg in record.postings:
            if record.seq not in own and leg.reverses_seq not in own:
                continue
            for account, sign in ((leg.source, 1), (leg.target, -1)):
                place, _, number = account.rpartition("/")
                if place in above:
                    fen = sign * leg.quantity
                    found.append(Kept(record.seq, record.kind, record.effective_on, number, fen, account))
    return found


def still_kept(view: View, one: Run, on: date) -> dict[str, dict[str, int]]:
    """What a run retained of each and is there on a day and each later one, by number and the account it stands in.

    That is where it was put, or a conversion took it; what is missing there, where else something is retained of him.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     still_kept(view, never, day)
    {}
    """
    moved: dict[str, list[tuple[date, int]]] = {}
    puts: dict[str, None] = {}
    known = charts(view)
    for move in kept(view, one):
        moved.setdefault(move.holder, []).append((move.on, move.fen))
        puts[move.account.rpartition("/")[0]] = None
    own = [stood_in(view, known, above)[-1] for above in puts]
    left = {number: fen for number, line in moved.items() if (fen := lowest(line, on)) > 0}
    found: dict[str, dict[str, int]] = {}
    for above in dict.fromkeys([*own, *retained_places(view)]) if left else ():
        for number, stands in standing_parts(view, above, left, on, -1).items():
            if fen := max(min(left[number], stands), 0):
                found.setdefault(number, {})[f"{above}/{number}"] = fen
                left[number] -= fen
    return {number: found[number] for number in in_order(found)}


def retained_places(view: View) -> list[str]:
    """The accounts below which it stands, or stood, what is retained: by all charts, and where conversions took it.

    >>> from coopledger.core.chart import C2021, adopt, with_roles
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(with_roles(C2021, {"retained": "321/retained"})), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     retained_places(view)
    ['c2021:321/retained', 'c2021:211/retained']
    """
    known = charts(view)
    found: dict[str, None] = {}
    for _, chart in known.adopted:
        roles = [((RETAINED,), RETAINED in chart.roles), (("payable", "retained"), "payable" in chart.roles)]
        for place in (chart.account(*role) for role, there in roles if there):
            found |= dict.fromkeys(stood_in(view, known, place))
    return [*found]
