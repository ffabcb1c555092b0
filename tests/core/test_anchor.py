"""Anchors from paper: read as they are typed, held against the book that it is, one that grew, and others."""

from datetime import date

import pytest

from coopledger.book import Joiner, MemoryJournal, admit, found
from coopledger.core.anchor import anchored
from coopledger.core.journal import Head
from coopledger.errors import EntryError

DAY = date(2026, 1, 1)


def journal(name: str = "示例村合作社", members: int = 3) -> MemoryJournal:
    made = MemoryJournal("hill", clock=lambda: 0, salt=lambda: b"salt" * 4)
    made.append(found(name, effective_on=DAY), key="founding", actor="accountant")
    for n in range(members):
        made.append(admit(Joiner(f"00{n}"), effective_on=DAY), key=f"{n}", actor="accountant")
    return made


def heads(made: MemoryJournal) -> list[Head]:
    with made.read() as view:
        return [record.head for record in view.records()]


def test_every_head_that_a_book_ever_had_still_stands_in_it() -> None:
    made = journal()
    with made.read() as view:
        last = view.head.seq
        for n, head in enumerate(heads(made), 1):
            held = anchored(view, head)
            assert (held.anchor, held.stands, held.now, held.differ, held.added) == (head, True, head, 0, last - n)
            assert held.added_at == (view.record(n + 1).recorded_at if n < last else None)


def test_the_head_of_an_empty_book_stands_in_it_for_ever() -> None:
    empty = MemoryJournal("hill")
    with empty.read() as view:
        printed = view.head
        assert anchored(view, printed).stands
    with journal().read() as view:
        assert (anchored(view, printed).stands, anchored(view, printed).added) == (True, view.head.seq)


def test_a_paper_of_another_book_does_not_stand_nor_one_of_records_that_are_gone() -> None:
    other, made = journal("邻村合作社", 5), journal()
    same = {*heads(other)} & {*heads(made)}
    assert {head.seq for head in same} <= {1}  # accounts are opened in both alike, by the same clock
    with made.read() as view:
        for head in {*heads(other)} - same:
            held = anchored(view, head)
            assert not held.stands
            if head.seq <= view.head.seq:
                assert held.now is not None
                assert held.differ > 40
            else:
                assert (held.now, held.added, held.added_at) == (None, 0, None)
        assert not anchored(view, Head(-1, b"")).stands


def test_a_slip_of_the_hand_differs_in_one_digit() -> None:
    made = journal()
    with made.read() as view:
        digits = view.head.hash.hex()
        slip = ("1" if digits[0] == "0" else "0") + digits[1:]
        held = anchored(view, Head(view.head.seq, bytes.fromhex(slip)))
        assert (held.stands, held.now, held.differ) == (False, view.head, 1)


def test_what_is_typed_from_paper_is_read_whatever_stands_between() -> None:
    head = heads(journal())[-1]
    text = str(head)
    full_width = str.maketrans("0123456789abcdef:", "０１２３４５６７８９ａｂｃｄｅｆ：")
    groups = " ".join(text[n : n + 4] for n in range(0, len(text), 4))
    for typed in (
        *(text.upper(), f"  {text}\n", groups, groups.replace(" ", "\u3000"), groups.replace(" ", "\n")),
        *(text.translate(full_width), text.translate(full_width).upper(), f"\ufeff{text}", text.replace("0", "O")),
        *(text.replace("0", "o").replace("1", "l"), text.replace("1", "I"), "\u200b".join(text)),
    ):
        assert Head.parse(typed) == head
    for typed in (text[:-1], text + "0", text.replace(":", ""), text.replace(":", ";"), f"x{text}", "", "：", text * 2):
        with pytest.raises(EntryError):
            Head.parse(typed)


def test_what_is_no_head_is_refused() -> None:
    with journal().read() as view, pytest.raises(EntryError, match="a head is expected"):
        anchored(view, str(view.head))  # type: ignore[arg-type]
