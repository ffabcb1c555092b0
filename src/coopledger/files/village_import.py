"""Importing a village: what a workbook says, booked by the verbs of the register, all of it or nothing.

The verbs' own rules hold. What one of them refuses is said at the cell that it is about, as far as that is known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, NamedTuple

from coopledger.core import member
from coopledger.core.ahead import Ahead
from coopledger.core.balances import printed
from coopledger.core.chart import MONEY, Chart, adopt, charts
from coopledger.core.charter import book, found
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import Contribution, Money, Right, Valuation, contribute, contributions_of, shares_for
from coopledger.core.journal import Decision, Entry, Facts, View, canonical, check_date, is_under, listed, root
from coopledger.core.member import Joiner
from coopledger.core.movement import check_issued, issuance
from coopledger.core.ordinary import enter
from coopledger.core.past_dividend import note_past_dividends, past_dividends
from coopledger.core.people import People, Roll, roll_of, who
from coopledger.core.register import register
from coopledger.core.share_class import ShareClass, capitals, classes, open_class, share_class
from coopledger.core.timeline import state
from coopledger.core.wording import words
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError, Problem, WorkbookError
from coopledger.files.listing import SHEETS, heading
from coopledger.files.village import (
    At,
    BalanceRow,
    ContributionRow,
    DividendRow,
    MemberRow,
    ShareRow,
    Village,
    not_listed,
)
from coopledger.text import Message, printable

OPENING_REASON = "期初余额"
"""The summary of the voucher by which opening balances enter."""


class Counts(NamedTuple):
    """How much a workbook would book: people, households, shares by class, money in fen."""

    households: int
    members: int
    shares: Mapping[str, Decimal]
    contributions: int
    contributed_fen: int
    accounts: int
    debit_fen: int


def counts(village: Village) -> Counts:
    """How much a workbook says."""
    shares: dict[str, Decimal] = {}
    for one in village.shares:
        shares[one.cls] = shares.get(one.cls, Decimal(0)) + one.shares
    return Counts(
        len({one.household for one in village.members if one.household}),
        len(village.members),
        shares,
        len(village.contributions),
        sum(one.cells["amount"] or 0 for one in village.contributions),
        len(village.balances),
        sum(one.fen for one in village.balances if one.fen > 0),
    )


def import_village(
    village: Village,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    r"""Book what a workbook says, in a book that is founded or, by its sheet 合作社, in an empty one.

    ``effective_on`` is the day from which it all counts; the sheet's 建账日期, if none is given. Nobody who is in the
    register is changed: a row about him is a problem that says whether it differs.

    Raises WorkbookError with all problems of the workbook, and with all that the book does not agree to.

    >>> from tempfile import TemporaryDirectory
    >>> from coopledger.book import COLLECTIVE, MemoryJournal, found, holdings, open_class, preset, read_village
    >>> day, hill = date(2026, 1, 1), MemoryJournal("hill")
    >>> _ = hill.append(found("示例村股份经济合作社", COLLECTIVE, effective_on=day), key="founding", actor="会计")
    >>> with TemporaryDirectory() as folder:
    ...     with open(f"{folder}/成员.csv", "w", encoding="gbk") as file:
    ...         _ = file.write("编号,户号,姓名,与户主关系\n0041,17,成员甲,户主\n0042,17,成员乙,配偶\n")
    ...     read = read_village(f"{folder}/成员.csv")
    >>> records = hill.append(import_village(read, effective_on=day), key=import_key(read, day), actor="会计")
    >>> [*records[0].facts["members"]]
    ['0041', '0042']
    """
    if not isinstance(village, Village):
        raise WorkbookError(
            [
                Problem(
                    "",
                    Message("{seen}: what read_village makes of a workbook is expected", seen=type(village).__name__),
                )
            ]
        )
    on = effective_on or (village.cooperative.on if village.cooperative else None)
    papers: dict[str, Any] = {"documents": listed(documents, Document), "resolution": resolution}
    cited(**papers)
    for one in (effective_on, booked_on):
        if one is not None:
            check_date(one)

    def decide(view: View) -> list[Entry]:
        made = _Importing(view, village, on, booked_on or on, papers)
        entries = made.entries()
        if made.problems:
            raise WorkbookError(made.problems)
        return entries

    return decide


def import_key(village: Village, effective_on: date | None = None) -> str:
    """The key of an import, made of what the workbook says and the day: the same once more is recorded once.

    Personal data are not in it, for the key stays in the book when they are erased.
    """
    said: list[Any] = [str(effective_on or (village.cooperative.on if village.cooperative else None))]
    if (ours := village.cooperative) is not None:
        said.append([ours.name, ours.charter and ours.charter.law, ours.chart and ours.chart.code])
    said.append([one.number for one in village.households])
    said.append([[one.number, one.kind, one.household, one.head, one.standing, *one.groups] for one in village.members])
    said.append([[one.share_class.code, one.share_class.name, str(one.share_class[2:])] for one in village.classes])
    said.append([[one.household, one.number, one.cls, f"{one.shares.normalize():f}"] for one in village.shares])
    said.append(
        [
            [one.number, one.holder, one.cls, *(_canonical(one.cells[name]) for name in sorted(one.cells))]
            for one in village.contributions
        ]
    )
    said.append([[one.account, one.name, one.fen] for one in village.balances])
    said.append([[one.year, one.holder, one.fen] for one in village.dividends])
    return f"import {sha256(canonical(said).encode()).hexdigest()[:16]}"


def differing(view: View, village: Village) -> list[Problem]:
    """What stands otherwise in the register than in the workbook, by row: a repetition writes nothing of it."""
    people = who(view)
    known = _Known(roll_of(people), view.personal())
    pairs = ((one, known.differing(one)) for one in village.members)
    return [Problem(one.at.place("number"), _differs(one.number, fields)) for one, fields in pairs if fields]


class _Known(NamedTuple):
    """Who is in the register, and the personal rows."""

    now: Roll
    rows: Mapping[str, Facts]

    def differing(self, one: MemberRow) -> list[str]:
        """The columns in which a row says something else than the register; of who is not in it, his number."""
        was = self.now.members.get(one.number)
        if was is None:
            return ["number"]
        home = self.now.households.get(was.household)
        pairs = [
            ("kind", one.kind, was.kind),
            ("household", one.household, was.household),
            ("standing", one.standing, was.standing),
            ("groups", {*one.groups}, {*was.groups}),
            ("head", one.head, home is not None and home.head == one.number),
        ]
        row = self.rows.get(f"m/{one.number}", {})
        pairs += [(name, said, row.get(name, "")) for name, said in one.personal.items()]
        return [name for name, said, stands in pairs if said != stands]


class _Importing:
    """Turns a workbook into entries upon a view, and collects what the book does not agree to."""

    def __init__(
        self, view: View, village: Village, on: date | None, booked_on: date | None, papers: Mapping[str, Any]
    ) -> None:
        self.view = view
        self.village = village
        self.problems: list[Problem] = [*village.problems]
        self.papers = papers
        self.on, self.booked = on, booked_on
        self.made: list[Entry] = []
        self._ahead: tuple[int, View] = (0, view)

    @property
    def ahead(self) -> View:
        """The book as it would be with what is decided so far."""
        if self._ahead[0] != len(self.made):
            self._ahead = (len(self.made), Ahead(self.view, self.made))
        return self._ahead[1]

    @property
    def days(self) -> dict[str, Any]:
        return {"effective_on": self.on, "booked_on": self.booked}

    def entries(self) -> list[Entry]:
        """Everything, or as much as can be told, with the problems."""
        if self.on is None:
            said = Message(
                "no day: 建账日期 in the sheet {sheet}, or the day by itself, is expected", sheet=SHEETS["cooperative"]
            )
            self.problems.append(Problem(self.village.workbook.file, said))
            return []
        if not self._founding() or not self._classes():
            return []
        people = who(self.ahead)
        self._check_new(people)
        holders = self._holders(people)
        shares = self._shares(holders)
        contributions = self._contributions(holders)
        self._check_past(holders)
        balances = self._balances()
        if self.problems:
            return []
        self._admit()
        if not self.problems:
            self._issue(shares)
            self._contribute(contributions)
        if not self.problems:
            self._enter(balances)
            self._note_past()
        return self.made

    # ------------------------------------------------------------ the book

    def _founding(self) -> bool:
        ours, on = self.village.cooperative, self.on
        if self.view.head.seq == 0:
            if ours is None or not ours.name or ours.charter is None:
                place = (
                    self.village.workbook.file if ours is None else ours.places.get("name", self.village.workbook.file)
                )
                said = Message(
                    "the book is new: its name and law are expected in the sheet {sheet} (名称, 适用法律)",
                    sheet=SHEETS["cooperative"],
                )
                self.problems.append(Problem(place, said))
                return False
            steps = [("name", found(ours.name, ours.charter, **self.days))] if on else []
            if ours.chart is not None:
                steps.append(("chart", adopt(ours.chart, **self.days)))
            return all(self._done(one, ours.places.get(field, "")) for field, one in steps)
        try:
            now = book(self.view, on)
        except CoopledgerError as error:
            self.problems.append(Problem(self.village.workbook.file, error.message))
            return False
        if ours is not None:
            adopted = [chart for since, chart in charts(self.view).adopted if on is None or since <= on]
            for field, seen, stands in (
                ("name", ours.name, now.name),
                ("law", ours.charter and ours.charter.law, now.charter.law),
                ("chart", ours.chart and ours.chart.code, adopted[-1].code if adopted else ""),
            ):
                if seen and seen != stands:
                    message = Message("{seen}: the book has {stands}", seen=printable(str(seen)), stands=stands or "-")
                    self.problems.append(Problem(ours.places.get(field, ""), message))
        return True

    def _classes(self) -> bool:
        """Open the classes that are new. What their own rows refuse hides nothing else."""
        for row in self.village.classes:
            one = self._with_capital(row.share_class, row.capital)
            line = classes(self.view).get(one.code)
            if line is None:
                self._done(open_class(one, **self.days, **self.papers), row.at.place("name"))
                continue
            stands = share_class(state(line, self.on))
            fields = [name for name in ("name", "digits", "par_fen") if getattr(stands, name) != getattr(one, name)]
            if fields:
                said = Message(
                    "class {code} is in the book already, and differs: {fields}",
                    code=one.code,
                    fields=[_FIELD_WORDS.get(name, name) for name in fields],
                )
                self.problems.append(Problem(row.at.place("name"), said))
        return True

    def _with_capital(self, one: ShareClass, named: str) -> ShareClass:
        """A class with a par value has the account of share capital, or the one named, if the books have a chart."""
        chart = self._chart()
        if named and chart is not None:
            return one._replace(capital=named if ":" in named else f"{chart.code}:{named}")
        if one.par_fen is None or one.pooled or chart is None or "share capital" not in chart.roles:
            return one
        return one._replace(capital=chart.account("share capital"))

    def _chart(self) -> Chart | None:
        adopted = [chart for since, chart in charts(self.ahead).adopted if self.booked is None or since <= self.booked]
        return adopted[-1] if adopted else None

    # ------------------------------------------------------------ people

    def _check_new(self, people: People) -> None:
        """A problem for each row about somebody who is in the register: what stands and what differs."""
        if not people.members and not people.households:
            return
        known = _Known(roll_of(people), self.view.personal())
        ids = {row["id"]: subject[2:] for subject, row in known.rows.items() if row.get("id") and subject[:2] == "m/"}
        same: list[MemberRow] = []
        for one in self.village.members:
            number = one.personal.get("id", "")
            if one.number in people.members:
                if fields := known.differing(one):
                    self._say(one.at, "number", _differs(one.number, fields))
                else:
                    same.append(one)
            elif one.number in people.households:
                self._say(
                    one.at,
                    "number",
                    Message("{number} is the number of a household in the register", number=one.number),
                )
            elif number in ids:
                self._say(one.at, "id", Message("{number} in the register has this ID number", number=ids[number]))
            elif one.household in people.households:
                said = Message(
                    "household {number} is in the register already: who joins it is admitted by itself ('book member')",
                    number=one.household,
                )
                self._say(one.at, "household", said)
        for first, last in _runs(same):
            said = Message(
                "{count} rows stand in the register as they are, rows {first} to {last}: delete them here",
                count=last.at.row - first.at.row + 1,
                first=first.at.row + 1,
                last=last.at.row + 1,
            )
            if first is last:
                said = Message("{number} stands in the register as in this row: delete it here", number=first.number)
            self._say(first.at, "number", said)

    def _holders(self, people: People) -> Mapping[str, str]:
        """Who can hold something: members and households by number, with the household that a member lives in."""
        found = {number: str(state(line, self.on).get("household") or "") for number, line in people.members.items()}
        found |= dict.fromkeys(people.households, "")
        found |= {one.number: one.household for one in self.village.members}
        return {**found, **{one.household: "" for one in self.village.members if one.household}}

    def _admit(self) -> None:
        joiners = [
            Joiner(one.number, one.kind, one.household, one.head, one.standing, one.groups, one.personal)  # type: ignore[arg-type]
            for one in self.village.members
        ]
        at = {one.number: (one.at, "number") for one in self.village.members}
        if joiners:
            self._done(member.admit(*joiners, **self.days, **self.papers), self._sheet("members"), at)
        rows = {one.number: one.personal for one in self.village.households if one.personal}
        if rows and not self.problems:
            at = {one.number: (one.at, "number") for one in self.village.households}
            self._done(member.note_personal(rows, **self.days), self._sheet("households"), at)

    # ------------------------------------------------------------ shares

    def _by_name(self) -> dict[str, ShareClass]:
        """The classes of the book, those to be opened among them, by their codes and names as headings say them."""
        found: dict[str, ShareClass] = {}
        for line in classes(self.ahead).values():
            one = share_class(state(line, self.on))
            found |= {heading(one.name).plain: one, heading(one.code).plain: one}
        for row in self.village.classes:  # those that were refused as well: that is said, and hides nothing
            one = row.share_class
            found = {heading(one.name).plain: one, heading(one.code).plain: one} | found
        return found

    def _shares(self, holders: Mapping[str, str]) -> dict[str, dict[str, int]]:
        """Shares by class and holder, in the smallest unit."""
        known = self._by_name()
        names = {one.number: one.personal.get("name", "") for one in self.village.members}
        heads = {one.household: one.personal.get("name", "") for one in self.village.members if one.head}
        found: dict[str, dict[str, int]] = {}
        first: dict[tuple[str, str, str], ShareRow] = {}
        unknown: set[tuple[int, str]] = set()
        for one in self.village.shares:
            cls = known.get(one.cls)
            if cls is None:
                self._unknown_class(one, known, unknown)
                continue
            own = one.number or one.household
            holder = one.household if cls.level == "household" and one.household else own
            field = "number" if one.number else "household"
            wrong = [each for each in {one.number, holder} if each and each not in holders]
            if wrong:
                self._say(one.at, field, not_listed(wrong[0], holders, SHEETS["members"]))
                continue
            told = {names.get(own, ""), heads.get(own, "")} - {""}
            if one.name and told and one.name not in told:
                said = Message("{seen} has another name in the sheet {sheet}", seen=own, sheet=SHEETS["members"])
                self._say(one.at, "name", said)
            if one.number and one.household and holders[one.number] not in ("", one.household):
                said = Message(
                    "{number} lives in household {household}", number=one.number, household=holders[one.number]
                )
                self._say(one.at, "household", said)
            if (was := first.setdefault((cls.code, own, one.field), one)) is not one:
                said = Message(
                    "{number} has {cls} in {cell} already", number=own, cls=cls.name, cell=was.at.place(was.field)
                )
                self._say(one.at, one.field, said)
            quantity = one.shares * cls.unit
            if quantity != quantity.to_integral_value():
                said = Message(
                    "{seen}: a share of {cls} has {digits} decimals",
                    seen=f"{one.shares:f}",
                    cls=cls.name,
                    digits=cls.digits,
                )
                self._say(one.at, one.field, said)
                continue
            by_holder = found.setdefault(cls.code, {})
            by_holder[holder] = by_holder.get(holder, 0) + int(quantity)
        return found

    def _unknown_class(self, one: ShareRow, known: Mapping[str, ShareClass], said_of: set[tuple[int, str]]) -> None:
        listing = one.at.listing
        said = Message(
            "{seen} is no share class: {known} are; another is listed in the sheet {sheet}",
            seen=printable(one.cls),
            known=sorted({cls.name for cls in known.values()}) or "-",
            sheet=SHEETS["classes"],
        )
        if one.field == "shares":
            self._say(one.at, "class", said)
        elif (id(listing), one.field) not in said_of:
            said_of.add((id(listing), one.field))
            place = listing.sheet.place(listing.heading_row, listing.others[one.field])
            self.problems.append(Problem(place, said))

    def _issue(self, shares: Mapping[str, Mapping[str, int]]) -> None:
        """Issue the shares, a record for each class, by what :func:`coopledger.core.movement.allot` decides."""
        if not shares:
            return
        now = register(self.ahead, self.on)
        papers = cited(**self.papers)
        chart = self._chart()
        for cls, given in shares.items():
            one = now.share_class(cls)
            against = chart.account("bank") if chart is not None and one.capital is not None else None
            names = {heading(one.name).plain, heading(one.code).plain}
            at = {
                holder: (row.at, row.field)
                for row in self.village.shares
                if row.cls in names
                for holder in (row.household, row.number)
                if holder
            }

            def decide(
                view: View, cls: str = cls, given: Mapping[str, int] = given, against: str | None = against
            ) -> list[Entry]:
                assert self.on is not None  # noqa: S101 - said before
                entry = issuance(
                    view,
                    now,
                    cls,
                    given,
                    effective_on=self.on,
                    booked_on=self.booked or self.on,
                    reason="quantification" if against is None else "contribution",
                    against=against,
                    papers=papers,
                )
                check_issued(view, now, [entry], None)
                return [entry]

            self._done(decide, self._sheet("shares"), at)

    # ------------------------------------------------------------ contributions

    def _contributions(self, holders: Mapping[str, str]) -> list[tuple[ContributionRow, Contribution]]:
        known, found = self._by_name(), []
        stands = contributions_of(self.view) if self.view.head.seq else {}
        first: dict[str, At] = {}
        for one in self.village.contributions:
            cls = known.get(one.cls)
            if cls is None:
                said = Message(
                    "{seen} is no share class: {known} are; another is listed in the sheet {sheet}",
                    seen=printable(one.cls),
                    known=sorted({other.name for other in known.values()}) or "-",
                    sheet=SHEETS["classes"],
                )
                self._say(one.at, "class", said)
            if one.holder not in holders:
                self._say(one.at, "holder", not_listed(one.holder, holders, SHEETS["members"]))
            if (was := first.setdefault(one.number, one.at)) is not one.at or one.number in stands:
                place = was.place("number") if was is not one.at else "-"
                said = Message("contribution {number}: the number is taken ({cell})", number=one.number, cell=place)
                self._say(one.at, "number", said)
            if cls is not None:
                made = self._contribution(one, cls)
                found.append((one, made))
                if made.amount_fen and made.price_fen:
                    self._tried(one.at, "amount", shares_for, made.amount_fen, made.price_fen, cls)
        return found

    def _contribution(self, row: ContributionRow, cls: ShareClass) -> Contribution:
        said, on = row.cells, self.on or date.min
        fen, price, shares = said["amount"], said["price"], said["shares"]
        units = None if shares is None else int(shares * cls.unit)
        if price is None and fen and cls.par_fen is not None:
            price = cls.par_fen
        if price is None and fen and units and not (fen * cls.unit) % units:
            price = fen * cls.unit // units
        brought: Right | Money
        if said["money"] is not None:
            brought = Money(fen or 0, said["money"], said["into"], said["source"], said["rule"])
            return Contribution(row.number, row.holder, cls.code, brought, price_fen=price)
        brought = Right(
            said["right"],
            said["starts_on"],
            said["ends_on"],
            said["right_ends_on"] or said["ends_on"],
            said["basis"],
            None if said["area"] is None else Fraction(said["area"]),
            said["parcels"],
            said["contract"],
            said["built_by"],
            said["built_with"],
        )
        value = None
        if fen:
            value = Valuation(fen, said["valued_by"], said["valued_on"] or on, said["appraiser"])
        return Contribution(
            row.number,
            row.holder,
            cls.code,
            brought,
            value,
            price if fen else None,
            None if fen else units,
        )

    def _contribute(self, rows: Sequence[tuple[ContributionRow, Contribution]]) -> None:
        """All together; if they are refused, each by itself, so that each problem has its row."""
        if not rows:
            return
        before = len(self.problems)
        at = {one.number: (one.at, "number") for one, _ in rows}
        self._done(contribute(*(one for _, one in rows), **self.days, **self.papers), self._sheet("contributions"), at)
        if len(self.problems) == before:
            return
        together = self.problems.pop()
        for row, one in rows:
            self._done(contribute(one, **self.days, **self.papers), row.at.place("number"))
        if len(self.problems) == before:
            self.problems.append(together)

    # ------------------------------------------------------------ balances

    def _balances(self) -> dict[str, BalanceRow]:
        """The rows of the opening balances by account, without those that say nothing."""
        said_of = [one for one in self.village.balances if one.fen]
        chart = self._chart()
        if said_of and chart is None:
            said = Message(
                "no chart of accounts is adopted: 会计制度 in the sheet {sheet} is expected",
                sheet=SHEETS["cooperative"],
            )
            self._say(said_of[0].at, None, said)
        return self._by_account(chart) if said_of and chart is not None else {}

    def _enter(self, rows: Mapping[str, BalanceRow]) -> None:
        """Enter what the balances are more than shares, contributions and what stood before brought."""
        chart = self._chart()
        if not rows or chart is None:
            return
        stands = {account: fen for (_, account), fen in self.ahead.balances(MONEY, None, self.on).items()}
        rest: dict[str, int] = {}
        for account, row in rows.items():
            rest[account] = row.fen - sum(fen for other, fen in stands.items() if is_under(other, account))
        self._check_listed(rows, stands)
        self._check_capital(rows, rest)
        if not self.problems and any(rest.values()):
            self._enter_rest(chart, rows, rest)

    def _check_listed(self, rows: Mapping[str, BalanceRow], stands: Mapping[str, int]) -> None:
        """Whatever shares and contributions brought to something is in the sheet."""
        missing: dict[str, int] = {}
        for account, fen in stands.items():
            if ":" in account and not any(is_under(account, other) for other in rows):
                missing[root(account)] = missing.get(root(account), 0) + fen
        for account, fen in missing.items():
            if fen:
                said = Message(
                    "{account} comes to {fen} yuan by shares and contributions, and is not listed: it is expected",
                    account=account,
                    fen=printed(fen, 2),
                )
                self._say(next(iter(rows.values())).at, None, said)

    def _check_capital(self, rows: Mapping[str, BalanceRow], rest: dict[str, int]) -> None:
        """The capital of shares is what they come to at par: nothing is left of it to enter."""
        for cls, capital in capitals(self.ahead):
            for account in [one for one in rows if is_under(capital, one) and rest.get(one)]:
                row, left = rows[account], rest.pop(account)
                said = Message(
                    "{account}: {said} yuan are said, and the shares of {cls} come to {sum} at par; other capital "
                    "stands beside them, in a part that 资本科目 of the sheet {sheet} names",
                    sheet=SHEETS["classes"],
                    account=account,
                    said=printed(-row.fen, 2),
                    cls=cls,
                    sum=printed(left - row.fen, 2),
                )
                self._say(row.at, _side(row), said)

    def _enter_rest(self, chart: Chart, rows: Mapping[str, BalanceRow], rest: dict[str, int]) -> None:
        """The voucher of the rest. What is not distributed yet goes through the surplus, as a year's does."""
        at = {account: (row.at, _side(row)) for account, row in rows.items()}
        undistributed = 0
        reserve = chart.account("reserve") if "reserve" in chart.roles else ""
        if root(reserve) != reserve and root(reserve) in rest:  # of 公积公益金 by itself: the part that verbs know
            rest[reserve] = rest.pop(root(reserve))
            at[reserve] = at[root(reserve)]
        if {"surplus", "distribution"} <= chart.roles.keys():
            undistributed = -rest.pop(chart.account("distribution"), 0)
            if undistributed:
                own = chart.account("surplus")
                rest[own] = rest.get(own, 0) - undistributed
        debit = {account: fen for account, fen in rest.items() if fen > 0}
        credit = {account: -fen for account, fen in rest.items() if fen < 0}
        try:
            decision = enter(debit, credit, reason=OPENING_REASON, **self.days, **self.papers)
        except CoopledgerError as error:
            self._refused(error, self._sheet("opening balances"), at)
            return
        self._done(decision, self._sheet("opening balances"), at)
        if undistributed and not self.problems and self.on is not None:
            account = chart.account("distribution")
            source = enter_surplus(self.on.year - 1, undistributed, source=OPENING_REASON, **self.days, **self.papers)
            self._done(source, rows[account].at.place(_side(rows[account])))

    def _by_account(self, chart: Chart) -> dict[str, BalanceRow]:
        """The rows by the accounts that they mean."""
        found: dict[str, BalanceRow] = {}
        by_name: dict[str, list[str]] = {}
        for one in chart.accounts.values():
            by_name.setdefault(one.name.zh, []).append(one.code)
        for row in self.village.balances:
            bare = row.account.removeprefix(f"{chart.code}:")
            if not bare and len(by_name.get(row.name, ())) == 1:
                bare = by_name[row.name][0]
            listed = chart.accounts.get(root(bare))
            field = "account" if row.account else "name"
            if listed is None:
                said = Message(
                    "{seen}: no such account in {chart}: a code of it (102) is expected, a part of one behind a "
                    "stroke (102/1)",
                    seen=printable(row.account or row.name),
                    chart=chart.name,
                )
                self._say(row.at, field, said)
                continue
            if row.account and row.name and (others := by_name.get(row.name, [])) and listed.code not in others:
                said = Message(
                    "{code} is {name} in {chart}, and {seen} has {other}",
                    code=listed.code,
                    name=listed.name.zh,
                    chart=chart.name,
                    seen=row.name,
                    other=others[0],
                )
                self._say(row.at, "name", said)
            account = f"{chart.code}:{bare}"
            for other, was in found.items():
                if is_under(account, other) or is_under(other, account):
                    cell = was.at.place("account" if was.account else "name")
                    said = Message("{account} stands in {cell} already, or a part of it", account=bare, cell=cell)
                    self._say(row.at, field, said)
                    break
            found.setdefault(account, row)
        return {account: row for account, row in found.items() if row.fen}

    # ------------------------------------------------------------ past dividends

    def _check_past(self, holders: Mapping[str, str]) -> None:
        first: dict[tuple[int, str], DividendRow] = {}
        noted = past_dividends(self.view) if self.view.head.seq else {}
        names = {one.number: one.personal.get("name", "") for one in self.village.members}
        heads = {one.household: one.personal.get("name", "") for one in self.village.members if one.head}
        for one in self.village.dividends:
            field = one.field if one.field != "amount" else "year"
            if one.holder not in holders:
                self._say(one.at, "holder", not_listed(one.holder, holders, SHEETS["members"]))
            told = {names.get(one.holder, ""), heads.get(one.holder, "")} - {""}
            if one.name and told and one.name not in told:
                said = Message("{seen} has another name in the sheet {sheet}", seen=one.holder, sheet=SHEETS["members"])
                self._say(one.at, "name", said)
            if self.on is not None and one.year > self.on.year:
                said = Message(
                    "{year} lies after {day}: what is paid from then on is a run's", year=one.year, day=self.on
                )
                self._say(one.at, field, said)
            was = first.setdefault((one.year, one.holder), one)
            if was is not one:
                said = Message(
                    "{number} has a dividend of {year} in {cell} already",
                    number=one.holder,
                    year=one.year,
                    cell=was.at.place(was.field),
                )
                self._say(one.at, one.field, said)
            elif stands := next((past for past in noted.get(one.holder, ()) if past.year == one.year), None):
                said = Message(
                    "{number}: the dividend of {year}, {fen} yuan, is noted in record {seq} already",
                    number=one.holder,
                    year=one.year,
                    fen=printed(stands.fen, 2),
                    seq=stands.seq,
                )
                self._say(one.at, one.field, said)

    def _note_past(self) -> None:
        by_year: dict[int, dict[str, int]] = {}
        for one in self.village.dividends:
            by_year.setdefault(one.year, {})[one.holder] = one.fen
        at = {one.holder: (one.at, "holder") for one in self.village.dividends}
        for year, amounts in sorted(by_year.items()):
            self._done(
                note_past_dividends(year, amounts, **self.days, **self.papers), self._sheet("past dividends"), at
            )

    # ------------------------------------------------------------ what is refused

    def _done(self, decision: Decision, where: str, at: Mapping[str, tuple[At, str]] | None = None) -> bool:
        """Whether the verb took it; else its refusal is a problem, at the cell that it names."""
        try:
            self.made += decision(self.ahead)
        except CoopledgerError as error:
            self._refused(error, where, at or {})
            return False
        return True

    def _refused(self, error: CoopledgerError, where: str, at: Mapping[str, tuple[At, str]]) -> None:
        named = next((one for one in _texts(error.message.values.values()) if one in at), None)
        if named is not None:
            row, field = at[named]
            where = row.place(field)
        self.problems.append(Problem(where, error.message))

    def _tried(self, at: At, field: str, check: Callable[..., object], *args: object) -> None:
        try:
            check(*args)
        except CoopledgerError as error:
            self._say(at, field, error.message)

    def _say(self, at: At, field: str | None, message: Message) -> None:
        self.problems.append(Problem(at.place(field), message))

    def _sheet(self, kind: str) -> str:
        """The first sheet of a kind."""
        found = [one.sheet.place() for one in self.village.listings if one.kind == kind]
        return found[0] if found else self.village.workbook.file


