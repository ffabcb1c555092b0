"""A form to project a plan without writing code: fields, what is wrong beside each, the table, the picture, two files.

What is filled in becomes the text of a plan file, and that is read as any other plan file: what the form saves is what
it showed, and what it says of a field is what the command line says of the key.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from coopledger.core.calendar import day
from coopledger.core.claims import check_claims
from coopledger.core.projection import Projection, project
from coopledger.errors import CoopledgerError, PlanError, Problem
from coopledger.files.keys import CHOICES
from coopledger.files.plan_file import read_plan_text
from coopledger.notebook.html import lines_html
from coopledger.notebook.objects import projection_html
from coopledger.reports.payouts import claims_table, payouts, split_tables
from coopledger.text import Language, Message, printable

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_PIECE = re.compile(r"[；;\n]")
_INSTALMENT = re.compile(r"(?P<share>\S*[%％]|其余|rest|\d+/\d+)\s*(?P<on>.*)")
_FILE = "plan.toml"
_MISSING = "{key} is missing"
_OF_INSTALMENTS = "the instalments {parts}"
_TO_FILL_IN = Message("to be filled in")


class Field(NamedTuple):
    """One field: what is filled in, and what is said beside it."""

    input: Any
    said: Any

    @property
    def text(self) -> str:
        """What is filled in."""
        return printable(str(self.input.value or "").strip())


class _Asked(NamedTuple):
    """What a field asks for: its label, an example, and the key of the plan file in which it stands."""

    label: Message
    example: str
    key: str
    value: str = ""


_PLAN = {
    "title": _Asked(Message("what the plan is called"), "老虎山示范基地", "title"),
    "book": _Asked(Message("whose book"), "示例村", "book"),
    "start": _Asked(Message("first day"), "2014-01-01", "term.start"),
    "years": _Asked(Message("years"), "40", "term.years"),
    "basis": _Asked(Message("legal basis"), "", "term.basis"),
}
_STREAM = {
    "name": _Asked(Message("asset or stream"), "土地", "name"),
    "payer": _Asked(Message("who pays"), "企业", "payer"),
    "payee": _Asked(Message("who is paid"), "示例村", "payee"),
    "first": _Asked(Message("first amount, or price of each"), "160 元/亩", "rate"),
    "quantity": _Asked(Message("quantity, where there is a price"), "1,000 亩", "quantity"),
    "rise": _Asked(Message("rises every year by"), "10,000 元", "rise"),
    "every": _Asked(Message("or changes every so many years"), "5", "step.every"),
    "by": _Asked(Message("each time by"), "20%", "step.by"),
    "of": _Asked(Message("of which amount"), "", "step.of"),
    "due": _Asked(Message("due, or instalments"), "50% 06-30；其余 12-31", "due"),
}
_OF = ("previous", "base")


class PlanForm:
    """The form; Jupyter shows it. ``language`` is the reader's.

    ``plan`` has its own fields and ``streams`` those of each stream, by name; ``projection`` is what they come to, None
    while something is wrong with them. ``name`` is what the files are called that it saves, in ``folder``.

    Raises CoopledgerError if ipywidgets is not installed.
    """

    def __init__(self, language: Language = "en", folder: str = ".") -> None:
        try:
            import ipywidgets
        except ModuleNotFoundError:
            library = "ipywidgets"
            said = Message("{library} is not installed: pip install 'coopledger[notebook]' brings it", library=library)
            raise CoopledgerError(said) from None
        self._widgets = ipywidgets
        self.language = language
        self.folder = folder
        self.projection: Projection | None = None
        self.streams: list[dict[str, Field]] = []
        self._written: set[str] = set()
        self.plan = self._fields(_PLAN)
        self.name = self._field(_Asked(Message("name of the files"), "plan", "", "plan"))
        self.said = ipywidgets.HTML()
        self.result = ipywidgets.HTML()
        self._places = ipywidgets.VBox()
        more = self._button(Message("one more stream"), self.add_stream)
        fewer = self._button(Message("take the last one off"), self.remove_stream)
        workbook = self._button(Message("save the workbook (.xlsx)"), self.save_workbook)
        plan = self._button(Message("save the plan (.toml)"), self.save_plan)
        own = [self._line(_PLAN[name], field) for name, field in self.plan.items()]
        name = self._line(_Asked(Message("name of the files"), "", ""), self.name)
        self.widget = ipywidgets.VBox(
            [
                *own,
                self._places,
                ipywidgets.HBox([more, fewer]),
                self.said,
                self.result,
                name,
                ipywidgets.HBox([workbook, plan]),
            ]
        )
        self.add_stream()

    def _repr_mimebundle_(self, **kwargs: object) -> Any:  # noqa: ANN401 - as ipywidgets says it
        return self.widget._repr_mimebundle_(**kwargs)

    # --- what is filled in ---

    def add_stream(self) -> None:
        """One more stream, with empty fields."""
        self.streams.append(self._fields(_STREAM))
        self._laid_out()

    def remove_stream(self) -> None:
        """The last stream is taken off; one stays."""
        if len(self.streams) > 1:
            self.streams.pop()
            self._laid_out()

    def text(self) -> str:
        """The plan file that the fields make."""
        own = {name: field.text for name, field in self.plan.items()}
        parties = dict.fromkeys(one[name].text for one in self.streams for name in ("payer", "payee") if one[name].text)
        lines = [f"title = {_quoted(own['title'])}"] if own["title"] else []
        if own["book"]:
            lines.append(f"book = {_quoted(own['book'])}")
            parties[own["book"]] = None
        if parties:
            lines.append(f"parties = [{', '.join(map(_quoted, parties))}]")
        lines += ["", "[term]"]
        if own["start"]:
            lines.append(f"start = {day(own['start']) if _is_day(own['start']) else _quoted(own['start'])}")
        if own["years"]:
            lines.append(f"years = {_number(own['years'])}")
        lines.append(f"basis = {_quoted(own['basis'])}")
        for one in self.streams:
            lines += ["", "[[streams]]", *_stream({name: field.text for name, field in one.items()})]
        return "\n".join(lines) + "\n"

    # --- what it comes to ---

    def show(self) -> None:
        """Read the fields, say beside each what is wrong with it, and show what they come to."""
        for field in self._all():
            field.said.value = ""
        self.said.value = self.result.value = ""
        self.projection = None
        reading = read_plan_text(self.text(), _FILE)
        problems = [*reading.problems, *reading.notices]
        if reading.plan is not None:
            try:
                self.projection = project(reading.plan)
                self.result.value = projection_html(self.projection, self.language)
            except PlanError as error:
                problems += error.problems
        if not any(field.text for field in self._all() if not hasattr(field.input, "options")):
            return  # nothing is filled in yet, and nothing is wrong with that
        for problem in problems:
            self._complain(problem)

    def _complain(self, problem: Problem) -> None:
        """Say a problem beside the field that it is about, or below all of them."""
        where = problem.where.removeprefix(_FILE).removeprefix(": ")
        if problem.message.template == _MISSING:
            key = str(problem.message.values["key"]).strip("'")
            where, problem = ".".join(part for part in (where, key) if part), Problem(where, _TO_FILL_IN)
        elif problem.message.template.startswith(_OF_INSTALMENTS):
            where += ".due"
        field = self._field_of(where)
        if field is None:
            self.said.value += _red(Problem(where, problem.message).say(self.language))
        elif not field.text:
            field.said.value = _red(_TO_FILL_IN.say(self.language))
        else:
            field.said.value += _red(printable(problem.message.say(self.language)))

    def _field_of(self, where: str) -> Field | None:
        """The field in which a key of the plan file is filled in; of several together the one that is empty."""
        found = re.fullmatch(r"streams\[(\d+)\](?:\.(.*))?", where)
        if found is None:
            key = where if where != "term" else "term.years" if _is_day(self.plan["start"].text) else "term.start"
            return next((self.plan[name] for name, asked in _PLAN.items() if key == asked.key), None)
        fields = self.streams[int(found[1]) - 1]
        key = re.sub(r"^(?:rate|amount)(?:\.(?:level|(?=rise|step))|$)", "", found[2] or "")
        for name, asked in _STREAM.items():
            if key == asked.key or key.startswith((f"{asked.key}.", f"{asked.key}[")):
                return fields[name]
        if key == "step":
            return fields["by"]
        if fields["rise"].text and fields["by"].text:
            return fields["rise"]
        return fields["quantity" if fields["first"].text and not fields["quantity"].text else "first"]

    # --- files ---

    def save_workbook(self) -> None:
        """Save what the plan pays as a workbook: the years, how streams are split, the claims."""
        from coopledger.files.table_xlsx import tables_xlsx

        projection = self._projected()
        if projection is None:
            return
        verdicts = check_claims(projection)
        tables = [payouts(projection), *split_tables(projection), *([claims_table(verdicts)] if verdicts else [])]
        try:
            data = tables_xlsx(tables, self.language)
        except CoopledgerError as error:
            self.name.said.value = _red(error.message.say(self.language))
            return
        self._save(".xlsx", data)

    def save_plan(self) -> None:
        """Save the plan as a file that every command reads, and that can be changed by hand."""
        if self._projected() is not None:
            self._save(".toml", self.text().encode())

    def _projected(self) -> Projection | None:
        self.show()
        if self.projection is None:
            words = Message("nothing is saved: the fields in red come first")
            self.name.said.value = _red(words.say(self.language))
        return self.projection

    def _save(self, ending: str, data: bytes) -> None:
        """Write a file of the name that is filled in; one that the form did not write itself is left alone."""
        name = self.name.text
        if not re.fullmatch(r"[^\\/:*?\"<>|.][^\\/:*?\"<>|]{0,80}", name):
            words = Message("{seen}: a name without strokes and dots in front is expected", seen=repr(name))
            self.name.said.value = _red(words.say(self.language))
            return
        path = os.path.join(self.folder, f"{name}{ending}")
        try:
            with open(path, "wb" if path in self._written else "xb") as file:
                file.write(data)
        except FileExistsError:
            words = Message("{file} is there already: another name is expected", file=f"{name}{ending}")
            self.name.said.value = _red(words.say(self.language))
        except OSError as error:
            words = Message("{file} cannot be written: {reason}", file=f"{name}{ending}", reason=error.strerror)
            self.name.said.value = _red(words.say(self.language))
        else:
            self._written.add(path)
            self.name.said.value = lines_html([Message("saved: {file}", file=f"{name}{ending}")], self.language)

    # --- how it looks ---

    def _fields(self, asked: Mapping[str, _Asked]) -> dict[str, Field]:
        return {name: self._field(one) for name, one in asked.items()}

    def _field(self, asked: _Asked) -> Field:
        if asked.key in ("term.basis", "step.of"):
            values = [(_chosen(name, spellings, self.language), name) for name, spellings in _choices(asked.key)]
            if asked.key == "term.basis":  # a legal basis is nobody's to guess
                values.insert(0, ("…", ""))
            made = self._widgets.Dropdown(options=values, value=values[0][1])
        else:
            made = self._widgets.Text(value=asked.value, placeholder=asked.example, continuous_update=False)
        made.tooltip = asked.label.say(self.language)
        if asked.key:
            made.observe(lambda _change: self.show(), names="value")
        return Field(made, self._widgets.HTML())

    def _line(self, asked: _Asked, field: Field) -> Any:  # noqa: ANN401 - a widget
        label = self._widgets.Label(asked.label.say(self.language), layout={"width": "18em"})
        return self._widgets.HBox([label, field.input, field.said])

    def _button(self, words: Message, act: Any) -> Any:  # noqa: ANN401 - a widget
        button = self._widgets.Button(description=words.say(self.language), layout={"width": "auto"})
        button.on_click(lambda _button: act())
        return button

    def _laid_out(self) -> None:
        rows: list[Any] = []
        for number, one in enumerate(self.streams, 1):
            title = Message("stream {number}", number=number).say(self.language)
            lines = [self._line(_STREAM[name], field) for name, field in one.items()]
            rows += [self._widgets.HTML(f"<b>{escape(title)}</b>"), *lines]
        self._places.children = rows
        self.show()

    def _all(self) -> list[Field]:
        return [*self.plan.values(), *(field for one in self.streams for field in one.values())]


def _stream(own: Mapping[str, str]) -> list[str]:
    """The lines of one stream: a price with its quantity, or an amount; what is left empty is left out."""
    lines = [f"{name} = {_quoted(own[name])}" for name in ("name", "payer", "payee") if own[name]]
    if own["due"]:
        lines.append(f"due = {_due(own['due'])}")
    if own["quantity"]:
        lines.append(f"quantity = {_quoted(own['quantity'])}")
    what = "rate" if own["quantity"] or "/" in own["first"] or "每" in own["first"] else "amount"
    keys = [f"level = {_quoted(own['first'])}"] if own["first"] else []
    if own["rise"]:
        keys.append(f"rise = {_quoted(own['rise'])}")
    if own["every"] or own["by"]:
        given = [f"every = {_number(own['every'])}"] if own["every"] else []
        given += [f"by = {_quoted(own['by'])}"] if own["by"] else []
        given.append(f"of = {_quoted(own['of'])}")
        keys.append(f"step = {{ {', '.join(given)} }}")
    if len(keys) == 1 and own["first"]:
        lines.append(f"{what} = {_quoted(own['first'])}")
    elif keys:
        lines.append(f"{what} = {{ {', '.join(keys)} }}")
    return lines


def _due(text: str) -> str:
    """``12-31``, or instalments such as ``50% 06-30；其余 12-31``."""
    pieces = [piece.strip() for piece in _PIECE.split(text) if piece.strip()]
    found = [_INSTALMENT.fullmatch(piece) for piece in pieces]
    if not any(found):
        return _quoted(text)
    tables = [
        f"{{ share = {_quoted(one['share'] if one else '')}, on = {_quoted(one['on'] if one else piece)} }}"
        for one, piece in zip(found, pieces, strict=True)
    ]
    return f"[{', '.join(tables)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _is_day(text: str) -> bool:
    try:
        day(text)
    except CoopledgerError:
        return False
    return True


def _number(text: str) -> str:
    return str(int(text)) if _WHOLE.fullmatch(text) else _quoted(text)


def _choices(key: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    return [*CHOICES[key.rpartition(".")[2]].items()]


def _chosen(name: str, spellings: Sequence[str], language: Language) -> str:
    return spellings[0] if language == "zh" and spellings else name


def _red(text: str) -> str:
    return f'<span style="color:#b00020">{escape(text)}</span><br>'
