"""Plain-text journals: the money of a book as beancount and hledger read it, with balances for them to check.

Both get the same accounts, the same transactions and the same balances; only how they are written differs. What is
exported is money alone (``CNY``): shares and memo units stay in the book, and personal data is not read.

- *Accounts.* ``c2023:102/savings`` is ``Assets:C2023:102:Savings``: the root by its kind in the chart, then the chart,
  the code and the parts, each beginning with a capital letter or a digit, with ``-`` for what is no letter, digit or
  hyphen. Names that would be the same get ``-2``, ``-3``… in the order in which they were first used, so they stay as
  the book grows. The code and the name are metadata.
- *Transactions.* One for each record that moves money, on its accounting date, in the order of the records. What it
  debits and what it credits of an account stand apart; ``transit``, which is zero in every record, is left out.
- *Balances.* Of every account with all its parts, on the day after the last: those of the book's own trial balance and
  of its balances, not sums of what was written above them. A line that is lost or changed shows as a difference.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from coopledger.core.chart import MONEY, Charts, Kind, charts
from coopledger.core.charter import BOOK
from coopledger.core.journal import TRANSIT, Record, View, is_under
from coopledger.core.timeline import Change, state, timeline
from coopledger.core.trial_balance import trial_balance
from coopledger.core.wording import kind_words, words
from coopledger.text import Language, Message, printable, said

Root = Literal["Assets", "Liabilities", "Equity", "Income", "Expenses"]

ROOTS: Mapping[Kind | None, Root] = {
    "asset": "Assets",
    "contra asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "cost": "Assets",
    "income": "Income",
    "expense": "Expenses",
    None: "Equity",
}
"""The root of each kind of account, and of one that is of no chart.

