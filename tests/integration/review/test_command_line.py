"""`mtm-review import`: what members reported goes over HTTP into their reviews, and every row is accounted for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from live import running
from mtm_review.cli import app as command_line
from mtm_review.main import create_app
from mtm_shared.storage.migrate import migrate
from reviewing import KEY, MEMBERS, settings, telling
from typer.testing import CliRunner, Result

HEADER = "review_id,name,ndc,rxcui,source,status,directions,reason,prescriber,as_needed,notes\n"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A running service."""
    url = f"sqlite+aiosqlite:///{tmp_path}/review.db"
    migrate("review", url)
    with running(create_app(settings(url), eligibility=telling(*MEMBERS))) as address:
        yield address


def opened(address: str, member_id: str = "A1") -> str:
    body = {"member_id": member_id, "kind": "cmr", "as_of": "2026-06-30"}
    answer = httpx.post(f"{address}/v1/reviews", json=body, headers=KEY)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["review_id"])


def listed(address: str, review_id: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{address}/v1/reviews/{review_id}", headers=KEY)
    return [line for line in answer.json()["medications"] if line["source"] != "claim"]


def bring(path: Path, address: str, *options: str, author: str = "pat") -> Result:
    environment = {"COLUMNS": "200", "MTM_TOKEN": "openmtm-development"}
    return CliRunner(env=environment).invoke(
        command_line, ["import", str(path), "--author", author, "--url", address, *options]
    )


def table(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "reported.csv"
    path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def told(result: Result) -> list[str]:
    """The counts and the rejected rows that the command prints."""
    lines = result.output.splitlines()
    start = next(place for place, line in enumerate(lines) if "rows in" in line)
    return [line.strip() for line in lines[start:]]


def test_reported_medications_join_the_review_and_rows_are_accounted_for(address: str, tmp_path: Path) -> None:
    review_id = opened(address)
    result = bring(
        table(
            tmp_path,
            f"{review_id},ibuprofen 200 mg,,,otc,active,one tablet,back pain,,yes,",
            "rev_unknown,naproxen,,,otc,,,,,,",
            f"{review_id},,,,otc,,,,,,",
            f"{review_id},ginkgo,,,claim,,,,,,",
            f"{review_id},,,5640,,,,,,,told by the daughter",
        ),
        address,
    )
    assert result.exit_code == 0, result.output
    assert told(result) == [
        "5 rows in = 2 used + 3 rejected",
        "line 3: review_not_found",
        "line 4: missing_field name",
        "line 5: unknown_source source",
    ]
    first, second = listed(address, review_id)
    assert (first["source"], first["as_needed"], first["reason"]) == ("otc", True, "back pain")
    assert (second["source"], second["notes"]) == ("reported", "told by the daughter")


def test_the_rows_of_a_review_are_one_change_by_the_author(address: str, tmp_path: Path) -> None:
    review_id = opened(address)
    before = httpx.get(f"{address}/v1/reviews/{review_id}", headers=KEY).json()["changes"]
    rows = [f"{review_id},{name},,,supplement,,,,,,".strip() for name in ("iron", "zinc")]
    assert bring(table(tmp_path, *rows), address, author="lee").exit_code == 0
    after = httpx.get(f"{address}/v1/reviews/{review_id}", headers=KEY).json()["changes"]
    assert [change["author"] for change in after[len(before) :]] == ["lee"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",ibuprofen,,,otc,,,,,,", "missing_field review_id"),
        ("../x,ibuprofen,,,otc,,,,,,", "invalid_review_id review_id"),
        ("..,ibuprofen,,,otc,,,,,,", "invalid_review_id review_id"),
        ("rev_1,ibuprofen,,,otc,paused,,,,,", "unknown_status status"),
        ("rev_1,ibuprofen,,,otc,,,,,maybe,", "invalid_value as_needed"),
        ("rev_1,ibuprofen,,,otc", "wrong_number_of_fields"),
        (f"rev_1,{'x' * 201},,,otc,,,,,,", "too_long name"),
    ],
)
def test_a_bad_row_is_rejected_without_being_sent(tmp_path: Path, row: str, said: str) -> None:
    result = bring(table(tmp_path, row), "http://127.0.0.1:9")
    assert result.exit_code == 0, result.output
    assert told(result) == ["1 rows in = 0 used + 1 rejected", f"line 2: {said}"]


@pytest.mark.parametrize(
    "content",
    [
        "review_id,name\nrev_1,ibuprofen\n",
        "",
        f'{HEADER}rev_1,"ibuprofen,,,otc,,,,,,\n',
        f"{HEADER}rev_1,\N{LATIN SMALL LETTER E WITH ACUTE},,,otc,,,,,,\n",
    ],
    ids=["wrong columns", "empty", "open quote", "not UTF-8"],
)
def test_a_file_that_is_no_such_table_ends_with_status_2(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reported.csv"
    path.write_text(content, encoding="latin-1")
    result = bring(path, "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "reported.csv: " in result.output
    assert "rows in" not in result.output


def test_nobody_at_the_address_stops_the_import_with_every_row_accounted_for(tmp_path: Path) -> None:
    path = table(tmp_path, "rev_1,ibuprofen,,,otc,,,,,,", "rev_2,naproxen,,,otc,,,,,,")
    result = bring(path, "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert told(result)[:3] == ["2 rows in = 0 used + 2 rejected", "line 2: no_answer", "line 3: not_sent"]
    assert "does not answer: ConnectError" in result.output


def test_a_wrong_token_is_named_and_nothing_more_is_sent(address: str, tmp_path: Path) -> None:
    path = table(tmp_path, "rev_1,ibuprofen,,,otc,,,,,,", "rev_2,naproxen,,,otc,,,,,,")
    result = bring(path, address, "--token", "wrong")
    assert result.exit_code == 1
    assert told(result)[1:3] == ["line 2: unauthorized", "line 3: not_sent"]
    assert "401 unauthorized" in result.output


def test_an_author_is_required(tmp_path: Path) -> None:
    result = bring(table(tmp_path), "http://127.0.0.1:9", author=" ")
    assert result.exit_code == 2
    assert "--author" in result.output
