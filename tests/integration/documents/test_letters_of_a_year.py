"""Letters after a targeted review, to prescribers, on leaving and on safe disposal, and their refusals."""

from typing import Any

import httpx
import pytest
from mtm_documents.usecases import gatherers
from printing import ordered, worked_off
from whole_job import AS_OF, Services, enrolled, ok

RUIZ = {"npi": "1234567893", "name": "Alma Ruiz, MD"}
OKAFOR = {"npi": "1987654320", "name": "Ada Okafor, MD"}
STRANGER = "1111111112"
AUTHOR = "Pat Doe, PharmD"


async def made(services: Services, kind: str, language: str = "en", **subject: Any) -> dict[str, Any]:
    request = {"kind": kind, "language": language, **subject}
    return dict(ok(await services.documents.post("/v1/documents", json=request)))


async def refused(services: Services, kind: str, **subject: Any) -> tuple[int, str]:
    answer = await services.documents.post("/v1/documents", json={"kind": kind, "language": "en", **subject})
    return answer.status_code, answer.json()["code"]


async def page_of(services: Services, document: dict[str, Any]) -> str:
    return (await services.documents.get(document["content_url"], headers={"Accept": "text/html"})).text


async def enrollment(services: Services, **changes: Any) -> str:
    return str((await enrolled(services.eligibility, **changes))["enrollment_id"])


async def opt_out(services: Services, enrollment_id: str, **asked: Any) -> None:
    body = {"reason": "03", "on": "2026-07-02", "scope": "program"} | asked
    ok(await services.eligibility.post(f"/v1/enrollments/{enrollment_id}/opt-out", json=body))


async def targeted(services: Services, decision: str = "accepted", items: list[dict[str, Any]] | None = None) -> str:
    """A completed targeted review, each finding decided alike."""
    path, found = await opened(services)
    for finding in found["findings"]:
        told = {"decision": decision, "reason": "as told", "author": AUTHOR}
        ok(await services.review.post(f"{path}/findings/{finding['finding_id']}/decision", json=told))
    ok(await services.review.post(f"{path}/complete", json={"author": AUTHOR, "todo_items": items or []}))
    return str(found["review_id"])


async def opened(services: Services) -> tuple[str, dict[str, Any]]:
    asked = {"member_id": "M-1", "kind": "tmr", "as_of": str(AS_OF)}
    found = ok(await services.review.post("/v1/reviews", json=asked))
    return f"/v1/reviews/{found['review_id']}", found


async def recommend(services: Services, path: str, npi: str, **told: Any) -> dict[str, Any]:
    body = {"to": "prescriber", "prescriber_npi": npi, "channel": "fax", "sent_on": str(AS_OF), "author": AUTHOR}
    answer: httpx.Response = await services.review.post(f"{path}/recommendations", json=body | told)
    return dict(ok(answer))


async def test_a_targeted_review_tells_the_member_what_to_talk_about(services: Services) -> None:
    await enrollment(services)
    review_id = await targeted(services)
    review = ok(await services.review.get(f"/v1/reviews/{review_id}"))
    page = await page_of(services, await made(services, "tmr_member_letter", "es", review_id=review_id))
    assert len(review["todo_items"]) > 1
    assert [item["topic"] for item in review["todo_items"] if item["topic"] not in page] == []
    assert "Sus medicinas no cambian, a menos que usted y su doctor lo decidan." in page


async def test_the_pharmacists_own_item_is_told_too(quick: Services) -> None:
    await enrollment(quick)
    own = {"topic": "Your flu shot is due.", "actions": ["Get it at your drugstore."]}
    review_id = await targeted(quick, "dismissed", [own])
    page = await page_of(quick, await made(quick, "tmr_member_letter", review_id=review_id))
    assert "Your flu shot is due." in page
    assert "Get it at your drugstore." in page


