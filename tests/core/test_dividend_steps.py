"""The steps of a run: whatever is said in whatever order, a run is where its legal steps have brought it.

The model is a word: each step that was taken is a letter, and the words that a charter allows are a regular expression.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from coopledger.core.charter import COLLECTIVE, FOUR, Charter, Steps
from coopledger.core.citation import Resolution
from coopledger.core.composition import voters
from coopledger.core.deliberation import answer, deliberate, discuss, object_to, supervise
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.journal import Decision, Entry
from coopledger.core.member import Joiner, admit, change_members, note_personal
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.run import RUN, Objection, runs
from coopledger.core.run_step import next_step
from coopledger.core.undoing import undo
from coopledger.errors import CoopledgerError, EntryError, RegisterError
from coopledger.reports.dividend import run_report, runs_report
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    HOLDERS,
    MET,
    PAID,
    POSTED,
    PROPOSAL,
    PROPOSED,
    VOTE,
    cooperative,
    due,
    the,
)
from tests.core.strategies import steady
from tests.core.village import Village

DAY = timedelta(1)
FOURFOLD = COLLECTIVE._replace(steps=FOUR)
BRANCH = Resolution("2027-1", "branch", PROPOSED, entitled=5, present=3, votes_for=2)
COMMITTEES = Resolution("2027-2", "committees", PROPOSED, entitled=9, present=5, votes_for=3, votes_against=2)
PARTY = Resolution("2027-3", "party", PROPOSED, entitled=40, present=21, votes_for=11, votes_against=10)

PLAIN = r"p(s[soa]*)?(v(n*)(c(r*))?)?"
DELIBERATED = r"p(d(l(s[soa]*(v(n+(c(r+(x)?)?)?)?)?)?)?)?"
LEGAL: dict[Steps, re.Pattern[str]] = {"plain": re.compile(PLAIN), FOUR: re.compile(DELIBERATED)}
"""Propose, discuss, deliberate, show, object, answer, vote, notice, declare, result, supervise (x)."""

SAID: dict[Steps, dict[str, str]] = {
    "plain": {
        "p": "proposed: it is disclosed next, and approved",
        "s": "disclosed: it is approved next",
        "v": "approved: it is declared next",
        "n": "published: it is declared next",
        "c": "declared: it is paid next",
        "r": "reported: all its steps are taken",
        "-": "withdrawn: propose another",
    },
    FOUR: {
        "p": "proposed: the two committees discuss it next",
        "d": "discussed: the party members deliberate on it next",
        "l": "deliberated: it is disclosed next",
        "s": "disclosed: it is approved next",
        "v": "approved: the decision is disclosed next",
        "n": "published: it is declared next",
        "c": "declared: it is paid next, and the result disclosed",
        "r": "reported: the supervisory committee says next what it found",
        "x": "supervised: all its steps are taken",
        "-": "withdrawn: propose another",
    },
}
VERBS: dict[str, Callable[[str], Decision]] = {
    "propose": lambda run: propose(run, PROPOSAL._replace(stream=run), effective_on=PROPOSED, resolution=BRANCH),
    "discuss": lambda run: discuss(run, COMMITTEES._replace(day=MET)),
    "deliberate": lambda run: deliberate(run, PARTY._replace(day=MET)),
    "disclose": lambda run: disclose(run, since=MET, until=MET, where="village board"),
    "object": lambda run: object_to(run, by="0017", what="a doubt", effective_on=MET),
    "approve": lambda run: approve(run, VOTE),
    "declare": lambda run: declare(run, effective_on=MET),
    "supervise": lambda run: supervise(run, what="as approved", effective_on=MET),
}
LETTERS = {
    "propose": "p",
    "discuss": "d",
    "deliberate": "l",
    "object": "o",
    "approve": "v",
    "declare": "c",
    "supervise": "x",
}
FOURFOLD_ONLY = {"discuss", "deliberate", "supervise"}


class Runs(RuleBasedStateMachine):
    """One run after the other under a charter, each step said at any time."""

    @initialize(steps=st.sampled_from(["plain", FOUR]))
    def begin(self, steps: Steps) -> None:
        self.steps = steps
        self.made = cooperative(charter=COLLECTIVE._replace(disclosure_days=0, steps=steps))
        self.run, self.word, self.answers, self.paid, self.keys, self.codes = "r1", "", list[int](), 0, 0, 1
        self.say("propose")

    @rule(verb=st.sampled_from([*VERBS]))
    def say(self, verb: str) -> None:
        letter = self.letter(verb)
        self.take(VERBS[verb](self.run), letter, self.refusal(verb, letter))

    @rule(number=st.integers(0, 3))
    def answer(self, number: int) -> None:
        refusal = self.refusal("answer", "a")
        if refusal is None and number not in self.open:
            refusal = f"objection {number} is not there, or was answered"
        if self.take(answer(self.run, number, what="counted anew", effective_on=MET), "a", refusal):
            self.answers.append(number)

    @rule(first=st.lists(st.sampled_from(["disclose", "object", "", ""]), min_size=1, max_size=4))
    def go_on(self, first: list[str]) -> None:
        """The next steps that are legal, so that runs get far; some of them along the way."""
        for verb in first:
            ahead = [verb, "discuss", "deliberate", "approve", "declare", "supervise", "disclose"]
            legal = [verb for verb in ahead if verb and self.refusal(verb, self.letter(verb)) is None]
            if self.open and verb != "object":
                self.answer(self.open[0])
            elif legal:
                self.say(legal[0])
            elif "c" in self.word:
                self.pay()

    @rule()
    def undo(self) -> None:
        refusal = self.out_of_order if self.word == "-" else None
        if self.do(undo(self.run, effective_on=MET, reason="correction"), refusal):
            self.paid = 0 if self.word[-1] == "c" else self.paid
            self.answers = self.answers[: self.word[:-1].count("a")]
            self.word = self.word[:-1] or "-"

    @precondition(lambda self: "c" in self.word)
    @rule()
    def pay(self) -> None:
        self.do(pay(self.run, effective_on=MET, holders={"17": 1_00}, released="whatever he owes"), None)
        self.paid += 1_00

    @precondition(lambda self: self.word in {"-", "p"} or self.word[-1] in "crx")
    @rule()
    def begin_another(self) -> None:
        """Another run, for another purpose; the surplus is enough for three of them."""
        if self.codes < 3:
            self.codes += 1
            self.run, self.word, self.answers, self.paid = f"r{self.codes}", "", [], 0
            self.say("propose")

    @property
    def open(self) -> list[int]:
        """The objections without an answer: which one each answer is to is kept beside the word."""
        return [number for number in range(1, self.word.count("o") + 1) if number not in self.answers]

    def letter(self, verb: str) -> str:
        if verb == "disclose":
            return "r" if "c" in self.word else "n" if "v" in self.word else "s"
        return LETTERS[verb]

    @property
    def state(self) -> str:
        return "s" if self.word[-1] in "oa" else self.word[-1]

    @property
    def out_of_order(self) -> str:
        said = SAID[self.steps][self.state]
        if self.state == "s" and self.open:
            said = f"disclosed: objections {', '.join(map(str, self.open))} are answered next, and it is approved"
        return f"run {self.run} is {said}"

    def refusal(self, verb: str, letter: str) -> str | None:
        """What is said of a step that the charter's words do not allow now."""
        if verb == "propose":
            return None if not self.word else f"run {self.run} was proposed in record"
        if self.steps == "plain" and verb in FOURFOLD_ONLY:
            return f"run {self.run}: {verb} is one of the four deliberations, for which the charter did not ask"
        if not LEGAL[self.steps].fullmatch(self.word + letter):
            return self.out_of_order
        if letter == "r" and self.steps == FOUR and not self.paid:
            return self.out_of_order
        if letter == "v" and self.open:
            return f"objections {', '.join(map(str, self.open))} were not answered before the meeting of {MET}"
        return None

    def take(self, decision: Decision, letter: str, refusal: str | None) -> bool:
        taken = self.do(decision, refusal)
        self.word += letter if taken else ""
        return taken

    def do(self, decision: Decision, refusal: str | None) -> bool:
        """Append a step, twice; or see it refused in these words, and nothing written."""
        self.keys += 1
        before = self.made.view.head
        said: dict[str, Any] = {"key": f"step {self.keys}", "actor": "accountant"}
        if refusal is not None:
            with pytest.raises(RegisterError, match=re.escape(refusal)):
                self.made.journal.append(decision, **said)
            assert self.made.view.head == before
            return False
        first = self.made.journal.append(decision, **said)
        after = self.made.view.head
        assert self.made.journal.append(decision, **said) == first
        assert self.made.view.head == after != before
        return True

    @invariant()
    def the_run_is_where_the_word_says(self) -> None:
        one = the(self.made, self.run)
        assert f"run {self.run} is {one.state}: {next_step(self.made.view, one)}" == self.out_of_order
        counted = {
            "s": len(one.disclosures) if self.word != "-" else 0,
            "o": len(one.objections),
            "a": len(one.objections) - len(one.unanswered),
            "d": int(one.discussed is not None),
            "l": int(one.deliberated is not None),
            "v": int(one.resolution is not None),
            "n": len(one.notices),
            "c": int(one.declared_on is not None),
            "r": len(one.results),
            "x": int(one.finding is not None),
        }
        assert counted == {letter: self.word.count(letter) for letter in counted}
        assert sum(due(self.made, self.run).values()) == (1_000_00 - self.paid if "c" in self.word else 0)

    def teardown(self) -> None:
        assert problems(self.made.view) == []
        assert self.made.journal.verify() == []


