"""The `[outreach]` table: what the plans' pages say of it, and the mistakes that stop a start."""

from pathlib import Path

import pytest
from mtm_eligibility.reference import PROGRAMS, ReferenceDataError, load_programs
from mtm_eligibility.reference.program_file import read_program
from mtm_shared.values.citation import Status


@pytest.mark.parametrize("program_id", sorted(load_programs()))
def test_call_hours_are_those_of_the_contact_block(program_id: str) -> None:
    program = load_programs()[program_id]
    plan, hours = program.outreach, program.contact.for_purpose("questions")[0].hours
    until = plan.call_until.value.hour - 12
    assert hours == f"Monday through Friday, {plan.call_from.value.hour}:00 a.m. to {until}:00 p.m. CT"
    assert (plan.call_days.value[0], plan.call_days.value[-1]) == ("monday", "friday")
    assert plan.time_zone.value == "America/Chicago"


@pytest.mark.parametrize("program_id", ["aetna-2021", "health-options-2024"])
def test_both_pages_write_first_and_call_then(program_id: str) -> None:
    steps = load_programs()[program_id].outreach.steps
    assert (steps.value, steps.citation.status) == (("mail", "phone"), Status.FINAL)


def test_what_the_pages_do_not_say_is_an_estimate_of_ours() -> None:
    for program in load_programs().values():
        for value in (program.outreach.attempts, program.outreach.pin_valid_days, program.outreach.max_failures):
            assert value.citation.status is Status.ESTIMATED


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        ("attempts =", 'attempts = { value = 0, unit = "attempts", source = "choice" }', "attempts"),
        ("steps =", 'steps = { value = ["voicemail"], source = "page" }', "steps"),
        ("channels = { value = [\"mail\"", 'channels = { value = ["phone"], source = "choice" }', "channels"),
        ("call_until", 'call_until = { value = "07:00", unit = "time of day", source = "page" }', "call_until"),
        ("call_from", 'call_from = { value = "eight", unit = "time of day", source = "page" }', "time of day"),
        ("time_zone", 'time_zone = { value = "Chicago", source = "page" }', "time zone"),
        ("call_days", 'call_days = { value = ["mon"], source = "page" }', "monday"),
        ("counted_results", 'counted_results = { value = ["reached"], source = "choice" }', "mailed"),
        ("offering_results", 'offering_results = { value = ["sung"], source = "page" }', "mailed"),
        ("pin_valid_days", "", "pin_valid_days"),
        ("max_failures", "max_tries = 3", "max_failures"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_outreach_table_stops_the_start(tmp_path: Path, line: str, wrong: str, told: str) -> None:
    lines = (PROGRAMS / "health-options-2024.toml").read_text(encoding="utf-8").splitlines()
    changed = [wrong if text.startswith(line) else text for text in lines]
    assert changed != lines
    path = tmp_path / "health-options-2024.toml"
    path.write_text("\n".join(changed), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=told):
        read_program(path)
