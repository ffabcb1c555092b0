"""The arithmetic of one holder: it comes to what he is owed, for everybody, whatever the shares and the rule."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Resolution
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.dues import dues
from coopledger.core.entitlement import By, Entitlement, by_record_date, by_time_held
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue, transfer
from coopledger.core.proposal import Proposal
from coopledger.core.reckoning import reckoning
from coopledger.core.redenomination import redenominate
from coopledger.core.rounding import MODES
from coopledger.core.run import parts
from coopledger.core.share_class import open_class, preset
from coopledger.errors import EntryError, RegisterError
from tests.core.dividends import DECLARED, FOUNDED, MET, PROPOSAL, PROPOSED, YEAR_END, approved, cooperative, the
from tests.core.village import Village

DAY = timedelta(1)
YEAR = by_time_held(FOUNDED, YEAR_END, first=True, last=True)


def proposed(made: Village, name: str, proposal: Proposal) -> Village:
    made.do(propose(name, proposal, effective_on=PROPOSED))
    return made


@pytest.mark.parametrize(
    ("holder", "units", "remainder", "ahead", "fen"),
    [
        ("17", 500_01, 500, 2, 500_01),
        ("18", 300_00, 900, 0, 300_01),
        ("19", 1_00, 3, 3, 1_00),
        ("20", 199_00, 597, 1, 199_01),
    ],
)
def test_the_example_by_hand(holder: str, units: int, remainder: int, ahead: int, fen: int) -> None:
    """1,000.03 yuan over 500, 300, 1 and 199: two fen are left over, for .900 and .597."""
    made = proposed(cooperative(), "a", PROPOSAL._replace(total_fen=1_000_03, stream="a"))
    why = reckoning(made.view, the(made, "a"), holder)
    assert (why.units, why.remainder, why.ahead, why.fen) == (units, remainder, ahead, fen)
    assert (why.weight, why.whole, why.missing) == ({"17": 500, "18": 300, "19": 1, "20": 199}[holder], 1000, 2)


SHARES = st.lists(st.integers(1, 400), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    shares=SHARES,
    total=st.integers(1, 10_000_00),
    to=st.sampled_from([1, 10, 100]),
    each=st.none() | st.fractions(Fraction(1, 50), 300, max_denominator=60),
    mode=st.sampled_from(MODES),
    by=st.sampled_from(["shares", "days", "first of month", "last of month"]),
    sales=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 364)), max_size=5),
    labour=st.booleans(),
    split=st.booleans(),
)
def test_what_is_explained_is_what_is_owed(  # noqa: PLR0917 - what a run can be
    shares: list[int],
    total: int,
    to: int,
    each: Fraction | None,
    mode: Any,  # noqa: ANN401 - one of MODES
    by: By,
    sales: list[tuple[int, int, int]],
    labour: bool,
    split: bool,
) -> None:
    cls = "labour" if labour else "land"
    made = Village()
    people = [Joiner(f"{n}", household=f"h{n}", head=True) for n, _ in enumerate(shares, 1)]
    holders = [f"{n}" if labour else f"h{n}" for n, _ in enumerate(shares, 1)]
    made.do(
        found("示例村股份经济合作社", COLLECTIVE._replace(disclosure_days=0), effective_on=FOUNDED),
        open_class(preset(cls), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        *(issue(cls, to=to_, shares=n, effective_on=FOUNDED) for to_, n in zip(holders, shares, strict=True)),
    )
    if split:
        made.do(redenominate(cls, factor=2, effective_on=FOUNDED + 100 * DAY, resolution=_VOTE))
    for seller, buyer, day in sorted(sales, key=lambda sale: sale[2]):
        if seller != buyer and seller < len(holders) and buyer < len(holders):
            try:
                made.do(
                    transfer(
                        cls,
                        holder=holders[seller],
                        to=holders[buyer],
                        shares=1,
                        effective_on=FOUNDED + day * DAY,
                        reason="sale",
                    )
                )
            except RegisterError:
                continue
    rule: Entitlement = (
        by_record_date(YEAR_END) if by == "shares" else by_time_held(FOUNDED, YEAR_END, first=True, last=True, by=by)
    )
    asked = Proposal("x", "2026", cls, rule, None if each and by == "shares" else total, None, mode, to)
    if by == "shares" and each:
        asked = asked._replace(each_fen=each)
    if not parts(made.view, asked).amount_fen:
        return
    one = the(proposed(made, "x", asked), "x")
    found_parts = parts(made.view, asked)
    for number, fen in found_parts.parts.items():
        why = reckoning(made.view, one, number)
        assert why.fen == fen
        assert sum(span.weight for span in why.spans) == Fraction(why.weight, why.denominator)
        assert 0 <= why.remainder < why.whole or asked.each_fen is not None


_VOTE = Resolution("2026-1", "members", FOUNDED, entitled=6, present=6, votes_for=6)


def test_it_agrees_with_what_is_declared() -> None:
    made = approved(cooperative(), PROPOSAL._replace(rule=YEAR, total_fen=999_99))
    made.do(declare("2026", effective_on=DECLARED))
    for number, own in dues(made.view, the(made)).items():
        assert reckoning(made.view, the(made), number).fen == own.declared_fen


def test_who_has_no_part_is_told_so() -> None:
    made = approved(cooperative())
    for number in ("0017", "99"):
        with pytest.raises(RegisterError, match=f"run 2026: {number} has no part in it"):
            reckoning(made.view, the(made), number)
    with pytest.raises(EntryError):
        reckoning(made.view, the(made), 5)  # type: ignore[arg-type]


def test_another_arithmetic_than_the_one_resolved_on_is_never_told() -> None:
    made = approved(cooperative())
    made.do(declare("2026", effective_on=DECLARED))
    seq = the(made).declared_in
    made.do(issue("land", to="19", shares=9, effective_on=YEAR_END, booked_on=MET, reason="ruling", resolution=_LATE))
    with pytest.raises(RegisterError, match=rf"since record {seq} the register was changed, .*--known {seq}"):
        reckoning(made.view, the(made), "17")
    with made.journal.read(seq) as then:
        assert reckoning(then, the(made), "17").fen == 500_00


_LATE = Resolution("2027-2", "members", MET, entitled=5, present=5, votes_for=5)


def test_a_seller_is_told_span_by_span() -> None:
    made = cooperative()
    sold_on = date(2026, 12, 1)
    made.do(transfer("land", holder="17", to="18", shares=200, effective_on=sold_on, reason="sale"))
    proposed(made, "a", PROPOSAL._replace(rule=YEAR, stream="a"))
    made.do(disclose("a", since=PROPOSED, until=MET, where="x"), approve("a", _LATE))
    why = reckoning(made.view, the(made, "a"), "17")
    assert [(one.first, one.last, one.shares, one.times) for one in why.spans] == [
        (FOUNDED, sold_on - DAY, 500, 334),
        (sold_on, YEAR_END, 300, 31),
    ]
    assert why.weight == 500 * 334 + 300 * 31


def test_parts_of_a_pool_are_fractions_of_shares() -> None:
    """101 shares among four for 181 days, among five for 184."""
    made = cooperative()
    made.do(open_class(preset("subsidy"), effective_on=FOUNDED))
    made.do(issue("subsidy", shares=101, effective_on=FOUNDED))
    made.do(admit(Joiner("0099"), effective_on=date(2026, 7, 1), reason="joining"))
    for name, asked in {
        "days": PROPOSAL._replace(stream="days", share_class="subsidy", rule=YEAR, total_fen=100_01),
        "each": PROPOSAL._replace(stream="each", share_class="subsidy", total_fen=None, each_fen=Fraction(7, 2)),
    }.items():
        one = the(proposed(made, name, asked), name)
        for number, fen in parts(made.view, asked).parts.items():
            why = reckoning(made.view, one, number)
            assert why.fen == fen
            assert sum(span.weight for span in why.spans) == Fraction(why.weight, why.denominator)
    newcomer = reckoning(made.view, the(made, "days"), "0099")
    assert [(span.shares, span.times) for span in newcomer.spans] == [(Fraction(101, 5), 184)]
    assert reckoning(made.view, the(made, "days"), "0017").denominator == 20
