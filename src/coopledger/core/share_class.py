"""Share classes: what a share entitles to, who may hold it, and to whom it may pass.

A class is a denomination of the journal. Its shares are counted in its smallest unit: a class of two digits counts
hundredths, so 2.5 labour-years are 250.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, dropwhile
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import OPENING, Denomination, opening
from coopledger.core.balances import printed
from coopledger.core.chart import CONVERSION, DONATION, MONEY, RESERVE, SUBSIDY, TRADE, Charts, Words, charts
from coopledger.core.charter import MU
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import LARGEST_QUANTITY, Decision, Entry, Facts, View, code, is_under, root, shown
from coopledger.core.quantity import Number, decimal, quantity
from coopledger.core.timeline import Change, Timeline, state, timeline
from coopledger.errors import EntryError, RegisterError
from coopledger.text import Message, printable

CLASS = "class"
"""The kind of records that define a share class or change it."""

Kind = Literal["person", "collective", "enterprise", "fund"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What a member can be. Persons hold themselves, or through their household: the class's level says which."""

Level = Literal["person", "household"]
Reach = Literal["anyone", "members", "household", "nobody"]
Public = Literal["anyone", "members"]
Basis = Literal["subscribed", "paid-in"]
Leaving = Literal["refund", "spread", "keep"]
Management = Literal["static", "dynamic"]
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": get_args(Level),
    "issued_to": get_args(Public),
    "passes_to": get_args(Reach),
    "inherited_by": get_args(Reach),
    "earns": get_args(Basis),
    "on_leaving": get_args(Leaving),
    "management": get_args(Management),
}


class ShareClass(NamedTuple):
    """A class of shares and its rights, as of a day.

    - ``digits``: decimals of a share; ``par_fen``: the par value of one whole share, or None;
    - ``capital``: the account that stands at paid-in shares × par, or None if no money is booked of its shares: where
      the books have a chart, not of a class with a par value that earns by what is paid in;
    - ``dividend``, ``vote``: whether it earns and votes; ``preference``: the higher is served first, 0 is ordinary;
      ``rate``: a preferred class's yearly rate on par;
    - ``level``: persons hold it themselves or as a ``household``; ``holders``: the kinds that may hold it;
    - ``issued_to``: members only, or anyone in the register; ``passes_to``: to whom it may be sold or given;
      ``inherited_by``: who may inherit it;
    - ``cap``: the most that one holder may have, in smallest units (int) or as a part of the class (Fraction);
    - ``earns``: on what is subscribed (认缴) or paid in (实缴);
    - ``lock_in_days`` from the day a lot was issued, ``locked_until`` for the whole class;
    - ``pooled``: held in equal parts by whoever is eligible on the day, by households one for each of their people;
      ``group``: eligible are its people only;
    - ``on_leaving``: a leaver's shares are refunded, spread over those who stay, or kept until they pass on;
    - ``management``: ``static`` (生不增死不减) or ``dynamic`` (re-balanced by resolution);
    - ``closed``: nothing is issued or moved; for what has to move, such as a right that expires or a leaver's shares,
      the class is opened for a day;
    - ``counted_since``: the last day on which its shares were recounted or got another par value; what is effective
      before it can no longer be recorded;
    - ``source``: the law or charter that says so.
    """

    code: str
    name: str
    digits: int = 0
    par_fen: int | None = None
    capital: str | None = None
    dividend: bool = True
    vote: bool = False
    preference: int = 0
    rate: Fraction | None = None
    level: Level = "person"
    holders: tuple[Kind, ...] = KINDS
    issued_to: Public = "members"
    passes_to: Reach = "members"
    inherited_by: Reach = "anyone"
    cap: int | Fraction | None = None
    earns: Basis = "subscribed"
    lock_in_days: int = 0
    locked_until: date | None = None
    pooled: bool = False
    group: str = ""
    on_leaving: Leaving = "keep"
    management: Management = "static"
    closed: bool = False
    counted_since: date | None = None
    source: str = ""

    @property
    def unit(self) -> int:
        """How many smallest units make one share."""
        return int(10**self.digits)


