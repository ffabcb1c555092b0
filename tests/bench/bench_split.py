"""What the cumulative policy costs: forty yearly sums over 10,000 holders, against splitting each sum on its own."""

import random
import statistics
import time
from collections.abc import Callable, Sequence

from coopledger.core.allocation import split_running

HOLDERS = 10_000
YEARS = 40
ROUNDS = 9
TARGET = 1.3

Split = Callable[[int, Sequence[int], int], list[int]]


def lean(total: int, weights: Sequence[int], whole: int) -> list[int]:
    """An ordinary lean largest remainder: it sorts the positions by their remainders."""
    parts = [total * w // whole for w in weights]
    rest = [total * w % whole for w in weights]
    for i in sorted(range(len(weights)), key=rest.__getitem__, reverse=True)[: total - sum(parts)]:
        parts[i] += 1
    return parts


def leaner(total: int, weights: Sequence[int], whole: int) -> list[int]:
    """A leaner one: one product a holder; it sorts the remainders alone and walks over them once."""
    dues = [total * w for w in weights]
    parts = [due // whole for due in dues]
    rest = [due % whole for due in dues]
    ranked = sorted(rest)
    missing = total - sum(parts)
    last = ranked[-missing] if missing else whole
    tied = missing - sum(r > last for r in ranked[-missing:]) if missing else 0
    for i, r in enumerate(rest):
        if r > last:
            parts[i] += 1
        elif r == last and tied:
            parts[i] += 1
            tied -= 1
    return parts


def each_year(split: Split) -> Callable[[Sequence[int], Sequence[int]], list[list[int]]]:
    """The baseline run once a year over the same sums."""

    def run(totals: Sequence[int], weights: Sequence[int]) -> list[list[int]]:
        whole = sum(weights)
        return [split(total, weights, whole) for total in totals]

    return run


def registers() -> dict[str, list[int]]:
    """Weights as villages have them: few whole shares, shares with decimals, land in 0.0001 mu, one share each."""
    chance = random.Random(40)  # noqa: S311 - the same figures in each run
    return {
        "1 to 30 shares": [chance.randint(1, 30) for _ in range(HOLDERS)],
        "shares with two decimals": [chance.randint(1, 3_000) for _ in range(HOLDERS)],
        "land in 0.0001 mu": [chance.randint(1, 1_000_000) for _ in range(HOLDERS)],
        "one share each": [1] * HOLDERS,
    }


def run() -> list[tuple[str, float, float]]:
    """Name, target and measured ratio of processor time for each register and baseline."""
    chance = random.Random(41)  # noqa: S311 - the same figures in each run
    totals = [chance.randint(10**8, 2 * 10**9) for _ in range(YEARS)]
    found = []
    for register, weights in registers().items():
        baselines = {"lean": each_year(lean), "leaner": each_year(leaner)}
        first, *others = (baseline(totals, weights) for baseline in baselines.values())
        assert all(other == first for other in others)
        contestants = {"cumulative": split_running, **baselines}
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, contestant in contestants.items():
                start = time.process_time()
                contestant(totals, weights)
                seconds[name].append(time.process_time() - start)
        median = {name: statistics.median(times) for name, times in seconds.items()}
        found += [
            (f"cumulative against {name}, {register}", TARGET, median["cumulative"] / median[name])
            for name in baselines
        ]
    return found


if __name__ == "__main__":
    for name, target, ratio in run():
        print(f"{name:<65} {ratio:5.2f} (at most {target})")
