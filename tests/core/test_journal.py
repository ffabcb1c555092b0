"""Postings, entries, codes, and the bytes under the hashes."""

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.accounts import lock, unlock
from coopledger.core.chart import C2021, adopt, charts
from coopledger.core.charter import book
from coopledger.core.journal import (
    FIRST_DAY,
    LARGEST_QUANTITY,
    LAST_DAY,
    Entry,
    Head,
    Posting,
    Record,
    canonical,
    code,
    commitment,
    content_hash,
    day,
    day_number,
    genesis,
    is_under,
    record_hash,
    reverse,
    root,
    shown,
)
from coopledger.core.timeline import Change, state
from coopledger.core.trial_balance import trial_balance
from coopledger.core.voucher import vouchers
from coopledger.errors import EntryError
from coopledger.store.memory import MemoryJournal
from tests.store.books import DAY, hashes_by_hand, json_of, move, note

HUGE = pytest.param(10**5000, id="huge")

days = st.dates(FIRST_DAY, LAST_DAY)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
codes = st.sampled_from(["a", "b", "ab", "holder/1", "holder/10", "c37:222/1", "村账:现金", "1", "11", "r1.0", "l1:a"])
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


values = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["", "0", "null", "甲", '"', [], [0], {}, {"a": None}])
)


@st.composite
def postings(draw: st.DrawFn) -> Posting:
    source, target = draw(st.lists(codes, min_size=2, max_size=2, unique=True))
    seq, line = draw(st.tuples(st.integers(1, 99), st.integers(0, 9)) | st.just((None, None)))
    lot = draw(st.none() | codes)
    return Posting(draw(codes), source, target, draw(st.integers(1, LARGEST_QUANTITY)), seq, line, lot)


@st.composite
def records(draw: st.DrawFn) -> Record:
    facts = draw(st.dictionaries(st.sampled_from(["a", "b", "甲"]), values, max_size=2))
    entry = Entry(draw(codes), draw(days), draw(days), facts, draw(st.lists(postings(), max_size=3)))
    personal = tuple(draw(st.lists(st.tuples(codes, st.just("00" * 32)), max_size=2)))
    head = draw(st.binary(min_size=32, max_size=32))
    numbers = draw(st.tuples(st.integers(1, 2**40), st.integers(0, 2**55), st.just(0) | days.map(day_number)))
    seq, recorded_us, locked = numbers
    record = Record(
        seq,
        head,
        b"",
        entry.kind,
        entry.effective_on,
        entry.booked_on,
        recorded_us,
        draw(texts),
        b"",
        draw(texts),
        entry.facts,
        personal,
        locked,
        entry.postings,
    )
    content = content_of(record)
    return record._replace(content_hash=content, hash=hash_of(record, content))


def content_of(record: Record) -> bytes:
    return content_hash(
        record.kind,
        day_number(record.effective_on),
        day_number(record.booked_on),
        record.actor,
        canonical(record.facts),
        (record.postings,),
    )


def hash_of(record: Record, content: bytes) -> bytes:
    personal = canonical(record.personal)
    return record_hash(
        record.prev_hash, record.seq, record.recorded_us, record.key, content, personal, record.locked_through
    )


def exactly(record: Record) -> tuple[object, ...]:
    """The record without its hashes, its facts as text: in Python true is 1."""
    return record._replace(facts={}, hash=b"", content_hash=b""), canonical(record.facts)


# ---------------------------------------------------------------- days and codes


@given(days)
def test_a_days_number_is_read_like_the_day_and_gives_it_back(one: date) -> None:
    assert str(day_number(one)) == f"{one:%Y%m%d}"
    assert day(day_number(one)) == one


@given(days, days)
def test_the_numbers_of_days_sort_like_the_days(one: date, other: date) -> None:
    assert (one < other) == (day_number(one) < day_number(other))


