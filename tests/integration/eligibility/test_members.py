"""Members and claims as they are told over HTTP, and the profile that comes of them."""

from typing import Any

from deciding import COVERAGE, MEMBER, Service, fill

M = "/v1/members/M-1"
TOLD = {"member": MEMBER, "coverage": COVERAGE}


def counts(accepted: int = 0, replaced: int = 0, deleted: int = 0) -> dict[str, Any]:
    return {"accepted": accepted, "replaced": replaced, "deleted": deleted, "rejected": []}


async def profile(service: Service, as_of: str = "2026-06-30") -> dict[str, Any]:
    answer: dict[str, Any] = await service.ok("GET", f"{M}/profile?as_of={as_of}")
    return answer


async def costs(service: Service) -> dict[str, str]:
    return {fill["claim_id"]: fill["total_cost"] for fill in (await profile(service))["fills"]}


async def test_a_member_comes_back_as_told(service: Service) -> None:
    told = MEMBER | {
        "mbi": "1EG4TE5MK73",
        "address": {"line1": "1 Elm St", "line2": None, "city": "Salem", "state": "OR", "zip_code": "97301"},
        "prescribers": [{"npi": "1234567893", "name": "Dr. Example", "phone": None}],
        "language": "es",
    }
    assert await service.ok("PUT", M, {"member": told, "coverage": COVERAGE}) == counts(accepted=1)
    stored = await service.ok("GET", M)
    assert {name: stored["member"][name] for name in told} == told
    assert stored["coverage"] == [COVERAGE]


async def test_a_change_on_a_stale_copy_is_refused(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    stale = (await service.client.get(M)).headers["etag"]
    changed = {"member": MEMBER | {"last_name": "Other"}, "coverage": COVERAGE}
    assert await service.ok("PUT", M, changed, headers={"If-Match": stale}) == counts(replaced=1)
    assert await service.problem("PUT", M, TOLD, headers={"If-Match": stale}) == (412, "stale_etag")


async def test_the_id_in_the_address_is_the_members_own(quick: Service) -> None:
    assert await quick.problem("PUT", "/v1/members/M-2", TOLD) == (422, "member_mismatch")


async def test_a_new_plan_ends_the_old_one(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    later = COVERAGE | {"contract_id": "S0001", "plan_type": "PDP", "effective_from": "2026-07-01"}
    await service.ok("PUT", M, {"member": MEMBER, "coverage": later})
    stored = (await service.ok("GET", M))["coverage"]
    assert stored == [COVERAGE | {"effective_to": "2026-06-30"}, later]


async def test_claims_of_nobody_are_not_stored(quick: Service) -> None:
    body = {"fills": [fill("A")]}
    assert await quick.problem("POST", "/v1/members/none/fills", body) == (404, "unknown_member")
    assert await quick.problem("GET", "/v1/members/none/profile?as_of=2026-01-01") == (404, "unknown_member")


async def test_an_adjustment_replaces_and_a_deletion_deletes(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    first = {"fills": [fill("A"), fill("B"), fill("C")]}
    assert await service.ok("POST", f"{M}/fills", first) == counts(accepted=3)
    change = {"fills": [fill("A", adjustment="A", total_cost="12.3456"), fill("B", adjustment="D")]}
    assert await service.ok("POST", f"{M}/fills", change) == counts(replaced=1, deleted=1)
    assert await costs(service) == {"A": "12.3456", "C": "30.00"}


async def test_the_order_and_repetition_of_records_do_not_matter(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    original, deletion = fill("A"), fill("A", adjustment="D")
    for batch in ([deletion], [original], [original, deletion], [original]):
        await service.ok("POST", f"{M}/fills", {"fills": batch})
    assert await costs(service) == {}
    resubmitted = fill("A", adjustment="R", total_cost="31.00")
    await service.ok("POST", f"{M}/fills", {"fills": [resubmitted]})
    assert await costs(service) == {"A": "31.00"}


async def test_an_item_that_cannot_be_used_does_not_take_the_others_with_it(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    good = {"icd10": "e11.9", "service_date": "2026-02-02", "setting": "carrier"}
    answer = await service.ok("POST", f"{M}/diagnoses", {"diagnoses": [good | {"icd10": "250.00"}, good]})
    assert (answer["accepted"], answer["rejected"][0]["code"], answer["rejected"][0]["pointer"]) == (
        1, "invalid_icd10", "/diagnoses/0/icd10",
    )  # fmt: skip
    assert [diagnosis["icd10"] for diagnosis in (await profile(service))["diagnoses"]] == ["E11.9"]


async def test_a_fill_before_birth_is_not_this_members(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    answer = await service.ok("POST", f"{M}/fills", {"fills": [fill("A", fill_date="1949-01-01")]})
    assert [reject["code"] for reject in answer["rejected"]] == ["before_birth"]


async def test_the_profile_says_what_was_not_understood(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    fills = [fill("A"), fill("B", drug_name=None, ndc="99999999999")]
    await service.ok("POST", f"{M}/fills", {"fills": fills})
    answer = await profile(service)
    assert [drug and drug["name"] for drug in (fill["drug"] for fill in answer["fills"])][1] is None
    assert [(item["value"], item["code"]) for item in answer["not_checked"]] == [("99999999999", "unknown_ndc")]


async def test_the_profile_ends_on_its_day(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    await service.ok("POST", f"{M}/fills", {"fills": [fill("A"), fill("B", fill_date="2026-05-01")]})
    answer = await profile(service, "2026-04-30")
    assert [fill["claim_id"] for fill in answer["fills"]] == ["A"]


async def test_interim_bills_are_one_stay(service: Service) -> None:
    await service.ok("PUT", M, TOLD)
    stays: list[dict[str, Any]] = [
        {"kind": "snf", "from": "2026-01-02", "to": "2026-01-31"},
        {"kind": "snf", "from": "2026-01-20", "to": "2026-02-10"},
        {"kind": "inpatient", "from": "2026-01-20", "to": None},
    ]
    assert await service.ok("POST", f"{M}/stays", {"stays": stays}) == counts(accepted=3)
    assert (await profile(service))["stays"] == [stays[2], stays[0] | {"to": "2026-02-10"}]


async def test_members_are_listed_by_page_without_names(service: Service) -> None:
    for number in range(3):
        member = MEMBER | {"member_id": f"M-{number}"}
        await service.ok("PUT", f"/v1/members/M-{number}", {"member": member, "coverage": COVERAGE})
    first = await service.ok("GET", "/v1/members?limit=2")
    second = await service.ok("GET", f"/v1/members?limit=2&cursor={first['next_cursor']}")
    assert [item["member_id"] for item in first["items"] + second["items"]] == ["M-0", "M-1", "M-2"]
    assert second["next_cursor"] is None
    assert "Canary" not in str(first)
