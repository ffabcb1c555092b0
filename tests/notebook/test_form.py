"""The form: what is wrong is said beside the field, in Chinese; what is saved is what was shown."""

import html
import re
from pathlib import Path

import pytest

from coopledger import load_plan, project
from coopledger.files.workbook import read_workbook
from coopledger.notebook import language, plan_form
from coopledger.notebook.form import Field, PlanForm


@pytest.fixture
def form(tmp_path: Path) -> PlanForm:
    return PlanForm("zh", str(tmp_path))


def fill(fields: dict[str, Field], **texts: str) -> None:
    for name, text in texts.items():
        fields[name].input.value = text


def said(form: PlanForm) -> dict[str, str]:
    """What is said beside each field, by its name; of streams with their number."""
    fields = {**form.plan, "name": form.name}
    fields |= {f"{n}.{name}": field for n, one in enumerate(form.streams, 1) for name, field in one.items()}
    beside = {name: plain(field.said.value) for name, field in fields.items() if field.said.value}
    return beside | ({"*": plain(form.said.value)} if form.said.value else {})


def plain(text: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", text))


def land(form: PlanForm) -> None:
    """Old Tiger Hill's land, as its contract says it."""
    fill(form.plan, title="老虎山", book="示例村", start="2014-01-01", years="40", basis="barren land")
    fill(form.streams[0], name="土地", payer="企业", payee="示例村", first="160 元/亩", quantity="1,000 亩")
    fill(form.streams[0], every="5", by="20%")


def test_nothing_is_wrong_with_an_empty_form(form: PlanForm) -> None:
    assert said(form) == {}
    assert form.projection is None


def test_a_plan_is_projected_as_it_is_filled_in(form: PlanForm) -> None:
    land(form)
    assert said(form) == {}
    assert form.projection is not None
    assert form.projection.total == 13_199_267_84
    assert "13,199,267.84" in form.result.value
    assert 'img alt="老虎山：土地：13,199,267.84 元"' in form.result.value


def test_a_second_stream_rises_and_is_taken_off_again(form: PlanForm) -> None:
    land(form)
    form.add_stream()
    fill(form.streams[1], name="坝塘", payer="企业", payee="示例村", first="1万元", rise="1万元")
    assert form.projection is not None
    assert form.projection.total == 13_199_267_84 + 8_200_000_00
    form.remove_stream()
    assert form.projection is not None
    assert form.projection.total == 13_199_267_84
    form.remove_stream()
    assert len(form.streams) == 1


def test_instalments_are_filled_in_on_one_line(form: PlanForm) -> None:
    land(form)
    fill(form.streams[0], due="50% 06-30；其余 12-31")
    assert form.projection is not None
    payments = form.projection.streams[0].payments
    assert [str(one.due) for one in payments[:2]] == ["2014-06-30", "2014-12-31"]
    assert [one.amount for one in payments[:2]] == [80_000_00, 80_000_00]


@pytest.mark.parametrize(
    ("field", "text", "beside", "words"),
    [
        ("plan.years", "四十", "years", "'四十'：此处应为整数"),
        ("plan.years", "", "years", "请填写"),
        ("plan.years", "0", "years", "0 年"),
        ("plan.start", "2014-13-01", "start", "2014-13-01"),
        ("plan.start", "", "start", "请填写"),
        ("plan.title", "", "title", "请填写"),
        ("plan.basis", "", "basis", "请填写"),
        ("name", "", "1.name", "请填写"),
        ("first", "", "1.first", "请填写"),
        ("first", "很多", "1.first", "'很多'"),
        ("quantity", "", "1.quantity", "请填写"),
        ("quantity", "1,000 斤", "1.first", "斤"),
        ("quantity", "许多", "1.quantity", "'许多'"),
        ("by", "", "1.by", "请填写"),
        ("by", "20 斤", "1.by", "斤"),
        ("every", "", "1.every", "请填写"),
        ("every", "五", "1.every", "'五'"),
        ("every", "50", "1.by", "在 40 年内不会发生"),
        ("rise", "1 元/亩", "1.rise", ""),
        ("due", "13-45", "1.due", "'13-45' 不是应付日"),
        ("due", "50% 06-30；60% 12-31", "1.due", ""),
        ("due", "50% 某日；其余 12-31", "1.due", "'某日'"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_in_chinese(
    form: PlanForm, field: str, text: str, beside: str, words: str
) -> None:
    land(form)
    place, _, name = field.rpartition(".")
    fill(form.plan if place else form.streams[0], **{name: text})
    seen = said(form)
    assert list(seen) == [beside], seen
    assert words in seen[beside]
    assert not re.search(r"\b(is|are|expected|missing)\b", seen[beside])


def test_what_is_filled_in_is_text_and_never_markup_or_more_keys(form: PlanForm) -> None:
    land(form)
    nasty = 'a"\n[[streams]]\nname = "<script>"\x1b\x7f'
    fill(form.plan, title=nasty)
    assert said(form) == {}
    assert form.projection is not None
    assert [one.stream.name for one in form.projection.streams] == ["土地"]
    assert "<script" not in form.result.value
    fill(form.plan, years="<script>1</script>")
    assert "<script" not in form.plan["years"].said.value


def test_the_plan_that_is_saved_is_the_one_that_was_shown(form: PlanForm, tmp_path: Path) -> None:
    land(form)
    fill({"name": form.name}, name="老虎山")
    form.save_plan()
    assert said(form) == {"name": "已保存：老虎山.toml"}
    assert form.projection == project(load_plan(tmp_path / "老虎山.toml"))
    fill(form.plan, years="30")
    form.save_plan()
    assert form.projection == project(load_plan(tmp_path / "老虎山.toml"))


def test_the_workbook_that_is_saved_has_the_figures_that_were_shown(form: PlanForm, tmp_path: Path) -> None:
    land(form)
    form.save_workbook()
    assert said(form) == {"name": "已保存：plan.xlsx"}
    [sheet] = read_workbook(tmp_path / "plan.xlsx").sheets
    cells = {cell for row in sheet.rows for cell in row}
    assert {"老虎山", 160000.0, 13199267.84} <= cells


def test_a_file_that_somebody_else_wrote_is_left_alone(form: PlanForm, tmp_path: Path) -> None:
    land(form)
    (tmp_path / "plan.toml").write_text("theirs", encoding="utf-8")
    form.save_plan()
    assert said(form) == {"name": "plan.toml 已经存在：请换一个文件名"}
    assert (tmp_path / "plan.toml").read_text(encoding="utf-8") == "theirs"


@pytest.mark.parametrize("name", ["", "../outside", "a/b", ".hidden", "a\\b", "x" * 200])
def test_a_name_that_leads_elsewhere_is_no_name(form: PlanForm, tmp_path: Path, name: str) -> None:
    land(form)
    fill({"name": form.name}, name=name)
    form.save_plan()
    assert "不能有斜线" in said(form)["name"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    form = PlanForm("zh", str(tmp_path / "nowhere"))
    land(form)
    form.save_plan()
    assert "plan.toml 写不进去" in said(form)["name"]


def test_nothing_is_saved_of_what_is_wrong(form: PlanForm, tmp_path: Path) -> None:
    land(form)
    fill(form.plan, years="")
    form.save_plan()
    form.save_workbook()
    assert said(form) == {"years": "请填写", "name": "没有保存：请先改正标红的各栏"}
    assert list(tmp_path.iterdir()) == []


def test_the_form_shows_itself_in_the_language_that_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coopledger.notebook._chosen", [])
    language("zh")
    form = plan_form()
    assert "application/vnd.jupyter.widget-view+json" in form._repr_mimebundle_()
    labels = [line.children[0].value for line in form.widget.children[:5]]
    assert labels == ["方案名称", "谁的账", "起始日", "年数", "法律性质"]
    assert ("荒山", "barren land") in form.plan["basis"].input.options
    buttons = [one.description for row in (form.widget.children[6], form.widget.children[-1]) for one in row.children]
    assert buttons == ["增加一项", "去掉最后一项", "保存工作簿（.xlsx）", "保存方案（.toml）"]
    form.widget.children[6].children[0].click()
    assert len(form.streams) == 2