Runs.TestCase.settings = steady(150)
TestRuns = Runs.TestCase


# ---------------------------------------------------------------- the four deliberations, step by step


def deliberated(made: Village) -> Village:
    made.do(
        propose("2026", PROPOSAL, effective_on=PROPOSED, resolution=BRANCH),
        discuss("2026", COMMITTEES),
        deliberate("2026", PARTY),
    )
    return made


def posted(made: Village) -> Village:
    made.do(disclose("2026", since=POSTED, until=MET, where="village board"))
    return made


def test_a_run_goes_through_all_of_the_four_deliberations() -> None:
    made = posted(deliberated(cooperative(charter=FOURFOLD)))
    made.do(
        object_to("2026", by="0018", what="shares of 18", effective_on=POSTED + DAY),
        answer("2026", 1, what="counted anew: 300", effective_on=POSTED + 2 * DAY),
        approve("2026", VOTE),
        disclose("2026", since=MET, until=DECLARED, where="village board"),
        declare("2026", effective_on=DECLARED),
        pay("2026", effective_on=PAID),
        disclose("2026", since=PAID, until=PAID + 9 * DAY, where="village hall"),
        supervise("2026", what="paid as approved", effective_on=PAID + 10 * DAY),
    )
    one = the(made)
    assert (one.proposed_by, one.discussed, one.deliberated, one.resolution) == (BRANCH, COMMITTEES, PARTY, VOTE)
    assert one.objections == (Objection("0018", POSTED + DAY, "shares of 18", "counted anew: 300", POSTED + 2 * DAY),)
    assert [seen.where for seen in (*one.disclosures, *one.notices, *one.results)] == [
        "village board",
        "village board",
        "village hall",
    ]
    notes = [str(note) for note in run_report(made.view, "2026").notes]
    assert notes[3:-4] == [
        "proposed by resolution 2027-1 of 2027-01-05: 5 entitled, 3 present, 2 for, 0 against",
        "discussed by resolution 2027-2 of 2027-01-05: 9 entitled, 5 present, 3 for, 2 against",
        "deliberated by resolution 2027-3 of 2027-01-05: 40 entitled, 21 present, 11 for, 10 against",
        "lay open from 2027-01-06 to 2027-01-20: village board",
        "objection 1 of 0018 on 2027-01-07: shares of 18; answered on 2027-01-08: counted anew: 300",
        "approved by resolution 2027-1 of 2027-01-20: 5 entitled, 5 present, 4 for, 1 against",
        "entitled are 5 by the resolution, 0 to 4 by the register on 2027-01-20: look at which is right",
        "decision made public from 2027-01-20 to 2027-01-21: village board",
        "result made public from 2027-01-25 to 2027-02-03: village hall",
        "the supervisory committee found on 2027-02-04: paid as approved",
    ]
    assert notes[-4] == "all its steps are taken"
    [row] = runs_report(made.view).rows
    assert str(row[-1]) == "all its steps are taken"
    assert problems(made.view) == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (lambda: propose("b", PROPOSAL, effective_on=PROPOSED), "run b: the charter asks for the four deliberations"),
        (
            lambda: propose("b", PROPOSAL, effective_on=PROPOSED, resolution=PARTY),
            "adopted by the meeting party; one of branch is expected",
        ),
        (
            lambda: propose("b", PROPOSAL, effective_on=PROPOSED, resolution=BRANCH._replace(present=2)),
            "votes present: 2; 3 of 5 are needed (四议两公开)",
        ),
        (
            lambda: propose("b", PROPOSAL, effective_on=PROPOSED, resolution=BRANCH._replace(votes_for=1)),
            "votes for it: 1; 2 of 3 are needed (四议两公开)",
        ),
        (
            lambda: propose("b", PROPOSAL, effective_on=PROPOSED, resolution=BRANCH._replace(day=PROPOSED + DAY)),
            "run b: 2027-01-05 is before 2027-01-06",
        ),
        (lambda: discuss("2026", COMMITTEES._replace(meeting="board")), "adopted by the meeting board; one of"),
        (lambda: discuss("2026", COMMITTEES._replace(day=PROPOSED - DAY)), "2027-01-04 is before 2027-01-05"),
        (lambda: discuss("2026", COMMITTEES, effective_on=PROPOSED - DAY), "2027-01-04 is before 2027-01-05"),
        (lambda: deliberate("2026", COMMITTEES), "adopted by the meeting committees; one of party is expected"),
    ],
)
def test_the_first_three_are_carried_by_their_own_meetings(step: Callable[[], Decision], said: str) -> None:
    made = cooperative(charter=FOURFOLD)
    made.do(propose("2026", PROPOSAL._replace(stream="x"), effective_on=PROPOSED, resolution=BRANCH))
    with pytest.raises(RegisterError, match=re.escape(said)):
        made.do(step())


