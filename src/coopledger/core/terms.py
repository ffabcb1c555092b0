"""Terms: how a run pays what it has to split, beyond who earns: rounded to what, at most how much, what is kept.

A run of a class states them in its proposal. Of a year's distribution each step has its own, as they were resolved for
that year; what a rate on each unit comes to is the step's own statement, in the charter.
"""

from fractions import Fraction
from typing import Literal, NamedTuple, get_args

Policy = Literal["each year", "cumulative"]
POLICIES: tuple[Policy, ...] = get_args(Policy)


class Terms(NamedTuple):
    """How the run of one step pays what the step got; each is as of :class:`~coopledger.core.proposal.Proposal`.

    ``to_fen``, ``cap_fen``, ``remainder`` and ``policy`` are of a sum that is split. Without a ``remainder``, what
    units of ``to_fen`` or the cap leave stays in the distribution account, and is carried forward to the next year.

    >>> Terms(to_fen=100, remainder="reserve").cap_fen is None
    True
    """

    to_fen: int = 1
    retained: Fraction = Fraction(0)
    hold_below_fen: int = 0
    nets: tuple[str, ...] = ()
    cap_fen: int | None = None
    remainder: str = ""
    policy: Policy = "each year"


AS_IT_IS = Terms()
"""What holds where nothing is said: all of it is paid, to the fen."""
