"""Lists of holders in CSV files, as spreadsheets write them."""

from fractions import Fraction
from pathlib import Path

import pytest

from coopledger.core.plan import Holder
from coopledger.errors import PlanError, Problem
from coopledger.files.holders import COLUMNS, read_holders

HEAD = "number,name,shares\n"


def read(tmp_path: Path, content: str | bytes) -> list[Holder]:
    path = tmp_path / "h.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_holders(path, [])


def refused(tmp_path: Path, content: str | bytes) -> list[str]:
    with pytest.raises(PlanError) as caught:
        read(tmp_path, content)
    return [str(problem) for problem in caught.value.problems]


def test_holders_are_read_in_the_order_of_the_lines(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + "2,李四,2.5\n10,张三,4\n") == [
        Holder("2", "李四", Fraction(5, 2)),
        Holder("10", "张三", 4),
    ]


@pytest.mark.parametrize("number", COLUMNS["number"])
@pytest.mark.parametrize("shares", COLUMNS["shares"])
def test_columns_may_be_named_in_either_language_and_stand_in_any_order(
    number: str, shares: str, tmp_path: Path
) -> None:
    assert read(tmp_path, f"{shares},姓名,{number}\n4,张三,7\n") == [Holder("7", "张三", 4)]


def test_without_a_name_the_number_is_the_name(tmp_path: Path) -> None:
    assert read(tmp_path, "编号,股份\n7,4\n") == [Holder("7", "7", 4)]
    assert read(tmp_path, HEAD + "7,,4\n") == [Holder("7", "7", 4)]


@pytest.mark.parametrize(
    ("cell", "shares"),
    [
        ("4", 4),
        (" 4 股 ", 4),
        ('"1,000"', 1000),
        ('"1,234,567.5 股"', Fraction(2469135, 2)),
        ("2/3", Fraction(2, 3)),
        ("１０", 10),
        ("0", 0),
        ("1万股", 10000),
    ],
)
def test_shares_are_read_as_people_write_them(cell: str, shares: Fraction, tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEAD}1,a,{cell}\n")[0].shares == shares


def test_an_unquoted_thousands_separator_is_located_and_explained(tmp_path: Path) -> None:
    assert refused(tmp_path, HEAD + "1,a,5\n2,b,1,000\n") == [
        "h.csv:3: 4 cells where 3 are expected: a number with thousands separators stands in quotation marks"
    ]


def test_numbers_keep_their_leading_zeros(tmp_path: Path) -> None:
    assert [holder.number for holder in read(tmp_path, HEAD + "007,a,1\n7,b,1\n")] == ["007", "7"]


def test_all_problems_are_reported_with_their_lines(tmp_path: Path) -> None:
    content = HEAD + "1,a,x\n\n,b,2\n3,c,-1\n4,d,5 亩\n5,e,1\n5,f,1\n6,g\n7,h,1e3\n8,i,\n"
    assert [line.split(": ")[0] for line in refused(tmp_path, content)] == [
        "h.csv:2 shares",
        "h.csv:4 number",
        "h.csv:5 shares",
        "h.csv:6 shares",
        "h.csv:8 number",
        "h.csv:9",
        "h.csv:10 shares",
        "h.csv:11 shares",
    ]


def test_a_number_is_seen_twice_even_where_the_first_line_has_problems(tmp_path: Path) -> None:
    first, second = refused(tmp_path, HEAD + "1,a,-5\n1,b,5\n")
    assert first.startswith("h.csv:2 shares: ")
    assert second == "h.csv:3 number: holder 1 is listed twice: first in line 2"


def test_a_heading_that_is_not_understood_is_said_once_and_not_on_every_line(tmp_path: Path) -> None:
    lines = refused(tmp_path, "nummer,name,shares\n" + "".join(f"{n},a,1\n" for n in range(100)))
    assert all(line.startswith("h.csv:1: ") for line in lines)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("number,name,sahres", "column 'sahres' is unknown: did you mean 'shares'?"),
        ("编号,姓名,股分", "column '股分' "),
        ("number,name", "0 columns shares: one is expected"),
        ("number,number,shares", "2 columns number: one is expected"),
        ("number,编号,shares", "2 columns number: one is expected"),
        ("number,name,姓名,shares", "2 columns name: one is expected"),
        ("1,张三,4", "column '1' "),
        ("number;name;shares", "column 'number;name;shares' is not read: "),
    ],
)
def test_the_heading_is_checked(heading: str, words: str, tmp_path: Path) -> None:
    assert any(line.startswith("h.csv:1: ") and words in line for line in refused(tmp_path, heading + "\n"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "h.csv: the file is empty: a line number,name,shares and holders are expected"),
        (" \n\n", "h.csv: the file is empty"),
        (HEAD + '1,"a,4\n', "h.csv:2: not a CSV line: "),
        (HEAD + '1,"a"b,4\n', "h.csv:2: not a CSV line: "),
        ((HEAD + "1,张三,4\n").encode("gbk"), "h.csv:2: the byte 0xD5 is not UTF-8, it looks like GBK"),
        ((HEAD + "1,张三,4\n").encode("utf-16"), "h.csv:1: the file is in UTF-16: save it as UTF-8"),
    ],
)
def test_what_is_no_list_of_holders_is_refused(content: str | bytes, words: str, tmp_path: Path) -> None:
    assert refused(tmp_path, content)[0].startswith(words)


def test_a_byte_order_mark_is_read_over_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + "1,a,4\n").encode())
    notices: list[Problem] = []
    assert read_holders(path, notices) == [Holder("1", "a", 4)]
    assert [str(notice) for notice in notices] == ["h.csv:1: begins with a byte-order mark, which is read over"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str, tmp_path: Path) -> None:
    assert len(read(tmp_path, (HEAD + "1,a,4\n2,b,5").replace("\n", end))) == 2


def test_a_line_within_quotation_marks_counts_as_it_lies_in_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path, HEAD + '1,"a\nb",4\n2,c,x\n')[0].startswith("h.csv:4 shares: ")


def test_a_line_of_totals_is_no_holder(tmp_path: Path) -> None:
    [line] = refused(tmp_path, HEAD + "1,a,5\n2,b,3\n合计,,8\n")
    assert line == "h.csv:4 number: '合计' is no holder: a line of totals is to be deleted"


def test_a_percentage_is_no_number_of_shares(tmp_path: Path) -> None:
    assert [line.split(": ")[0] for line in refused(tmp_path, HEAD + "1,a,5%\n2,b,95％\n")] == [
        "h.csv:2 shares",
        "h.csv:3 shares",
    ]


def test_a_line_with_too_few_cells_says_nothing_of_thousands(tmp_path: Path) -> None:
    assert refused(tmp_path, HEAD + "1,5\n") == ["h.csv:2: 2 cells where 3 are expected"]
    [line] = refused(tmp_path, HEAD + "1,a,1,000\n")
    assert "thousands separators" in line
