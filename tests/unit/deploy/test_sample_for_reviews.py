"""Reported medications find the review of their member, and those without one are counted."""

import csv
from pathlib import Path

import httpx
import pytest

from deploy.local.sample import for_reviews
from deploy.local.sample.run import Order, write_sample

PAGES = {
    None: {"items": [{"member_id": "M000001", "review_id": "R-1"}], "next_cursor": "more"},
    "more": {"items": [{"member_id": "M000005", "review_id": "R-5"}], "next_cursor": None},
}


def answer(request: httpx.Request) -> httpx.Response:
    assert request.url.params["status"] == "in_progress"
    return httpx.Response(200, json=PAGES[request.url.params.get("cursor")])


def test_all_pages_of_reviews_are_read() -> None:
    with httpx.Client(base_url="http://review", transport=httpx.MockTransport(answer)) as client:
        assert for_reviews.reviews_in_progress(client) == {"M000001": "R-1", "M000005": "R-5"}


def test_rows_carry_the_review_of_their_member(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    write_sample(Order(tmp_path / "plan", 50, 2026, "csv"), progress=False)
    _, *rows = csv.reader((tmp_path / "plan" / "reported-00000.csv").read_text(encoding="utf-8").splitlines())
    first = rows[0][0]
    kept = list(for_reviews.with_reviews(rows, {first: "R-1"}))
    assert len(kept) == sum(row[0] == first for row in rows) < len(rows)
    assert {row[0] for row in kept} == {"R-1"}


def test_another_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert for_reviews.main([str(tmp_path / "other.csv"), str(tmp_path / "out.csv")]) == 2
    assert "no file of reported medications" in capsys.readouterr().err