What stands in a cost account (生产成本) is work in progress until it is carried on: the balance sheets of all four
charts show it among the inventories.
"""

_TYPES: Mapping[Root, str] = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenses": "X"}


class _Account(NamedTuple):
    """An account of the journal: its name there, its code in the book and the words for it, its first day, its fen.

    The fen are those of the account with all its parts, as the book says that they stand after all its records.
    """

    name: str
    code: str
    root: Root
    kind: str
    zh: str
    en: str
    opened_on: date
    closing_fen: int
    has_money: bool
    has_parts: bool


class _Transaction(NamedTuple):
    """A record that moves money: fen by name of account, debits above 0 and credits below, in their order."""

    record: Record
    summary: str
    reverses: tuple[int, ...]
    legs: tuple[tuple[str, int], ...]


class _Money(NamedTuple):
    """The money of a book."""

    title: str
    head: str
    accounts: Sequence[_Account]
    transactions: Sequence[_Transaction]

    @property
    def closed_on(self) -> date:
        """The day after the last on which something is booked."""
        return max(one.record.booked_on for one in self.transactions) + timedelta(1)


# ---------------------------------------------------------------- the two ways to write it


def beancount_journal(view: View, language: Language = "en") -> str:
    r"""The money of a book for beancount 3: ``bean-check`` accepts it, and finds what was changed in it since.

    Every ``balance`` allows no difference (``~ 0.00``); what beancount allows of itself is a fen. Control characters
    are written out (``\n``).

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.core.journal import Entry, Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill", clock=lambda: 0), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2023), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {"reason": "股金"}, [Posting("CNY", "c2023:301", "c2023:102/x", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     print("".join(beancount_journal(view).splitlines(True)[-6:]))
      Equity:C2023:301  -500.00 CNY
      Assets:C2023:102:X  500.00 CNY
    <BLANKLINE>
    2026-03-06 balance Equity:C2023:301  -500.00 ~ 0.00 CNY
    2026-03-06 balance Assets:C2023:102  500.00 ~ 0.00 CNY
    2026-03-06 balance Assets:C2023:102:X  500.00 ~ 0.00 CNY
    """
    money = _money(view, language)
    lines = [
        f"; {money.title}, {money.head}",
        f"option {_quoted('title')} {_quoted(money.title)}",
        f"option {_quoted('operating_currency')} {_quoted(MONEY)}",
        "",
    ]
    for account in money.accounts:
        lines += [
            f"{account.opened_on} open {account.name} {MONEY}",
            f"  code: {_quoted(account.code)}",
            f"  name: {_quoted(account.zh)}",
            f"  name-en: {_quoted(account.en)}",
            f"  kind: {_quoted(account.kind)}",
        ]
    for one in money.transactions:
        lines += ["", f"{one.record.booked_on} * {_quoted(one.summary)}"]
        lines += [
            f"  {name}: {_quoted(seen) if isinstance(seen, str) else seen}" for name, seen in _metadata(one).items()
        ]
        lines += [f"  {name}  {_yuan(fen)} {MONEY}" for name, fen in one.legs]
    closed_on = money.closed_on if money.accounts else None
    lines += [""] if money.accounts else []
    lines += [
        f"{closed_on} balance {account.name}  {_yuan(account.closing_fen)} ~ 0.00 {MONEY}" for account in money.accounts
    ]
    return "\n".join(lines) + "\n"


def hledger_journal(view: View, language: Language = "en") -> str:
    """The money of a book for hledger: ``hledger check --strict`` accepts it, and finds what was changed in it since.

    hledger quotes nothing: ``;`` in a summary, and ``,`` too in a key or an actor, are written in full width (``；``
    ``，``). Control characters are written out. The balances are asserted by a last transaction that moves nothing,
    with all parts (``=*``) where an account has some: hledger takes long over thousands of such.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.core.journal import Entry, Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill", clock=lambda: 0), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2023), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {"reason": "股金"}, [Posting("CNY", "c2023:301", "c2023:102", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     print(hledger_journal(view).partition("2026-03-06 * ")[2])
    balances
        Equity:C2023:301  0.00 CNY = -500.00 CNY
        Assets:C2023:102  0.00 CNY = 500.00 CNY
    """
    money = _money(view, language)
    lines = [f"; {_plain(money.title)}, {money.head}", "decimal-mark .", f"commodity 1000.00 {MONEY}", ""]
    for account in money.accounts:
        kind = "C" if account.has_money else _TYPES[account.root]
        lines += [
            f"account {account.name}  ; type: {kind}",
            f"    ; code: {account.code}",
            f"    ; name: {_tag(account.zh)}",
            f"    ; name-en: {_tag(account.en)}",
            f"    ; kind: {account.kind}",
        ]
    for one in money.transactions:
        lines += ["", f"{one.record.booked_on} * ({one.record.seq}) {_plain(one.summary)}".rstrip()]
        lines += [f"    ; {name}: {_tag(str(seen))}" for name, seen in _metadata(one).items()]
        lines += [f"    {name}  {_yuan(fen)} {MONEY}" for name, fen in one.legs]
    lines += ["", f"{money.closed_on} * {Message('balances').say(language)}"] if money.accounts else []
    lines += [
        f"    {account.name}  0.00 {MONEY} {'=*' if account.has_parts else '='} {_yuan(account.closing_fen)} {MONEY}"
        for account in money.accounts
    ]
    return "\n".join(lines) + "\n"


def _metadata(one: _Transaction) -> dict[str, Any]:
    """What is said of a transaction besides: whole numbers, days, texts."""
    record = one.record
    said = {
        "record": record.seq,
        "kind": record.kind,
        "effective": record.effective_on,
        "key": record.key,
        "actor": record.actor,
        "hash": record.hash.hex(),
    }
    return said | ({"reverses": " ".join(map(str, one.reverses))} if one.reverses else {})


def _quoted(text: str) -> str:
    """A text as beancount reads it."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(text: str) -> str:
    """A text that begins no comment of hledger's."""
    return printable(text).replace(";", "；")


def _tag(text: str) -> str:
    """A text that neither ends a tag of hledger's nor begins another."""
    return _plain(text).replace(",", "，")


def _yuan(fen: int) -> str:
    """An amount in yuan, exact.

    >>> _yuan(-5), _yuan(123456)
    ('-0.05', '1234.56')
    """
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02}"


# ---------------------------------------------------------------- what is written


