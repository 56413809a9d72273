"""Rendering given data over HTTP: what fits is set whatever it says, what does not is located and never repeated."""

import asyncio
from typing import Any

import httpx
import pytest
from mtm_documents.forms.registry import FORMS
from mtm_documents.usecases import render_given
from unit.documents.samples import a_letter, a_summary
from unit.documents.test_data import as_json
from whole_job import Services

SUMMARY = as_json(a_summary())


async def rendered(services: Services, data: dict[str, Any], accept: str = "*/*", **more: str) -> httpx.Response:
    request = {"kind": "cmr_summary", "language": "en", "data": data} | more
    return await services.documents.post("/v1/documents/render", json=request, headers={"Accept": accept})


async def test_a_key_that_the_form_does_not_know_is_not_repeated(quick: Services) -> None:
    answer = await rendered(quick, SUMMARY | {"Canary Person": 1, "surprise": 1})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/data/*", "/data/surprise"]
    assert "Canary" not in answer.text


async def test_faults_are_counted_and_only_the_first_are_told(quick: Services) -> None:
    answer = await rendered(quick, SUMMARY | {f"k{number}": 1 for number in range(5000)})
    assert len(answer.json()["errors"]) == 100
    assert "5000 faults" in answer.json()["detail"]


async def test_a_fault_deep_in_the_data_is_located(quick: Services) -> None:
    answer = await rendered(quick, SUMMARY | {"medications": [{"name": "x"}, {"name": 5}]})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/data/medications/1/name", "string_type")
    ]


@pytest.mark.parametrize("edition", ["1999", "../../x", " "])
async def test_an_edition_that_there_is_not_is_refused_with_those_that_there_are(quick: Services, edition: str) -> None:
    answer = await rendered(quick, SUMMARY, format_edition=edition)
    assert (answer.status_code, answer.json()["code"]) == (422, "edition_not_offered")
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["message"]) == ("/format_edition", "The editions of this form are 2022, 2013.")


@pytest.mark.parametrize("accept", ["application/pdf", "text/html"])
@pytest.mark.parametrize("nobody", [" ", "\u200b"])
async def test_a_summary_that_nobody_visible_signs_is_the_programmes(quick: Services, nobody: str, accept: str) -> None:
    answer = await rendered(quick, SUMMARY | {"provider": {"name": nobody, "title": nobody}}, accept)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, accept)
    assert int(answer.headers["x-document-gaps"]) >= 1


async def test_many_at_once_give_the_same_bytes(quick: Services) -> None:
    answers = await asyncio.gather(*(rendered(quick, SUMMARY) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["x-document-sha256"] for answer in answers}) == 1


async def test_a_form_that_is_not_offered_names_those_that_are(
    quick: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_given, "FORMS", {})
    answer = await rendered(quick, as_json(a_letter()), kind="prescriber_report")
    assert answer.json()["code"] == "kind_not_offered"
    assert answer.json()["errors"][0]["message"] == f"The forms are {', '.join(FORMS)}."