_FIELD_WORDS: Mapping[str, Message] = {
    "name": Message("name"),
    "digits": Message("decimals of a share"),
    "par_fen": Message("par value"),
    "number": Message("number"),
    "head": Message("head of the household"),
    "groups": Message("groups"),
    "standing": Message("standing"),
}


def _differs(number: str, fields: Sequence[str]) -> Message:
    return Message(
        "{number} is in the register already, and differs there: {fields}; what changed is recorded by itself "
        "('book personal', 'book change-member', 'book household')",
        number=number,
        fields=[_FIELD_WORDS.get(one) or words(one) for one in fields],
    )


def _runs(rows: Sequence[MemberRow]) -> Iterator[tuple[MemberRow, MemberRow]]:
    """The first and last of rows that stand one below the other."""
    start = before = None
    for one in rows:
        if before is not None and (one.at.listing is not before.at.listing or one.at.row != before.at.row + 1):
            assert start is not None  # noqa: S101 - it is set with the other
            yield start, before
            start = None
        start, before = start or one, one
    if start is not None and before is not None:
        yield start, before


def _side(row: BalanceRow) -> str:
    """The column in which a balance stands."""
    return next(
        (one for one in ("debit" if row.fen > 0 else "credit", "balance") if one in row.at.listing.columns), "account"
    )


def _canonical(seen: object) -> object:
    """A cell's value as a key has it: 5 and 5.0 are one number."""
    if isinstance(seen, Decimal):
        return f"{seen.normalize():f}"
    return seen if seen is None or isinstance(seen, int | str) else str(seen)


def _texts(values: Iterable[object]) -> Iterator[str]:
    for one in values:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Message):
            yield from _texts(one.values.values())
        elif isinstance(one, list | tuple):
            yield from _texts(one)
