"""Pages as HTML: what stands on them is what the journal says, nothing is asked for, nobody's data leaks."""

import re
import sys
from base64 import b64encode
from collections.abc import Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from coopledger.book import (
    Joiner,
    MemoryJournal,
    admit,
    certificate_page,
    composition,
    dues,
    found,
    holdings,
    in_turn,
    member_account,
    notice_page,
    outstanding,
    overview_page,
    payment_list_page,
    register,
    runs,
    statement,
    statement_page,
    unpaid,
)
from coopledger.core.claims import check_claims
from coopledger.core.table import Column, Table
from coopledger.errors import CoopledgerError, EntryError, RegisterError
from coopledger.pages import sheet
from coopledger.pages.projection import projection_page
from coopledger.pages.sheet import Section, Sheet, page
from coopledger.text import Language
from tests.pages.papers import (
    CARD,
    FOUNDED,
    HOMES,
    ID,
    LANGUAGES,
    MET,
    NAME,
    PAGES,
    PAID,
    PHONE,
    Page,
    Seen,
    html,
    hundredths,
    neighbour,
    projection,
    village,
)

EVERY = [pytest.param(name, language, id=f"{name}, {language}") for name in PAGES for language in LANGUAGES]


def seen(name: str, language: Language = "zh") -> Page:
    return Page(html(name, language))


def added(table: Seen, columns: Sequence[int]) -> None:
    """Each of these columns adds up to its total."""
    for n in columns:
        assert sum(table.column(n)) == hundredths(table.totals[n]), table.columns[n]


# ---------------------------------------------------------------- the figures are the journal's


def test_the_notice_has_what_is_due_to_each_holder_to_the_fen() -> None:
    view = village().view
    facts, amounts = seen("notice").tables
    due = dues(view, runs(view, PAID)["2026"], PAID)
    assert {row[0]: hundredths(row[3]) for row in amounts.rows} == {one: own.declared_fen for one, own in due.items()}
    assert hundredths(amounts.totals[3]) == runs(view)["2026"].amount_fen == 123_456_79
    assert {row[0]: int(row[2].replace(",", "")) for row in amounts.rows} == {
        one: held.shares for one, held in holdings(view, "land", FOUNDED.replace(month=12, day=31)).items()
    }
    assert int(amounts.totals[2].replace(",", "")) == outstanding(view, "land")
    added(amounts, [3])
    told = {row[0]: row[1] for row in facts.rows}
    assert told["公示"] == "自 2027-01-06 至 2027-01-20，共 15 天：村公示栏 <1>"
    assert told["金额"] == "123,456.79 元"
    assert told["金额大写"] == "壹拾贰万叁仟肆佰伍拾陆元柒角玖分"
    assert [row[0] for row in amounts.rows] == HOMES


def test_the_payment_list_has_what_each_is_still_to_be_paid_and_adds_up() -> None:
    view = village().view
    [table] = seen("payment-list").tables
    assert table.columns == [
        *(
            "编号",
            "姓名",
            "身份证号",
            "分配依据",
            "应发 元",
            "税款 元",
            "实发 元",
            "已发放 元",
            "待发放 元",
            "备注",
            "签字",
        ),
    ]
    added(table, [4, 5, 6, 7, 8])
    due = dues(view, runs(view, PAID)["2026"], PAID)
    for row in table.rows:
        own, (gross, tax, net, paid, rest) = due[row[0]], map(hundredths, row[4:9])
        assert gross == own.declared_fen == tax + net
        assert paid == own.paid_fen
        assert rest == net - paid
    open_fen = sum(unpaid(view, "2026", PAID).values())
    withheld = sum(own.withheld_fen for own in due.values())
    [gross, tax, _, paid, rest] = map(hundredths, table.totals[4:9])
    assert gross - withheld - paid == open_fen
    assert rest == open_fen - (tax - withheld)


def test_a_certificate_has_the_households_shares_people_and_movements() -> None:
    view = village().view
    held, people, *histories = seen("certificate").tables
    land, cash = (holdings(view, cls, PAID) for cls in ("land", "cash"))
    assert {row[0]: row[1] for row in held.rows} == {"土地股（land）": "75", "资金股（cash）": "300"}
    assert (land["1"].shares, cash["2000"].shares) == (75, 300)
    assert people.rows == [
        ["1", "", "户", "", "0", "75"],
        ["1000", NAME, "户主", "999999**********14", "0", "0"],
        ["2000", "-", "配偶", "", "300", "0"],
    ]
    added(people, [4, 5])
    assert people.totals == ["合计", "", "", "", "300", "75"]
    assert [table.title for table in histories] == ["第 1 户：股份明细", "2000 -：股份明细"]
    assert [row[:6] for row in histories[0].rows] == [
        ["2026-01-01", "配置", "土地股（land）", "100", "", "100"],
        ["2026-05-01", "转让，转给 2", "土地股（land）", "", "25", "75"],
    ]
    assert [line.seq for line in statement(view, "1")] == [int(row[6]) for row in histories[0].rows]