def _money(view: View, language: Language) -> _Money:
    """The money of a book, folded from its records; the balances from what the book says of itself."""
    known = charts(view)
    names = _Names(known)
    first: dict[str, date] = {}
    transactions = []
    for record in view.records():
        sums: dict[tuple[str, bool], int] = {}
        for one in record.postings:
            if one.denomination == MONEY:
                for account, debits in ((one.source, False), (one.target, True)):
                    if not is_under(account, TRANSIT):
                        place = (account, debits)
                        sums[place] = sums.get(place, 0) + (one.quantity if debits else -one.quantity)
        if not sums:
            continue
        for account, _ in sums:
            for each in _with_above(account):
                first[each] = min(first.get(each, record.booked_on), record.booked_on)
        transactions.append(
            _Transaction(
                record,
                printable(_summary(record, language)),
                tuple(
                    sorted(
                        {
                            one.reverses_seq
                            for one in record.postings
                            if one.reverses_seq is not None and one.denomination == MONEY
                        }
                    )
                ),
                tuple((names[account], fen) for (account, _), fen in sums.items()),
            )
        )
    closing = _closing(view)
    above = {account.rpartition("/")[0] for account in first}
    accounts = [
        _Account(
            names[account],
            account,
            ROOTS[known.kind(account)],
            known.kind(account) or "none",
            known.called(account, date.max).zh,
            known.called(account, date.max).en,
            opened_on,
            closing.get(account, 0),
            known.has_money(account),
            account in above,
        )
        for account, opened_on in first.items()
    ]
    return _Money(_title(view), str(view.head), accounts, transactions)


def _summary(record: Record, language: Language) -> str:
    """Why it was written, in words where that is a known reason; what it is, where no reason was given."""
    reason = str(record.facts.get("reason", ""))
    return said(words(reason) if reason else kind_words(record.kind), language)


def _closing(view: View) -> dict[str, int]:
    """What each account stands at with all its parts, in fen, positive in debit, as the book says."""
    found: dict[str, int] = {}
    for (_, account), fen in view.balances(MONEY).items():
        for above in _with_above(account):
            found[above] = found.get(above, 0) + fen
    return found | {row.account: row.closing_fen for row in trial_balance(view)}


def _with_above(account: str) -> Iterator[str]:
    """An account and those of which it is a part, from the top.

    >>> [*_with_above("c2023:112/hill/land")]
    ['c2023:112', 'c2023:112/hill', 'c2023:112/hill/land']
    """
    parts = account.split("/")
    return ("/".join(parts[: n + 1]) for n in range(len(parts)))


def _title(view: View) -> str:
    """Whose book it is; nothing more than that it is one, where that was never recorded."""
    changes = timeline(Change(one.effective_on, one.seq, one.facts["set"]) for one in view.records(BOOK))
    return printable(str(state(changes).get("name", "coopledger")))


class _Names(dict[str, str]):
    """The names of accounts in the journal, by code; made when they are first asked for, no two the same."""

    def __init__(self, known: Charts) -> None:
        super().__init__()
        self._known = known
        self._made: dict[tuple[str, ...], str] = {}
        self._taken: set[str] = set()

    def __missing__(self, account: str) -> str:
        opened, *parts = account.split("/")
        chart, colon, bare = opened.partition(":")
        way = (f"{chart}:", bare, *parts) if colon else (opened, *parts)  # an account "memo" is none of a chart "memo"
        self[account] = found = self._name(ROOTS[self._known.kind(account)], way)
        return found

    def _name(self, top: Root, way: tuple[str, ...]) -> str:
        if not way:
            return top
        place = (top, *way)
        if place not in self._made:
            plain = f"{self._name(top, way[:-1])}:{_component(way[-1])}"
            found, more = plain, 2
            while found in self._taken:
                found, more = f"{plain}-{more}", more + 1
            self._taken.add(found)
            self._made[place] = found
        return self._made[place]


def _component(text: str) -> str:
    """A part of an account's code as beancount takes it: a capital letter or a digit, then letters, digits, hyphens.

    >>> [_component(one) for one in ("c2023:", "2014-12-31", "土地.a_b")]
    ['C2023', '2014-12-31', 'X土地-a-b']
    """
    plain = "".join(one if _category(one) in {"L", "Nd"} else "-" for one in text.removesuffix(":"))
    first = plain[:1].upper()
    if len(first) == 1 and unicodedata.category(first) in {"Lu", "Nd"}:
        return first + plain[1:]
    return f"X{plain}"


def _category(one: str) -> str:
    found = unicodedata.category(one)
    return found if found == "Nd" else found[0]
