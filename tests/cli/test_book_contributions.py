"""``coopledger book``: what is brought in is valued anew and ended, whatever became of its class."""

import pytest

from tests.cli.hill import done, refused

pytestmark = pytest.mark.usefixtures("here", "tell")

SPLIT = "split hill.db shop --factor 10 --resolution 2026-3,members,2026-03-01,300/240/220/3 --on 2026-04-01"


def test_a_right_is_valued_anew_and_the_table_says_so() -> None:
    done("revalue-contribution hill.db G8 1500 --valued-by agreed-price --reason 重估 --on 2027-01-01")
    table = done("contributions hill.db --on 2027-01-01")
    assert "G8 was valued anew on 2027-01-01, at 1,500.00 yuan for the rest of its term" in table
    assert done("verify hill.db").startswith("nothing is wrong; records: ")
    said = refused("revalue-contribution hill.db G8 1 --valued-by members --reason 重估 --on 2027-02-01")
    assert "is adopted by a meeting" in said


def test_after_a_split_the_shares_of_a_right_go_back_as_they_count_now() -> None:
    done(SPLIT)
    done("end-contribution hill.db G8 --rule right-only --reason withdrawal --on 2026-12-31")
    [row] = [line for line in done("contributions hill.db --on 2026-12-31").splitlines() if line.startswith("G8")]
    assert row.endswith("2026-12-31")
    [last] = [line for line in done("account hill.db 0052 --until 2026-12-31").splitlines() if "redeem" in line]
    assert last.split()[:5] == ["2026-12-31", "redeem", "shop", "1,200", "0"]


def test_a_right_whose_shares_were_redeemed_before_can_still_be_ended() -> None:
    done("redeem hill.db shop all --from 0052 --against bank --reason buy-back --on 2026-06-30")
    end = "end-contribution hill.db G8 --reason withdrawal --on 2026-12-31 --rule"
    assert "the rule is right only (--rule)" in refused(f"{end} right-and-money")
    done(f"{end} right-only")
    [row] = [line for line in done("contributions hill.db --on 2026-12-31").splitlines() if line.startswith("G8")]
    assert row.endswith("2026-12-31")
    assert done("amortise hill.db --through 2027-12-31 --on 2027-12-31") == "there is nothing to record\n"
    assert done("verify hill.db").startswith("nothing is wrong; records: ")


def test_who_brought_in_a_right_ends_it_before_he_withdraws() -> None:
    leaving = "withdraw hill.db 0052 --reason moved-out --against bank --on 2027-01-01"
    assert "for the contribution G8, which still runs" in refused(leaving)
    done("end-contribution hill.db G8 --rule right-only --reason withdrawal --on 2027-01-01")
    assert "fiscal subsidies were quantified to 0052" in refused(leaving)
    done("fund requantify hill.db 0052 --to 0042=1 --to 0051=1 --on 2027-01-01")
    done(leaving)
    assert done("verify hill.db").startswith("nothing is wrong; records: ")


def test_of_the_reserve_a_leaver_may_be_paid_nothing_who_has_none() -> None:
    done("withdraw hill.db 0061 --reason moved-out --on 2027-01-01 --reserve reserve=0")
    assert done("verify hill.db").startswith("nothing is wrong; records: ")


def test_a_right_that_has_no_value_needs_no_chart() -> None:
    done("create bare.db --name 示例村 --law collective --on 2026-01-01")
    done("class bare.db land --preset land --on 2026-01-01")
    done("member bare.db 0041 --household 17 --head --on 2026-01-01")
    done(
        "contribute-right bare.db G1 --holder 17 --class land --right land --area 3.37亩 --parcel 1 --contract 1 "
        "--from 2026-03-01 --until 2036-02-29 --right-until 2057-12-31 --shares 337 --on 2026-03-01"
    )
    assert "3.37" in done("contributions bare.db --on 2026-03-01")
    assert done("verify bare.db").startswith("nothing is wrong; records: ")


def test_what_is_missing_of_a_right_and_a_parcel_that_is_there_twice_are_said_in_chinese() -> None:
    right = (
        "contribute-right hill.db G3 --holder 17 --class land --right land --area 1亩 --shares 100 --on 2026-03-01 "
        "--from 2026-03-01 --until 2030-12-31 --right-until 2050-12-31 --lang zh"
    )
    assert "出资 G3（土地经营权）：缺少地块" in refused(f"{right} --contract 承包合同9")
    said = refused(f"{right} --contract 承包合同7 --parcel 8 --parcel 9")
    assert "地块 9 已由 18 作为出资 G9 入股（2026-01-02 至 2030-12-31）" in said