def test_every_certificate_is_printed_and_together_they_are_the_class() -> None:
    view = village().view
    whole = Page(certificate_page(view, on=PAID))
    titles = [text for level, text in whole.headings if level == 2]
    assert titles == [f"示例村股份经济合作社: share certificate {one}" for one in HOMES]
    sums = {"land": 0, "cash": 0}
    for table in whole.tables:
        if table.columns[0] == "class":
            for row in table.rows:
                sums[row[0][row[0].index("(") + 1 : -1]] += int(row[1].replace(",", ""))
    assert sums == {cls: outstanding(view, cls, PAID) for cls in sums}
    of_class = [
        Fraction(row[5])
        for table in whole.tables
        if table.columns[0] == "class"
        for row in table.rows
        if "land" in row[0]
    ]
    assert abs(sum(of_class, start=Fraction(-100))) < Fraction(len(HOMES), 10_000)


def test_what_is_pledged_is_on_the_certificate_and_a_holder_in_no_household_has_one() -> None:
    made = Page(certificate_page(village().view, ["3"], PAID))
    assert made.tables[0].rows == [["土地股 (land)", "114", "10", "0", "0", made.tables[0].rows[0][5]]]
    assert Page(certificate_page(village().view, ["2000"], PAID)).tables[0].rows[0][:2] == ["资金股 (cash)", "300"]


def test_a_statement_has_the_dividends_the_shares_and_the_account() -> None:
    view = village().view
    dividends, shares, account = seen("statement").tables
    own = dues(view, runs(view, PAID)["2026"], PAID, "1")["1"]
    assert dividends.rows[0][:3] == ["2026", "盈余，2026，第 1 期", "2027-01-21"]
    assert [hundredths(cell) for cell in dividends.rows[0][3:7]] == [
        own.declared_fen,
        own.paid_fen,
        0,
        own.withheld_fen,
    ]
    assert hundredths(dividends.rows[0][-1]) == own.unpaid_fen
    added(dividends, range(3, len(dividends.columns)))
    assert shares.rows[-1][5] == "75"
    stands = member_account(view, "1", PAID)
    told = {row[0]: hundredths(row[1]) for row in account.rows}
    assert told["2027 年剩余盈余"] == stands.surplus_fen == own.declared_fen
    assert told["未付剩余盈余"] == stands.surplus_due_fen
    assert re.search("2025 年，5.00 元（第 \\d+ 条记录）", seen("statement").text)


def test_the_overview_has_every_book_in_a_line_and_adds_up() -> None:
    view, other = village().view, neighbour().view
    [table] = seen("overview").tables
    first, second = table.rows
    assert first[0] == "示例村股份经济合作社"
    assert second == ["邻村种植合作社", "2", "1", "0", "0.00", "0", "0.00", "0.00", "0.00", str(other.head.seq)]
    capital = sum(one.capital_fen for one in composition(view, PAID).values() if one.capital_fen is not None)
    open_fen = sum(unpaid(view, "2026", PAID).values())
    assert [int(cell) for cell in first[1:4]] == [75, 45, 46]
    assert [hundredths(cell) for cell in (first[4], *first[6:9])] == [
        *(capital, 123_456_79, 123_456_79 - open_fen, open_fen),
    ]
    added(table, [1, 2, 3, 4, 5, 6, 7, 8])
    for one in (view, other):
        assert str(one.head) in seen("overview").text


def test_the_projection_has_every_year_of_every_stream_and_the_chart_its_totals() -> None:
    made, text = projection(), html("projection")
    years, claims = Page(text).tables
    added(years, range(2, 2 + len(made.streams) + 1))
    for n, one in enumerate(made.streams, 2):
        assert years.column(n) == [payment.amount for payment in one.payments]
        assert hundredths(years.totals[n]) == one.total
        assert text.count(f"{one.stream.name}：{years.totals[n]} 元") >= 3  # both drawings, and their words
    assert len(years.rows) == 40
    verdicts = check_claims(made)
    assert [hundredths(row[2].split()[0]) for row in claims.rows if "元" in row[2]] == [
        round(one.computed.value * 100) for one in verdicts
    ]