@pytest.mark.parametrize(
    "good", ["a", "0042", "holder/0042/pledged", "c37:222/0042", "村账:现金/东组", "a.b-c:d", "a_b", "甲", "a/.", "é"]
)
def test_a_code_is_given_as_it_is(good: str) -> None:
    assert code(good) == good


def test_a_code_is_given_in_its_normal_form() -> None:
    assert code("cafe\u0301/강") == "caf\u00e9/\uac15"


@pytest.mark.parametrize(
    "bad",
    ["", " ", "a b", "/a", "a/", "a//b", "_a", "-a", ".", "a\n", "a%", "a" * 101, "\ud800", 7, None, HUGE],
)
def test_what_is_no_code_is_refused(bad: str) -> None:
    with pytest.raises(EntryError, match="is not a code"):
        code(bad)


@given(st.text(max_size=8))
def test_a_code_is_stable_or_refused(text: str) -> None:
    try:
        normal = code(text)
    except EntryError:
        return
    assert code(normal) == normal
    assert normal.isprintable()


def test_an_account_is_under_itself_and_its_whole_and_under_no_other() -> None:
    assert root("holder/0042/pledged") == root("holder") == "holder"
    assert is_under("holder/1", "holder")
    assert is_under("holder/1", "holder/1")
    assert is_under("holder/1/a", "holder/1")
    assert not is_under("holder/10", "holder/1")
    assert not is_under("holder", "holder/1")
    assert not is_under("holders", "holder")


def test_whatever_is_shown_in_a_message_is_short_and_printable() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for seen in ("a\x1b[2J\u202e", "x" * 10_000, 10**5000, deep, None, b"\x00", object()):
        assert shown(seen).isprintable()
        assert 0 < len(shown(seen)) <= 80


# ---------------------------------------------------------------- entries


def test_an_entry_keeps_what_it_was_given_and_cannot_be_changed() -> None:
    facts: dict[str, Any] = {"list": (1, 2), "map": {"a": None}}
    lines = [Posting("land", "unissued", "holder/1", 5)]
    entry = Entry("issue", DAY, DAY, facts, lines, {"1": {"name": "成员甲"}})
    facts["list"] = ()
    facts["map"]["a"] = 1
    lines.clear()
    assert entry.facts == {"list": [1, 2], "map": {"a": None}}
    assert entry.facts_text == '{"list":[1,2],"map":{"a":null}}'
    assert entry.postings == (Posting("land", "unissued", "holder/1", 5),)
    assert entry.personal == {"1": {"name": "成员甲"}}
    with pytest.raises(AttributeError):
        entry.kind = "other"


def test_equal_entries_are_equal_hash_alike_and_survive_pickling() -> None:
    one, other = move(5, "unissued", "holder/1"), move(5, "unissued", "holder/1")
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
    assert one != move(6, "unissued", "holder/1")
    assert note(a=1) != note(a=True)


def test_codes_in_postings_become_normal_and_good_ones_are_left_alone() -> None:
    apart = Posting("land", "cafe\u0301", "holder/1", 5, 1, 0, "e\u0301")
    assert Entry("a", DAY, DAY, {}, [apart]).postings == (Posting("land", "café", "holder/1", 5, 1, 0, "é"),)
    good = Posting("land", "unissued", "holder/1", 5)
    assert Entry("a", DAY, DAY, {}, [good]).postings[0] is good


@pytest.mark.parametrize("quantity", [0, -1, LARGEST_QUANTITY + 1, HUGE, 1.0, True, "1", None])
def test_a_quantity_is_a_positive_whole_number_that_a_database_can_add_up(quantity: int) -> None:
    good = Posting("land", "unissued", "holder/1", 1)
    with pytest.raises(EntryError, match="posting 1: a quantity of"):
        Entry("a", DAY, DAY, {}, [good, good._replace(quantity=quantity)])


def test_the_largest_quantity_is_accepted() -> None:
    assert move(LARGEST_QUANTITY, "unissued", "holder/1").postings[0].quantity == 10**15


