"""Pages in a real browser: on a phone, on A4, for a keyboard and a screen reader; no request leaves them.

They need Debian's Chromium and a font with Chinese glyphs (apt-get install chromium fonts-noto-cjk). Where there is no
Chromium they are skipped, but never under CI.
"""

import io
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from coopledger.book import Head
from tests.pages.papers import PAGES, html, village
from tests.pages.papers import Page as Read

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason="Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)",
)

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1200, "height": 900}
A4 = (595.28, 841.89)
ACROSS = {"payment-list", "statement", "overview"}
LOOKED_AT = Path(__file__).with_name("looked_at.json")
"""How tall each page was, in pixels, when a person looked at its pictures, and what was to be read on it."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every page in Chinese."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        for name in PAGES:
            (folder / f"{name}.html").write_text(html(name), encoding="utf-8")
    return folder


class Opened:
    """A page in a tab, with the requests it made and what the browser complained of."""

    def __init__(self, browser: Browser, file: Path, viewport: dict[str, int]) -> None:
        self.tab: Page = browser.new_page(viewport=viewport)  # type: ignore[arg-type]
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.tab.on("request", lambda one: self.requests.append(one.url))
        self.tab.on("console", lambda one: self.complaints.append(one.text))
        self.tab.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.tab.goto(file.as_uri())
        self.address = file.as_uri()


Show = Callable[[str, dict[str, int]], Opened]


@pytest.fixture(scope="module")
def show(browser: Browser, files: Path) -> Show:
    """Every page in a tab of its own, which is made as large as it is asked for."""
    tabs: dict[str, Opened] = {}

    def shown(name: str, viewport: dict[str, int]) -> Opened:
        if name not in tabs:
            tabs[name] = Opened(browser, files / f"{name}.html", viewport)
        tabs[name].tab.set_viewport_size(viewport)  # type: ignore[arg-type]
        return tabs[name]

    return shown


# ---------------------------------------------------------------- on a screen


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_whole_width_and_nothing_is_asked_for(show: Show, name: str) -> None:
    """At 320 pixels as well, which is what 400 % on a screen of 1,280 comes to (WCAG 1.4.10)."""
    for width in (320, 360, 1200):
        made = show(name, {"width": width, "height": 740})
        wider = made.tab.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll('body *:not(svg *, .wide thead *)')]
            .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'hidden'
                    && getComputedStyle(one).display !== 'inline')
            .map(one => one.outerHTML.slice(0, 80))"""
        )
        beyond = made.tab.evaluate(
            """width => [...document.querySelectorAll('main *:not(svg *), h1')]
            .filter(one => one.getBoundingClientRect().right > width + .5).map(one => one.outerHTML.slice(0, 80))""",
            width,
        )
        assert (wider, beyond) == ([], [])
        assert made.tab.evaluate("document.documentElement.scrollWidth") == width
        assert made.requests == [made.address]
        assert made.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_every_cell_of_a_wide_table_has_its_heading_beside_it(show: Show, name: str) -> None:
    made = show(name, PHONE)
    found = made.tab.evaluate(
        """() => [...document.querySelectorAll('.wide tbody [data-label]')].filter(one => one.offsetHeight)
        .map(one => [one.dataset.label, getComputedStyle(one, '::before').content, one.cellIndex])"""
    )
    assert bool(found) is (name != "notice")
    assert all(label == json.loads(shown) for label, shown, _ in found)
    labels = {label for label, _, _ in found}
    assert labels <= {column for table in Read(html(name)).tables for column in table.columns}
    assert made.tab.locator(".wide thead").first.is_visible() is (name != "notice")


