"""Share classes: what a share entitles to, who may hold it, and to whom it may pass.

A class is a denomination of the journal. Its shares are counted in its smallest unit: a class of two digits counts
hundredths, so 2.5 labour-years are 250.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import OPENING, Denomination, opening
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, View, code
from coopledger.core.quantity import Number, quantity
from coopledger.core.timeline import Change, Timeline, state, timeline
from coopledger.errors import RegisterError
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
    - ``capital``: the account that stands at paid-in shares × par, or None if the class is no capital;
    - ``dividend``, ``vote``: whether it earns and votes; ``preference``: the higher is served first, 0 is ordinary;
      ``rate``: a preferred class's yearly rate on par;
    - ``level``: persons hold it themselves or as a ``household``; ``holders``: the kinds that may hold it;
    - ``issued_to``: members only, or anyone in the register; ``passes_to``: to whom it may be sold or given;
      ``inherited_by``: who may inherit it;
    - ``cap``: the most that one holder may have, in smallest units (int) or as a part of the class (Fraction);
    - ``earns``: on what is subscribed (认缴) or paid in (实缴);
    - ``lock_in_days`` from the day a lot was issued, ``locked_until`` for the whole class;
    - ``pooled``: held in equal parts by whoever is eligible on the day; ``group``: eligible are its people only;
    - ``on_leaving``: a leaver's shares are refunded, spread over those who stay, or kept until they pass on;
    - ``management``: ``static`` (生不增死不减) or ``dynamic`` (re-balanced by resolution);
    - ``closed``: nothing is issued or moved any more;
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
            source="农村集体经济组织法 16, 36: collective property is not divided among members",
        ),
        ShareClass(
            "member",
            "成员股",
            vote=True,
            level="household",
            holders=("person",),
            source="农村集体经济组织法 40: a right to income from operating property; passes within the collective, "
            "recorded per household (Zhejiang, Shanghai)",
        ),
        ShareClass(
            "labour",
            "农龄股",
            digits=2,
            holders=("person",),
            source="农村集体经济组织法 40; years of labour have fractions (Shanghai)",
        ),
        ShareClass(
            "land",
            "土地股",
            level="household",
            on_leaving="refund",
            source="承包法 38: land rights are contributed by the contracting household; 农民专业合作社法 28",
        ),
        ShareClass(
            "cash",
            "资金股",
            par_fen=100,
            earns="paid-in",
            on_leaving="refund",
            source="农民专业合作社法 28, 43, 44: earns by contribution, refunded on leaving",
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
            source="charter: served first, no vote",
        ),
        ShareClass(
            "subsidy",
            "补助量化股",
            holders=("person",),
            passes_to="nobody",
            inherited_by="nobody",
            pooled=True,
            on_leaving="spread",
            source="农民专业合作社法 44: quantified equally; never refunded, spread again over those who stay "
            "(Chongqing 14, Shandong 22)",
        ),
    )
}
"""The kinds of classes that cooperatives have; each names the rule that it follows."""


def preset(kind: str, **changes: Any) -> ShareClass:
    """A preset class with some of it changed; its own ``code`` and ``name`` among that.

    >>> preset("labour", code="years", cap=Fraction(3, 100)).name
    '农龄股'
    """
    if kind not in PRESETS:
        raise RegisterError(
            Message("{seen} is no preset class: {accepted} are", seen=printable(kind), accepted=list(PRESETS))
        )
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

    Raises RegisterError if there is one of that code, or its rights contradict each other.

    >>> opened = open_class(preset("cash", capital="c37:301"), effective_on=date(2026, 1, 1))
    """
    check_class(share_class)
    facts = {CLASS: share_class.code, "set": plain_fields(share_class), **cited(documents, resolution)}
    named = opening([Denomination(share_class.code, share_class.name, share_class.digits)])
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        if share_class.code in classes(view):
            raise RegisterError(
                Message("{code}: there is such a class already: change it instead", code=share_class.code)
            )
        return [Entry(OPENING, effective_on, booked, named), Entry(CLASS, effective_on, booked, facts)]

    return decide


FIXED = frozenset({"code", "digits", "par_fen", "pooled", "counted_since"})
"""What no plain change of a class touches: shares would have to move, or money."""


