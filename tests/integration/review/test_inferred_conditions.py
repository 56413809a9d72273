"""A condition that only drugs show: told, answered by the member, and what the answer changes, over HTTP."""

from typing import Any

import httpx
import pytest
from mtm_shared.storage.migrate import migrate
from reviewing import a_profile, review_service, telling

SHAKING = a_profile("P1").filling("carbidopa 25 mg / levodopa 100 mg oral tablet").filling("haloperidol 1 mg")


@pytest.fixture
def database(tmp_path: Any) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path}/review.db"
    migrate("review", url)
    return url


async def opened(client: httpx.AsyncClient) -> dict[str, Any]:
    body = {"member_id": "P1", "kind": "cmr", "as_of": "2026-06-30"}
    made = await client.post("/v1/reviews", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def told(review: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(found["dur_code"], found["severity"], found["confidence"]) for found in review["findings"]]


async def test_the_answers_of_a_member_change_what_is_found(database: str) -> None:
    async with review_service(database, telling(SHAKING)) as client:
        review = await opened(client)
        path = f"/v1/reviews/{review['review_id']}"
        (inferred,) = review["inferred"]
        assert (inferred["condition"], inferred["confidence"]) == ("parkinsons_disease", "inferred_high")
        assert [medication["medication_id"] for medication in inferred["medications"]] == ["m1"]
        assert told(review) == [("DC", "moderate", "inferred_high")]

        async def answer(said: str) -> dict[str, Any]:
            body = {"answer": said, "author": "Pat Doe, PharmD"}
            answered = await client.post(f"{path}/conditions/parkinsons_disease", json=body)
            assert answered.status_code == 200, answered.text
            assert (await client.get(path)).json() == answered.json()
            return dict(answered.json())

        unknown = await answer("unknown")
        assert (told(unknown), len(unknown["inferred"])) == (told(review), 1)
        denied = await answer("denied")
        assert (denied["findings"], denied["inferred"]) == ([], [])
        assert [one["reason"] for one in denied["suppressed"]] == ["denied_condition"]
        confirmed = await answer("confirmed")
        assert (told(confirmed), confirmed["inferred"]) == ([("MC", "major", "reported")], [])
        assert told(await answer("unknown")) == told(review)
        changes = [change["change"] for change in (await client.get(path)).json()["changes"]]
        assert changes == [
            "review opened",
            "condition parkinsons_disease unknown",
            "condition parkinsons_disease denied; findings: 0 new, 1 gone",
            "condition parkinsons_disease confirmed; findings: 1 new, 0 gone",
            "condition parkinsons_disease unknown; findings: 1 new, 1 gone",
        ]


async def test_a_decision_on_the_question_is_none_on_the_fact(database: str) -> None:
    async with review_service(database, telling(SHAKING)) as client:
        review = await opened(client)
        path = f"/v1/reviews/{review['review_id']}"
        (finding,) = review["findings"]
        decision = {"decision": "deferred", "reason": "to be asked", "author": "pat"}
        await client.post(f"{path}/findings/{finding['finding_id']}/decision", json=decision)
        body = {"answer": "confirmed", "author": "pat"}
        answered = (await client.post(f"{path}/conditions/parkinsons_disease", json=body)).json()
        current = [found for found in answered["findings"] if found["confidence"] == "reported"]
        assert [found["decided"] for found in current] == [None]


async def test_a_condition_that_nothing_shows_cannot_be_answered(database: str) -> None:
    async with review_service(database, telling(SHAKING)) as client:
        review = await opened(client)
        body = {"answer": "denied", "author": "pat"}
        answer = await client.post(f"/v1/reviews/{review['review_id']}/conditions/diabetes", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "condition_not_found")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"code": "parkinsons_disease", "source": "inferred"}, [("DC", "moderate", "inferred_low")]),
        ({"code": "parkinsons_disease", "source": "reported"}, [("MC", "major", "reported")]),
        ({"code": "parkinsons_disease", "source": "inferred", "denied": True}, []),
        ({"icd10": "G20.A1", "denied": True}, []),
    ],
)
async def test_a_screening_takes_inferred_and_denied_conditions(
    quick_client: httpx.AsyncClient, given: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    body = {
        "as_of": "2026-06-30",
        "member": {"birth_date": "1950-03-01", "sex": "female"},
        "medications": [{"name": "haloperidol 1 MG Oral Tablet"}],
        "conditions": [given],
        "options": {"screens": ["drug_disease"]},
    }
    answer = (await quick_client.post("/v1/screenings", json=body)).json()
    assert told(answer) == expected
    assert answer["inferred"] == []
    reasons = [one["reason"] for one in answer["suppressed"]]
    assert reasons == (["denied_condition"] if given.get("denied") else [])
