"""A village whose papers are printed, the papers themselves, and a reader of what stands on them."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from coopledger.book import (
    C2021,
    COLLECTIVE,
    MONEY,
    Entry,
    Joiner,
    Posting,
    Resolution,
    admit,
    adopt,
    allot,
    approve,
    by_record_date,
    certificate_page,
    declare,
    disclose,
    enter_surplus,
    found,
    issue,
    note_past_dividends,
    notice_page,
    open_class,
    overview_page,
    pay,
    payment_list_page,
    pledge,
    preset,
    propose,
    statement_page,
    transfer,
)
from coopledger.core.claims import check_claims
from coopledger.core.projection import Projection, project
from coopledger.core.proposal import Proposal
from coopledger.files.plan_file import read_plan
from coopledger.pages.projection import projection_page
from coopledger.text import Language
from tests.core.village import Village

FOUNDED, YEAR_END = date(2026, 1, 1), date(2026, 12, 31)
PROPOSED, POSTED, MET, DECLARED, PAID = (date(2027, 1, day) for day in (5, 6, 20, 21, 25))
VOTE = Resolution("2027-1", "members", MET, entitled=90, present=80, votes_for=78, votes_against=2)
HOMES = [f"{n}" for n in range(1, 46)]
ID, PHONE, CARD = "999999198001310014", "13800000000", "6200000000000000018"  # no region has the code 999999
NAME = "示例“甲”<b>&amp;</b>"
"""A name with everything that a page could take for its own."""
PLAN = Path(__file__).parents[2] / "examples" / "laohushan.toml"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def village() -> Village:
    """Forty-five households: land shares, some cash shares of persons, a run that is paid in part, a pledge."""
    made = Village()
    first = {"name": NAME, "id": ID, "phone": PHONE, "card": CARD, "relation": "户主"}
    people = [
        Joiner(f"{1000 + n}", household=one, head=True, personal={"name": f"成员{one}"} if n else first)
        for n, one in enumerate(HOMES)
    ]
    others = [Joiner(f"{2000 + n}", household=one, personal={"relation": "配偶"}) for n, one in enumerate(HOMES[:30])]
    asked = Proposal("surplus", "2026", "land", by_record_date(YEAR_END), total_fen=123_456_79, tax=Fraction(1, 5))
    made.do(
        found("示例村股份经济合作社", COLLECTIVE, effective_on=FOUNDED),
        adopt(C2021, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        open_class(preset("cash", capital=C2021.account("share capital")), effective_on=FOUNDED),
        admit(*people, *others, effective_on=FOUNDED),
        allot("land", {one: 100 + 7 * n for n, one in enumerate(HOMES)}, effective_on=FOUNDED),
        issue(
            "cash", to="2000", shares=300, against=C2021.account("bank"), effective_on=FOUNDED, reason="subscription"
        ),
        transfer("land", holder="1", to="2", shares=25, effective_on=date(2026, 5, 1), reason="sale"),
        pledge("land", holder="3", shares=10, creditor="示例信用社", effective_on=date(2026, 6, 1)),
        note_past_dividends(2025, {"1": 5_00}, effective_on=FOUNDED),
        enter_surplus(2026, 300_000_00, source="annual statement 2026"),
        Entry("receipt", YEAR_END, YEAR_END, {}, [Posting(MONEY, "c2021:113", C2021.account("bank"), 400_000_00)]),
        propose("2026", asked, effective_on=PROPOSED),
        disclose("2026", since=POSTED, until=MET, where="村公示栏 <1>"),
        approve("2026", VOTE),
        declare("2026", effective_on=DECLARED),
        pay("2026", effective_on=PAID, holders=["1", "4"]),
        pay("2026", effective_on=PAID, holders={"2": 50_00}),
    )
    return made


@cache
def neighbour() -> Village:
    """Another cooperative, with nothing but members."""
    made = Village()
    people = admit(Joiner("1", household="A", head=True), Joiner("2", household="A"), effective_on=FOUNDED)
    made.do(found("邻村种植合作社", effective_on=FOUNDED), people)
    return made


@cache
def projection() -> Projection:
    """The example plan, over its forty years."""
    plan = read_plan(PLAN).plan
    assert plan is not None
    return project(plan)


PAGES: dict[str, Callable[[Language], str]] = {
    "notice": lambda language: notice_page(village().view, "2026", PAID, language=language),
    "payment-list": lambda language: payment_list_page(village().view, "2026", PAID, language=language),
    "certificate": lambda language: certificate_page(village().view, ["1"], PAID, language=language),
    "certificates": lambda language: certificate_page(village().view, ["2", "3"], PAID, language=language),
    "statement": lambda language: statement_page(village().view, "1", PAID, language=language),
    "overview": lambda language: overview_page([village().view, neighbour().view], PAID, language=language),
    "projection": lambda language: projection_page(projection(), check_claims(projection()), language=language),
}


@cache
def html(name: str, language: Language = "zh") -> str:
    """A page, made once."""
    return PAGES[name](language)


class Seen(NamedTuple):
    """A table as it stands on a page: its heading, the columns' headings, rows, the row of totals."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    totals: list[str]

    def column(self, n: int) -> list[int]:
        """The cells of a column, in hundredths."""
        return [hundredths(row[n]) for row in self.rows]


def hundredths(cell: str) -> int:
    """An amount in fen."""
    return round(Fraction(cell.replace(",", "")) * 100)


class Page(HTMLParser):
    """A page as a reader that knows HTML takes it: its tables, headings, texts, ids, attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.ids: dict[str, str] = {}
        self.tables: list[Seen] = []
        self.text = ""
        self._open: list[str] = []
        self._into: list[str] = []
        self._of = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.tags.append((tag, own))
        if tag not in {"meta", "link", "path"}:
            self._open.append(tag)
        self._of = own.get("id") or ""
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((int(tag[1]), ""))
        if tag == "table":
            self.tables.append(Seen(self.ids.get(str(own["aria-labelledby"]), ""), [], [], []))
        elif tag == "tr" and "thead" in self._open:
            self._into = self.tables[-1].columns
        elif tag == "tr" and "tfoot" in self._open:
            self._into = self.tables[-1].totals
        elif tag == "tr":
            self._into = []
            self.tables[-1].rows.append(self._into)
        elif tag in {"td", "th"}:
            self._into.append("")
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text += data
        if self.headings and self._open and self._open[-1] in {"h1", "h2", "h3"}:
            level, before = self.headings.pop()
            self.headings.append((level, before + data))
            if self._of:
                self.ids[self._of] = before + data
        if {"td", "th"} & {*self._open}:
            self._into[-1] += data
