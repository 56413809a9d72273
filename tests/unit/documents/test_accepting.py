"""A caller gets the shape that it likes best, and PDF where it does not say."""

import pytest
from mtm_documents.api.accepting import preferred


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (None, "pdf"),
        ("", "pdf"),
        ("*/*", "pdf"),
        ("application/json", "pdf"),
        ("text/html", "html"),
        ("TEXT/HTML; charset=utf-8", "html"),
        ("text/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/html, application/pdf", "html"),
        ("application/pdf, text/html", "pdf"),
        ("text/html;q=0.1, application/pdf", "pdf"),
        ("application/pdf;q=0.1, text/html;q=0.2", "html"),
        ("text/html;q=0, */*", "pdf"),
        ("application/pdf;q=0, */*;q=0.1", "html"),
        ("text/html;q=0", "pdf"),
        ("text/html;q=much,,;;", "html"),
        ("text/html;q=nan", "html"),
    ],
)
def test_the_target_liked_best_is_given(accept: str | None, target: str) -> None:
    assert preferred(accept) == target
