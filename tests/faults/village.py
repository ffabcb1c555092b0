"""A village as the model of the lives of runs knows it: who holds what, what each run owes, where the money is.

It knows nothing of any book: it splits, withholds and adds up by itself, from what was said to it. Money is in fen.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.entitlement import by_record_date, by_time_held
from coopledger.core.proposal import Proposal

DAY = timedelta(1)
FOUNDED, YEAR_END, BEGUN = date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 10)
HOLDERS = {"17": 500, "18": 300, "19": 1, "20": 199}
ON_A_DAY = by_record_date(YEAR_END)
RULES = {"record date": ON_A_DAY, "days": by_time_held(FOUNDED, YEAR_END, first=True, last=True, by="days")}
SURPLUS, CAME_IN, CASH, BANK, GOODS = 3_000_00, 1_000_01, 1_000_00, 5_000_00, 150_00
RESERVE = SURPLUS // 10
GIVEN = SURPLUS - RESERVE
FREE = 4_000_00
"""What nothing but a plain run is for: a gift that came in after the year was distributed."""
PAR, PRICE = 10_00, 2_50
"""What a share of the capital costs, and a unit of the goods."""

STATES = ("proposed", "disclosed", "approved", "declared")
WAYS = ("paid", "in kind", "withheld", "retained", "reinvested", "set off", "lapsed")
"""What becomes of what is declared; the rest is unpaid, or was when the run was undone."""

THROUGH = {
    "bank": "paid",
    "cash": "paid",
    "member current": "set off",
    "goods": "in kind",
    "shares": "reinvested",
}


class Split(NamedTuple):
    """Who gets what by a proposal, what of the total goes elsewhere, and what rounding leaves to be made up."""

    parts: dict[str, int]
    remainder: int = 0
    carried: Mapping[str, Fraction] = {}


class Payout(NamedTuple):
    """A record that settled something: when and through what, of each whose did not come back net and tax."""

    seq: int
    on: date
    through: str
    nets: dict[str, int]
    taxes: dict[str, int]


class Life:
    """A run as the model knows it."""

    def __init__(self, of: str, asked: Proposal, parts: dict[str, int]) -> None:
        self.of, self.asked, self.parts, self.steps = of, asked, parts, ["proposed"]
        self.ever: dict[str, Counter[str]] = {}
        self.undone = False
        """Whether one of its steps was, so that no later run waits for it."""
        self.clean(None)

    def clean(self, on: date | None, split: Split | None = None) -> None:
        """As it is once it is declared, or declared no more."""
        self.declared_on = on
        self.remainder = 0 if split is None else split.remainder
        self.carried: Mapping[str, Fraction] = {} if split is None else split.carried
        self.dues = {number: dict.fromkeys(WAYS, 0) for number in self.parts}
        self.since: dict[str, date] = {}
        """The day on which the bank returned something last."""
        self.back: dict[str, date] = {}
        """That, or the day on which what was given was taken back."""
        self.let_off = dict.fromkeys(self.parts, 0)
        """What of an advance lapsed and is owed no more: it is nobody's income."""
        self.payouts: list[Payout] = []
        self.kept: dict[str, int] = {}
        """What of what is retained is still there."""
        self.paid_out: list[Payout] = []
        """The records by which the rest was paid out."""

    @property
    def owed(self) -> dict[str, int]:
        if self.declared_on is None:
            return {}
        left = {number: fen - sum(self.dues[number].values()) for number, fen in self.parts.items()}
        return {number: fen for number, fen in left.items() if fen}

    def tax_of(self, number: str, fen: int) -> int:
        """What is withheld of a receipt: the rate on all receipts, half up, less what was withheld before."""
        own = self.dues[number]
        receipts = sum(own.values()) - own["lapsed"] + fen
        return min(max(half_up(self.asked.tax * receipts) - own["withheld"], 0), fen)

    def gross_of(self, number: str, net: int) -> int:
        """Of how much so much is left after tax: all that is owed, or the least."""
        owed = self.owed[number]
        if owed - self.tax_of(number, owed) == net:
            return owed
        fen = max(net, int((net - 3) / (1 - self.asked.tax)))
        while fen - self.tax_of(number, fen) < net:
            fen += 1
        return fen

    def whole(self) -> dict[str, Counter[str]]:
        """What was ever declared to each, and what became of it; what was undone is so before it was paid."""
        found = {number: Counter(own) for number, own in self.ever.items()}
        for number, own in self.dues.items() if self.declared_on is not None else ():
            found.setdefault(number, Counter()).update({**own, "declared": self.parts[number]})
        return found


