"""Preparation behind the scenes over HTTP: read again, the sheet for the talk, entries made by mistake."""

import httpx


async def opened(client: httpx.AsyncClient) -> str:
    body = {"member_id": "A1", "kind": "cmr", "as_of": "2026-06-30"}
    return f"/v1/reviews/{(await client.post('/v1/reviews', json=body)).json()['review_id']}"


async def test_a_review_is_read_again_as_of_another_day(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    medication = {"name": "ibuprofen 200 mg", "source": "otc"}
    await client.post(f"{path}/medications", json={"author": "pat", "medications": [medication]})
    answer = await client.post(f"{path}/refresh", json={"as_of": "2026-07-08", "author": "pat"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["as_of"], answer.json()["made_by"]["as_of"]) == ("2026-07-08", "2026-07-08")
    assert [line["source"] for line in answer.json()["medications"]] == ["claim", "claim", "claim", "otc"]
    assert (await client.get(path)).json() == answer.json()
    stale = await client.post(
        f"{path}/refresh", json={"as_of": "2026-07-08", "author": "pat"}, headers={"If-Match": '"other"'}
    )
    assert stale.status_code == 412
    for as_of in ("2028-01-01", "9999-12-31"):
        assert (await client.post(f"{path}/refresh", json={"as_of": as_of, "author": "pat"})).status_code == 422


async def test_the_sheet_for_the_talk(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    review, sheet = (await client.get(path)).json(), (await client.get(f"{path}/preparation")).json()
    assert sheet["medications"] == len(review["medications"])
    assert sheet["findings"] == review["findings"]
    assert {(one["about"], one["medication_id"]) for one in sheet["medication_questions"]} == {
        (about, line["medication_id"]) for about in ("directions", "reason") for line in review["medications"]
    }
    assert (await client.get("/v1/reviews/rev_nothing/preparation")).status_code == 404


async def test_an_entry_made_by_mistake_is_taken_back(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    medication = {"name": "St. John's wort", "source": "herbal", "status": "stopped", "end": "2026-05-01"}
    added = await client.post(f"{path}/medications", json={"author": "pat", "medications": [medication]})
    line = added.json()["medications"][-1]
    assert (line["source"], line["status"], line["end"]) == ("herbal", "stopped", "2026-05-01")
    body = {"reason": "another member's", "author": "pat"}
    removed = await client.post(f"{path}/medications/{line['medication_id']}/remove", json=body)
    assert removed.status_code == 200, removed.text
    assert line["medication_id"] not in [one["medication_id"] for one in removed.json()["medications"]]
    filled = await client.post(f"{path}/medications/m1/remove", json=body)
    assert (filled.status_code, filled.json()["code"]) == (409, "told_by_claims")
    absent = await client.post(f"{path}/medications/m99/remove", json=body)
    assert (absent.status_code, absent.json()["code"]) == (404, "medication_not_found")
