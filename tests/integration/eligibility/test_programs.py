"""Programmes over HTTP: every parameter can be looked up with its source."""

from deciding import Service


async def test_every_programme_that_ships_is_listed(quick: Service) -> None:
    first = await quick.ok("GET", "/v1/programs?limit=5")
    rest = await quick.ok("GET", f"/v1/programs?limit=5&cursor={first['next_cursor']}")
    assert [program["program_id"] for program in first["items"] + rest["items"]] == [
        "aetna-2021", "cms-2022", "cms-2023", "cms-2024", "cms-2025", "cms-2026", "cms-2027", "health-options-2024",
    ]  # fmt: skip


async def test_a_threshold_comes_with_its_comparison_and_source(quick: Service) -> None:
    aetna = await quick.ok("GET", "/v1/programs/aetna-2021")
    threshold = next(each for each in aetna["parameters"] if each["name"] == "annual_cost.threshold")
    assert (threshold["value"], threshold["comparison"]) == ("4376.00", "more_than")
    assert threshold["citation"]["source"]


async def test_every_parameter_has_a_source_and_every_condition_its_plan_types(quick: Service) -> None:
    for program_id in ("aetna-2021", "health-options-2024", "cms-2026"):
        program = await quick.ok("GET", f"/v1/programs/{program_id}")
        assert [each["name"] for each in program["parameters"] if not each["citation"]["source"]] == []
        names = [each["name"] for each in program["parameters"]]
        assert len(names) == len(set(names))
        assert any(name.startswith("chronic_conditions.conditions.") for name in names)


async def test_the_outreach_plan_is_shown_with_its_sources(quick: Service) -> None:
    program = await quick.ok("GET", "/v1/programs/health-options-2024")
    shown = {each["name"]: each for each in program["parameters"] if each["name"].startswith("outreach.")}
    assert (shown["outreach.attempts"]["value"], shown["outreach.attempts"]["citation"]["status"]) == (4, "estimated")
    assert (shown["outreach.steps"]["value"], shown["outreach.call_until"]["value"]) == (["mail", "phone"], "20:00:00")
