"""What a projection costs: 10,000 forty-year step contracts, against QuantLib building and summing the same legs."""

import gc
import statistics
import time
from datetime import date
from fractions import Fraction

import QuantLib as ql  # noqa: N813 - the name its users know

from coopledger.core.projection import project_stream
from coopledger.plan import CURRENCIES, Quantity, Stream, Unit, step, term

CONTRACTS = 10_000
YEARS = 40
ROUNDS = 5
TARGET = 0.8

YUAN_PER_MU, MU = Unit(("CNY",), ("mu",)), Unit(("mu",))
FIFTH = Fraction(1, 5)


def ours(kept: list[object] | None = None) -> Fraction:
    """Every contract from its terms to its payments: dates, due dates, exact fen; the sum of all in yuan."""
    yuan = CURRENCIES["CNY"]
    total = 0
    for n in range(CONTRACTS):
        rate = step(Quantity(100 + n % 100, YUAN_PER_MU), every=5, by=FIFTH, of="previous")
        stream = Stream("land", rate=rate, quantity=Quantity(50 + n % 977, MU))
        span = term(date(1990 + n % 40, 1 + n % 12, 1 + n % 28), years=YEARS, basis="contribution")
        payments = project_stream(stream, span, yuan).payments
        total += sum([payment.amount or 0 for payment in payments])
        if kept is not None:
            kept.append(payments)
    return Fraction(total, 100)


def quantlib(kept: list[object] | None = None) -> float:
    """The same contracts as QuantLib's legs in float: schedule, coupons, amounts summed."""
    total = 0.0
    calendar, day_counter, tenor = ql.NullCalendar(), ql.SimpleDayCounter(), ql.Period(ql.Annual)
    for n in range(CONTRACTS):
        start = ql.Date(1 + n % 28, 1 + n % 12, 1990 + n % 40)
        schedule = ql.Schedule(
            start, start + ql.Period(YEARS, ql.Years), tenor, calendar,
            ql.Unadjusted, ql.Unadjusted, ql.DateGeneration.Forward, False,
        )  # fmt: skip
        rates = [(100 + n % 100) * 1.2 ** (year // 5) for year in range(YEARS)]
        leg = ql.FixedRateLeg(schedule, day_counter, [float(50 + n % 977)], rates)
        total += sum([coupon.amount() for coupon in leg])
        if kept is not None:
            kept.append(leg)
    return total


def run() -> list[tuple[str, float, float]]:
    """Name, target and measured ratio of processor time, the median of alternating rounds."""
    found = []
    for name, keep in (("built and summed", False), ("built, summed and all kept in memory", True)):
        ratios = []
        for _ in range(ROUNDS):
            seconds, sums = [], []
            for contestant in (ours, quantlib):
                kept: list[object] | None = [] if keep else None
                gc.collect()
                start = time.process_time()
                sums.append(contestant(kept))
                seconds.append(time.process_time() - start)
                del kept
            assert abs(float(sums[0]) - float(sums[1])) < 1e-9 * float(sums[1]), "both add up to the same"
            ratios.append(seconds[0] / seconds[1])
        found.append((f"10,000 forty-year contracts, {name} / QuantLib's legs", TARGET, statistics.median(ratios)))
    return found
