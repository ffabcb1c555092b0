"""The service: what it answers, whom it lets in, and what it refuses."""

from tests.service.village import HOLDERS, STEPS, Office


def test_a_dividend_goes_from_its_proposal_to_the_payment(office: Office) -> None:
    anchors = []
    for step in STEPS:
        answer = office.send("2026", step, f"first-{step}")
        assert answer.status_code == 200, answer.text
        anchors.append(answer.json()["anchor"])
        assert office.get("/runs/2026").json()["anchor"] == anchors[-1]
    run = office.get("/runs/2026").json()
    assert (run["state"], run["amount_fen"], run["unpaid_fen"]) == ("declared", 100_000, {})
    assert office.get(f"/verify?anchor={anchors[0]}").json() == {"anchor": anchors[-1], "problems": []}


def test_the_register_has_whole_numbers_and_no_names(office: Office) -> None:
    answer = office.get("/register?on=2026-12-31").json()
    assert {one["holder"]: one["shares"] for one in answer["holdings"]} == HOLDERS
    assert {(one["share_class"], one["per"]) for one in answer["holdings"]} == {("land", 1)}