def change_class(
    cls: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
    **changes: Any,
) -> Decision:
    """Change rights of a class from a day on: ``change_class("land", cap=Fraction(1, 5), …)``, ``closed=True``.

    Raises RegisterError for what has a verb of its own (digits, par value), and for what is no right of a class.
    """
    if refused := sorted(FIXED & changes.keys() | changes.keys() - {*ShareClass._fields}):
        raise RegisterError(
            Message(
                "{seen} of a class cannot be changed so: {accepted} can",
                seen=refused,
                accepted=[one for one in ShareClass._fields if one not in FIXED],
            )
        )
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        now = class_on(view, cls, effective_on)
        check_class(now._replace(**changes))
        fields = plain_fields(now._replace(**changes))
        facts = {CLASS: cls, "set": {name: fields[name] for name in changes}, "reason": reason, **cites}
        return [Entry(CLASS, effective_on, booked_on or effective_on, facts)]

    return decide


def classes(view: View) -> dict[str, Timeline]:
    """How each class of a book was defined and changed, by its code."""
    found: dict[str, list[Change]] = {}
    for one in view.records(CLASS):
        found.setdefault(one.facts[CLASS], []).append(Change(one.effective_on, one.seq, one.facts["set"]))
    return {cls: timeline(changes) for cls, changes in sorted(found.items())}


def class_on(view: View, cls: str, on: date | None = None) -> ShareClass:
    """A class as of a day. Raises RegisterError if there is none by then."""
    fields = state(classes(view).get(cls, ()), on)
    if not fields:
        raise RegisterError(Message("{cls}: no such share class on {day}", cls=printable(cls), day=on or "-"))
    return share_class(fields)


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
    wrong: str | None = next((name for name, known in _CHOICES.items() if getattr(one, name) not in known), None)
    if "/" in code(one.code):
        wrong = "code"
    elif not one.name.strip():
        wrong = "name"
    elif not 0 <= one.digits <= 9:
        wrong = "digits"
    elif one.par_fen is not None and (type(one.par_fen) is not int or one.par_fen < 1):
        wrong = "par_fen"
    elif one.capital is not None and (one.par_fen is None or code(one.capital) != one.capital or one.pooled):
        wrong = "capital"
    elif not one.holders or {*one.holders} - {*KINDS}:
        wrong = "holders"
    elif one.cap is not None and not (
        one.cap >= 1 if type(one.cap) is int else isinstance(one.cap, Fraction) and 0 < one.cap <= 1
    ):
        wrong = "cap"
    elif one.lock_in_days < 0:
        wrong = "lock_in_days"
    if wrong is not None:
        raise RegisterError(
            Message(
                "class {code}: {name} = {seen} cannot be meant",
                code=one.code,
                name=wrong,
                seen=printable(repr(getattr(one, wrong)))[:80],
            )
        )


def units(one: ShareClass, shares: Number | str) -> int:
    """A number of shares in the class's smallest unit. Raises RegisterError if that is no whole number.

    >>> units(preset("labour"), "2.5"), units(preset("land"), 500)
    (250, 500)
    """
    exact = Fraction(quantity(shares).value) * one.unit
    if exact.denominator != 1:
        raise RegisterError(
            Message(
                "{shares} shares of {cls}: the smallest part of a share is 1/{unit}",
                shares=str(shares),
                cls=one.code,
                unit=one.unit,
            )
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
                "{shares}/{unit} shares of {cls} at {par} fen are no whole number of fen",
                shares=shares,
                unit=one.unit,
                cls=one.code,
                par=one.par_fen,
            )
        )
    return whole


def free_from(one: ShareClass, lot: str | None) -> date | None:
    """The day from which shares of a lot may be sold; None if they always may.

    The lot of a class with a lock-in is the day on which it was issued.

    >>> free_from(preset("cash", lock_in_days=365), "2026-01-01")
    datetime.date(2027, 1, 1)
    """
    found = one.locked_until
    if one.lock_in_days and lot is not None:
        own = date.fromisoformat(lot) + timedelta(days=one.lock_in_days)
        found = own if found is None else max(found, own)
    return found


def plain_fields(one: ShareClass) -> dict[str, Any]:
    """A class as facts can say it; :func:`share_class` reads it back."""
    plain = one._asdict()
    plain["holders"] = list(one.holders)
    plain["cap"] = str(one.cap) if isinstance(one.cap, Fraction) else one.cap
    plain["rate"] = None if one.rate is None else str(one.rate)
    for name in ("locked_until", "counted_since"):
        plain[name] = None if plain[name] is None else plain[name].isoformat()
    return plain