@pytest.mark.parametrize("name", PAGES)
def test_it_looks_as_when_a_person_looked_at_it(show: Show, name: str) -> None:
    """By size and by what can be read; COOPLEDGER_LOOKED=1 writes both down anew, once somebody has looked."""
    sizes: dict[str, int] = {}
    text = ""
    for what, viewport in (("phone", PHONE), ("desk", DESK)):
        made = show(name, viewport)
        shot = made.tab.screenshot(full_page=True)
        width, height = (int.from_bytes(shot[n : n + 4], "big") for n in (16, 20))
        assert width == viewport["width"]
        assert len(shot) > 20_000  # nothing white
        sizes[what] = height
        text = made.tab.inner_text("body")
    looked_at = json.loads(LOOKED_AT.read_text(encoding="utf-8")) if LOOKED_AT.exists() else {}
    if os.environ.get("COOPLEDGER_LOOKED"):
        looked_at[name] = {**sizes, "text": text.splitlines()}
        LOOKED_AT.write_text(
            json.dumps(looked_at, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
    assert text.splitlines() == looked_at[name]["text"]
    for what, height in sizes.items():
        assert abs(height - looked_at[name][what]) <= 0.05 * looked_at[name][what], what


@pytest.mark.parametrize("name", PAGES)
def test_every_chinese_character_is_drawn_with_a_font_that_has_it(show: Show, name: str) -> None:
    made = show(name, PHONE)
    session = made.tab.context.new_cdp_session(made.tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for selector in ("h1", "thead th", "tbody td", ".witness p", "figure .small svg text"):
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
        fonts = {
            font["familyName"]
            for node in nodes[:40]
            for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        }
        assert fonts or not nodes
        assert [one for one in fonts if "CJK" in one] or not nodes, selector
        assert not [one for one in fonts if "LastResort" in one]


def test_text_has_enough_contrast(show: Show) -> None:
    """At least 4.5 to 1 (WCAG 1.4.3), before the nearest ground that is painted."""
    for name in PAGES:
        for viewport in (PHONE, DESK):
            made = show(name, viewport)
            worst = made.tab.evaluate(
                """() => {
                const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
                    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
                    .reduce((sum, c, n) => sum + c * [.2126, .7152, .0722][n], 0)
                const read = css => css.match(/[\\d.]+/g).map(Number)
                const ground = one => {
                    for (; one; one = one.parentElement) {
                        const seen = read(getComputedStyle(one).backgroundColor)
                        if (seen.length < 4 || seen[3] === 1) return seen
                    }
                    return [255, 255, 255]
                }
                let worst = 21
                for (const one of document.querySelectorAll('body *:not(svg *)'))
                    for (const part of [null, '::before']) {
                        const [a, b] = [light(read(getComputedStyle(one, part).color)), light(ground(one))]
                        worst = Math.min(worst, (Math.max(a, b) + .05) / (Math.min(a, b) + .05))
                    }
                return worst }"""
            )
            assert worst >= 4.5, name


# ---------------------------------------------------------------- the fingerprint


@pytest.mark.parametrize("name", [name for name in PAGES if name != "projection"])
def test_the_qr_code_holds_what_is_printed_beside_it(browser: Browser, show: Show, name: str) -> None:
    """Read from the picture by another library, on a phone as on paper."""
    made = show(name, PHONE)
    boxes = made.tab.locator(".anchor").all()
    assert boxes
    for box in boxes:
        [found] = zxingcpp.read_barcodes(pixels(browser, box.locator(".qr").screenshot()))
        assert found.format == zxingcpp.BarcodeFormat.QRCode
        assert found.text == box.locator("code").inner_text()
        assert Head.parse(found.text).seq > 0
    assert village().view.head == Head.parse(boxes[0].locator("code").inner_text())


def pixels(browser: Browser, png: bytes) -> Any:  # noqa: ANN401 - a buffer of two dimensions
    """The lightness of a picture's pixels, read by the browser."""
    tab = browser.new_page()
    width, height, values = tab.evaluate(
        """async bytes => {
        const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
        const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
        canvas.drawImage(picture, 0, 0)
        const data = canvas.getImageData(0, 0, picture.width, picture.height).data
        return [picture.width, picture.height, [...data].filter((_, n) => n % 4 === 1)] }""",
        [*png],
    )
    tab.close()
    return memoryview(bytes(values)).cast("B", (height, width))


# ---------------------------------------------------------------- on paper


def printed(show: Show, name: str) -> PdfReader:
    made = show(name, DESK)
    pdf = made.tab.pdf(prefer_css_page_size=True)
    assert made.requests == [made.address]
    return PdfReader(io.BytesIO(pdf))


def words(text: str) -> str:
    """A text without its spaces and line ends, which a PDF has where it likes, and with plain forms of characters.

    A font may draw a character and its radical with one glyph, and a PDF name either.
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_RADICALS).split())


_RADICALS = str.maketrans("‒戶⻅⻆⻉⻋⻓⻔⻚⻛⻢⻩⻬⻘⻥⻦⻁⻄⻝⻜", "–户见角贝车长门页风马黄齐青鱼鸟虎西食飞")


@pytest.mark.parametrize("name", PAGES)
def test_it_is_printed_on_a4_with_everything_that_stands_on_it(show: Show, name: str) -> None:
    reader = printed(show, name)
    size = A4[::-1] if name in ACROSS else A4
    for page in reader.pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=1)
    texts = [words(page.extract_text()) for page in reader.pages]
    made = Read(html(name))
    for table in made.tables:
        for row in [*table.rows, *([table.totals] if table.totals else [])]:
            whole = [one for one in texts if all(words(cell) in one for cell in row)]
            assert whole, f"{row} is on no page, or on two"
    for n, text in enumerate(texts, 1):
        assert f"{n}/{len(texts)}" in text
    if name != "projection":
        margin = str(village().view.head)[: str(village().view.head).index(":") + 9]
        assert all(margin in text for text in texts) or name == "overview"
        assert words(str(village().view.head)) in "".join(texts)
    skipped = "跳到正文"
    assert skipped not in "".join(texts)


@pytest.mark.parametrize("name", ["notice", "payment-list"])
def test_the_headings_come_again_on_every_page_and_no_row_is_split(show: Show, name: str) -> None:
    table = Read(html(name)).tables[-1]
    texts = [words(page.extract_text()) for page in printed(show, name).pages]
    assert len(texts) > 1
    with_rows = [text for text in texts if any(words("".join(row[:2])) in text for row in table.rows)]
    assert len(with_rows) >= 2
    assert all(words("".join(table.columns[:2])) in text for text in with_rows)
    for row in table.rows:
        [n] = [n for n, text in enumerate(texts) if words("".join(row)) in text]
        assert texts[n] in with_rows
    assert sum(words("".join(table.totals)) in text for text in texts) == 1


def test_each_certificate_begins_on_a_page_of_its_own(show: Show) -> None:
    texts = [words(page.extract_text()) for page in printed(show, "certificates").pages]
    assert ["股权证2" in text and "股权证3" in text for text in texts] == [False] * len(texts)
    assert [text.count("股权证") for text in texts] == [1, 1]


# ---------------------------------------------------------------- without a mouse, without eyes


@pytest.mark.parametrize("name", PAGES)
def test_a_screen_reader_is_told_of_headings_tables_and_pictures(show: Show, name: str) -> None:
    """Also on a phone, where the rows of a wide table stand as blocks."""
    made = Read(html(name))
    for viewport in (PHONE, DESK):
        one = show(name, viewport)
        told = one.tab.locator("body").aria_snapshot()
        assert len(re.findall(r"^ *- table", told, re.MULTILINE)) == len(made.tables)
        for role, count in (
            ("columnheader", sum(len(table.columns) for table in made.tables)),
            ("rowheader", sum(len(table.rows) + bool(table.totals) for table in made.tables)),
        ):
            assert len(re.findall(rf"^ *- {role}", told, re.MULTILINE)) == count
        for level, text in made.headings:
            assert re.search(rf"- heading .*{re.escape(text[:6])}.*\[level={level}\]", told), text
        for landmark in ("banner", "main"):
            assert len(re.findall(rf"^ *- {landmark}", told, re.MULTILINE)) == 1
        assert re.search(r"- img .*指纹二维码", told) or name == "projection"
        if name == "projection":
            assert re.search("- img .*土地：13,199,267.84 元", told)
            assert "text: 万元" not in told  # the picture's own texts are not read out one by one
        assert "navigation" in told or name != "certificates"


def test_the_keyboard_comes_to_the_content_at_once_and_to_every_certificate(browser: Browser, files: Path) -> None:
    made = Opened(browser, files / "certificates.html", DESK)
    focus = "[document.activeElement.tagName, document.activeElement.textContent.trim()]"
    made.tab.keyboard.press("Tab")
    assert made.tab.evaluate(focus) == ["A", "跳到正文"]
    assert made.tab.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    assert made.tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    links = []
    for _ in range(2):
        made.tab.keyboard.press("Tab")
        links.append(made.tab.evaluate(focus)[1])
        assert made.tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert links == [f"示例村股份经济合作社：股权证 {one}" for one in (2, 3)]
    made.tab.keyboard.press("Enter")
    assert made.tab.evaluate("location.hash") == "#s2"
    assert made.tab.evaluate("document.querySelector('#s2').getBoundingClientRect().top") < DESK["height"] / 2
    made.tab.close()
    made = Opened(browser, files / "notice.html", PHONE)
    made.tab.keyboard.press("Tab")
    made.tab.keyboard.press("Enter")
    assert made.tab.evaluate("document.activeElement.id") == "content"
    assert made.requests == [made.address]
    made.tab.close()
