"""A plan year before the redesign of 2022: a completed review under `aetna-2021` prints edition 2013."""

from datetime import date, timedelta
from typing import Any

from whole_job import DIAGNOSES, DRUGS, Services, member, ok

AS_OF = date(2021, 6, 30)
NAPROXEN = "7258"


def a_year_of_claims() -> list[dict[str, Any]]:
    """Nine drugs, the naproxen given up in the spring."""
    return [
        {
            "claim_id": f"{rxcui}-{month}",
            "rxcui": rxcui,
            "fill_date": str(AS_OF - timedelta(days=15 + 30 * month)),
            "days_supply": 30,
            "quantity": "30",
            "total_cost": "90.00",
        }
        for rxcui in DRUGS
        for month in range(5)
        if rxcui != NAPROXEN or month > 2
    ]


async def enrolled(services: Services) -> None:
    coverage = {"contract_id": "H1234", "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2020-01-01"}
    known = member(language="en") | {"coverage": coverage}
    ok(await services.eligibility.put("/v1/members/M-1", json=known))
    ok(await services.eligibility.post("/v1/members/M-1/fills", json={"fills": a_year_of_claims()}))
    told = [
        {"icd10": code, "service_date": str(AS_OF - timedelta(days=days)), "setting": "carrier"}
        for code in (*DIAGNOSES, "F329")
        for days in (40, 90)
    ]
    ok(await services.eligibility.post("/v1/members/M-1/diagnoses", json={"diagnoses": told}))
    request = {"program_id": "aetna-2021", "as_of": str(AS_OF)}
    found = ok(await services.eligibility.post("/v1/members/M-1/determinations", json=request))
    assert found["outcome"] == "eligible", found["criteria"]


async def reviewed(services: Services, *, recipient: str = "beneficiary") -> dict[str, Any]:
    made = ok(await services.review.post("/v1/reviews", json={"member_id": "M-1", "kind": "cmr", "as_of": str(AS_OF)}))
    path = f"/v1/reviews/{made['review_id']}"
    for finding in made["findings"]:
        decision = {"decision": "accepted", "reason": "agreed", "author": "Pat Doe, PharmD"}
        ok(await services.review.post(f"{path}/findings/{finding['finding_id']}/decision", json=decision))
    held = {
        "held_on": "2021-07-01",
        "method": "telephone",
        "recipient": recipient,
        "provider_name": "Pat Doe",
        "provider_title": "PharmD",
        "provider_type": "09",
        "minutes": 30,
        "author": "Pat Doe, PharmD",
    }
    ok(await services.review.post(f"{path}/consultation", json=held))
    ok(await services.review.post(f"{path}/complete", json={"author": "Pat Doe, PharmD"}))
    return dict(ok(await services.review.get(path)))


async def test_a_review_of_2021_prints_an_action_plan_and_a_personal_list(quick: Services) -> None:
    await enrolled(quick)
    review = await reviewed(quick)
    request = {"kind": "cmr_summary", "language": "en", "review_id": review["review_id"], "dated": "2021-07-05"}
    made = ok(await quick.documents.post("/v1/documents", json=request))
    page = (await quick.documents.get(made["content_url"], headers={"Accept": "text/html"})).text
    assert made["edition"] == "2013"
    for told in ("Medication Action Plan for", "Personal Medication List for", "Form CMS-10396 (01/12)"):
        assert told in page
    assert "Recommended To-Do List" not in page
    assert [item["name"] for item in review["medications"] if item["name"] not in page] == []
    assert "the prescriptions that you filled with your plan and what you told us" in page


async def test_a_stopped_medicine_is_listed_with_its_last_day_and_the_unknown_reason_is_reported(
    quick: Services,
) -> None:
    await enrolled(quick)
    review = await reviewed(quick)
    [stopped] = [item for item in review["medications"] if item["status"] == "stopped"]
    request = {"kind": "cmr_summary", "language": "en", "review_id": review["review_id"]}
    made = ok(await quick.documents.post("/v1/documents", json=request))
    page = (await quick.documents.get(made["content_url"], headers={"Accept": "text/html"})).text
    last = date.fromisoformat(stopped["end"])
    assert f"{last:%B} {last.day}, {last.year}" in page
    assert [gap["code"] for gap in made["gaps"]].count("missing_stop_reason") == 1


async def test_the_edition_can_be_named_and_then_lists_only_what_is_taken_now(quick: Services) -> None:
    await enrolled(quick)
    review = await reviewed(quick)
    [stopped] = [item["name"] for item in review["medications"] if item["status"] == "stopped"]
    request = {
        "kind": "cmr_summary",
        "language": "en",
        "review_id": review["review_id"],
        "format_edition": "2022",
    }
    made = ok(await quick.documents.post("/v1/documents", json=request))
    page = (await quick.documents.get(made["content_url"], headers={"Accept": "text/html"})).text
    assert made["edition"] == "2022"
    assert f'<th scope="row">{stopped}</th>' not in page
    assert "stopped_not_listed" not in [gap["code"] for gap in made["gaps"]]
