"""The waterfall: the steps that a year's surplus runs through, as the book's charter states them, in its order.

A step says what it is for, how much it takes, and to whom that goes: to a fund, to holders by a basis (shares of a
class, trade, heads, households, area), or on to steps of its own. :mod:`~coopledger.core.distribution` runs a year's
surplus through it, :mod:`~coopledger.core.lawful` tells which rule of a law it breaks and has the presets.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.journal import LARGEST_QUANTITY, code, shown
from coopledger.core.quantity import Number, percent, quantity, rate
from coopledger.core.rounding import MODES, Mode
from coopledger.core.value import Value
from coopledger.errors import CoopledgerError, WaterfallError
from coopledger.text import Message, printable

Purpose = Literal[
    "losses", "reserve", "welfare", "reward", "patronage", "preferred", "dividend", "carried", "other", "pool"
]
"""What a step is for. The laws speak of these: losses of earlier years, reserve (公积金), welfare fund (公益金), the
cadres' reward, patronage refund (盈余返还), preferred returns, dividends, what is carried forward to next year,
anything else (a levy, a fee); ``pool`` takes a sum for steps of its own."""
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

FEN = "fen"
SUMS = ("surplus", "left", "after losses", "distributable", "pool")
"""The sums of the run that a part can be of, besides the year's figures:

