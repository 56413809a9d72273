"""The programmes with every parameter and its citation, so that a member, a prescriber or an auditor can check them."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from mtm_shared.contracts import eligibility as contract

from mtm_eligibility.domain.program import Cited, Program, Services
from mtm_eligibility.usecases.answers import citation
from mtm_eligibility.usecases.runtime import Runtime


def list_programs(runtime: Runtime) -> list[contract.ProgramSummary]:
    """Every programme, by id."""
    return [
        contract.ProgramSummary(
            program_id=program.program_id,
            name=program.name,
            plan_year=program.plan_year,
            status=program.status.value,
        )
        for _, program in sorted(runtime.programs.items())
    ]


def get_program(runtime: Runtime, program_id: str) -> contract.Program:
    """One programme, or `UnknownProgram`."""
    program = runtime.program(program_id)
    return contract.Program(
        program_id=program.program_id,
        name=program.name,
        plan_year=program.plan_year,
        status=program.status.value,
        plan_name=program.wording.plan_name.value,
        plan_types=sorted(plan_type.value for plan_type in program.plan_types.value),
        drugs_counted=program.part_d_drugs.universe.value.value,
        contact=_contact(program),
        uses_callback_pin=program.identity.uses_pin.value,
        cmr_minutes=program.services.cmr_minutes.value,
        cmr_held_by=[way.value for way in program.services.cmr_held_by.value],
        health_facts_for_program_only=program.wording.health_facts_for_program_only.value,
        summary_edition=program.services.summary_edition.value,
        clocks=_clocks(program.services),
        parameters=list(_parameters(program, "")),
        rules_fingerprint=runtime.fingerprints[program_id],
    )


def _clocks(services: Services) -> contract.ServiceClocks:
    names = [name for name in contract.ServiceClocks.model_fields if name != "citations"]
    cited: dict[str, Cited[Any]] = {name: getattr(services, name) for name in names}
    return contract.ServiceClocks(
        **{name: one.value for name, one in cited.items()},
        citations={name: citation(one.citation) for name, one in cited.items()},
    )


def _contact(program: Program) -> contract.ContactBlock:
    contact = program.contact
    return contract.ContactBlock(
        organization=contact.organization,
        administrator=contact.administrator,
        channels=[
            contract.ContactChannel(
                kind=channel.kind,
                value=channel.value,
                purpose=channel.purpose,
                hours=channel.hours,
                hours_es=channel.hours_es,
                tty=channel.tty,
            )
            for channel in contact.channels
        ],
        caller_ids=list(contact.caller_ids),
        website=contact.website,
    )


def _parameters(thing: Any, path: str) -> Iterator[contract.Parameter]:
    """Every cited value below a part of the programme, named by its path: `part_d_drugs.minimum`."""
    for field in fields(thing):
        if not field.init:
            continue
        value = getattr(thing, field.name)
        name = f"{path}{field.name}"
        if isinstance(value, Cited):
            yield _parameter(thing, name, value)
        elif field.name == "conditions":
            yield from _conditions(value, name)
        elif is_dataclass(value) and field.name not in {"citation", "contact"}:
            own = getattr(value, "citation", None)
            if own is not None:
                yield from _weights(value, name)
            else:
                yield from _parameters(value, f"{name}.")


def _parameter(thing: Any, name: str, value: "Cited[Any]") -> contract.Parameter:
    comparison = getattr(thing, "comparison", None) if name.endswith(".threshold") else None
    return contract.Parameter(
        name=name,
        value=plain(value.value),
        unit=value.unit,
        comparison="" if comparison is None else comparison.value.value,
        citation=citation(value.citation),
    )


def _conditions(conditions: Any, name: str) -> Iterator[contract.Parameter]:
    for condition in conditions:
        yield contract.Parameter(
            name=f"{name}.{condition.condition_id}",
            value={
                "name": condition.name,
                "core_category": condition.core_category,
                "plan_types": sorted(plan_type.value for plan_type in condition.plan_types),
            },
            citation=citation(condition.citation),
        )


def _weights(weights: Any, name: str) -> Iterator[contract.Parameter]:
    for field in fields(weights):
        if field.name != "citation":
            value = plain(getattr(weights, field.name))
            yield contract.Parameter(
                name=f"{name}.{field.name}", value=value, unit="points", citation=citation(weights.citation)
            )


def plain(value: Any) -> Any:
    """A parameter's value as JSON can say it; decimals as strings, sets in order."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value