class Village:
    """The register, the runs and the money of a village."""

    def __init__(self) -> None:
        self.on = BEGUN
        self.moves = [(FOUNDED, number, shares) for number, shares in HOLDERS.items()]
        self.tied = {"pledged": dict.fromkeys(HOLDERS, 0), "frozen": dict.fromkeys(HOLDERS, 0)}
        self.dead: set[str] = set()
        self.waited: dict[date, tuple[set[str], dict[str, Counter[str]]]] = {}
        """Who waited at the end of a day, and what each was owed of a stream."""
        self.tied_on: list[tuple[date, str]] = []
        self.stepped_on = BEGUN
        self.sales: list[tuple[int, date, str, str, int]] = []
        self.lives: dict[str, Life] = {}
        self.money = {"bank": BANK - CASH - GOODS + CAME_IN + FREE, "cash": CASH, "goods": GOODS}
        self.left = GIVEN + CAME_IN + FREE
        self.debts = dict.fromkeys(HOLDERS, 0)
        self.credit = dict.fromkeys(HOLDERS, 0)  # the most that was ever owed to each for what he had brought
        self.new_chart = False

    # ---------------------------------------------------------------- the register

    def held(self, on: date) -> dict[str, int]:
        found = dict.fromkeys(HOLDERS, 0)
        for day, number, shares in self.moves:
            found[number] += shares if day <= on else 0
        return found

    def free(self, number: str, since: date) -> int:
        """How many shares may move from a day on."""
        days = {since, *(day for day, *_ in self.moves if day > since)}
        tied = sum(own[number] for own in self.tied.values())
        return min(self.held(day)[number] for day in days) - tied

    def waits(self, number: str) -> bool:
        return number in self.dead or any(own[number] for own in self.tied.values())

    def remember(self, owing: Iterable[str]) -> None:
        """Keep in mind who waits now, or owes of what was undone, and what each is owed, since the last step."""
        owed = {one.asked.stream: self.of_stream(one) for one in self.declared()}
        self.waited[self.stepped_on] = {number for number in HOLDERS if self.waits(number)}.union(owing), owed
        self.stepped_on = self.on
        self.credit = {number: max(self.credit[number], -fen) for number, fen in self.debts.items()}

    def has_waited(self, one: Life, number: str, since: date) -> bool:
        """Whether somebody could not claim a run at the end of a day, or of one since; or it came back since."""
        began = max((day for day in self.waited if day <= since), default=since)
        for day, (waits, owed) in self.waited.items():
            due = owed.get(one.asked.stream, Counter[str]()).get(number, one.asked.hold_below_fen)
            small = due < one.asked.hold_below_fen and self.held(max(day, since))[number] > 0
            if day >= began and (number in waits or small):
                return True
        tied = any(seen == number and since < day <= self.on for day, seen in self.tied_on)
        return tied or one.back.get(number, since) > since

    def take_back(self, one: Life, payout: Payout) -> None:
        """What was given was owed all the time since, as if it had not been."""
        for day, (_, owed) in self.waited.items():
            if day >= payout.on:
                owed[one.asked.stream].update({n: net + payout.taxes[n] for n, net in payout.nets.items()})

    def passes(self, day: date, seller: str, buyer: str, shares: int) -> None:
        self.moves += [(day, seller, -shares), (day, buyer, shares)]

    # ---------------------------------------------------------------- the runs

    def at(self, *states: str) -> list[str]:
        """The runs that are there now."""
        return [code for code, one in self.lives.items() if one.steps and one.steps[-1] in states]

    def live(self, of: str) -> list[str]:
        return [code for code, one in self.lives.items() if one.steps and one.of == of]

    def declared(self) -> list[Life]:
        return [one for one in self.lives.values() if one.declared_on is not None]

    def not_netted(self) -> list[str]:
        """The declared runs that no other counts."""
        netted = {name for one in self.lives.values() if one.steps for name in one.asked.nets}
        return [code for code, one in self.lives.items() if one.declared_on is not None and code not in netted]

    def goes_before(self, asked: Proposal) -> list[str]:
        """The runs that a cumulative one has to wait for: what they leave to be made up is not known yet."""
        waits = asked.policy == "cumulative"
        found = [(code, one) for code, one in self.lives.items() if waits and one.asked.policy == asked.policy]
        return [code for code, one in found if one.steps and one.declared_on is None and not one.undone]

    def kept_from(self, one: Life) -> int:
        """What is for a step of the distribution, or for the runs of the contract, and for no other run."""
        kept = {"step": GIVEN, "contract": CAME_IN}
        for other in self.declared():
            if other.of in kept:
                kept[other.of] -= sum(other.parts.values())
        return sum(fen for of, fen in kept.items() if of != one.of)

    def held_over(self, one: Life) -> set[str]:
        """Who is owed less of all runs of the stream than the run pays at least, and may still get another."""
        sums = self.of_stream(one)
        return {number for number in one.owed if sums[number] < one.asked.hold_below_fen and self.held(self.on)[number]}

    def of_stream(self, one: Life) -> Counter[str]:
        """What each is owed of all runs of a run's stream."""
        sums: Counter[str] = Counter()
        for other in self.declared():
            if other.asked.stream == one.asked.stream:
                sums.update(other.owed)
        return sums

    # ---------------------------------------------------------------- who gets what

    def split(self, asked: Proposal) -> Split | None:
        """Who gets what by a proposal as the village is now; None where that cannot be."""
        if any(self.lives[name].declared_on is None for name in asked.nets):
            return None
        days = [YEAR_END] if asked.rule == ON_A_DAY else [FOUNDED + n * DAY for n in range(365)]
        sums: Counter[str] = Counter()
        for day in days:
            sums.update(self.held(day))
        weights = {number: weight for number, weight in sorted(sums.items()) if weight}
        whole, to, total = sum(weights.values()), asked.to_fen, asked.total_fen or 0
        carried: Mapping[str, Fraction] = {}
        if asked.amounts:
            return Split(dict(sorted(asked.amounts.items()))) if asked.amounts.keys() <= weights.keys() else None
        if asked.each_fen is not None:
            units = on_each(asked.each_fen / to, weights, asked.cap_fen and asked.cap_fen // to)
            if asked.total_fen is not None and to * sum(units.values()) > total:
                return None
        elif asked.cap_fen is not None:
            units = capped(total // to, weights, asked.cap_fen // to)
        elif asked.policy == "cumulative":
            units, carried = self.made_up(total // to, weights, to)
        else:
            units = rounded({number: Fraction(total // to * weight, whole) for number, weight in weights.items()})
        parts = {number: unit * to for number, unit in units.items()}
        remainder = total - sum(parts.values()) if asked.remainder else 0
        for other in (self.lives[name] for name in asked.nets):
            if not other.asked.advance:
                parts = {number: max(fen - other.parts.get(number, 0), 0) for number, fen in parts.items()}
        return Split(parts, remainder, carried) if any(parts.values()) else None

    def made_up(self, total: int, weights: Mapping[str, int], to: int) -> tuple[dict[str, int], dict[str, Fraction]]:
        """A total of units with what rounding gave and took in the declared runs before; and what that leaves, in fen.

        What is due to those who are gone goes to the others, in parts of a unit that the weights can bear.
        """
        before = dict.fromkeys(weights, Fraction(0))
        for one in self.declared():
            for number, fen in one.carried.items():
                before[number] = before.get(number, Fraction(0)) + fen
        whole = sum(weights.values())
        gone = sum((fen for number, fen in before.items() if number not in weights), Fraction(0)) / to
        dues = {number: before[number] / to + gone * weight / whole for number, weight in weights.items()}
        dues = {number: Fraction(due, whole) for number, due in rounded(scaled(dues, whole)).items()}
        dues = {number: due + Fraction(total * weights[number], whole) for number, due in dues.items()}
        units = rounded(dues)
        taken = -sum(unit for unit in units.values() if unit < 0)
        units = {number: max(unit, 0) for number, unit in units.items()}
        for _ in range(taken):
            last = min((one for one in units if units[one]), key=lambda one: (dues[one] - units[one], -int(one)))
            units[last] -= 1
        left = {number: -fen for number, fen in before.items()}
        for number, unit in units.items():
            left[number] += (dues[number] - unit) * to
        return units, left

    # ---------------------------------------------------------------- the money

    def declare(
        self, one: Life, split: Split, advanced: Callable[[Life], Mapping[str, int]]
    ) -> tuple[dict[str, int], dict[str, int]] | None:
        """Declare a run; of what is set off with that at once net and tax, or None where there is no account for tax.

        Part of each is retained, and then goes against advances that it nets as much as is left of those.
        """
        one.clean(self.on, split)
        taxed = False
        for number, fen in one.parts.items():
            kept = int(fen * one.asked.retained)
            tax = one.tax_of(number, kept)
            one.dues[number].update({"retained": kept - tax, "withheld": tax})
            one.kept[number] = kept - tax
            taxed |= tax > 0
        nets, taxes = {}, {}
        left = [advanced(self.lives[name]) for name in one.asked.nets]
        for number, fen in one.owed.items():
            debt = min(sum(own.get(number, 0) for own in left), self.debts[number])
            net = min(debt, fen - one.tax_of(number, fen))
            if net > 0:
                gross = one.gross_of(number, net)
                nets[number], taxes[number] = net, gross - net
                taxed |= gross > net
        if taxed and not self.new_chart:
            one.clean(None)
            return None
        for number, net in nets.items():
            self.settle(one, "member current", number, net, taxes[number])
        if one.asked.advance:
            for number, fen in one.parts.items():
                self.debts[number] += fen
        else:
            self.left -= sum(one.parts.values()) + split.remainder
        return nets, taxes

    def undo(self, one: Life) -> None:
        """Declare a run no more: what was paid is owed by its receivers, and all else goes back."""
        for number, fen in one.parts.items():
            own, unpaid = one.dues[number], one.owed.get(number, 0)
            had = own["paid"] + own["in kind"] + own["set off"] + own["retained"] - one.kept.get(number, 0)
            self.debts[number] += one.let_off[number] - own["lapsed"] - unpaid if one.asked.advance else had
            ever = one.ever.setdefault(number, Counter())
            ever.update({**own, "declared": fen, "reversed": unpaid})
        if not one.asked.advance:
            self.left += sum(one.parts.values()) + one.remainder
        one.clean(None)

    def settle(self, one: Life, through: str, number: str, net: int, tax: int) -> None:
        """Something of a run is settled with somebody, or comes back (below 0)."""
        one.dues[number][THROUGH[through]] += net
        one.dues[number]["withheld"] += tax
        if through == "member current":
            self.debts[number] -= net
        elif through != "shares":
            self.money[through] -= net

    def to_pay(self, code: str) -> list[tuple[Life, dict[str, int]]]:
        """What is paid if all is: of the run, and what others of the stream held over that is enough by now."""
        one = self.lives[code]
        over = self.held_over(one)
        found = [(one, {n: fen for n, fen in one.owed.items() if n not in over and not self.waits(n)})]
        for other in self.declared() if found[0][1] else ():
            if other is not one and other.asked.stream == one.asked.stream:
                over, least = self.held_over(other), other.asked.hold_below_fen
                small = {n: fen for n, fen in other.owed.items() if fen < least and n not in over}
                found.append((other, {n: fen for n, fen in small.items() if not self.waits(n)}))
        return [(each, amounts) for each, amounts in found if amounts]

    def set_off(
        self, due: list[tuple[Life, dict[str, int]]], advanced: Callable[[Life], Mapping[str, int]]
    ) -> list[tuple[Life, dict[str, int]]]:
        """Of what would be paid to everybody, what is set off: no more of each than he owes, besides the run itself."""
        debts, found = dict(self.debts), []
        for one, amounts in due:
            gone, own = {}, advanced(one)
            for number, fen in amounts.items():
                net = min(debts[number] - own.get(number, 0), fen - one.tax_of(number, fen))
                if net > 0:
                    gone[number] = one.gross_of(number, net)
                    debts[number] -= net
            found.append((one, gone))
        return [(one, gone) for one, gone in found if gone]

    def sum_of(self, way: str) -> int:
        """What became of all declared runs in a way."""
        return sum(own[way] for one in self.declared() for own in one.dues.values())


# ---------------------------------------------------------------- numbers


def half_up(exact: Fraction) -> int:
    return (exact + Fraction(1, 2)).__floor__()


def scaled(dues: Mapping[str, Fraction], by: int) -> dict[str, Fraction]:
    return {number: due * by for number, due in dues.items()}


def on_each(rate: Fraction, weights: Mapping[str, int], cap: int | None) -> dict[str, int]:
    """A rate on each share, rounded half up for each holder, and nobody more than the cap."""
    units = {number: half_up(rate * weight) for number, weight in weights.items()}
    return units if cap is None else {number: min(unit, cap) for number, unit in units.items()}


def rounded(dues: Mapping[str, Fraction]) -> dict[str, int]:
    """Dues that sum to a whole number by largest remainder, of equal ones to the lower number."""
    found = {number: due.__floor__() for number, due in dues.items()}
    order = sorted(dues, key=lambda number: (found[number] - dues[number], number))
    for number in order[: int(sum(dues.values())) - sum(found.values())]:
        found[number] += 1
    return found


def capped(total: int, weights: Mapping[str, int], cap: int) -> dict[str, int]:
    """Nobody more than the cap, the heaviest first; the others share what is left."""
    left, whole, found = total, sum(weights.values()), {}
    for number in heaviest(weights):
        if left * weights[number] < cap * whole:
            break
        found[number] = cap
        left, whole = left - cap, whole - weights[number]
    return found | rounded({n: Fraction(left * w, whole) for n, w in weights.items() if n not in found})


def heaviest(weights: Mapping[str, int]) -> Iterable[str]:
    return sorted(weights, key=lambda number: -weights[number])