def test_a_fiscal_fund_is_called_so_in_vouchers() -> None:
    table = done("vouchers hill.db --since 2026-01-01 --until 2026-01-31 --lang zh")
    assert "财政专项资金：水库" in table
    assert "基金：" not in table


def test_an_account_that_two_names_mean_is_refused() -> None:
    said = refused("invest hill.db base 3 --given 151=1元 --given fixed-asset=2元 --reason 共建 --on 2026-03-01")
    assert said == "151 and fixed-asset are one account, c2023:151: one amount for it is expected\n"
    said = refused(
        "withdraw hill.db 0061 --reason moved-out --reserve reserve=0 --reserve 311/reserve=0 --on 2027-01-01"
    )
    assert "reserve and 311/reserve are one account" in said


def test_what_is_said_of_a_valuation_without_its_value_is_refused() -> None:
    right = (
        "contribute-right hill.db G3 --holder 18 --class land --shares 1 --from 2026-03-01 --until 2030-12-31 "
        "--right-until 2050-12-31 --right land --area 1亩 --parcel 3 --contract 承包合同3 --on 2026-03-01"
    )
    for more in ("--valued-by members", "--per-mu 1000", "--valued-on 2026-01-01", "--appraiser 评估所"):
        assert "--value is expected" in refused(f"{right} {more}")
    done(right)


@pytest.mark.parametrize("nothing", ["0", "0元", "0.00"])
def test_nothing_of_the_reserve_may_be_written_as_money(nothing: str) -> None:
    said = done(f"withdraw hill.db 0061 --reason moved-out --on 2027-01-01 --reserve reserve={nothing} --dry-run")
    assert "40  members changed  2027-01-01" in said


def test_who_holds_the_shares_of_a_right_is_told_and_its_lot_is_found_by_its_number() -> None:
    sale = "transfer hill.db land 60 --from 18 --to 17 --reason sale --on 2026-06-30"
    assert done(f"{sale} --lot G9").startswith(
        "record 40: transfer 60 land holder/18 → holder/17 (lot contribution/G9); 2026-06-30; "
    )
    [row] = [line for line in done("contributions hill.db --on 2026-06-30").splitlines() if line.startswith("G9")]
    assert "17: 60, 18: 40" in row
    assert "land, by lot: 500 in none, 60 in contribution G9" in done("account hill.db 17 --until 2026-06-30")
    assert "by lot" not in done("account hill.db 0042 --until 2026-06-30")
    back = "redeem hill.db land 10 --from 17 --lot contribution/G9 --reason buy-back --on 2026-07-01"
    assert "10 land holder/17 → unissued (lot contribution/G9)" in done(back)
    said = done("end-contribution hill.db G9 --rule right-only --reason withdrawal --on 2026-12-31")
    assert (
        "50 land holder/17 → unissued (lot contribution/G9), 40 land holder/18 → unissued (lot contribution/G9)" in said
    )
    [row] = [line for line in done("contributions hill.db --on 2026-12-31").splitlines() if line.startswith("G9")]
    assert ": 50" not in row


def test_the_line_of_an_end_tells_where_every_share_went_before_what_was_amortised() -> None:
    done("transfer hill.db shop 20 --from 0052 --to 0051 --reason sale --on 2026-06-30")
    said = done("end-contribution hill.db G8 --rule right-only --reason withdrawal --on 2026-12-31")
    assert "20 shop holder/0051 → unissued (lot contribution/G8), 100 shop holder/0052 → unissued" in said


def test_amortisation_that_an_early_end_takes_back_is_red_and_the_right_goes_back() -> None:
    done("amortise hill.db --through 2026-12-31 --on 2026-12-31")
    done("end-contribution hill.db G8 --rule right-only --reason withdrawal --on 2026-06-30 --booked 2026-12-31")
    rows = [line.split() for line in done("vouchers hill.db --until 2026-12-31 --lang zh").splitlines()]
    back = [row for row in rows if "摊销转回" in row]
    assert back
    assert all(any(cell.startswith("-") for cell in row) for row in back)
    assert any("：撤回出资" in cell for row in rows for cell in row)
    assert "撤回出资" in done("movements hill.db --until 2026-12-31 --lang zh")


def test_what_was_brought_in_money_has_no_lot_of_its_own_to_name() -> None:
    done("contribute-money hill.db M1 100 --holder 0042 --class cash --price 1 --on 2026-06-30")
    said = refused("transfer hill.db cash all --from 0042 --to 0051 --lot M1 --reason sale --on 2026-06-30")
    assert "holds no cash of lot M1" in said
