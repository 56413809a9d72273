"""What-ifs: who would enter and who would leave under other requirements; nothing is kept of them."""

from typing import Any

import pytest
from deciding import MEMBER, Service, many_diagnoses, many_fills
from enrolling import add

PATH = "/v1/programs/cms-2026/simulate"


def ask(**values: Any) -> dict[str, Any]:
    return {"as_of": "2026-06-30", **values}


async def with_few_drugs(service: Service, member_id: str) -> None:
    """Five of the drugs, so that only a lower minimum of drugs brings the member in."""
    few = [one for one in many_fills() if int(one["claim_id"].split("-")[1]) < 5]
    await service.store(member=MEMBER | {"member_id": member_id}, fills=few, diagnoses=many_diagnoses())


async def test_a_lower_minimum_of_drugs_lets_members_in(service: Service) -> None:
    await add(service, "A1")
    await with_few_drugs(service, "A2")
    told = await service.ok("POST", PATH, ask(part_d_drugs_minimum=4))
    assert (told["members"], told["enters"], told["leaves"], told["next_after"]) == (2, ["A2"], [], None)
    assert (told["now"]["eligible"], told["then"]["eligible"]) == (1, 2)
    assert (told["now"]["met"]["part_d_drugs"], told["then"]["met"]["part_d_drugs"]) == (1, 2)
    assert (await service.ok("GET", "/v1/enrollments"))["items"] == []
    assert (await service.ok("GET", "/v1/members/A1/determinations"))["items"] == []


@pytest.mark.parametrize(
    "alternative",
    [{"part_d_drugs_minimum": 11}, {"chronic_conditions_minimum": 20}, {"annual_cost_threshold": "9000000.00"}],
)
async def test_higher_requirements_let_members_go(quick: Service, alternative: dict[str, Any]) -> None:
    await add(quick, "A1")
    told = await quick.ok("POST", PATH, ask(**alternative))
    assert (told["enters"], told["leaves"]) == ([], ["A1"])


async def test_pages_of_a_what_if_look_at_each_member_once(quick: Service) -> None:
    for member_id in ("A1", "A2", "A3"):
        await add(quick, member_id)
    first = await quick.ok("POST", PATH, ask(part_d_drugs_minimum=11, limit=2))
    second = await quick.ok("POST", PATH, ask(part_d_drugs_minimum=11, limit=2, after=first["next_after"]))
    assert (first["leaves"] + second["leaves"], second["next_after"]) == (["A1", "A2", "A3"], None)


async def test_a_what_if_asks_something(quick: Service) -> None:
    assert (await quick.problem("POST", PATH, ask()))[0] == 422
    assert (await quick.problem("POST", PATH, ask(part_d_drugs_minimum=4, limit=201)))[0] == 422
    unknown = "/v1/programs/none/simulate"
    assert await quick.problem("POST", unknown, ask(part_d_drugs_minimum=4)) == (404, "unknown_program")
