"""A review from the member's claims to its completion, over HTTP, on both databases."""

import asyncio
from typing import Any

import httpx

REVIEW = {"member_id": "A1", "kind": "cmr", "as_of": "2026-06-30"}
CONSULTATION = {
    "held_on": "2026-07-01",
    "method": "telephone",
    "recipient": "beneficiary",
    "provider_name": "Pat Lee",
    "provider_title": "PharmD",
    "provider_type": "09",
    "minutes": 30,
    "cognitively_impaired": "N",
    "author": "pat",
}


async def opened(client: httpx.AsyncClient, member_id: str = "A1", kind: str = "cmr") -> dict[str, Any]:
    answer = await client.post("/v1/reviews", json={**REVIEW, "member_id": member_id, "kind": kind})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def decide(
    client: httpx.AsyncClient, review: dict[str, Any], finding: dict[str, Any], decision: str
) -> httpx.Response:
    path = f"/v1/reviews/{review['review_id']}/findings/{finding['finding_id']}/decision"
    return await client.post(path, json={"decision": decision, "reason": "talked with the member", "author": "pat"})


async def test_the_whole_way_of_a_comprehensive_review(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    path = f"/v1/reviews/{review['review_id']}"
    reconciled = await client.post(
        f"{path}/medications",
        json={
            "author": "pat",
            "medications": [
                {"name": "ibuprofen 200 mg", "source": "otc", "as_needed": True, "reason": "back pain"},
                {"medication_id": review["medications"][0]["medication_id"], "directions": "one tablet a day"},
            ],
        },
    )
    assert reconciled.status_code == 200, reconciled.text
    for finding in reconciled.json()["findings"]:
        decided = await decide(client, review, finding, "accepted")
        assert decided.status_code == 200, decided.text
    assert (await client.post(f"{path}/consultation", json=CONSULTATION)).status_code == 200
    completed = await client.post(f"{path}/complete", json={"author": "pat"})
    assert completed.status_code == 200, completed.text
    stored = (await client.get(path)).json()
    assert stored == completed.json()
    assert stored["status"] == "completed"
    assert {item["finding_id"] for item in stored["todo_items"]} == {f["finding_id"] for f in stored["findings"]}
    assert stored["consultation"] == {
        **CONSULTATION,
        "recipient_name": None,
        "synchronous": True,
        "unable_reason": None,
        "relationship": None,
        "authority": None,
        "allergies": None,
        "side_effects": None,
        "other_information": None,
    }
    assert (stored["program_id"], stored["enrollment_id"]) == ("cms-2026", "enr-A1")
    assert [change["change"] for change in stored["changes"]][:2] == ["review opened", "2 medications reconciled"]


async def test_a_completed_review_refuses_every_change(client: httpx.AsyncClient) -> None:
    review = await opened(client, "B2", "tmr")
    path = f"/v1/reviews/{review['review_id']}"
    assert (await client.post(f"{path}/complete", json={"author": "pat"})).status_code == 200
    answers = [
        await client.post(f"{path}/complete", json={"author": "pat"}),
        await client.post(f"{path}/consultation", json=CONSULTATION),
        await client.post(f"{path}/medications", json={"author": "pat", "medications": [{"name": "aspirin 81 mg"}]}),
        await client.patch(path, json={"author": "pat", "notes": "late"}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "review_completed")] * 4


async def test_completion_says_what_is_missing(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    path = f"/v1/reviews/{review['review_id']}"
    assert (await client.post(f"{path}/complete", json={"author": "pat"})).json()["code"] == "consultation_required"
    await client.post(f"{path}/consultation", json=CONSULTATION)
    refused = await client.post(f"{path}/complete", json={"author": "pat"})
    serious = [f["finding_id"] for f in review["findings"] if f["severity"] in ("contraindicated", "major")]
    assert (refused.status_code, refused.json()["code"]) == (409, "findings_undecided")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/findings/{one}" for one in serious]


async def test_a_stale_etag_is_refused_and_a_fresh_one_taken(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    path = f"/v1/reviews/{review['review_id']}"
    fresh = (await client.get(path)).headers["ETag"]
    changed = await client.patch(path, json={"author": "pat", "notes": "call back"}, headers={"If-Match": fresh})
    assert (changed.status_code, changed.json()["notes"]) == (200, "call back")
    stale = await client.patch(path, json={"author": "pat", "notes": None}, headers={"If-Match": fresh})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_etag")
    assert changed.headers["ETag"] == (await client.get(path)).headers["ETag"]


async def test_of_two_changes_at_once_to_one_state_only_one_is_taken(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    path = f"/v1/reviews/{review['review_id']}"
    match = {"If-Match": (await client.get(path)).headers["ETag"]}
    answers = await asyncio.gather(
        *(client.patch(path, json={"author": "pat", "notes": note}, headers=match) for note in ("one", "two", "three"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    assert len((await client.get(path)).json()["changes"]) == 2


async def test_the_same_key_opens_one_review(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "review-of-a1"}
    first = await client.post("/v1/reviews", json=REVIEW, headers=key)
    again = await client.post("/v1/reviews", json=REVIEW, headers=key)
    other = await client.post("/v1/reviews", json={**REVIEW, "kind": "tmr"}, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len((await client.get("/v1/reviews")).json()["items"]) == 1


async def test_the_answer_says_where_the_review_is(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/reviews", json=REVIEW)
    found = await client.get(answer.headers["Location"])
    assert found.json() == answer.json()
    assert found.headers["ETag"] == answer.headers["ETag"]


async def test_lists_are_filtered_and_paged_newest_first(client: httpx.AsyncClient) -> None:
    made = [(await opened(client, member, kind))["review_id"] for member, kind in (("A1", "cmr"), ("B2", "tmr"))]
    await client.post(f"/v1/reviews/{made[1]}/complete", json={"author": "pat"})
    made.append((await opened(client, "B2", "cmr"))["review_id"])

    async def listed(query: str) -> list[str]:
        ids: list[str] = []
        cursor = ""
        while True:
            page = (await client.get(f"/v1/reviews?limit=1{query}{cursor}")).json()
            ids.extend(item["review_id"] for item in page["items"])
            if page["next_cursor"] is None:
                return ids
            cursor = f"&cursor={page['next_cursor']}"

    assert sorted(await listed("")) == sorted(made)
    assert await listed("&status=completed") == [made[1]]
    assert sorted(await listed("&member_id=B2")) == sorted(made[1:])
    assert await listed("&member_id=B2&kind=cmr") == [made[2]]


async def test_planned_reviews_are_found_by_the_day_they_are_due(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    patch = {"author": "pat", "scheduled_for": "2026-07-10"}
    await client.patch(f"/v1/reviews/{review['review_id']}", json=patch)
    due = [(await client.get(f"/v1/reviews?due=2026-07-{day}")).json()["items"] for day in ("09", "10")]
    assert [len(items) for items in due] == [0, 1]


async def test_a_list_line_counts_findings(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    (line,) = (await client.get("/v1/reviews")).json()["items"]
    assert line["findings"] == len(review["findings"]) > 0


async def test_a_decision_is_stored_with_its_author(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    finding = review["findings"][0]
    await decide(client, review, finding, "dismissed")
    stored = (await client.get(f"/v1/reviews/{review['review_id']}")).json()
    kept = next(f for f in stored["findings"] if f["finding_id"] == finding["finding_id"])
    assert kept["decided"] == {
        "decision": "dismissed",
        "reason": "talked with the member",
        "author": "pat",
        "at": "2026-07-01T15:00:00Z",
    }
    assert stored["todo_items"] == []


async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    answers = [
        await client.get("/v1/reviews/rev_nothing"),
        await client.post("/v1/reviews", json={**REVIEW, "member_id": "nobody"}),
        await decide(client, review, {"finding_id": "f00"}, "accepted"),
        await client.get("/v1/knowledge/rules/no.such.rule"),
        await client.get("/v1/review-runs/run_nothing"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "review_not_found"),
        (404, "member_not_found"),
        (404, "finding_not_found"),
        (404, "rule_not_found"),
        (404, "review_run_not_found"),
    ]


async def test_allergies_and_results_are_recorded_and_screened_again(client: httpx.AsyncClient) -> None:
    review = await opened(client)
    path = f"/v1/reviews/{review['review_id']}"
    facts = {
        "allergies": [{"name": "NSAIDs", "reaction": "hives"}],
        "labs": [{"code": "egfr", "value": "44.5", "unit": "mL/min", "on": "2026-06-01"}],
    }
    told = await client.patch(path, json={"author": "pat", "notes": "asked", **facts})
    assert told.status_code == 200, told.text
    answer = told.json()
    found = [finding for finding in answer["findings"] if finding["screen"] == "allergy"]
    assert {finding["rule_id"] for finding in found} == {"allergy.nsaids_nsaids"}
    assert answer["allergies"] == [{"given": "NSAIDs", "reaction": "hives"}]
    assert [lab["value"] for lab in answer["labs"]] == ["44.5"]
    assert answer["changes"][-1]["change"] == "allergies and labs and notes recorded"
    kept = await client.patch(path, json={"author": "pat", "notes": None, "allergies": None})
    assert kept.json()["allergies"] == answer["allergies"]
    assert (await client.get(path)).json() == kept.json()
    cleared = (await client.patch(path, json={"author": "pat", "allergies": []})).json()
    assert (cleared["allergies"], cleared["labs"]) == ([], answer["labs"])
    assert not [finding for finding in cleared["findings"] if finding["screen"] == "allergy"]