def test_a_result_is_made_public_after_something_was_paid() -> None:
    made = posted(deliberated(cooperative(charter=FOURFOLD)))
    made.do(approve("2026", VOTE), disclose("2026", since=MET, until=MET, where="village board"))
    with pytest.raises(RegisterError, match="2027-01-19 is before 2027-01-20"):
        made.do(declare("2026", effective_on=MET - DAY))
    made.do(undo("2026", effective_on=MET, reason="another day"))
    made.do(disclose("2026", since=MET + DAY, until=MET + DAY, where="village board"))
    with pytest.raises(RegisterError, match="2027-01-20 is before 2027-01-21"):
        made.do(declare("2026", effective_on=MET))
    made.do(declare("2026", effective_on=DECLARED))
    result = disclose("2026", since=PAID, until=PAID, where="village board")
    with pytest.raises(RegisterError, match="run 2026 is declared: it is paid next, and the result disclosed"):
        made.do(result)
    made.do(pay("2026", effective_on=PAID, holders={"19": 1}))
    assert str(next_step(made.view, the(made))) == "it is paid next, and the result disclosed"
    made.do(pay("2026", effective_on=PAID))
    assert str(next_step(made.view, the(made))) == "the result is disclosed next"
    made.do(result)
    with pytest.raises(RegisterError, match="2027-01-24 is before 2027-01-25"):
        made.do(supervise("2026", what="x", effective_on=PAID - DAY))