async def test_what_was_recommended_to_the_member_is_told_once(quick: Services) -> None:
    await enrollment(quick)
    path, found = await opened(quick)
    accepted = found["findings"][0]["finding_id"]
    for finding in found["findings"]:
        decision = "accepted" if finding["finding_id"] == accepted else "dismissed"
        told = {"decision": decision, "reason": "as told", "author": AUTHOR}
        ok(await quick.review.post(f"{path}/findings/{finding['finding_id']}/decision", json=told))
    said = {"to": "member", "channel": "letter", "sent_on": str(AS_OF), "author": AUTHOR}
    known = said | {"finding_id": accepted, "text": "Said in a to-do item already."}
    fresh = said | {"text": "A pill box may help you.", "problem_category": "adherence"}
    for body in (known, fresh):
        ok(await quick.review.post(f"{path}/recommendations", json=body))
    ok(await quick.review.post(f"{path}/complete", json={"author": AUTHOR}))
    page = await page_of(quick, await made(quick, "tmr_member_letter", review_id=found["review_id"]))
    assert "A pill box may help you." in page
    assert "A tip from your pharmacist" in page
    assert "Said in a to-do item already." not in page


async def test_a_review_that_only_encourages_gets_no_letter(quick: Services) -> None:
    await enrollment(quick)
    review_id = await targeted(quick, "dismissed")
    [item] = ok(await quick.review.get(f"/v1/reviews/{review_id}"))["todo_items"]
    assert item["encourages"] is True
    assert await refused(quick, "tmr_member_letter", review_id=review_id) == (409, "nothing_to_say")


async def test_no_letter_before_the_review_is_complete_nor_of_another_kind(quick: Services) -> None:
    await enrollment(quick)
    _, found = await opened(quick)
    assert await refused(quick, "tmr_member_letter", review_id=found["review_id"]) == (409, "review_not_complete")
    asked = {"member_id": "M-1", "kind": "cmr", "as_of": str(AS_OF)}
    other = ok(await quick.review.post("/v1/reviews", json=asked))["review_id"]
    assert await refused(quick, "tmr_member_letter", review_id=other) == (422, "wrong_subject")


async def test_a_prescriber_gets_each_problem_with_its_evidence_and_a_code_to_answer_by(services: Services) -> None:
    await enrollment(services, prescribers=[RUIZ])
    path, found = await opened(services)
    finding = found["findings"][0]
    sent = await recommend(services, path, RUIZ["npi"], finding_id=finding["finding_id"])
    document = await made(services, "prescriber_report", review_id=found["review_id"])
    page = await page_of(services, document)
    cover, problem = page.split("<section")[1:3]
    assert f"{RUIZ['name']}, NPI {RUIZ['npi']}" in cover
    assert [
        word for word in ("Fictional", "1948", *(one["name"] for one in finding["medications"])) if word in cover
    ] == []
    for told in ("María Elena Fictional", "February 3, 1948", *finding["evidence"], sent["text"], sent["reply_token"]):
        assert told in problem
    assert "missing_reply_token" not in [gap["code"] for gap in document["gaps"]]


async def test_the_code_on_the_page_answers_the_recommendation(quick: Services) -> None:
    await enrollment(quick, prescribers=[RUIZ])
    path, found = await opened(quick)
    sent = await recommend(quick, path, RUIZ["npi"], finding_id=found["findings"][0]["finding_id"])
    page = await page_of(quick, await made(quick, "prescriber_report", review_id=found["review_id"]))
    token = page.split("Reply token: ")[1].split("<")[0]
    ok(await quick.review.post("/v1/recommendation-replies", json={"token": token, "answer": "accepted"}))
    [after] = ok(await quick.review.get(f"{path}/recommendations"))
    assert (after["recommendation_id"], after["outcome"]) == (sent["recommendation_id"], "accepted")


async def test_each_prescriber_gets_a_report_of_their_own(quick: Services) -> None:
    await enrollment(quick, prescribers=[RUIZ, OKAFOR])
    path, found = await opened(quick)
    one, two = (finding["finding_id"] for finding in found["findings"][:2])
    await recommend(quick, path, RUIZ["npi"], finding_id=one, text="For Dr. Ruiz only.")
    await recommend(quick, path, OKAFOR["npi"], finding_id=two, text="For Dr. Okafor only.")
    subject = {"review_id": found["review_id"]}
    assert await refused(quick, "prescriber_report", **subject) == (422, "several_prescribers")
    page = await page_of(quick, await made(quick, "prescriber_report", **subject, prescriber_npi=OKAFOR["npi"]))
    assert "For Dr. Okafor only." in page
    assert "Ruiz" not in page
    told = await refused(quick, "prescriber_report", **subject, prescriber_npi=STRANGER)
    assert told == (409, "nothing_to_say")