PRESETS: Mapping[str, ShareClass] = {
    one.code: one
    for one in (
        ShareClass(
            "collective",
            "集体股",
            holders=("collective",),
            issued_to="anyone",
            passes_to="nobody",
            inherited_by="nobody",
            source="农村集体经济组织法 16, 36",  # collective property is not divided among members
        ),
        ShareClass(
            "member",
            "成员股",
            vote=True,
            level="household",
            holders=("person",),
            # A right to income from operating property; passes within the collective, recorded per household.
            source="农村集体经济组织法 40；浙江、上海",
        ),
        ShareClass(
            "labour",
            "农龄股",
            digits=2,
            holders=("person",),
            source="农村集体经济组织法 40；上海",  # years of labour have fractions
        ),
        ShareClass(
            "land",
            "土地股",
            level="household",
            on_leaving="refund",
            source="承包法 38；农民专业合作社法 28",  # land rights are contributed by the contracting household
        ),
        ShareClass(
            "cash",
            "资金股",
            par_fen=100,
            earns="paid-in",
            on_leaving="refund",
            source="农民专业合作社法 28, 43, 44",  # earns by contribution, refunded on leaving
        ),
        ShareClass(
            "preferred",
            "优先股",
            par_fen=100,
            preference=1,
            issued_to="anyone",
            passes_to="anyone",
            earns="paid-in",
            on_leaving="refund",
            source="章程",  # served first, no vote
        ),
        ShareClass(
            "subsidy",
            "补助量化股",
            holders=("person",),
            passes_to="nobody",
            inherited_by="nobody",
            pooled=True,
            on_leaving="spread",
            # Quantified equally; never refunded, spread again over those who stay.
            source="农民专业合作社法 44；重庆 14，山东 22",
        ),
    )
}
"""The kinds of classes that cooperatives have; each names the rule that it follows."""


def preset(kind: str, **changes: Any) -> ShareClass:
    """A preset class with some of it changed; its own ``code`` and ``name`` among that.

    A preset has no ``capital``, for it knows no chart: in a book with one, give ``"cash"`` and ``"preferred"`` an
    account of it, as ``preset("cash", capital=C2023.account("share capital"))``.

    >>> preset("labour", code="years", cap=Fraction(3, 100)).name
    '农龄股'
    """
    if kind not in PRESETS:
        raise RegisterError(
            Message("{seen} is no preset class: {accepted} are", seen=printable(kind), accepted=list(PRESETS))
        )
    _check_rights(changes, ShareClass._fields)
    return PRESETS[kind]._replace(**changes)