def test_a_run_keeps_to_the_order_that_the_charter_had_when_it_was_proposed() -> None:
    from coopledger.core.amendment import change_charter

    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(
        change_charter(
            FOURFOLD, effective_on=POSTED, resolution=VOTE._replace(votes_for=5, votes_against=0, day=POSTED)
        )
    )
    posted(made).do(approve("2026", VOTE), declare("2026", effective_on=DECLARED))
    with pytest.raises(RegisterError, match="the charter asks for the four deliberations"):
        made.do(propose("rent", PROPOSAL._replace(stream="rent"), effective_on=POSTED))
    made.do(propose("rent", PROPOSAL._replace(stream="rent"), effective_on=POSTED, resolution=BRANCH))
    assert [one.steps for one in runs(made.view).values()] == ["plain", FOUR]


def test_of_a_plain_run_that_is_paid_nothing_is_left_to_do() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    posted(made).do(approve("2026", VOTE), declare("2026", effective_on=DECLARED))
    assert str(next_step(made.view, the(made))) == "it is paid next"
    made.do(pay("2026", effective_on=PAID))
    assert str(next_step(made.view, the(made))) == "all its steps are taken"


# ---------------------------------------------------------------- objections


def test_a_run_is_not_approved_before_its_objections_are_answered() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    posted(made).do(object_to("2026", by="0018", what="a doubt", effective_on=MET - DAY))
    made.do(object_to("2026", by="B7", what="another", effective_on=MET - DAY))
    assert str(next_step(made.view, the(made))) == "objections 1, 2 are answered next, and it is approved"
    with pytest.raises(RegisterError, match="objections 1, 2 were not answered before the meeting of 2027-01-20"):
        made.do(approve("2026", VOTE))
    made.do(answer("2026", 2, what="so it is", effective_on=MET))
    made.do(answer("2026", 1, what="too late", effective_on=MET + DAY))
    with pytest.raises(RegisterError, match="objections 1 were not answered before the meeting of 2027-01-20"):
        made.do(approve("2026", VOTE))
    made.do(undo("2026", effective_on=MET, reason="another day"), answer("2026", 1, what="so", effective_on=MET))
    made.do(approve("2026", VOTE))
    assert the(made).state == "approved"


