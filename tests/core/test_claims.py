"""Claims: a published figure beside the library's own, and never fitted to."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.calendar import term
from coopledger.core.claims import check_claims, possible_clauses
from coopledger.core.figures import indexed, share_of
from coopledger.core.growth import ramp, step
from coopledger.core.plan import Claim, Holder, Holders, Part, Plan, Stream, split
from coopledger.core.projection import Projection, project
from coopledger.core.quantity import Quantity, quantity, unit
from coopledger.core.schedule import Schedule, level
from coopledger.core.series import series
from coopledger.errors import PlanError
from tests.core.strategies import steady

DAM = ramp("10,000 yuan", rise="10,000 yuan")
FORTY = term("2014-01-01", years=40, basis="barren land")


def claim(claimed: str | Quantity, **about: Any) -> Claim:
    units = ("per", "rounded_to", "truncated_to")
    named: dict[str, Any] = {name: quantity(value) if name in units else value for name, value in about.items()}
    return Claim("a claim", quantity(claimed), **named)


def projected(*claims: Claim, streams: list[Stream] | None = None, years: int = 40) -> Projection:
    seed = [
        Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu"),
        Stream("dam", amount=DAM),
        Stream("service", rate=step("20 yuan/mu", every=5, by="20%", of="previous"), quantity="4,000 mu"),
    ]
    contract = term("2014-01-01", years=years, basis="barren land")
    return project(Plan("Old Tiger Hill", contract, streams or seed, claims=claims))


def verdict_on(one: Claim, **plan: Any) -> tuple[bool, Quantity]:
    [verdict] = check_claims(projected(one, **plan))
    assert verdict.claim is one
    assert verdict.difference == verdict.computed.value - one.claimed.value
    return verdict.holds, verdict.computed


# --- what a claim is compared with -------------------------------------------------------------------------------


def test_the_claims_of_the_seed_hold_but_for_the_7_150_000() -> None:
    """Source: Old Tiger Hill (老虎山), Yongren: 250,000 yuan in 2014, of it 160,000 for land; 7,150,000 for the dam."""
    claims = [
        claim("25 万元", year=2014),
        claim("16 万元", year=2014, streams=("land",)),
        claim("8 万元", year=2014, streams=("service",)),
        claim("715 万元", streams=("dam",)),
    ]
    verdicts = check_claims(projected(*claims))
    assert [verdict.holds for verdict in verdicts] == [True, True, True, False]
    assert verdicts[3].computed == quantity("820 万元")
    assert verdicts[3].difference == 1_050_000


def test_a_claim_about_no_stream_is_about_all_and_one_without_a_year_about_the_whole_term() -> None:
    assert verdict_on(claim("27,998,901.76 yuan")) == (True, quantity("27,998,901.76 yuan"))


def test_a_year_is_a_contract_year_or_the_calendar_year_in_which_it_is_due() -> None:
    next_year = [Stream("dam", amount=DAM, due="next 03-31")]
    assert verdict_on(claim("20,000 yuan", year=2), streams=next_year)[0]
    assert verdict_on(claim("10,000 yuan", year=2015), streams=next_year)[0]
    assert not verdict_on(claim("20,000 yuan", year=2015), streams=next_year)[0]


def test_an_average_is_divided_by_what_it_is_per() -> None:
    assert verdict_on(claim("160 yuan/mu", year=1, streams=("land",), per="1,000 mu")) == (
        True,
        quantity("160 yuan/mu"),
    )
    assert verdict_on(claim("205,000 yuan", streams=("dam",), per="40"))[0]


def test_a_share_is_of_the_whole_of_all_streams() -> None:
    assert verdict_on(claim("64%", year=1, streams=("land",)))[0]
    assert verdict_on(claim("4%", year=1, streams=("dam",)))[0]
    assert verdict_on(claim("100%", year=1))[0]


def test_a_part_or_a_holder_is_counted_alone_and_its_share_is_of_the_streams_named() -> None:
    people = Holders("people", (Holder("1", "A", 1), Holder("2", "B", 3)))
    streams = [
        Stream("dam", amount="100 yuan", split=split([("village", "30%"), ("people", "70%")])),
        Stream("land", amount="300 yuan", holders=people),
    ]
    assert verdict_on(claim("30 yuan", part="village", year=1, streams=("dam",)), streams=streams)[0]
    assert verdict_on(claim("30%", part="village", year=1, streams=("dam",)), streams=streams)[0]
    assert verdict_on(claim("225 yuan", holder="2", year=1, streams=("land",)), streams=streams)[0]
    assert verdict_on(claim("75%", holder="2", streams=("land",)), streams=streams)[0]


def test_a_claim_in_goods_is_compared_with_the_goods() -> None:
    rice = series("rice", {2014: "1.5 yuan/jin"})
    streams = [Stream("rent", rate=indexed("500 jin/mu", rice), quantity="10 mu")]
    assert verdict_on(claim("10,000 jin"), streams=streams, years=2) == (True, quantity("10,000 jin"))
    assert verdict_on(claim("5,000 jin", year=2), streams=streams, years=2)[0]
    assert verdict_on(claim("500 jin/mu", year=2, per="10 mu"), streams=streams, years=2)[0]
    assert verdict_on(claim("7,500 yuan", year=1), streams=streams, years=2)[0]


# --- how a source's figure is read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owed", "claimed", "reading", "holds"),
    [
        ("100 yuan", "100 yuan", {}, True),
        ("100.01 yuan", "100 yuan", {}, False),
        ("125.5 yuan", "130 yuan", {"rounded_to": "10 yuan"}, True),
        ("125 yuan", "130 yuan", {"rounded_to": "10 yuan"}, True),
        ("124.99 yuan", "130 yuan", {"rounded_to": "10 yuan"}, False),
        ("125 yuan", "125 yuan", {"rounded_to": "10 yuan"}, False),
        ("129.99 yuan", "120 yuan", {"truncated_to": "10 yuan"}, True),
        ("130 yuan", "120 yuan", {"truncated_to": "10 yuan"}, False),
        ("129.99 yuan", "130 yuan", {"truncated_to": "10 yuan"}, False),
        ("110 yuan", "100 yuan", {"within": Fraction(1, 10)}, True),
        ("90 yuan", "100 yuan", {"within": Fraction(1, 10)}, True),
        ("110.01 yuan", "100 yuan", {"within": Fraction(1, 10)}, False),
        ("89.99 yuan", "100 yuan", {"within": Fraction(1, 10)}, False),
        ("100 yuan", "100 yuan", {"bound": "at least"}, True),
        ("100.01 yuan", "100 yuan", {"bound": "at least"}, True),
        ("99.99 yuan", "100 yuan", {"bound": "at least"}, False),
        ("100 yuan", "100 yuan", {"bound": "at most"}, True),
        ("99.99 yuan", "100 yuan", {"bound": "at most"}, True),
        ("100.01 yuan", "100 yuan", {"bound": "at most"}, False),
    ],
)
def test_a_claim_holds_as_its_source_may_be_read(owed: str, claimed: str, reading: dict[str, Any], holds: bool) -> None:
    streams = [Stream("s", amount=owed)]
    assert verdict_on(claim(claimed, **reading), streams=streams, years=1) == (holds, quantity(owed))


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ({}, "None"),
        ({"rounded_to": "1万元"}, "rounded to 10,000 yuan"),
        ({"truncated_to": "1万元"}, "truncated to 10,000 yuan"),
        ({"within": Fraction(1, 100)}, "within 1%"),
        ({"bound": "at least"}, "at least"),
    ],
)
def test_a_verdict_says_how_the_figure_was_read(reading: dict[str, Any], words: str) -> None:
    [verdict] = check_claims(projected(claim("1 yuan", **reading)))
    assert str(verdict.reading) == words


@steady(100)
@given(st.integers(0, 10**7), st.sampled_from([1, 10, 1000, 10_000]))
def test_a_figure_is_rounded_or_truncated_to_just_one_claim(fen: int, to: int) -> None:
    owed = Quantity(Fraction(fen, 100), unit("yuan"))
    plan = projected(streams=[Stream("s", amount=owed)], years=1)
    around = [Quantity((fen // 100 // to + n) * to, unit("yuan")) for n in (-1, 0, 1, 2)]
    for reading in ("rounded_to", "truncated_to"):
        claims = tuple(Claim("c", near, **{reading: Quantity(to, unit("yuan"))}) for near in around)  # type: ignore[arg-type]
        verdicts = check_claims(Projection(Plan("p", plan.plan.term, plan.plan.streams, claims=claims), plan.streams))
        assert sum(verdict.holds for verdict in verdicts) == 1


# --- claims about nothing ----------------------------------------------------------------------------------------


def test_claims_that_cannot_be_compared_are_all_named_at_once() -> None:
    claims = (claim("5 jin", streams=("dam",)), claim("1 yuan", year=41), claim("1 yuan", year=2013, streams=("dam",)),
              claim("10,000 yuan", year=1, streams=("dam",)))  # fmt: skip
    with pytest.raises(PlanError) as caught:
        check_claims(projected(*claims))
    assert [problem.where for problem in caught.value.problems] == ["claims[1]", "claims[2]", "claims[3]"]
    words = str(caught.value)
    assert "5 jin is in jin where yuan" in words
    assert "year 41: land, dam, service pays nothing in it" in words
    assert "year 2013: dam pays nothing in it" in words


def test_a_claim_about_a_year_whose_amount_is_unknown_is_refused() -> None:
    rice = series("rice", {2014: "1.5 yuan/jin"})
    streams = [Stream("rent", amount=indexed("500 jin", rice))]
    with pytest.raises(PlanError, match="rent has no known amount for year 2"):
        check_claims(projected(claim("750 yuan"), streams=streams, years=2))


def test_a_claim_about_an_unknown_stream_part_or_holder_is_refused_with_the_likely_one() -> None:
    for about, words in (({"streams": ("damm",)}, "did you mean 'dam'"), ({"part": "x"}, "claims[1].part"),
                         ({"holder": "7"}, "claims[1].holder")):  # fmt: skip
        with pytest.raises(PlanError) as caught:
            projected(claim("1 yuan", **about))
        assert words in str(caught.value)


def test_a_claim_read_in_steps_of_another_unit_is_refused() -> None:
    """1,000 mu is no step to which yuan can be rounded."""
    for reading in ("rounded_to", "truncated_to"):
        with pytest.raises(PlanError):
            check_claims(projected(claim("820万元", streams=("dam",), **{reading: "1,000 mu"})))


# --- what would explain a difference -----------------------------------------------------------------------------


def clauses(one: Claim, amount: Schedule | None = None, **plan: Any) -> list[str]:
    streams = [Stream("dam", amount=amount or DAM)]
    projection = projected(one, streams=streams, **plan)
    [verdict] = check_claims(projection)
    return [str(words) for words in possible_clauses(verdict, projection)]


def test_the_7_150_000_of_the_seed_is_met_by_exactly_two_single_clauses() -> None:
    """docs: a cap of 260,000 from year 26, or 14 leading unpaid years: none may be believed."""
    assert clauses(claim("715 万元", streams=("dam",))) == [
        "14 leading years without payment, the clock running",
        "growth that stops after year 26",
    ]


def test_a_delay_and_trailing_years_are_tried_as_well() -> None:
    assert "a delay of 3 years, the clock stopped" in clauses(claim("703 万元", streams=("dam",)))
    assert clauses(claim("740 万元", streams=("dam",))) == []
    assert "2 last years without payment" in clauses(claim("741 万元", streams=("dam",)))
    assert "3 leading years without payment, the clock running" in clauses(claim("814 万元", streams=("dam",)))


def test_a_claim_that_holds_needs_no_clause() -> None:
    assert clauses(claim("820 万元", streams=("dam",))) == []
    assert clauses(claim("715 万元", streams=("dam",), bound="at least")) == []


@pytest.mark.parametrize("about", [{"year": 1}, {"per": "40"}, {"streams": ()}])
def test_only_a_claim_about_the_whole_of_one_stream_is_explained(about: dict[str, Any]) -> None:
    assert clauses(claim("715 万元", **{"streams": ("dam",), **about})) == []


def test_clauses_are_tried_with_the_stream_s_own_rounding_and_instalments() -> None:
    assert clauses(claim("2 yuan", streams=("dam",)), level("1 yuan"), years=3) == [
        "1 leading years without payment, the clock running",
        "a delay of a year, the clock stopped",
        "1 last years without payment",
    ]


def test_nothing_is_fitted_to_a_claim() -> None:
    with_claim, without = projected(claim("715 万元", streams=("dam",))), projected()
    assert [one.amounts for one in with_claim.streams] == [one.amounts for one in without.streams]


# --- goods, and holders of several lists -----------------------------------------------------------------------


def goods_of(name: str, amount: str) -> Stream:
    price = series("price", {1: f"1 yuan/{amount.split()[1]}", 2: f"1 yuan/{amount.split()[1]}"})
    return Stream(name, amount=indexed(amount, price))


def test_a_claim_about_goods_counts_those_goods_alone() -> None:
    streams = [goods_of("rice", "500 jin"), goods_of("goats", "3 head")]
    assert verdict_on(claim("1000 jin"), streams=streams, years=2) == (True, quantity("1000 jin"))
    assert verdict_on(claim("1006 jin"), streams=streams, years=2)[0] is False


def test_goods_are_not_split_and_a_claim_about_a_part_of_them_is_refused() -> None:
    price = series("price", {1: "1 yuan/jin", 2: "1 yuan/jin"})
    stream = Stream("rice", amount=indexed("500 jin", price), split=split([("a", "30%"), ("b", "70%")]))
    with pytest.raises(PlanError, match="goods are not split"):
        verdict_on(claim("1000 jin", part="a"), streams=[stream], years=2)


def test_goods_that_are_not_known_are_not_nothing() -> None:
    crop = series("crop", {1: "500 jin"})
    price = series("price", {1: "1 yuan/jin"}, assume="hold")
    stream = Stream("rice", amount=indexed(share_of(crop, rate="10%"), price))
    assert verdict_on(claim("50 jin", year=1), streams=[stream], years=2)[0]
    with pytest.raises(PlanError, match="no known amount for year 2"):
        verdict_on(claim("0 jin", year=2), streams=[stream], years=2)


def test_a_number_that_two_lists_have_is_asked_for() -> None:
    """Number 1 of one list is not number 1 of another."""
    lists = [Holders("first", (Holder("1", "甲", 1),)), Holders("second", (Holder("1", "乙", 1),))]
    parts = [Part(name, Fraction(1, 2), (), one) for name, one in zip("ab", lists, strict=True)]
    stream = Stream("s", amount="100 yuan", split=parts)
    with pytest.raises(PlanError, match="all have a holder 1"):
        projected(claim("50 yuan", holder="1"), streams=[stream], years=1)
    assert verdict_on(claim("50 yuan", holder="1", part="b"), streams=[stream], years=1)[0]