# ---------------------------------------------------------------- the page itself


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_page_needs_nothing_else(name: str, language: Language) -> None:
    text = html(name, language)
    without_names = re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
    assert re.findall(r"https?:|//\w|@import|url\(|<script|<iframe|<object|<img|javascript:", without_names) == []
    tags = Page(text).tags
    loads = [own for tag, own in tags for name in ("src", "srcset", "action", "data", "poster") if name in own]
    assert loads == []
    assert [own["href"] for _, own in tags if "href" in own and not str(own["href"]).startswith("#")] == ["data:,"]
    assert not [own for _, own in tags if "style" in own or any(name.startswith("on") for name in own)]
    [policy] = [own["content"] for tag, own in tags if tag == "meta" and "http-equiv" in own]
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_page_is_built_so_that_a_screen_reader_finds_its_way(name: str, language: Language) -> None:
    made = Page(html(name, language))
    assert made.tags[0] == ("html", {"lang": {"zh": "zh-CN", "en": "en"}[language]})
    levels = [level for level, _ in made.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in made.headings)
    ids = [own["id"] for _, own in made.tags if "id" in own]
    assert len(ids) == len({*ids})
    named = [own["aria-labelledby"] for _, own in made.tags if "aria-labelledby" in own]
    assert {*named} <= {*ids}
    assert {str(own["href"])[1:] for _, own in made.tags if str(own.get("href")).startswith("#")} <= {*ids}
    assert all("scope" in own for tag, own in made.tags if tag == "th")
    assert all(len(row) == len(table.columns) for table in made.tables for row in table.rows)
    assert [tag for tag, _ in made.tags if tag in {"header", "main"}] == ["header", "main"]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_nobodys_number_is_on_a_page_and_no_name_is_taken_for_markup(name: str, language: Language) -> None:
    text = html(name, language)
    assert [one for one in (ID, PHONE, CARD) if one in text] == []
    assert "<b>" not in text
    assert "村公示栏 <1>" not in text


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_the_same_question_gives_the_same_file(name: str, language: Language) -> None:
    assert PAGES[name](language) == html(name, language)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_english_has_no_chinese_but_the_books_own(name: str) -> None:
    """What people wrote down stays as they wrote it; a page in Chinese has the same figures."""
    ours, chinese = seen(name, "en"), seen(name, "zh")
    assert [[len(row) for row in table.rows] for table in ours.tables] == [
        [len(row) for row in table.rows] for table in chinese.tables
    ]
    for mine, other in zip(ours.tables, chinese.tables, strict=True):
        for n, column in enumerate(mine.columns):
            assert column != other.columns[n] or not re.search("[\u4e00-\u9fff]", column) or name == "projection"
    figures = re.compile(r"-?[\d,]+\.\d\d")
    assert sorted(figures.findall(ours.text)) == sorted(figures.findall(chinese.text))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "projection"])
def test_the_fingerprint_is_on_the_page_once_for_each_book(name: str) -> None:
    text = seen(name).text
    heads = [village().view.head, neighbour().view.head] if name == "overview" else [village().view.head]
    times = 2 if name == "certificates" else 1
    assert [text.count(str(head)) for head in heads] == [times] * len(heads)
    assert html(name).count('class="qr"') == times * len(heads)


def test_names_are_left_out_if_asked() -> None:
    view = village().view
    for made in (
        notice_page(view, "2026", PAID, names=False),
        payment_list_page(view, "2026", PAID, names=False),
        certificate_page(view, None, PAID, names=False),
        statement_page(view, "1", PAID, names=False),
    ):
        assert "成员" not in made
        assert "示例“甲”" not in made
        assert "999999" not in made


def test_control_characters_are_written_out() -> None:
    table = Table("a\x1b[2J", [Column("b\u202e")], [["\x00c"]])
    made = page("t", [Sheet("t", [Section("", table)])])
    assert not [one for one in made if not one.isprintable() and one != "\n"]


def test_what_cannot_be_printed_is_refused_in_words() -> None:
    view = village().view
    empty = MemoryJournal("empty", clock=lambda: 0)
    empty.append(
        in_turn(found("空", effective_on=FOUNDED), admit(Joiner("1"), effective_on=FOUNDED)), key="a", actor="x"
    )
    with empty.read() as nobody:
        refusals: list[tuple[Any, str]] = [
            (lambda: notice_page(view, "2025"), "2025"),
            (lambda: payment_list_page(view, "2026", MET), "run 2026 is not declared on 2027-01-20"),
            (lambda: certificate_page(view, ["99"]), "99 is not in the register"),
            (lambda: certificate_page(view, "1"), "'1': a list of str is expected"),
            (lambda: certificate_page(nobody), "nobody holds shares"),
            (lambda: statement_page(view, "99"), "99 is not in the register"),
            (lambda: overview_page(view), "a list of View is expected"),  # type: ignore[arg-type]
            (lambda: overview_page([5]), "a list of View is expected"),  # type: ignore[list-item]
            (lambda: overview_page([view, nobody, view]), "示例村股份经济合作社 is there twice, or as a copy"),
            (lambda: projection_page(5), "5: what project makes of a plan is expected"),  # type: ignore[arg-type]
            (lambda: page("t", [], "fr"), "'fr': one of en, zh is accepted"),  # type: ignore[arg-type]
        ]
        for ask, words in refusals:
            with pytest.raises((RegisterError, EntryError), match=re.escape(words)):
                ask()
        assert Page(overview_page([nobody])).tables[0].rows[0][0] == "空"


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(CoopledgerError, match=r"install coopledger\[paper\]"):
        notice_page(village().view, "2026")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    sheet._environment.cache_clear()  # noqa: SLF001
    with pytest.raises(CoopledgerError, match=r"install coopledger\[paper\]"):
        projection_page(projection())


def test_the_register_of_a_day_decides_who_is_on_a_certificate() -> None:
    view = village().view
    assert register(view, FOUNDED).is_member("1")
    early = Page(certificate_page(view, ["1"], FOUNDED))
    assert early.tables[0].rows[0][1] in {"100", "300"}
    assert {row[0]: row[1] for row in early.tables[0].rows}["土地股 (land)"] == "100"