def test_what_is_objected_after_the_meeting_and_answered_is_no_hindrance() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    posted(made).do(object_to("2026", by="0018", what="a doubt", effective_on=MET + DAY))
    with pytest.raises(RegisterError, match="objections 1 were not answered"):
        made.do(approve("2026", VOTE))
    made.do(answer("2026", 1, what="so it is", effective_on=MET + 2 * DAY), approve("2026", VOTE))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (lambda: object_to("2026", by="0018", what=" ", effective_on=MET), "what: ' ': a text is expected"),
        (lambda: object_to("2026", by="成员 甲", what="x", effective_on=MET), "is not a code"),
        (lambda: object_to("2026", by="0018", what="x", effective_on=POSTED - DAY), "2027-01-05 is before 2027-01-06"),
        (lambda: answer("2026", 1, what="x", effective_on=POSTED), "2027-01-06 is before 2027-01-07"),
        (lambda: answer("2026", 2, what="x", effective_on=MET), "objection 2 is not there, or was answered; without"),
        (lambda: answer("2026", True, what="x", effective_on=MET), "objection: True: its number (int) is expected"),
        (lambda: approve("2026", VOTE, reason=" "), "reason: ' ': a text is expected"),
        (lambda: supervise("2026", what="", effective_on=MET), "what: '': a text is expected"),
    ],
)
def test_what_cannot_be_an_objection_or_an_answer(step: Callable[[], Decision], said: str) -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    posted(made).do(object_to("2026", by="0018", what="a doubt", effective_on=POSTED + DAY))
    with pytest.raises(CoopledgerError, match=re.escape(said)):
        made.do(step())


# ---------------------------------------------------------------- who is entitled


def aged(charter: Charter = COLLECTIVE, **births: str) -> Village:
    """The cooperative of four, 0017 … 0020, with their birth dates, a child, and who else."""
    made = cooperative(charter=charter)
    made.do(admit(Joiner("0021", household="17", personal={"birth": "2015-06-07"}), effective_on=FOUNDED))
    known = {f"00{home}": {"birth": births.get(f"m{home}", "1970-01-01")} for home in HOLDERS}
    made.do(note_personal(known, effective_on=FOUNDED))
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    return posted(made)


FOUR_VOTES = VOTE._replace(entitled=4, present=4, votes_for=4, votes_against=0)


def test_where_all_ages_are_known_the_resolution_counts_whom_the_register_counts() -> None:
    made = aged()
    assert voters(made.view, MET) == (4, 4, 0)
    made.do(approve("2026", FOUR_VOTES))
    assert not [note for note in run_report(made.view, "2026").notes if "by the register" in str(note)]


@pytest.mark.parametrize("entitled", [3, 5])
def test_a_resolution_that_counts_others_is_refused_unless_it_says_why(entitled: int) -> None:
    made = aged()
    vote = FOUR_VOTES._replace(entitled=entitled, present=entitled, votes_for=entitled)
    said = f"resolution 2027-1: {entitled} votes are entitled, and the register has 4 on 2027-01-20, minors left out"
    with pytest.raises(RegisterError, match=said):
        made.do(approve("2026", vote))
    made.do(approve("2026", vote, reason="one under guardianship"))
    told = f"entitled are {entitled} by the resolution, 4 to 4 by the register on 2027-01-20: one under guardianship"
    assert told in [str(note) for note in run_report(made.view, "2026").notes]


