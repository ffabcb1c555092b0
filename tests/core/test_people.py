"""People: numbers in one form, and how often the register is read."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from coopledger.core.charter import COLLECTIVE
from coopledger.core.household import move
from coopledger.core.journal import Decision, Facts, Record
from coopledger.core.member import Joiner, admit, change_members, die, leave, note_personal
from coopledger.core.notice import give_notice, withdraw_notice
from coopledger.core.people import roll
from coopledger.errors import RegisterError
from coopledger.store.memory import MemoryView
from tests.core.village import (
    JULY,
    JUNE,
    MAY,
    village,
)

COMPOSED, DECOMPOSED = "Ané", "Ane\u0301"


def test_a_number_is_one_number_however_its_letters_are_composed() -> None:
    made = village(charter=COLLECTIVE)
    made.do(admit(Joiner(COMPOSED, household="r\u00e9", head=True), effective_on=MAY))
    for taken in (Joiner(DECOMPOSED, "enterprise"), Joiner("re\u0301"), Joiner("9", household=DECOMPOSED, head=True)):
        with pytest.raises(RegisterError, match=r"(Ané|ré) is the number of a (member|household) already"):
            made.do(admit(taken, effective_on=MAY))
    with pytest.raises(RegisterError, match="member Ané is listed twice"):
        admit(Joiner(COMPOSED), Joiner(DECOMPOSED), effective_on=MAY)
    with pytest.raises(RegisterError, match="Ané is listed twice"):
        note_personal({COMPOSED: {"phone": "1"}, DECOMPOSED: {"phone": "2"}}, effective_on=MAY)
    made.do(admit(Joiner("0070", household="re\u0301"), effective_on=MAY))
    made.do(
        note_personal({DECOMPOSED: {"phone": "1"}}, effective_on=MAY),
        change_members([DECOMPOSED], groups=["re\u0301"], effective_on=MAY, reason="resolution"),
        give_notice(DECOMPOSED, effective_on=MAY),
        withdraw_notice(DECOMPOSED, effective_on=MAY),
        die("0070", effective_on=JUNE),
        leave(DECOMPOSED, effective_on=JULY, reason="moved out", keeps_shares=True),
    )
    one = roll(made.view).members[COMPOSED]
    assert (one.standing, one.kind, one.groups) == ("holder", "person", ("r\u00e9",))
    assert made.view.personal([f"m/{COMPOSED}"]) == {f"m/{COMPOSED}": {"phone": "1"}}
    assert roll(made.view).households["r\u00e9"].members == ()


def test_a_compatibility_ideograph_is_the_character_that_it_stands_for() -> None:
    made = village()
    made.do(admit(Joiner("\u8c48"), effective_on=MAY))
    with pytest.raises(RegisterError, match="\u8c48 is the number of a member already"):
        made.do(admit(Joiner("\uf900"), effective_on=MAY))


@pytest.mark.parametrize("wide", ["００41", "Ａ41"])
def test_a_number_in_characters_of_another_width_is_refused(wide: str) -> None:
    with pytest.raises(RegisterError, match=r"is written in other characters than (0041|A41): write"):
        admit(Joiner(wide), effective_on=MAY)
    with pytest.raises(RegisterError, match="is written in other characters than"):
        admit(Joiner("0070", household=wide, head=True), effective_on=MAY)


class Counted:
    """A view that counts how often the changes of members are read, and which personal rows."""

    def __init__(self, view: MemoryView) -> None:
        self.view = view
        self.read = 0
        self.asked: list[Collection[str] | None] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a view has
        return getattr(self.view, name)

    def records(self, *kinds: str, since: int = 0) -> Iterator[Record]:
        self.read += not kinds or "member" in kinds
        return self.view.records(*kinds, since=since)

    def personal(self, subjects: Collection[str] | None = None) -> dict[str, Facts]:
        self.asked.append(subjects)
        return self.view.personal(subjects)


@pytest.mark.parametrize(
    "decision",
    [
        admit(Joiner("0070", household="17", personal={"name": "成员己"}), effective_on=MAY),
        die("0042", effective_on=MAY),
        give_notice("0042", effective_on=MAY),
        change_members(["0042"], groups=["poor"], effective_on=MAY, reason="resolution"),
        note_personal({"0042": {"phone": "1"}}, effective_on=MAY),
        move(["0042"], to="18", effective_on=MAY, reason="marriage", personal={"0042": {"relation": "配偶"}}),
    ],
)
def test_a_change_reads_everybodys_history_once_and_only_its_own_personal_rows(decision: Decision) -> None:
    seen = Counted(village().view)
    assert decision(seen)
    assert seen.read == 1
    assert None not in seen.asked
