"""What the workers do to members' data is in the audit trail of the service that did it, beside what people do."""

from programme import Programme


async def entries(running: Programme, service: str, member_id: str) -> list[tuple[str, str]]:
    found = await running.all(service, f"/v1/audit-entries?member_id={member_id}&actor=worker")
    return [(entry["action"], " ".join(sorted(entry["things"]))) for entry in found]


async def test_a_members_trail_names_each_step_a_worker_took(everywhere: Programme) -> None:
    (enrollment,) = await everywhere.all("eligibility", "/v1/enrollments")
    member_id = enrollment["member_id"]
    await everywhere.ok("eligibility", "POST", "/v1/targeting-runs", {"program_id": "cms-2026", "as_of": "2026-06-30"})
    await everywhere.ok("review", "POST", "/v1/review-runs", {"as_of": "2026-06-30", "member_ids": [member_id]})
    letters = {"kind": "enrollment_letter", "language": "en", "enrollment_ids": [enrollment["enrollment_id"]]}
    await everywhere.ok("documents", "POST", "/v1/print-runs", letters)
    await everywhere.work()
    assert await entries(everywhere, "eligibility", member_id) == [("targeting.determine", "run_id")]
    assert await entries(everywhere, "review", member_id) == [("review_run.open", "review_id review_run_id")]
    assert await entries(everywhere, "documents", member_id) == [("print_run.make", "document_id print_run_id")]