async def test_a_suggestion_without_a_finding_gets_no_severity_and_an_unknown_name_is_told(quick: Services) -> None:
    await enrollment(quick)
    path, found = await opened(quick)
    told = {"text": "Consider a pneumococcal vaccine.", "problem_category": "needs_additional_therapy"}
    await recommend(quick, path, STRANGER, **told)
    document = await made(quick, "prescriber_report", "es", review_id=found["review_id"])
    page = await page_of(quick, document)
    assert "Consider a pneumococcal vaccine." in page
    assert "Es una sugerencia del farmacéutico que los revisó." in page
    assert [word for word in ("Moderada", "Gravedad", "Suggested by") if word in page] == []
    assert "missing_prescriber" in [gap["code"] for gap in document["gaps"]]


async def test_a_review_without_recommendations_reports_to_nobody(quick: Services) -> None:
    await enrollment(quick)
    review_id = await targeted(quick)
    assert await refused(quick, "prescriber_report", review_id=review_id) == (409, "nothing_to_say")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "you asked to leave"),
        ({"permanent": True}, "You asked us not to sign you up again."),
        ({"scope": "cmr_only"}, "you do not want this year&#39;s medicine review"),
    ],
    ids=["this year", "for good", "the review only"],
)
async def test_a_wish_is_confirmed_with_its_day(services: Services, asked: dict[str, Any], says: str) -> None:
    subject = {"enrollment_id": await enrollment(services)}
    await opt_out(services, subject["enrollment_id"], **asked)
    page = await page_of(services, await made(services, "opt_out_confirmation", **subject))
    assert says in page
    assert "July 2, 2026" in page
    assert "Your plan does not change." in page


async def test_nothing_is_confirmed_to_who_asked_for_nothing_or_came_back(quick: Services) -> None:
    subject = {"enrollment_id": await enrollment(quick)}
    assert await refused(quick, "opt_out_confirmation", **subject) == (409, "nothing_to_confirm")
    await opt_out(quick, subject["enrollment_id"], scope="cmr_only")
    back = f"/v1/enrollments/{subject['enrollment_id']}/opt-in"
    ok(await quick.eligibility.post(back, json={"on": "2026-07-03"}))
    assert await refused(quick, "opt_out_confirmation", **subject) == (409, "nothing_to_confirm")


@pytest.mark.parametrize("reason", ["01", "02"], ids=["died", "left the plan"])
async def test_no_letter_tells_who_died_or_left_the_plan_that_they_stay(quick: Services, reason: str) -> None:
    subject = {"enrollment_id": await enrollment(quick)}
    await opt_out(quick, subject["enrollment_id"], scope="cmr_only")
    await opt_out(quick, subject["enrollment_id"], reason=reason, on="2026-07-10")
    assert await refused(quick, "opt_out_confirmation", **subject) == (409, "nothing_to_confirm")
    assert await refused(quick, "safe_disposal", **subject) == (409, "not_enrolled")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            ("as soon as you can", "most of all of opioids and other controlled drugs", "the Rx number", "Put both"),
        ),
        (
            "es",
            ("Deseche cuanto antes", "y otras drogas controladas", "el número de receta (Rx)", "Ponga las dos cosas"),
        ),
    ],
)
async def test_safe_disposal_is_told_in_full(quick: Services, language: str, told: tuple[str, ...]) -> None:
    document = await made(quick, "safe_disposal", language, enrollment_id=await enrollment(quick))
    page = await page_of(quick, document)
    links = ("www.deatakeback.com", "pubdispsearch", "www.fda.gov/drugdisposal", "safely-dispose-drugs")
    assert [part for part in (*told, *links) if part not in page] == []
    assert document["plan_year"] == 2026


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("tmr_member_letter", "enrollment_id"),
        ("prescriber_report", "enrollment_id"),
        ("opt_out_confirmation", "review_id"),
        ("safe_disposal", "member_id"),
    ],
)
async def test_each_kind_is_made_from_its_own_subject(quick: Services, kind: str, subject: str) -> None:
    assert await refused(quick, kind, **{subject: "some"}) == (422, "wrong_subject")


