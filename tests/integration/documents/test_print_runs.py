"""Print runs, worked off by the worker's own handler, on both databases."""

from typing import Any

import pytest
from mtm_documents.rendering import NotPrintableError, drawing
from mtm_shared.clients.errors import NotAllowed, Refused, Unavailable
from printing import ordered, worked_off
from whole_job import Services, enrolled, ok


async def test_a_run_makes_what_it_can_and_says_why_for_the_rest(services: Services) -> None:
    found = await enrolled(services.eligibility)
    run = await ordered(services.documents, found["enrollment_id"], "nobody")
    await worked_off(services)
    path = f"/v1/print-runs/{run['print_run_id']}"
    done = ok(await services.documents.get(path))
    assert (done["state"], done["counts"]) == ("done", {"subjects": 2, "made": 1, "rejected": 1, "waiting": 0})
    items = ok(await services.documents.get(f"{path}/items"))["items"]
    assert [(item["state"], item["code"]) for item in items] == [("made", None), ("rejected", "subject_not_found")]


async def test_without_a_language_the_letter_is_in_the_members_own(quick: Services) -> None:
    found = await enrolled(quick.eligibility, language="es")
    await ordered(quick.documents, found["enrollment_id"])
    await worked_off(quick)
    kept = ok(await quick.documents.get("/v1/documents", params={"member_id": "M-1"}))["items"]
    assert [document["language"] for document in kept] == ["es"]


async def test_a_run_goes_on_after_another_service_was_away(quick: Services) -> None:
    class Away:
        async def letter_facts(self, _: list[str]) -> None:
            raise Unavailable(1)

    found = await enrolled(quick.eligibility)
    run = await ordered(quick.documents, found["enrollment_id"])
    await worked_off(quick, eligibility=Away())
    path = f"/v1/print-runs/{run['print_run_id']}"
    assert ok(await quick.documents.get(path))["counts"]["waiting"] == 1, "nothing lost, nothing rejected"


class Counting:
    """Eligibility, counting how often what letters are made of is asked for; `refused` refuses to tell of several."""

    def __init__(self, services: Services, *, refused: bool = False) -> None:
        self._client = services.documents._transport.app.state.eligibility  # type: ignore[attr-defined]
        self._refused = refused
        self.asked: list[int] = []

    async def letter_facts(self, enrollment_ids: list[str]) -> Any:
        self.asked.append(len(enrollment_ids))
        if self._refused and len(enrollment_ids) > 1:
            raise Refused(422)
        return await self._client.letter_facts(enrollment_ids)

    async def program(self, program_id: str) -> Any:
        return await self._client.program(program_id)


async def test_the_facts_of_many_letters_are_one_request(quick: Services) -> None:
    found = await enrolled(quick.eligibility)
    run = await ordered(quick.documents, found["enrollment_id"], *(f"nobody-{number}" for number in range(59)))
    counting = Counting(quick)
    await worked_off(quick, eligibility=counting)
    counts = ok(await quick.documents.get(f"/v1/print-runs/{run['print_run_id']}"))["counts"]
    assert (counting.asked, counts["made"], counts["rejected"]) == ([50, 10], 1, 59)


async def test_one_subject_that_is_refused_holds_up_no_other(quick: Services) -> None:
    found = await enrolled(quick.eligibility)
    run = await ordered(quick.documents, "nobody", found["enrollment_id"])
    await worked_off(quick, eligibility=Counting(quick, refused=True))
    items = ok(await quick.documents.get(f"/v1/print-runs/{run['print_run_id']}/items"))["items"]
    assert [item["code"] for item in items] == ["subject_not_found", None]


async def test_credentials_that_are_not_accepted_reject_nobody(quick: Services) -> None:
    class Shut:
        async def letter_facts(self, _: list[str]) -> None:
            raise NotAllowed(403)

    run = await ordered(quick.documents, "one", "two")
    await worked_off(quick, eligibility=Shut())
    counts = ok(await quick.documents.get(f"/v1/print-runs/{run['print_run_id']}"))["counts"]
    assert (counts["waiting"], counts["rejected"]) == (2, 0)


async def test_a_document_that_cannot_be_set_holds_up_no_other(
    quick: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotPrintableError

    found = await enrolled(quick.eligibility)
    run = await ordered(quick.documents, found["enrollment_id"], "nobody")
    monkeypatch.setattr(drawing, "render", refuse)
    await worked_off(quick)
    items = ok(await quick.documents.get(f"/v1/print-runs/{run['print_run_id']}/items"))["items"]
    assert [item["code"] for item in items] == ["not_printable", "subject_not_found"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "medication_list_blank"}, "no_subject"),
        ({"kind": "cmr_summary"}, "wrong_subject"),
        ({"kind": "enrollment_letter", "format_edition": "1999"}, "edition_not_offered"),
    ],
)
async def test_a_run_that_could_make_nothing_is_refused_at_once(
    quick: Services, more: dict[str, str], code: str
) -> None:
    answer = await quick.documents.post("/v1/print-runs", json={"enrollment_ids": ["one"]} | more)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_subject_given_twice_is_refused(quick: Services) -> None:
    request = {"kind": "enrollment_letter", "enrollment_ids": ["one", "one"]}
    assert (await quick.documents.post("/v1/print-runs", json=request)).status_code == 422