def test_who_comes_of_age_on_the_day_of_the_meeting_votes() -> None:
    made = aged(m20="2009-01-20")
    assert voters(made.view, MET - DAY) == (3, 3, 0)
    made.do(approve("2026", FOUR_VOTES))


def test_extra_votes_count_and_an_institution_may_vote_or_not() -> None:
    made = aged(COLLECTIVE._replace(extra_votes=Fraction(1)))
    made.do(change_members(["0018"], effective_on=PROPOSED, reason="contribution", extra_votes=2))
    made.do(admit(Joiner("0900", "collective"), effective_on=PROPOSED))
    assert voters(made.view, MET) == (6, 7, 0)
    for entitled in (5, 8):
        vote = VOTE._replace(entitled=entitled, present=5, votes_for=5, votes_against=0)
        if entitled == 8:
            vote = vote._replace(present=8, votes_for=8)
        with pytest.raises(RegisterError, match=f"{entitled} votes are entitled, and the register has 6–7"):
            made.do(approve("2026", vote))
    made.do(approve("2026", VOTE._replace(entitled=7, present=7, votes_for=7, votes_against=0)))


def test_where_an_age_is_not_known_the_difference_is_told_and_not_refused() -> None:
    made = aged()
    made.journal.erase(["m/0019"], key="erased", actor="accountant", on=POSTED)
    assert voters(made.view, MET) == (3, 4, 1)
    made.do(approve("2026", VOTE))
    assert "entitled are 5 by the resolution, 3 to 4 by the register on 2027-01-20: look at which is right" in [
        str(note) for note in run_report(made.view, "2026").notes
    ]


def test_erasing_a_birth_date_afterwards_leaves_the_same_step_repeatable() -> None:
    made = aged()
    step = approve("2026", FOUR_VOTES)
    first = made.journal.append(step, key="approved", actor="accountant")
    made.journal.erase(["m/0021", "m/0019"], key="erased", actor="accountant", on=MET)
    assert made.journal.append(step, key="approved", actor="accountant") == first


def test_representatives_are_as_many_as_the_minutes_say() -> None:
    made = aged()
    made.do(approve("2026", FOUR_VOTES._replace(meeting="representatives", entitled=2, present=2, votes_for=2)))
    assert the(made).state == "approved"


def test_votes_by_share_are_known() -> None:
    made = aged(COLLECTIVE._replace(votes="share"))
    assert voters(made.view, MET) == (0, 0, 0)  # no class of theirs votes
    with pytest.raises(RegisterError, match="4 votes are entitled, and the register has 0"):
        made.do(approve("2026", FOUR_VOTES))


# ---------------------------------------------------------------- records


@pytest.mark.parametrize(
    "facts",
    [
        {"step": "discuss"},
        {"step": "deliberate", "resolution": {}},
        {"step": "object", "what": "x"},
        {"step": "object", "by": "成员 甲", "what": "x"},
        {"step": "answer", "what": "x"},
        {"step": "answer", "what": "x", "objection": "1"},
        {"step": "supervise"},
        {"step": "supervise", "what": 5},
        {"step": "undo", "was": "withdrawn"},
    ],
)
def test_steps_that_no_run_could_be_folded_from_are_refused(facts: dict[str, Any]) -> None:
    made = cooperative()
    with pytest.raises(EntryError, match="facts of the kind dividend-run"):
        made.do(Entry(RUN, PROPOSED, PROPOSED, {"run": "x", **facts}))


def test_an_undoing_that_names_an_earlier_step_takes_back_what_followed_it_too() -> None:
    """So were they written once, when a notice was no step of its own."""
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    posted(made).do(approve("2026", VOTE), disclose("2026", since=MET, until=MET, where="x"))
    made.do(Entry(RUN, MET, MET, {"run": "2026", "step": "undo", "was": "approved", "reason": "x"}))
    assert (the(made).state, the(made).notices) == ("disclosed", ())


def test_the_plain_order_is_as_it_was_in_the_records() -> None:
    made = cooperative()
    [record] = made.do(propose("2026", PROPOSAL, effective_on=date(2027, 1, 5)))
    assert sorted(record.facts) == ["amount_fen", "digest", "holders", "proposal", "run", "step"]