- ``surplus``: the year's own surplus, without what was brought forward; 0 for a loss;
- ``left``: what is left when the step's turn comes, money brought forward included;
- ``after losses``: the surplus less what has gone to losses of earlier years;
- ``distributable``: that less what has gone to the reserve (可分配盈余, 农民专业合作社法 44);
- ``pool``: the whole sum that the steps beside this one share.
"""

_SUM_WORDS: Mapping[str, Message] = {
    "surplus": Message("the year's surplus"),
    "left": Message("what is left"),
    "after losses": Message("the surplus after losses"),
    "distributable": Message("the distributable surplus"),
    "pool": Message("the pool"),
}
_DEEPEST = 8


class Portion(NamedTuple):
    """A part of a sum: a rate of it. ``of`` is one of :data:`SUMS`, a figure of the year, or ``fen``.

    >>> share("20%", "left"), fixed("50,000")
    (Portion(rate=Fraction(1, 5), of='left'), Portion(rate=Fraction(5000000, 1), of='fen'))
    """

    rate: Fraction
    of: str

    @property
    def of_words(self) -> Message | str:
        """What it is a part of, in words."""
        return _SUM_WORDS.get(self.of) or printable(self.of)


class Step(NamedTuple):
    """One step of a waterfall. All sums are in fen; amounts of a basis are in its smallest unit.

    How much it takes, one of:

    - ``amount``: a part of a sum;
    - ``each``: so many fen on each smallest unit of the basis ``by``, a Fraction: 5800 a share; 6/100 on the fen of
      par value, which is 6 %; each holder's due is rounded on its own;
    - ``weight``: beside steps that all have one, the step's part of the whole sum, by largest remainder (30 to 70);
    - nothing, for ``losses``: what is uncovered of earlier years.

    Its limits: ``at_least`` (max(50,000 yuan; 20 %) is an amount and a floor), ``at_most``, which wins over it, and
    ``full_at``: a fund gets no more than brings its balance there. A floor is rounded up, a ceiling down.

    To whom it goes: to the fund of the step's own ``code``; or, with ``by``, to holders in proportion to that basis
    of the year, a basis of ``above`` or less counting as nothing; or to ``steps``, which share its sum as the
    surplus is shared; what they leave over goes back. With ``each``, a holder's due can have a floor and a ceiling
    (``part_at_least_fen``, if he has any of the basis, ``part_at_most_fen``), and ``accumulates`` says that what
    stays unpaid, for want of money or by ``at_most``, is due in later years, before theirs.

    ``mode`` and ``to_fen`` (100: whole yuan) round the step otherwise than the waterfall says. ``name`` is the
    charter's own word for the step, ``source`` the charter's article or the law's.
    """

    code: str
    purpose: Purpose
    amount: Portion | None = None
    each: Fraction | None = None
    weight: Fraction | None = None
    at_least: Portion | None = None
    at_most: Portion | None = None
    full_at: Portion | None = None
    by: str = ""
    above: int = 0
    part_at_least_fen: int = 0
    part_at_most_fen: int | None = None
    accumulates: bool = False
    mode: Mode | None = None
    to_fen: int | None = None
    steps: tuple["Step", ...] = ()
    name: str = ""
    source: str = ""


class Waterfall(Value):
    """The ordered steps, how sums are rounded, and whether members trade with the cooperative.

    ``mode`` and ``to_fen`` round every amount that is a part of a sum, and every due of ``each``: half up to the fen
    unless the charter says otherwise. ``members_trade = False`` is the charter's explicit statement that the 60 % of
    patronage does not apply, as for a land cooperative whose members bring in land and deliver nothing.

    Raises WaterfallError for steps that cannot be meant: a code twice, an amount said twice or not at all, a rate
    above 100 % of a sum that is shared, losses with a rate.

    >>> twenty = Step("reserve", "reserve", share("20%", "left"))
    >>> Waterfall((twenty, twenty))
    Traceback (most recent call last):
    coopledger.errors.WaterfallError: step reserve: the code stands twice: each step needs its own
    """

    __slots__ = ("steps", "mode", "to_fen", "members_trade")

    steps: tuple[Step, ...]
    mode: Mode
    to_fen: int
    members_trade: bool

    def __init__(
        self, steps: Iterable[Step], *, mode: Mode = "half up", to_fen: int = 1, members_trade: bool = True
    ) -> None:
        given = tuple(steps) if isinstance(steps, Iterable) else (steps,)
        _check_steps(given, _DEEPEST)
        codes = [one.code for one in all_steps(given)]
        for one in codes:
            _meant(codes.count(one) == 1, one, Message("the code stands twice: each step needs its own"))
        for name, seen, fits, accepted in (
            ("mode", mode, mode in MODES, Message("one of {known}", known=MODES)),
            ("to_fen", to_fen, type(to_fen) is int and 0 < to_fen < LARGEST_QUANTITY, _ABOVE_0),
            ("members_trade", members_trade, isinstance(members_trade, bool), Message("True or False")),
        ):
            if not fits:
                raise WaterfallError(
                    Message(
                        "waterfall: {name} = {seen}: {accepted} is expected",
                        name=name,
                        seen=shown(seen),
                        accepted=accepted,
                    )
                )
        self._put(given, mode, to_fen, members_trade)


def share(part: str | Number, of: str) -> Portion:
    """A rate of a sum or of a figure of the year; the rate as a Fraction or in text, as people write it.

    >>> share("60%", "distributable")
    Portion(rate=Fraction(3, 5), of='distributable')
    """
    return Portion(Fraction(rate(part).value), of)


def fixed(amount: str | Number) -> Portion:
    """A fixed sum, written in yuan.

    >>> fixed(50_000)
    Portion(rate=Fraction(5000000, 1), of='fen')
    """
    return Portion(Fraction(quantity(amount).value) * 100, FEN)


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps and, after each, its own steps, at any depth.

    >>> [one.code for one in all_steps([Step("all", "pool", steps=(Step("half", "other"),))])]
    ['all', 'half']
    """
    for one in steps:
        yield one
        yield from all_steps(one.steps)


def plain_waterfall(waterfall: Waterfall) -> dict[str, Any]:
    """The waterfall as a charter's facts: texts, whole numbers and lists; fractions as text. Defaults are left out.

    >>> plain_waterfall(Waterfall([Step("reserve", "reserve", share("20%", "left"))]))["steps"]
    [{'code': 'reserve', 'purpose': 'reserve', 'amount': ['1/5', 'left']}]
    """
    return {
        "steps": [_plain(one) for one in waterfall.steps],
        "mode": waterfall.mode,
        "to_fen": waterfall.to_fen,
        "members_trade": waterfall.members_trade,
    }


def read_waterfall(facts: Mapping[str, Any]) -> Waterfall:
    """The waterfall that a charter's facts describe. Raises WaterfallError for facts that describe none.

    >>> members = {"code": "members", "purpose": "dividend", "amount": ["3/5", "left"], "by": "shares"}
    >>> read_waterfall({"steps": [members]}).steps[0].amount
    Portion(rate=Fraction(3, 5), of='left')
    """
    known = _fields(facts, Waterfall.fields)
    return Waterfall(map(_read, _list(known.pop("steps", ()))), **known)


