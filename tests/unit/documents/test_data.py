"""The doors of the forms: what `POST /v1/documents/render` takes becomes the value, and nothing else passes."""

import dataclasses
import json
from typing import Any

import pytest
from mtm_documents.forms.registry import FORMS
from pydantic import TypeAdapter, ValidationError
from unit.documents.samples import a_letter, a_summary, an_aetna_letter

VALUES = [("enrollment_letter", a_letter()), ("enrollment_letter", an_aetna_letter()), ("cmr_summary", a_summary())]


def as_json(value: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(TypeAdapter(type(value)).dump_json(value))
    return data


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_data_becomes_the_same_value(kind: str, value: Any) -> None:
    assert FORMS[kind].data_model.model_validate(as_json(value)).to_value() == value


@pytest.mark.parametrize("kind", FORMS)
def test_the_door_has_the_fields_and_defaults_of_the_value(kind: str) -> None:
    form = FORMS[kind]
    fields = {field.name: field for field in dataclasses.fields(form.value_type)}
    model = form.data_model.model_fields
    assert model.keys() == fields.keys()
    for name, field in model.items():
        required = fields[name].default is dataclasses.MISSING
        assert field.is_required() == required, name
        if not required:
            assert field.default == fields[name].default, name


@pytest.mark.parametrize("kind", FORMS)
def test_defaults_name_the_current_edition(kind: str) -> None:
    form = FORMS[kind]
    [edition] = [field.default for field in dataclasses.fields(form.value_type) if field.name == "edition"]
    assert edition == form.current_edition


@pytest.mark.parametrize(
    ("kind", "path", "wrong"),
    [
        ("enrollment_letter", ("surprise",), 1),
        ("enrollment_letter", ("contact", "surprise"), 1),
        ("enrollment_letter", ("member_name",), ""),
        ("enrollment_letter", ("member_name",), "x" * 201),
        ("enrollment_letter", ("dated",), "0001-01-01"),
        ("enrollment_letter", ("dated",), 0),
        ("enrollment_letter", ("dated",), "86400"),
        ("enrollment_letter", ("dated",), "2026-06-30T00:00:00"),
        ("enrollment_letter", ("dated",), True),
        ("enrollment_letter", ("cmr_methods",), ["pigeon"]),
        ("enrollment_letter", ("qualified_by",), [{"criterion": "annual_cost"}]),
        ("cmr_summary", ("medications",), [{"name": "x", "directions": "y" * 201}]),
        ("cmr_summary", ("todo_items",), [{"topic": "x", "actions": []}]),
        ("cmr_summary", ("blank_rows",), 0),
        ("cmr_summary", ("birth_date",), "yesterday"),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, path: tuple[str, ...], wrong: object) -> None:
    value = a_letter() if kind == "enrollment_letter" else a_summary()
    data = as_json(value)
    place = data
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = wrong
    with pytest.raises(ValidationError):
        FORMS[kind].data_model.model_validate(data)