@pytest.mark.parametrize("place", ["denomination", "source", "target", "lot"])
@pytest.mark.parametrize("bad", ["", "a b", 7, "\ud800"])
def test_a_posting_takes_codes_alone(place: str, bad: object) -> None:
    with pytest.raises(EntryError, match="is not a code"):
        Entry("a", DAY, DAY, {}, [Posting("land", "unissued", "holder/1", 1)._replace(**{place: bad})])  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["denomination", "source", "target"])
def test_nothing_is_a_lot_and_no_other_part_of_a_posting(place: str) -> None:
    with pytest.raises(EntryError, match="None is not a code"):
        Entry("a", DAY, DAY, {}, [Posting("land", "unissued", "holder/1", 1)._replace(**{place: None})])  # type: ignore[arg-type]


def test_source_and_target_are_two_accounts_in_whatever_form_they_are_written() -> None:
    for source, target in (("a", "a"), ("caf\u00e9", "cafe\u0301")):
        with pytest.raises(EntryError, match="is source and target"):
            move(1, source, target)


@pytest.mark.parametrize("seq_line", [(1, None), (None, 0), (0, 0), (1, -1), (True, 0), (1, False), (1.0, 0)])
def test_a_reversal_names_a_record_and_a_line(seq_line: tuple[int | None, int | None]) -> None:
    with pytest.raises(EntryError, match="both are expected, or neither"):
        move(1, "unissued", "holder/1", reverses=seq_line)


@pytest.mark.parametrize("bad", [5, "ab", ["x"], [("land", "a", "b", 5)], Posting("land", "a", "b", 5)])
def test_postings_are_a_list_of_such(bad: object) -> None:
    with pytest.raises(EntryError, match=r"postings: .*: a list of Posting is expected"):
        Entry("a", DAY, DAY, {}, bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [5, "ab", ["m/0042"]])
def test_personal_rows_are_given_by_number(bad: object) -> None:
    with pytest.raises(EntryError, match=r"personal: .*: rows by number are expected: {'m/0042': {…}}"):
        Entry("a", DAY, DAY, personal=bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["2026-03-01", 20260301, datetime(2026, 3, 1, tzinfo=UTC), True])
def test_a_day_is_a_date_wherever_it_is_asked_for(bad: Any) -> None:  # noqa: ANN401
    """A verb or a question looks up a state, a chart, a period or a day's number before anything else."""
    changes = [Change(DAY, 1, {"name": "示例"})]
    with MemoryJournal("hill").read() as view:
        asked: list[Callable[[], object]] = [
            lambda: day_number(bad),
            lambda: state(changes, bad),
            lambda: state([], bad),
            lambda: charts(view).in_force(bad),
            lambda: adopt(C2021, effective_on=bad),
            lambda: vouchers(view, bad),
            lambda: trial_balance(view, None, bad),
            lambda: book(view, bad),
            lambda: [*lock(bad, effective_on=DAY)(view)],
            lambda: unlock(bad, reason="late", effective_on=DAY),
        ]
        for one in asked:
            with pytest.raises(EntryError, match=r": a date is expected, such as date\(2026, 3, 1\)"):
                one()


@pytest.mark.parametrize("bad", [date(1899, 12, 31), date(3000, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), "", None])
def test_days_are_dates_of_the_calendar_of_books(bad: object) -> None:
    with pytest.raises(EntryError, match="effective_on"):
        Entry("a", bad, DAY)  # type: ignore[arg-type]
    with pytest.raises(EntryError, match="booked_on"):
        Entry("a", DAY, bad)  # type: ignore[arg-type]


