"""What a notice of 3,000 households costs: its size, and when its load event comes in Chromium.

The bare page is the same number of bytes: the same rows as a table without style, then spaces in the body's text. Both
come from a server on this machine; the time is the browser's own, from the start of the navigation to the load event.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

from bench_journal import ratio, timed
from playwright.sync_api import Page, sync_playwright

from coopledger.book import (
    C2023,
    Joiner,
    MemoryJournal,
    Proposal,
    admit,
    adopt,
    allot,
    by_record_date,
    disclose,
    dividend_notice_report,
    enter_surplus,
    found,
    in_turn,
    notice_page,
    open_class,
    preset,
    propose,
)
from coopledger.text import said

HOUSEHOLDS = 3_000
ROUNDS = 15
FOUNDED, YEAR_END, PROPOSED = date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 5)


def village() -> MemoryJournal:
    """A village of 3,000 households with a run that is proposed and lies open."""
    homes = [f"H{n:04}" for n in range(HOUSEHOLDS)]
    people = [Joiner(f"{n:05}", household=one, head=True, personal={"name": f"成员{n}"}) for n, one in enumerate(homes)]
    journal = MemoryJournal("village")
    asked = Proposal("surplus", "2026", "people", by_record_date(YEAR_END), total_fen=9_876_543_21)
    steps = [
        found("示例村股份经济合作社", effective_on=FOUNDED),
        adopt(C2023, effective_on=FOUNDED),
        open_class(preset("member", code="people"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        allot("people", {one: 3 + n % 5 for n, one in enumerate(homes)}, effective_on=FOUNDED),
        enter_surplus(2026, 10_000_000_00, source="annual statement"),
        propose("2026", asked, effective_on=PROPOSED),
        disclose("2026", since=PROPOSED, until=date(2027, 1, 20), where="村公示栏"),
    ]
    journal.append(in_turn(*steps), key="village", actor="bench")
    return journal


def bare(rows: list[list[str]], size: int) -> str:
    """A page of so many bytes that has the rows, and no style."""
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    text = f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>x</title><table>{lines}</table>'
    return text + "<p>" + " " * (size - len(text.encode()) - 3)


@contextmanager
def served(folder: str) -> Iterator[str]:
    """The address under which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def loaded(page: Page, address: str) -> float:
    """How long the browser took until the load event, in milliseconds."""
    page.goto(address)
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))


def run() -> Iterator[tuple[str, float, float]]:
    """Name, target and measured figure."""
    chromium = shutil.which("chromium")
    with village().read() as view, TemporaryDirectory() as folder:
        html = notice_page(view, "2026", language="zh")
        seconds = timed(lambda: notice_page(view, "2026", language="zh"))
        tables = dividend_notice_report(view, "2026")
        least = timed(lambda: dividend_notice_report(view, "2026"))
        size = len(html.encode())
        what = f"a notice of {HOUSEHOLDS:,} households"
        yield f"{what}: bytes, against a million", 1.0, size / 1_000_000
        yield f"{what}, made, against its tables alone", 0, seconds / least
        if chromium is None:
            return
        rows = [[said(cell, "zh") for cell in row] for table in tables for row in table.rows]
        Path(folder, "notice.html").write_text(html, encoding="utf-8")
        Path(folder, "bare.html").write_text(bare(rows, size), encoding="utf-8")
        with served(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 360, "height": 740})
            found: dict[str, list[float]] = {"notice": [], "bare": []}
            for name in found:
                loaded(page, f"{address}/{name}.html")
            for _ in range(ROUNDS):
                for name, times in found.items():
                    times.append(loaded(page, f"{address}/{name}.html"))
            browser.close()
        figure = ratio(found["notice"], found["bare"])
        yield f"{what}: its load event on a phone, against a bare page of the same size", 2.0, figure


if __name__ == "__main__":
    for name_, target, measured in run():
        print(f"{name_:<95} {measured:6.2f} (at most {target})", flush=True)