# ---------------------------------------------------------------- facts

_PARTS = ("amount", "at_least", "at_most", "full_at")
_FRACTIONS = ("each", "weight")


def _plain(step: Step) -> dict[str, Any]:
    said = {name: seen for name, seen in step._asdict().items() if seen != Step._field_defaults.get(name)}
    for name in said.keys() & {*_PARTS}:
        said[name] = [str(said[name].rate), said[name].of]
    for name in said.keys() & {*_FRACTIONS}:
        said[name] = str(said[name])
    if step.steps:
        said["steps"] = [_plain(one) for one in step.steps]
    return said


def _read(facts: object) -> Step:
    said = _fields(facts, Step._fields)
    for name in said.keys() & {*_PARTS}:
        part = _list(said[name])
        if len(part) != 2:
            raise _unreadable(said[name], Message("a rate and what it is of, such as ['1/5', 'left']"))
        said[name] = Portion(_fraction(part[0]), part[1])
    for name in said.keys() & {*_FRACTIONS}:
        said[name] = _fraction(said[name])
    if "steps" in said:
        said["steps"] = tuple(map(_read, _list(said["steps"])))
    missing = [name for name in ("code", "purpose") if name not in said]
    if missing:
        raise _unreadable(facts, Message("a step with {missing}", missing=missing))
    return Step(**said)


def _fields(facts: object, known: Iterable[str]) -> dict[str, Any]:
    if not isinstance(facts, Mapping) or not {*facts} <= {*known}:
        raise _unreadable(facts, Message("a mapping with some of the keys {known}", known=list(known)))
    return {**facts}


def _list(seen: object) -> list[Any]:
    if not isinstance(seen, list | tuple):
        raise _unreadable(seen, Message("a list"))
    return [*seen]


def _fraction(seen: object) -> Fraction:
    try:
        return Fraction(seen) if isinstance(seen, str) else Fraction(str(seen)) if type(seen) is int else _no(seen)
    except (ValueError, ZeroDivisionError):
        return _no(seen)


def _no(seen: object) -> Fraction:
    raise _unreadable(seen, Message("a fraction as text, such as '1/5'"))


def _unreadable(seen: object, accepted: Message) -> WaterfallError:
    return WaterfallError(Message("waterfall: {seen}: {accepted} is expected", seen=shown(seen), accepted=accepted))


# ---------------------------------------------------------------- checks

_ABOVE_0 = Message("a whole number above 0")
_FROM_0 = Message("a whole number from 0 on")
_FRACTION_FROM_0 = Message("a Fraction from 0 on")


def _is_count(seen: object) -> bool:
    return type(seen) is int and 0 <= seen < LARGEST_QUANTITY


def _is_factor(seen: object) -> bool:
    return type(seen) is Fraction and 0 <= seen < LARGEST_QUANTITY


_FITS: Mapping[str, tuple[Message, Callable[[Any], bool]]] = {
    "purpose": (Message("one of {known}", known=PURPOSES), lambda seen: seen in PURPOSES),
    "each": (_FRACTION_FROM_0, lambda seen: seen is None or _is_factor(seen)),
    "weight": (_FRACTION_FROM_0, lambda seen: seen is None or _is_factor(seen)),
    "by": (Message("a text"), lambda seen: isinstance(seen, str)),
    "above": (_FROM_0, _is_count),
    "part_at_least_fen": (_FROM_0, _is_count),
    "part_at_most_fen": (_FROM_0, lambda seen: seen is None or _is_count(seen)),
    "accumulates": (Message("True or False"), lambda seen: isinstance(seen, bool)),
    "mode": (Message("one of {known}", known=MODES), lambda seen: seen is None or seen in MODES),
    "to_fen": (_ABOVE_0, lambda seen: seen is None or (_is_count(seen) and seen > 0)),
    "steps": (Message("a tuple of Step"), lambda seen: isinstance(seen, tuple)),
    "name": (Message("a text"), lambda seen: isinstance(seen, str)),
    "source": (Message("a text"), lambda seen: isinstance(seen, str)),
}
"""What each field of a step can be, in words and as a question."""