def open_class(
    share_class: ShareClass,
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Open a class: its denomination and its rights.

    Raises RegisterError if there is one of that code, or something else is counted under it (money, mu, a memo unit),
    if its rights contradict each other, if the smallest fraction of a share is worth no whole number of fen at par, if
    its capital is no account of equity in the book, or one in which other money stands or other verbs book, or if it
    earns by what is paid in and the book has a chart, but the class no account of capital.

    >>> opened = open_class(preset("cash", capital="c37:301"), effective_on=date(2026, 1, 1))
    """
    check_class(share_class)
    check_par(share_class)
    share_class = share_class._replace(code=code(share_class.code))
    facts = {CLASS: share_class.code, "set": plain_fields(share_class), **cited(documents, resolution)}
    named = opening([Denomination(share_class.code, share_class.name, share_class.digits)])
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        if share_class.code in classes(view):
            raise RegisterError(
                Message("{code}: there is such a class already: change it instead", code=share_class.code)
            )
        known = charts(view)
        if share_class.code in _COUNTED or share_class.code in known.ground.denominations:
            raise RegisterError(
                Message(
                    "{code}: something else is counted under this code: a class needs its own", code=share_class.code
                )
            )
        if share_class.capital is not None:
            check_capital(view, share_class.capital)
        check_paid_somewhere(known, share_class, booked)
        return [Entry(OPENING, effective_on, booked, named), Entry(CLASS, effective_on, booked, facts)]

    return decide


def check_paid_somewhere(known: Charts, one: ShareClass, booked_on: date) -> None:
    """Raise RegisterError if a class earns by what is paid in, and the books have a chart, but no account of it.

    Shares of it would be issued and no money booked, and once they are out no account can be named any more.
    """
    if one.capital is not None or one.par_fen is None or one.pooled or one.earns != "paid-in":
        return
    if any(since <= booked_on for since, _ in known.adopted):
        chart = known.in_force(booked_on)
        raise RegisterError(
            Message(
                "{cls} earns by what is paid in, and names no account of capital in which that stands: no money would "
                "be booked; the chart's is {account} (if no money is paid for its shares, it earns 'subscribed')",
                cls=one.code,
                account=f"{chart.code}:{chart.roles.get('share capital', '…')}",
            ),
            about=["capital", "earns"],
        )


def capitals(view: View) -> list[tuple[str, str]]:
    """The classes and the accounts that their capital stands in, or stood in once."""
    return sorted(
        {
            (cls, change.fields["capital"])
            for cls, line in classes(view).items()
            for change in line
            if change.fields.get("capital") is not None
        }
    )


def check_capital(view: View, account: str) -> None:
    """Raise RegisterError if share capital cannot stand in an account.

    One that is none of the books, or no equity; one that other verbs fill by its role, or a part of it, or one of which
    that is a part; a part of an account that another class's capital stands in, or one of which that is a part: what
    each class has would not be told apart. One in which, or in parts of which, other money stands or stood: it would
    count as capital. Classes may share an account; beside other money, such as 资本 of older days, a part takes them.
    """
    known = charts(view)
    check_opened_account(known, account)
    for cls, other in capitals(view):
        if account != other and (is_under(account, other) or is_under(other, account)):
            raise RegisterError(
                Message(
                    "{account}: the capital of {cls} stands in {other}, and one is a part of the other: the same "
                    "account, or one beside it, is expected",
                    account=printable(account),
                    cls=cls,
                    other=other,
                )
            )
    _check_equity(known, account)
    if account not in {other for _, other in capitals(view)}:
        _check_alone(view, known, account)


def _check_equity(known: Charts, account: str) -> None:
    """Raise RegisterError for an account of a chart that is no equity."""
    for _, chart in known.adopted:
        found = chart.accounts.get(root(account).removeprefix(f"{chart.code}:"))
        if found is not None and root(account) == f"{chart.code}:{found.code}" and found.kind != "equity":
            raise RegisterError(
                Message(
                    "{account} is no account of capital: one of equity is expected, such as that of share capital",
                    account=printable(account),
                )
            )


def _check_alone(view: View, known: Charts, account: str) -> None:
    """Raise RegisterError if an account, or a part of it, has or had other money, or is for other verbs to fill.

    What came from the capital of a class is no other money; a conversion takes it over as it stood.
    """
    moves = [*view.movements(account, MONEY)]
    came = {
        (one.seq, one.line): other
        for one in moves
        for _, other in capitals(view)
        if one.kind == CONVERSION and (is_under(one.posting.source, other) or is_under(one.posting.target, other))
    }
    filled = _filled(known, account)
    if filled and not any(_filled(known, other) for other in came.values()):
        raise RegisterError(
            Message(
                "{account} is no account of capital: other verbs fill {other}, {name}: one of equity that has nothing "
                "else is expected, such as that of share capital, or a part of it",
                account=printable(account),
                other=filled[0],
                name=filled[1],
            )
        )
    by_day: dict[date, int] = {}
    for one in moves:
        if (one.seq, one.line) not in came:
            sign = is_under(one.posting.source, account) - is_under(one.posting.target, account)
            by_day[one.effective_on] = by_day.get(one.effective_on, 0) + sign * one.posting.quantity
    days = sorted(by_day)
    for day, fen in zip(days, accumulate(by_day[one] for one in days), strict=True):
        if fen:
            raise RegisterError(
                Message(
                    "{account} stands at {fen} yuan on {day}, which are no shares: an account without other money is "
                    "expected, such as a part of its own, {part}",
                    account=printable(account),
                    fen=printed(fen, 2),
                    day=day,
                    part=printable(f"{account}/shares"),
                )
            )


def _filled(known: Charts, account: str) -> tuple[str, Words] | None:
    """The account of a role that verbs fill, and its name, of which an account is a part, or the other way round."""
    for _, chart in known.adopted:
        for role in chart.roles:
            other = chart.account(role)
            if role != "share capital" and (is_under(account, other) or is_under(other, account)):
                return other, chart.accounts[root(other).removeprefix(f"{chart.code}:")].name
    return None


def check_opened_account(known: Charts, account: str, booked_on: date | None = None) -> None:
    """Raise RegisterError for what is no account of the books, or, on an accounting date, not of the chart in force."""
    opened = root(account) if isinstance(account, str) else ""
    chart, colon, _ = opened.partition(":")
    if not colon or opened not in known.ground.accounts:
        raise RegisterError(
            Message(
                "{account}: no such account in the books: one of the chart of accounts is expected, by its code",
                account=shown(account),
            )
        )
    if booked_on is not None and any(one.code == chart for _, one in known.adopted):
        in_force = known.in_force(booked_on).code
        if chart != in_force:
            raise RegisterError(
                Message(
                    "{account}: on {day} the chart {chart} is in force: an account of it is expected",
                    account=printable(account),
                    day=booked_on,
                    chart=in_force,
                )
            )


_COUNTED = frozenset({MONEY, MU.code, RESERVE, SUBSIDY, DONATION, TRADE})
"""What a book counts besides shares."""

FIXED = frozenset({"code", "digits", "par_fen", "pooled", "counted_since"})
"""What no plain change of a class touches: shares would have to move, or money."""


def changed_class(
    one: ShareClass,
    changes: Mapping[str, Any],
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    more: Facts | None = None,
) -> Entry:
    """The entry that gives a class other rights from a day on. Raises RegisterError for rights that cannot be meant."""
    _check_rights(changes, ShareClass._fields)
    new = one._replace(**changes)
    check_class(new)
    fields = plain_fields(new)
    facts = {CLASS: one.code, "set": {name: fields[name] for name in changes}, "reason": reason, **(more or {})}
    return Entry(CLASS, effective_on, booked_on or effective_on, facts)


def check_changeable(changes: Iterable[str]) -> None:
    """Raise RegisterError for what no plain change of a class touches, and for what is no right of a class."""
    _check_rights(changes, [one for one in ShareClass._fields if one not in FIXED])


def _check_rights(seen: Iterable[str], accepted: Sequence[str]) -> None:
    if refused := sorted({*seen} - {*accepted}):
        raise RegisterError(
            Message("{seen} of a class cannot be changed so: {accepted} can", seen=refused, accepted=accepted)
        )


def classes(view: View) -> dict[str, Timeline]:
    """How each class of a book was defined and changed, by its code; what would change it before then is left out."""
    found: dict[str, list[Change]] = {}
    for one in view.records(CLASS):
        found.setdefault(one.facts[CLASS], []).append(Change(one.effective_on, one.seq, one.facts["set"]))
    lines = ((cls, [*dropwhile(_not_whole, timeline(changes))]) for cls, changes in sorted(found.items()))
    return {cls: line for cls, line in lines if line}


def _not_whole(one: Change) -> bool:
    return "code" not in one.fields


def class_on(view: View, cls: str, on: date | None = None) -> ShareClass:
    """A class as of a day. Raises RegisterError if there is none by then.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     class_on(view, "land").name
    '土地股'
    """
    lines = classes(view)
    fields = state(lines.get(code(cls), ()), on)
    if not fields:
        raise no_such_class(lines, cls, on)
    return share_class(fields)


def no_such_class(lines: Mapping[str, Timeline], cls: str, on: date | None) -> RegisterError:
    """Why there is no class of a code on a day: it begins later, or there are others."""
    if line := lines.get(code(cls)):
        since = min(one.effective_on for one in line)
        return RegisterError(
            Message(
                "{cls}: there is such a share class from {since} on, and not yet on {day}",
                cls=printable(cls),
                since=since,
                day=on or "-",
            )
        )
    known = [one for one, line in lines.items() if state(line, on)]
    if not known:
        return RegisterError(
            Message(
                "{cls}: no such share class: none is known by then, or by the record up to which the book is read",
                cls=printable(cls),
            )
        )
    return RegisterError(
        Message("{cls}: no such share class on {day}; there are {known}", cls=printable(cls), day=on, known=known)
        if on is not None
        else Message("{cls}: no such share class; there are {known}", cls=printable(cls), known=known)
    )


def share_class(fields: Mapping[str, Any]) -> ShareClass:
    """The class that the fields of its records describe."""
    read = dict(fields)
    read["holders"] = tuple(read["holders"])
    read["cap"] = Fraction(read["cap"]) if isinstance(read["cap"], str) else read["cap"]
    read["rate"] = None if read["rate"] is None else Fraction(read["rate"])
    for name in ("locked_until", "counted_since"):
        read[name] = None if read[name] is None else date.fromisoformat(read[name])
    return ShareClass(**read)


def check_class(one: ShareClass) -> None:
    """Raise RegisterError if a class's rights cannot be meant."""
    if not isinstance(one, ShareClass):
        raise RegisterError(Message("{seen}: a ShareClass is expected", seen=shown(one)))
    if not isinstance(one.code, str) or "/" in code(one.code):
        raise _meant(one, "code", Message("a code without a stroke"))
    for name, known in _CHOICES.items():
        if getattr(one, name) not in known:
            raise _meant(one, name, Message("one of {known}", known=known))
    for name, (accepted, right) in _RIGHTS.items():
        if not right(getattr(one, name)):
            raise _meant(one, name, accepted)
    if one.capital is not None:
        _check_capital_meant(one, one.capital)


def _check_capital_meant(one: ShareClass, capital: str) -> None:
    if one.par_fen is None:
        raise _meant(
            one, "capital", Message("a class with a par value (change_par_value, 'book change-par-value' give one)")
        )
    if one.pooled:
        raise _meant(one, "capital", Message("a class that is not pooled"))
    if code(capital) != capital:
        raise _meant(one, "capital", Message("the code of an account"))


def check_par(one: ShareClass) -> None:
    """Raise RegisterError if the smallest fraction of a share is worth no whole number of fen at par.

    Whoever holds an odd number of them could have nothing of it redeemed, and no account of it.
    """
    if (one.par_fen or 0) % one.unit:
        raise RegisterError(
            Message(
                "{cls}: {least} of a share, its smallest part, would be worth {value} yuan at a par value of {par}: a "
                "whole number of fen is expected; fewer decimals or another par value give one",
                cls=one.code,
                least=printed(1, one.digits),
                value=decimal(Fraction(one.par_fen or 0, 100 * one.unit)),
                par=printed(one.par_fen or 0, 2),
            )
        )


def _meant(one: ShareClass, name: str, accepted: Message) -> RegisterError:
    return RegisterError(
        Message(
            "class {code}: {name} = {seen} cannot be meant: {accepted} is expected",
            code=one.code,
            name=name,
            seen=printable(repr(getattr(one, name)))[:80],
            accepted=accepted,
        )
    )


def _whole(least: int, most: int = LARGEST_QUANTITY) -> Callable[[object], bool]:
    return lambda seen: type(seen) is int and least <= seen <= most


def _is_group(seen: object) -> bool:
    try:
        return isinstance(seen, str) and (not seen or code(seen) == seen)
    except EntryError:
        return False


def _are_kinds(seen: object) -> bool:
    return isinstance(seen, tuple | list) and bool(seen) and all(one in KINDS for one in seen)


def _is_cap(seen: object) -> bool:
    return seen is None or _whole(1)(seen) or (isinstance(seen, Fraction) and 0 < seen <= 1)


def _is_rate(seen: object) -> bool:
    return seen is None or (isinstance(seen, Fraction | int) and not isinstance(seen, bool) and seen >= 0)


_COUNT = Message("a whole number, 0 or more")
_FLAG = (Message("True or False"), lambda seen: isinstance(seen, bool))
_DAY = (Message("a date, or None"), lambda seen: seen is None or type(seen) is date)
_RIGHTS: Mapping[str, tuple[Message, Callable[[Any], bool]]] = {
    "name": (Message("a name"), lambda seen: isinstance(seen, str) and bool(seen.strip())),
    "digits": (Message("a whole number from 0 to 9"), _whole(0, 9)),
    "par_fen": (Message("a whole number of fen, 1 or more, or None"), lambda seen: seen is None or _whole(1)(seen)),
    "capital": (Message("the code of an account, or None"), lambda seen: seen is None or isinstance(seen, str)),
    "dividend": _FLAG,
    "vote": _FLAG,
    "preference": (_COUNT, _whole(0)),
    "rate": (Message("a Fraction, 0 or more, or None"), _is_rate),
    "holders": (Message("a tuple of {kinds}", kinds=KINDS), _are_kinds),
    "cap": (Message("a whole number of shares, a Fraction up to 1, or None"), _is_cap),
    "lock_in_days": (Message("a whole number of days from 0 to 100,000"), _whole(0, 100_000)),
    "locked_until": _DAY,
    "pooled": _FLAG,
    "group": (Message("a code, or nothing"), _is_group),
    "closed": _FLAG,
    "counted_since": _DAY,
    "source": (Message("a text"), lambda seen: isinstance(seen, str)),
}
"""What each right of a class can be, in words and as a question."""


def units(one: ShareClass, shares: Number | str) -> int:
    """A number of shares in the class's smallest unit. Raises RegisterError if that is no whole number.

    >>> units(preset("labour"), "2.5"), units(preset("land"), 500)
    (250, 500)
    """
    number = quantity(shares).value
    exact = Fraction(number) * one.unit
    if exact.denominator != 1:
        raise RegisterError(
            Message(
                "{shares} shares of {cls}: at most {digits} decimals are expected",
                shares=decimal(number),
                cls=one.code,
                digits=one.digits,
            )
            if one.digits
            else Message("{shares} shares of {cls}: whole shares are expected", shares=decimal(number), cls=one.code)
        )
    return exact.numerator


def value_fen(one: ShareClass, shares: int) -> int:
    """The par value, in fen, of shares in smallest units; 0 for a class without par value.

    Raises RegisterError if it is no whole number of fen: nothing is rounded away.

    >>> value_fen(preset("cash"), 500)
    50000
    """
    whole, rest = divmod((one.par_fen or 0) * shares, one.unit)
    if rest:
        raise RegisterError(
            Message(
                "{shares} shares of {cls} at {par} yuan are no whole number of fen",
                shares=printed(shares, one.digits),
                cls=one.code,
                par=printed(one.par_fen or 0, 2),
            )
        )
    return whole


def free_from(one: ShareClass, lot: str | None) -> date | None:
    """The day from which shares of a lot may be sold; None if they always may.

    The lot of a class with a lock-in is, or begins with, the day on which it was issued. A lot without a day is from
    before the class had one, and free of it like shares without a lot.

    >>> free_from(preset("cash", lock_in_days=365), "2026-01-01")
    datetime.date(2027, 1, 1)
    """
    found = one.locked_until
    issued = day_of(lot) if one.lock_in_days and lot is not None else None
    if issued is not None:
        own = issued + timedelta(days=one.lock_in_days)
        found = own if found is None else max(found, own)
    return found


def day_of(lot: str) -> date | None:
    """The day that a lot is named by, or that its name begins with; None if it is no day."""
    try:
        return date.fromisoformat(lot.partition("/")[0])
    except ValueError:
        return None


def plain_fields(one: ShareClass) -> dict[str, Any]:
    """A class as facts can say it; :func:`share_class` reads it back."""
    plain = one._asdict()
    plain["holders"] = list(one.holders)
    plain["cap"] = str(one.cap) if isinstance(one.cap, Fraction) else one.cap
    plain["rate"] = None if one.rate is None else str(one.rate)
    for name in ("locked_until", "counted_since"):
        plain[name] = None if plain[name] is None else plain[name].isoformat()
    return plain