def test_what_goes_into_transit_comes_out_in_the_same_record() -> None:
    through = [
        Posting("CNY", "c37:332", "transit", 30),
        Posting("CNY", "transit", "c37:222/1", 10),
        Posting("CNY", "transit", "c37:222/2", 20),
    ]
    assert len(Entry("a", DAY, DAY, {}, through).postings) == 3
    assert move(1, "transitional", "holder/1").postings
    for bad in (
        through[:2],
        through[1:],
        [through[0], through[1], through[2]._replace(denomination="land")],
        [Posting("CNY", "c37:332", "transit/1", 30)],
        [through[0], Posting("CNY", "transit/1", "c37:222/1", 30)],
    ):
        with pytest.raises(EntryError, match="left in transit"):
            Entry("a", DAY, DAY, {}, bad)


def test_a_text_that_is_also_something_else_is_taken_as_the_text_it_is() -> None:
    class Kind(str, Enum):  # noqa: UP042 - the old kind, whose str() is its name
        GIFT = "gift"

    entry = note(kind=Kind.GIFT)
    assert entry.facts == {"kind": "gift"}
    assert type(entry.facts["kind"]) is str


@given(plain)
def test_facts_come_out_of_an_entry_as_they_went_in(value: object) -> None:
    try:
        entry = Entry("note", DAY, DAY, {"said": value})
    except EntryError:  # two keys that become one in their normal form
        return
    assert entry.facts_text == json_of(entry.facts)
    if value is None or isinstance(value, bool | int | str):
        assert entry.facts["said"] == value
        assert type(entry.facts["said"]) is type(value)


# ---------------------------------------------------------------- reversing


def paid() -> Record:
    lines = (
        Posting("CNY", "c37:102", "c37:222/1", 100),
        Posting("CNY", "c37:102", "c37:222/2", 50, None, None, "2026"),
    )
    return Record(7, b"", b"", "payment", DAY, DAY, 0, "k", b"", "me", {}, (), 0, lines)


def test_a_whole_record_is_reversed_line_by_line() -> None:
    assert reverse(paid()) == (
        Posting("CNY", "c37:222/1", "c37:102", 100, 7, 0),
        Posting("CNY", "c37:222/2", "c37:102", 50, 7, 1, "2026"),
    )


def test_a_part_of_a_line_is_reversed() -> None:
    assert reverse(paid(), {1: 20}) == (Posting("CNY", "c37:222/2", "c37:102", 20, 7, 1, "2026"),)
    assert reverse(paid(), {}) == ()


@pytest.mark.parametrize("line", [-1, 2, 99])
def test_a_line_that_is_not_there_is_not_reversed(line: int) -> None:
    with pytest.raises(EntryError, match=f"line {line} of record 7: it has the lines 0 to 1"):
        reverse(paid(), {line: 1})


# ---------------------------------------------------------------- hashes


def test_the_hashes_of_the_first_version_are_these_for_ever() -> None:
    assert genesis("hill").hex() == sha256(b"coopledger 1 book hill").hexdigest()
    lines = [Posting("CNY", "甲", "b", 5, 3, 0, "2026"), Posting("CNY", "甲", "b", 5)]
    content = content_hash("note", 20260131, 20260201, "会计", '{"a":null}', (lines,))
    said = 'coopledger 1 content\n4:note20260131,20260201,2:会计10:{"a":null};3:CNY1:甲1:b5r3,0l4:2026;3:CNY1:甲1:b5'
    assert content.hex() == sha256(said.encode()).hexdigest()
    own = record_hash(bytes(32), 7, 1_000_001, "键", content, "[]", 20251231)
    said = f"coopledger 1 record\n{'00' * 32}7,1000001,1:键{content.hex()}2:[]20251231"
    assert own.hex() == sha256(said.encode()).hexdigest()
    assert commitment(b"salt", "{}") == sha256(b"salt{}").hexdigest()


@given(records())
def test_hashes_are_what_the_description_of_the_bytes_gives(record: Record) -> None:
    assert (record.content_hash, record.hash) == hashes_by_hand(record)


@given(records(), records())
def test_two_records_have_one_hash_only_if_they_are_one(one: Record, other: Record) -> None:
    assert (one.hash == other.hash) == (exactly(one) == exactly(other))


