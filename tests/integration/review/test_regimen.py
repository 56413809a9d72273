"""The regimen of a kept review and of a screening, over HTTP."""

from decimal import Decimal

import httpx
from mtm_shared.contracts.regimen import Regimen


async def test_a_review_tells_its_regimen_with_what_was_reconciled(client: httpx.AsyncClient) -> None:
    review = (await client.post("/v1/reviews", json={"member_id": "A1", "kind": "cmr", "as_of": "2026-06-30"})).json()
    path = f"/v1/reviews/{review['review_id']}"
    said = {"name": "naproxen 500 mg", "directions": "1 tablet twice daily", "author": "pat"}
    medications = [{key: said[key] for key in ("name", "directions")}]
    await client.post(f"{path}/medications", json={"author": "pat", "medications": medications})

    answer = await client.get(f"{path}/regimen")

    assert answer.status_code == 200, answer.text
    regimen = Regimen.model_validate(answer.json())
    reported = next(line for line in regimen.lines if line.source == "reported")
    assert [(dose.amount, dose.unit) for dose in reported.daily_doses] == [(Decimal(1000), "mg")]
    assert [difference.difference for difference in regimen.differences] == ["same_drug"]
    assert reported.eras == []
    assert {"from", "to", "fills"} == answer.json()["lines"][0]["eras"][0].keys()


async def test_a_regimen_of_no_review_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/reviews/rev_none/regimen")).status_code == 404


async def test_a_screening_tells_the_regimen_when_it_is_asked_to(client: httpx.AsyncClient) -> None:
    fills = [{"fill_date": "2026-06-01", "days_supply": 30, "quantity": "60"}]
    body = {
        "as_of": "2026-06-30",
        "member": {"birth_date": "1950-01-01", "sex": "male"},
        "medications": [{"name": "metformin 500 MG Oral Tablet", "source": "claim", "fills": fills}],
    }
    plain = (await client.post("/v1/screenings", json=body)).json()
    told = (await client.post("/v1/screenings", json={**body, "options": {"regimen": True}})).json()
    assert plain["regimen"] is None
    assert told["regimen"]["lines"][0]["daily_doses"][0]["amount"] == "1000"
    assert told["regimen"]["lines"][0]["eras"] == [{"from": "2026-06-01", "to": "2026-06-30", "fills": 1}]
    assert told["regimen"]["changes"][0]["change"] == "start"
