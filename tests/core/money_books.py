"""What Hypothesis draws from: books of money postings."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from coopledger.core.chart import C2004, C2021, MONEY, TRADE, adopt
from coopledger.core.journal import TRANSIT, Entry, Posting
from coopledger.store.memory import MemoryJournal

ACCOUNTS = ["c2021:101", "c2021:102", "c2021:114/0042", "c2021:114/0007", "c2021:301", "c2021:401", "c2004:101", "memo"]
FIRST = date(2025, 11, 1)


@st.composite
def random_books(draw: st.DrawFn) -> Callable[[], MemoryJournal]:
    """Books of random money postings: pairs, parts of accounts, transit, other units, whole and partial reversals."""
    days = st.integers(0, 120).map(lambda n: FIRST + timedelta(n))
    pairs = st.lists(st.sampled_from(ACCOUNTS), min_size=2, max_size=2, unique=True)
    plans = draw(
        st.lists(
            st.tuples(
                days,
                st.lists(
                    st.tuples(pairs, st.integers(1, 10**12), st.sampled_from(["pair", "transit", "memo"])), max_size=4
                ),
                st.one_of(st.none(), st.tuples(st.integers(0, 9), st.integers(1, 10**12))),
            ),
            max_size=10,
        )
    )

    def make() -> MemoryJournal:
        journal = MemoryJournal("示例村", clock=lambda: 0)
        for chart in (C2021, C2004):
            journal.append(adopt(chart, effective_on=date(2020, 1, 1)), key=chart.code, actor="accountant")
        left: dict[tuple[int, int], int] = {}
        for at, (day, moves, taken_back) in enumerate(plans):
            postings: list[Posting] = []
            for (source, target), quantity, how in moves:
                if how == "transit":
                    postings += [Posting(MONEY, source, TRANSIT, quantity), Posting(MONEY, TRANSIT, target, quantity)]
                else:
                    postings.append(Posting(MONEY if how == "pair" else TRADE, source, target, quantity))
            if taken_back is not None and left:
                place = sorted(left)[taken_back[0] % len(left)]
                with journal.read() as view:
                    was = view.record(place[0]).postings[place[1]]
                if TRANSIT not in (was.source, was.target):
                    quantity = min(left[place], taken_back[1])
                    postings.append(Posting(was.denomination, was.target, was.source, quantity, *place))
                    left[place] -= quantity
                    if not left[place]:
                        del left[place]
            [record] = journal.append([Entry("note", day, day, {}, postings)], key=f"note {at}", actor="accountant")
            left.update({(record.seq, n): one.quantity for n, one in enumerate(postings) if one.reverses_seq is None})
        return journal

    return make
