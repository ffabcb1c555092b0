"""The published cases: plans and distributions come to the figures that were worked out by hand.

Every plan is in examples/cases, every surplus with its waterfall in examples/distributions.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from coopledger.core.ahead import in_turn
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.appropriation import appropriations
from coopledger.core.chart import C2023, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Document
from coopledger.core.claims import Verdict, check_claims
from coopledger.core.distribution import all_outcomes
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import allot
from coopledger.core.plan import Claim, Plan
from coopledger.core.projection import project
from coopledger.core.quantity import Quantity, quantity
from coopledger.core.run import parts, runs
from coopledger.core.share_class import open_class, preset
from coopledger.core.waterfall import all_steps
from coopledger.core.year_end import enter_surplus
from coopledger.files.plan_file import read_plan
from coopledger.store.memory import MemoryJournal
from docs.distributions import Figure as Asked
from docs.distributions import read_case

HERE = Path(__file__).parent
PLANS = HERE.parent / "examples" / "cases"
DISTRIBUTIONS = {
    path.stem: read_case(path) for path in sorted((HERE.parent / "examples" / "distributions").glob("*.toml"))
}
PUBLISHED = {case["id"]: case for case in json.loads((HERE / "cases" / "published.json").read_text(encoding="utf-8"))}
EXPECTED = tomllib.loads((HERE / "cases" / "expected.toml").read_text(encoding="utf-8"))
LATER = tomllib.loads((PLANS / "later.toml").read_text(encoding="utf-8"))["later"]
CASES = sorted(path.stem for path in PLANS.glob("*.toml") if path.stem != "later")
FIGURES = [
    *(
        pytest.param(case, figure, id=f"{case}-{number}")
        for case, expected in EXPECTED.items()
        for number, figure in enumerate(expected.get("figures", []), 1)
    ),
    *(
        pytest.param(case, one.said, id=f"{case}-distributed-{number}")
        for case, distributed in DISTRIBUTIONS.items()
        for number, one in enumerate(distributed.figures, 1)
    ),
]
REPEATED = [param for param in FIGURES if "check" in param.values[1] and "differs" not in param.values[1]]  # type: ignore[operator]


Figure = dict[str, str]


def asked(case: str, figure: Figure) -> Asked | None:
    """The figure of a distribution, if it is one; those of plans have no unit or claim beside them."""
    found = DISTRIBUTIONS[case].figures if case in DISTRIBUTIONS else ()
    return next((one for one in found if one.said is figure), None)


def computed(case: str, figure: Figure) -> Quantity:
    one = asked(case, figure)
    return one.computed if one is not None else verdicts(case)[figure["about"]].computed


def verdict(case: str, figure: Figure) -> Verdict | None:
    one = asked(case, figure)
    return one.verdict if one is not None else verdicts(case)[figure["about"]]


def is_claimed(case: str, figure: Figure) -> bool:
    """Whether a published number is compared, which one that has to be whole is not."""
    return verdict(case, figure) is not None and "whole" not in figure


def plan_of(case: str) -> Plan:
    reading = read_plan(PLANS / f"{case}.toml")
    assert not reading.problems
    assert not reading.notices
    assert reading.plan is not None
    return reading.plan


def verdicts(case: str) -> dict[str, Verdict]:
    found = check_claims(project(plan_of(case)))
    by_about = {verdict.claim.about: verdict for verdict in found}
    assert len(by_about) == len(found), "two claims of a plan are about the same"
    return by_about


def check_of(case: str, figure: Figure) -> dict[str, Any]:
    return next(check for check in PUBLISHED[case]["checks"] if check["what"] == figure["check"])


def in_units(seen: Quantity, one: str) -> Fraction:
    """How many of ``one`` (1 万元) a quantity is."""
    unit = quantity(one)
    assert seen.unit == unit.unit
    return Fraction(seen.value) / unit.value


def places(text: str) -> int:
    return len(text.partition(".")[2])


def rounded(value: Fraction | Decimal, digits: int) -> Decimal:
    exact = Fraction(value)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def splits(content: object) -> Iterator[list[Decimal]]:
    """The percentages of every split in a document, at any depth."""
    if isinstance(content, dict):
        for value in content.values():
            yield from splits(value)
    if isinstance(content, list):
        shares = [row["share"] for row in content if isinstance(row, dict) and "share" in row and "name" in row]
        if shares and all(share.endswith("%") for share in shares):
            yield [Decimal(share[:-1]) for share in shares]
        for row in content:
            yield from splits(row)


def test_plans_and_the_list_of_later_ones_cover_every_published_case() -> None:
    assert {*CASES, *(one["id"] for one in LATER)} == set(PUBLISHED)


def test_a_case_is_listed_for_later_once_and_says_whether_the_rest_of_it_is_a_plan() -> None:
    names = [one["id"] for one in LATER]
    assert len(set(names)) == len(names)
    assert {one["id"]: one.get("part", False) for one in LATER} == {name: name in CASES for name in names}
    assert all(one["needs"] and one["why"] for one in LATER)


def test_every_plan_has_its_expected_figures() -> None:
    assert set(CASES) == set(EXPECTED)


@pytest.mark.parametrize("case", CASES)
def test_every_published_figure_is_claimed_or_kept_by_the_language_or_distributed(case: str) -> None:
    published = {check["what"] for check in PUBLISHED[case]["checks"] if check["published"] is not None}
    claimed = [figure["check"] for figure in EXPECTED[case].get("figures", []) if "check" in figure]
    kept = EXPECTED[case].get("kept", [])
    later = [name for one in LATER if one["id"] == case for name in one.get("checks", [])]
    figures = DISTRIBUTIONS[case].figures if case in DISTRIBUTIONS else ()
    distributed = {str(one.said["check"]) for one in figures if one.verdict and "check" in one.said}
    assert sorted([*claimed, *kept, *later, *(distributed - {*claimed})]) == sorted(published)


@pytest.mark.parametrize("case", CASES)
def test_a_plan_states_the_title_and_date_of_its_source_and_its_basis(case: str) -> None:
    plan = plan_of(case)
    title = re.sub(r"^\[[^\]]*\] ", "", PUBLISHED[case]["source_title"])
    assert plan.source.startswith(title[:6])
    assert all(date in plan.source for date in re.findall(r"^\d{4}(?:-\d\d)*", PUBLISHED[case]["date"]))
    assert all(stream.basis or plan.term.basis for stream in plan.streams)


@pytest.mark.parametrize("case", CASES)
def test_claims_hold_or_do_not_as_worked_out_by_hand(case: str) -> None:
    found = verdicts(case)
    assert [about for about, verdict in found.items() if not verdict.holds] == EXPECTED[case].get("fail", [])
    assert sum(verdict.holds for verdict in found.values()) == EXPECTED[case]["hold"]
    assert list(found) == [figure["about"] for figure in EXPECTED[case].get("figures", [])]


@pytest.mark.parametrize("case", CASES)
def test_a_case_that_contradicts_itself_has_a_claim_that_does_not_hold_and_one_that_reproduces_has_none(
    case: str,
) -> None:
    said = PUBLISHED[case]["verdict"]
    failed = [about for about, verdict in verdicts(case).items() if not verdict.holds]
    if said == "contradicts itself":
        assert failed
    elif said.startswith("reproduces"):
        assert not failed


@pytest.mark.parametrize(("case", "figure"), FIGURES)
def test_the_library_comes_to_the_figure_worked_out_by_hand(case: str, figure: Figure) -> None:
    found = in_units(computed(case, figure), figure["one"])
    assert rounded(found, places(figure["computed"])) == Decimal(figure["computed"])


@pytest.mark.parametrize(("case", "figure"), REPEATED)
def test_a_figure_worked_out_by_hand_is_that_of_the_published_arithmetic(case: str, figure: Figure) -> None:
    result = check_of(case, figure)["arithmetic"].rpartition("= ")[2]
    digits = min(places(result), places(figure["computed"]))
    assert rounded(Decimal(figure["computed"]), digits) == rounded(Decimal(result), digits)


CHECKED = [one for one in REPEATED if is_claimed(*one.values)]  # type: ignore[arg-type]


def claim_of(case: str, figure: Figure) -> Claim:
    seen = verdict(case, figure)
    assert seen is not None
    return seen.claim


@pytest.mark.parametrize(("case", "figure"), CHECKED)
def test_a_case_claims_what_was_published(case: str, figure: Figure) -> None:
    claim = claim_of(case, figure)
    assert in_units(claim.claimed, figure["one"]) == Fraction(check_of(case, figure)["published"])


@pytest.mark.parametrize(("case", "figure"), CHECKED)
def test_a_claim_is_read_as_closely_as_its_source_allows(case: str, figure: Figure) -> None:
    claim, match = claim_of(case, figure), check_of(case, figure)["match"]
    readings = (claim.rounded_to, claim.truncated_to, claim.within, claim.bound)
    if match.startswith("CONTRADICTS"):
        seen = verdict(case, figure)
        assert seen is not None
        assert not seen.holds
    elif match == "exact":
        assert readings == (None, None, None, None)
    elif step := re.fullmatch(r"(rounds|truncates) to published \((\d) dp\)", match):
        read = claim.rounded_to if step[1] == "rounds" else claim.truncated_to
        assert read is not None
        assert in_units(read, figure["one"]) == Fraction(1, 10 ** int(step[2]))
    elif loose := re.fullmatch(r"fits the vague wording \(within (\d)%\)", match):
        assert readings != (None, None, None, None)
        assert claim.within is None or claim.within <= Fraction(int(loose[1]), 100)
    else:
        pytest.fail(f"a match that no claim can be read by: {match}")


@pytest.mark.parametrize(("case", "figure"), [one for one in REPEATED if "whole" in one.values[1]])  # type: ignore[operator]
def test_what_has_to_be_whole_and_is_not_contradicts_itself(case: str, figure: Figure) -> None:
    assert check_of(case, figure)["match"] == "CONTRADICTS: must be a whole number"
    seen = verdict(case, figure)
    assert seen is not None
    assert not seen.holds


@pytest.mark.parametrize("case", DISTRIBUTIONS)
def test_a_distribution_is_of_a_published_case_and_gives_every_fen_to_somebody(case: str) -> None:
    distributed = DISTRIBUTIONS[case]
    assert distributed.source == plan_of(case).source
    assert distributed.notes
    done = distributed.done
    assert sum(one.amount_fen for one in done.outcomes) + done.remains_fen == done.surplus.total_fen
    for one in all_outcomes(done.outcomes):
        assert not one.parts or sum(one.parts.values()) == one.amount_fen
    assert len({one.about for one in distributed.figures}) == len(distributed.figures)


@pytest.mark.parametrize("case", [name for name, one in DISTRIBUTIONS.items() if one.currency.code == "CNY"])
def test_a_book_with_the_charter_of_a_case_distributes_and_proposes_the_same(case: str) -> None:
    one, day, last = DISTRIBUTIONS[case], date(2025, 1, 1), date(2025, 12, 31)
    steps = [*all_steps(one.waterfall.steps)]
    stated = {step.by: one.bases[step.by] for step in steps if step.by and step.by not in one.digits}
    holders = {number for name in (*stated, *one.digits) for number in one.bases[name]}
    decisions = [
        found(case, COLLECTIVE._replace(waterfall=one.waterfall), effective_on=day),
        adopt(C2023, effective_on=day),
        admit(*(Joiner(number, kind="collective") for number in sorted(holders)), effective_on=day),
    ]
    for name, digits in one.digits.items():
        cls = preset("land", code=name.partition(" ")[2], digits=digits, level="person")
        decisions += [open_class(cls, effective_on=day), allot(cls.code, one.bases[name], effective_on=day)]
    papers = [Document("list.pdf", "0" * 64)]
    decisions += [
        enter_surplus(2025, one.done.surplus.surplus_fen, source=one.source),
        distribute(2025, bases=stated, documents=papers),
        propose_steps(2025, effective_on=last),
    ]
    book = MemoryJournal(case)
    book.append(in_turn(*decisions), key="all", actor="accountant")
    outcomes = {each.step.code: each for each in all_outcomes(one.done.outcomes)}
    with book.read() as view:
        done = appropriations(view)[2025]
        assert [line.amount_fen for line in done.lines] == [each.amount_fen for each in outcomes.values()]
        assert (done.remains_fen, done.uncovered_fen) == (one.done.remains_fen, one.done.uncovered_fen)
        proposed = {run.proposal.step: parts(view, run.proposal).parts for run in runs(view).values()}
    assert proposed == {code: each.parts for code, each in outcomes.items() if each.parts and each.amount_fen}


@pytest.mark.parametrize("case", DISTRIBUTIONS)
def test_a_distribution_that_contradicts_its_source_is_of_a_case_that_contradicts_itself(case: str) -> None:
    failed = [one.about for one in DISTRIBUTIONS[case].figures if one.verdict is not None and not one.verdict.holds]
    said = PUBLISHED[case]["verdict"]
    assert not (failed and said.startswith("reproduces"))


@pytest.mark.parametrize(
    ("case", "check"), [(case, check) for case, expected in EXPECTED.items() for check in expected.get("kept", [])]
)
def test_a_split_that_the_language_keeps_has_the_published_percentages(case: str, check: str) -> None:
    terms = check_of(case, {"check": check})["arithmetic"].partition(" =")[0].split("+")
    document = tomllib.loads((PLANS / f"{case}.toml").read_text(encoding="utf-8"))
    assert [Decimal(term) for term in terms] in list(splits(document))