@pytest.mark.parametrize("kind", sorted(gatherers.GATHERERS))
async def test_a_run_of_every_kind_rejects_whom_nobody_knows_and_ends(quick: Services, kind: str) -> None:
    subjects = "enrollment_ids" if gatherers.MADE_FROM[kind] == "enrollment_id" else "review_ids"
    run = ok(await quick.documents.post("/v1/print-runs", json={"kind": kind, subjects: ["nobody"]}))
    await worked_off(quick)
    assert await outcomes(quick, run) == ["subject_not_found"]


@pytest.mark.parametrize(
    ("kind", "asked", "outcome"),
    [
        ("safe_disposal", None, "made"),
        ("safe_disposal", {}, "not_enrolled"),
        ("opt_out_confirmation", None, "nothing_to_confirm"),
        ("opt_out_confirmation", {}, "made"),
        ("cmr_offer_letter", {}, "not_enrolled"),
        ("cmr_offer_letter", {"scope": "cmr_only"}, "review_declined"),
    ],
)
async def test_a_run_of_enrolments_tells_what_became_of_each(
    services: Services, kind: str, asked: dict[str, Any] | None, outcome: str
) -> None:
    enrollment_id = await enrollment(services)
    if asked is not None:
        await opt_out(services, enrollment_id, **asked)
    run = await ordered(services.documents, enrollment_id, "nobody", kind=kind)
    await worked_off(services)
    assert await outcomes(services, run) == [outcome, "subject_not_found"]


@pytest.mark.parametrize(
    ("kind", "decision", "outcome"),
    [
        ("tmr_member_letter", "accepted", "made"),
        ("tmr_member_letter", "dismissed", "nothing_to_say"),
        ("prescriber_report", "accepted", "nothing_to_say"),
    ],
)
async def test_a_run_of_reviews_tells_what_became_of_each(
    services: Services, kind: str, decision: str, outcome: str
) -> None:
    await enrollment(services)
    body = {"kind": kind, "review_ids": [await targeted(services, decision), "nothing"]}
    run = ok(await services.documents.post("/v1/print-runs", json=body))
    await worked_off(services)
    assert await outcomes(services, run) == [outcome, "subject_not_found"]


async def test_a_run_makes_a_report_for_each_prescriber_the_further_ones_at_its_end(services: Services) -> None:
    await enrollment(services, prescribers=[RUIZ, OKAFOR])
    path, found = await opened(services)
    one, two = (finding["finding_id"] for finding in found["findings"][:2])
    await recommend(services, path, RUIZ["npi"], finding_id=one)
    await recommend(services, path, OKAFOR["npi"], finding_id=two)
    body = {"kind": "prescriber_report", "review_ids": [found["review_id"], "nothing"]}
    run = ok(await services.documents.post("/v1/print-runs", json=body))
    await worked_off(services)
    assert await outcomes(services, run) == ["made", "subject_not_found", "made"]
    manifest = ok(await services.documents.get(f"/v1/print-runs/{run['print_run_id']}/bundle/manifest"))
    assert sorted(line["prescriber_npi"] for line in manifest["lines"]) == sorted([RUIZ["npi"], OKAFOR["npi"]])
    assert {line["subject_id"] for line in manifest["lines"]} == {found["review_id"]}


async def outcomes(services: Services, run: dict[str, Any]) -> list[str]:
    """The code of each subject in the order given, or that its document was made; the run has ended."""
    path = f"/v1/print-runs/{run['print_run_id']}"
    assert ok(await services.documents.get(path))["state"] == "done"
    items = ok(await services.documents.get(f"{path}/items"))["items"]
    return [item["code"] or item["state"] for item in items]
