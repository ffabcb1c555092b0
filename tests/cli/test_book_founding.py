"""``coopledger book``: founding a book, its chart and its charter, as they change."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from coopledger.core.charter import book
from coopledger.core.journal import View
from coopledger.core.register import register
from coopledger.store.database import engine_of, open_book
from tests.cli.hill import done, refused, said

pytestmark = pytest.mark.usefixtures("tell", "old")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A book that was founded without a chart, and got one afterwards."""
    monkeypatch.chdir(tmp_path)
    for command in (
        "create o.db --name 示例村经济合作社 --law collective --on 2020-01-01",
        "chart o.db c2004 --on 2020-01-01",
        "class o.db cash --preset cash --capital c2004:301 --par 10 --on 2020-01-01",
        "member o.db 0042 --on 2020-01-01",
        "issue o.db cash 5 --to 0042 --against bank --reason subscription --on 2020-02-01",
    ):
        done(command)


@contextmanager
def reading() -> Iterator[View]:
    engine = engine_of("o.db")
    with open_book(engine).read() as view:
        yield view
    engine.dispose()


def test_a_chart_that_was_adopted_after_the_founding_is_converted_by_the_known_mapping() -> None:
    done("convert-chart o.db c2023 --on 2024-01-01")
    assert done("verify o.db").startswith("nothing is wrong")
    with reading() as view:
        assert view.balances("CNY") == {("CNY", "c2023:102"): 5000, ("CNY", "c2023:301"): -5000}


def test_the_majority_of_the_charter_decides_on_its_own_change() -> None:
    stricter = (
        "charter o.db --majority 3/4 --quorum 80% --resolution 2026-1,members,2026-01-05,12/9/{}/0 --on 2026-02-01"
    )
    assert (
        refused(stricter.format(7)) == "resolution 2026-1: votes for it: 7; 8 of 12 are needed (农村集体经济组织法)\n"
    )
    assert refused(stricter.format(8).replace("members", "representatives")) == (
        "resolution 2026-1: adopted by the meeting representatives; one of members is expected (农村集体经济组织法)\n"
    )
    done(stricter.format(8))
    with reading() as view:
        now = book(view, date(2026, 2, 1)).charter
    assert (now.majority, now.quorum, now.charter_majority) == (Fraction(3, 4), Fraction(4, 5), Fraction(2, 3))


def test_who_resolves_is_a_meeting() -> None:
    change = "charter o.db --notice-months 3 --resolution 2026-1,moon,2026-01-05,12/9/9/0 --on 2026-02-01"
    result = said(change)
    assert result.exit_code == 2
    assert "--resolution: 'moon': one of members, representatives, board, supervisors" in result.stderr
    assert "成员大会（members）" in said(f"{change} --lang zh").stderr
    done(change.replace("moon", "成员大会"))


def test_a_lock_that_is_refused_says_the_day_as_people_write_it() -> None:
    done("lock o.db 2026-01-31 --on 2026-02-01")
    assert refused("lock o.db 2026-01-15 --on 2026-02-01") == (
        "lock through 2026-01-15: a day after 2026-01-31 is expected\n"
    )


def test_paid_shares_stand_in_the_charts_account_of_share_capital() -> None:
    done("class o.db tools --preset cash --par 100 --on 2020-02-01")
    done("class o.db seed --preset preferred --capital - --earns subscribed --on 2020-02-01")
    done("class o.db bonus --preset member --par 100 --on 2020-02-01")
    with reading() as view:
        now = register(view)
    assert [now.classes[one].capital for one in ("tools", "seed", "bonus")] == ["c2004:301", None, None]


def test_of_a_chart_of_another_law_or_before_its_day_there_is_a_note() -> None:
    create = "create {}.db --name 甲 --law {} --chart {} --on {}"
    for number, (law, chart, day, note) in enumerate(
        (
            ("collective", "c2021", "2025-01-01", "note: c2021 is not of this law, whose are c2004, c2023\n"),
            ("specialised", "c2023", "2025-01-01", "note: c2023 is not of this law, whose are c2007, c2021\n"),
            ("collective", "c2023", "2023-12-31", "note: c2023 came into force on 2024-01-01, after 2023-12-31\n"),
            ("collective", "c2023", "2024-01-01", ""),
        )
    ):
        result = said(create.format(f"n{number}", law, chart, day))
        assert (result.exit_code, result.stderr) == (0, note)
    result = said("chart n0.db c2023 --on 2023-01-01 --lang zh")
    assert (result.exit_code, result.stderr) == (0, "注意：c2023 自 2024-01-01 起施行，晚于 2023-01-01\n")