def _check_steps(steps: tuple[Step, ...], deepest: int) -> None:
    """Raise WaterfallError for steps that cannot be meant."""
    for one in steps:
        if not isinstance(one, Step):
            raise _unreadable(one, Message("a Step"))
        _check_fields(one)
        _check_meaning(one)
        _meant(
            deepest > 0, one.code, Message("steps within steps: at most {deepest} levels are kept", deepest=_DEEPEST)
        )
        _check_steps(one.steps, deepest - 1)
    weighted = [one.weight for one in steps if one.weight is not None]
    if weighted and (len(weighted) < len(steps) or not sum(weighted)):
        where = next((one.code for one in steps if one.weight is None), steps[0].code)
        raise _not_meant(where, Message("beside steps with weights each has one, and not all are 0"))


def _check_fields(one: Step) -> None:
    try:
        known = code(one.code)
    except CoopledgerError as error:
        raise WaterfallError(error.message) from error
    _meant(known == one.code, known, Message("a code in its normal form (NFC) is expected"))
    for name, (accepted, fits) in _FITS.items():
        seen = getattr(one, name)
        _meant(
            fits(seen),
            one.code,
            Message("{name} = {seen}: {accepted} is expected", name=name, seen=shown(seen), accepted=accepted),
        )
    for name in _PARTS:
        part = getattr(one, name)
        well = part is None or (isinstance(part, Portion) and _is_factor(part.rate) and isinstance(part.of, str))
        _meant(
            well and (part is None or part.of),
            one.code,
            Message(
                "{name} = {seen}: {accepted} is expected",
                name=name,
                seen=shown(part),
                accepted=Message("a Portion, as share and fixed make it,"),
            ),
        )
        if part is not None and part.of in SUMS:
            _meant(
                part.rate <= 1,
                one.code,
                Message("{rate} of {of}: at most 100% is expected", rate=percent(part.rate), of=part.of_words),
            )


def _check_meaning(one: Step) -> None:
    """How much, to whom: said once each, and of each other."""
    said = [name for name in ("amount", "each", "weight") if getattr(one, name) is not None]
    if one.purpose == "losses":
        rest = one._replace(code="", purpose="losses", name="", source="")
        _meant(rest == Step("", "losses"), one.code, Message("losses are covered whole: nothing else is said of them"))
        return
    _meant(
        len(said) == 1,
        one.code,
        Message("how much: {seen}: one of amount, each and weight is expected", seen=said or Message("nothing")),
    )
    _meant(
        (one.purpose == "pool") == bool(one.steps),
        one.code,
        Message("a pool, and nothing else, has steps of its own"),
    )
    _meant(
        not (one.steps and one.by), one.code, Message("a pool goes to its steps, and not by {by}", by=printable(one.by))
    )
    _meant(
        one.each is None or bool(one.by),
        one.code,
        Message("each: of what? by, the name of a basis, is expected"),
    )
    _meant(not one.above or bool(one.by), one.code, Message("above goes with by, the name of a basis"))
    of_each = (one.part_at_least_fen, one.part_at_most_fen, one.accumulates)
    _meant(
        one.each is not None or of_each == (0, None, False),
        one.code,
        Message("{names} go with each", names=["part_at_least_fen", "part_at_most_fen", "accumulates"]),
    )
    limits = [name for name in ("at_least", "at_most", "full_at") if getattr(one, name) is not None]
    _meant(
        one.weight is None or not limits,
        one.code,
        Message("a step with a weight has no limits: {limits}", limits=limits),
    )
    _meant(
        one.each is None or one.at_least is None,
        one.code,
        Message("at_least is about a sum: with each, part_at_least_fen is each holder's"),
    )
    _meant(
        one.full_at is None or not (one.by or one.steps),
        one.code,
        Message("full_at is about a fund: what goes to holders has none"),
    )


def _meant(fits: object, step: str, wrong: Message) -> None:
    if not fits:
        raise _not_meant(step, wrong)


def _not_meant(step: str, wrong: Message) -> WaterfallError:
    return WaterfallError(Message("step {step}: {wrong}", step=step, wrong=wrong))
