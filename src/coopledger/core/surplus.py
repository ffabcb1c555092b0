"""The surplus: the figures of one year that a waterfall is run on, each as the books and the register have it."""

from collections.abc import Mapping
from typing import NamedTuple

from coopledger.core.journal import LARGEST_QUANTITY, shown
from coopledger.core.waterfall import FEN, SUMS, Step, Waterfall, all_steps
from coopledger.errors import WaterfallError
from coopledger.text import Message, printable

_NO_BASES: Mapping[str, Mapping[str, int]] = {}
_NO_FIGURES: Mapping[str, int] = {}


class Surplus(NamedTuple):
    """The figures of one year on which a waterfall is run. Sums are in fen.

    - ``surplus_fen``: the year's own surplus; negative for a loss;
    - ``losses_fen``: what is uncovered of earlier years' losses, 0 or more;
    - ``carried_fen``: surplus of earlier years that was carried forward, 0 or more;
    - ``funds``: the balances of funds that have a ceiling, by the code of their step;
    - ``figures``: other sums that parts are of, such as ``share capital``;
    - ``bases``: what sums are split by, holder by holder, by name: shares of a class in its smallest unit, trade in
      fen or jin, par value in fen, heads, 1 a household, hundredths of a mu. The order of holders means nothing;
    - ``arrears``: by the code of a step that accumulates, what is unpaid to each holder of earlier years.
    """

    surplus_fen: int
    losses_fen: int = 0
    carried_fen: int = 0
    funds: Mapping[str, int] = _NO_FIGURES
    figures: Mapping[str, int] = _NO_FIGURES
    bases: Mapping[str, Mapping[str, int]] = _NO_BASES
    arrears: Mapping[str, Mapping[str, int]] = _NO_BASES

    @property
    def total_fen(self) -> int:
        """All that there is to distribute: the year's surplus and what was carried forward."""
        return self.surplus_fen + self.carried_fen


def check_surplus(surplus: Surplus, waterfall: Waterfall) -> None:
    """Raise WaterfallError for figures that a waterfall cannot be run on.

    A basis, a figure or a balance that a step asks for is stated, 0 where there is none: what is missing is never
    taken for 0.

    >>> from coopledger.core.waterfall import share
    >>> check_surplus(Surplus(100), Waterfall([Step("all", "dividend", share("60%", "left"), by="shares")]))
    Traceback (most recent call last):
    coopledger.errors.WaterfallError: step all: bases has no shares: the year's figure is expected, 0 if there is none
    """
    if not isinstance(surplus, Surplus) or not isinstance(waterfall, Waterfall):
        raise WaterfallError(Message("a Waterfall and the Surplus of a year are expected"))
    _whole("surplus_fen", surplus.surplus_fen, 1 - LARGEST_QUANTITY)
    _whole("losses_fen", surplus.losses_fen)
    _whole("carried_fen", surplus.carried_fen)
    _numbers("funds", surplus.funds)
    _numbers("figures", surplus.figures)
    for key, numbers in _mapping("bases", surplus.bases).items():
        _numbers(f"bases[{key!r}]", numbers)
    for key, numbers in _mapping("arrears", surplus.arrears).items():
        _numbers(f"arrears[{key!r}]", numbers)
    steps = [*all_steps(waterfall.steps)]
    for step in steps:
        _check_stated(step, surplus)
    for one in surplus.arrears:
        if one not in {step.code for step in steps if step.accumulates}:
            raise WaterfallError(
                Message("arrears: {seen}: no step of this code accumulates what is unpaid", seen=printable(one))
            )


def _check_stated(step: Step, surplus: Surplus) -> None:
    parts = [one for one in (step.amount, step.at_least, step.at_most, step.full_at) if one is not None]
    asked: list[tuple[str, str, Mapping[str, object]]] = [("bases", step.by, surplus.bases)] if step.by else []
    asked += [("figures", one.of, surplus.figures) for one in parts if one.of not in {FEN, *SUMS}]
    if step.full_at is not None:
        asked.append(("funds", step.code, surplus.funds))
    for name, one, stated in asked:
        if one not in stated:
            raise WaterfallError(
                Message(
                    "step {step}: {name} has no {seen}: the year's figure is expected, 0 if there is none",
                    step=step.code,
                    name=name,
                    seen=printable(one),
                )
            )


def _whole(name: str, seen: object, least: int = 0) -> None:
    if type(seen) is not int or not least <= seen < LARGEST_QUANTITY:
        accepted = Message("a whole number (int)") if least < 0 else Message("a whole number (int) from 0 on")
        raise WaterfallError(
            Message(
                "{name}: {seen}: {accepted}, below 10¹⁵, is expected",
                name=printable(name),
                seen=shown(seen),
                accepted=accepted,
            )
        )


def _mapping(name: str, seen: object) -> Mapping[str, object]:
    if not isinstance(seen, Mapping) or not all(isinstance(key, str) for key in seen):
        raise WaterfallError(
            Message("{name}: {seen}: a mapping from texts is expected", name=printable(name), seen=shown(seen))
        )
    return seen


def _numbers(name: str, seen: object) -> None:
    for key, number in _mapping(name, seen).items():
        _whole(f"{name}[{key!r}]", number)