@given(records(), st.integers(1, 40))
def test_postings_are_hashed_alike_however_they_are_paged(record: Record, size: int) -> None:
    lines = record.postings * 7
    pages = [lines[n : n + size] for n in range(0, len(lines), size)]
    assert content_hash("a", 1, 2, "b", "{}", pages) == content_hash("a", 1, 2, "b", "{}", (lines,))


@given(records(), st.data())
def test_a_change_of_any_field_changes_the_hash(record: Record, data: st.DataObject) -> None:
    other = data.draw(records())
    name = data.draw(st.sampled_from([*set(Record._fields) - {"hash", "content_hash"}]))
    changed = record._replace(**{name: getattr(other, name)})
    assert (hash_of(changed, content_of(changed)) == record.hash) == (exactly(changed) == exactly(record))


def test_texts_that_touch_cannot_pass_for_others() -> None:
    base = Posting("CNY", "ab", "c", 1)
    seen = {
        content_hash("note", 1, 2, "a", "{}", [[one]])
        for one in (
            base,
            base._replace(source="a", target="bc"),
            base._replace(source="abc", target="1"),
            base._replace(quantity=11),
            base._replace(reverses_seq=1, reverses_line=0),
            base._replace(reverses_seq=0, reverses_line=0),
            base._replace(lot=""),
            base._replace(lot="0"),
            base._replace(lot="r1,0"),
        )
    }
    seen |= {
        content_hash(kind, effective, 2, actor, "{}", [[base]])
        for kind, effective, actor in (("notea", 1, ""), ("not", 1, "ea"), ("note", 12, "a"))
    }
    assert len(seen) == 12


def test_nothing_zero_false_and_empty_are_written_differently() -> None:
    empty: list[object] = [None, 0, False, "", [], {}]
    assert [canonical(one) for one in empty] == ["null", "0", "false", '""', "[]", "{}"]


def test_the_canonical_text_sorts_keys_and_leaves_characters_as_they_are() -> None:
    assert canonical({"b": 1, "a": "甲\u2028\x00"}) == '{"a":"甲\u2028\\u0000","b":1}'


def test_a_heads_fingerprint_is_its_number_and_its_hash() -> None:
    assert str(Head(12, bytes(31) + b"\xff")) == "12:" + "00" * 31 + "ff"


def test_a_record_says_its_head_and_when_it_was_written() -> None:
    record = paid()._replace(hash=b"h" * 32, recorded_us=1_767_225_600_000_001)
    assert record.head == Head(7, b"h" * 32)
    assert record.recorded_at == datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


def test_a_head_is_read_as_it_was_printed_and_nothing_else_is_an_anchor() -> None:
    journal = MemoryJournal("hill")
    with journal.read() as view:
        assert Head.parse(str(view.head)) == view.head
        printed = str(view.head)
    assert journal.verify([Head.parse(printed)]) == []
    for seen in ("10:deb6", "", 5):
        with pytest.raises(EntryError, match="a record's number, a colon"):
            Head.parse(seen)  # type: ignore[arg-type]
    with pytest.raises(EntryError, match="a list of Head is expected"):
        journal.verify([printed])  # type: ignore[list-item]


@given(st.lists(st.text("ab09/:._-\n ?é", max_size=6), min_size=1, max_size=4))
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
def test_codes_that_are_looked_at_together_are_what_each_of_them_is_alone(codes: list[str]) -> None:
    """Two that are joined by a new line could look like two others."""

    def is_code(seen: str) -> bool:
        try:
            return bool(code(seen))
        except EntryError:
            return False

    postings = [Posting("land", "unissued", one, 1) for one in codes]
    if all(map(is_code, codes)):
        assert [one.target for one in Entry("issue", DAY, DAY, {}, postings).postings] == [*map(code, codes)]
    else:
        with pytest.raises(EntryError, match="is not a code"):
            Entry("issue", DAY, DAY, {}, postings)
