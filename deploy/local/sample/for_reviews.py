"""`python -m deploy.local.sample.for_reviews reported-00000.csv OUT.csv`: reported medications for open reviews.

The sample cannot know the ids of reviews: its `reported` files name the member instead. This puts the member's review
in progress in its place, so that `mtm-review import` takes the file. Rows of members without one are left out, and
counted: in = written + left out.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import httpx
from mtm_shared.web.calling import calling

from deploy.local.sample.formats.texts import REPORTED_COLUMNS

_PAGE = 500


def reviews_in_progress(client: httpx.Client) -> dict[str, str]:
    """The review in progress of each member; the last one read where there are several."""
    found: dict[str, str] = {}
    query: dict[str, str | int] = {"status": "in_progress", "limit": _PAGE}
    while True:
        page = client.get("/v1/reviews", params=query).raise_for_status().json()
        found.update({item["member_id"]: item["review_id"] for item in page["items"]})
        if not page.get("next_cursor"):
            return found
        query["cursor"] = page["next_cursor"]


def with_reviews(rows: Iterable[Sequence[str]], reviews: Mapping[str, str]) -> Iterator[list[str]]:
    """The rows of members who have a review, with its id in the place of the member's."""
    for member_id, *rest in rows:
        if member_id in reviews:
            yield [reviews[member_id], *rest]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.sample.for_reviews", description=__doc__)
    parser.add_argument("reported", type=Path, help="a reported-*.csv of the sample")
    parser.add_argument("out", type=Path, help="the file to write, for mtm-review import")
    parser.add_argument("--url", default="http://127.0.0.1:8002", help="the review service (default: %(default)s)")
    parser.add_argument("--token", help="access token (development key if none)")
    given = parser.parse_args(arguments)
    with given.reported.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    if tuple(header) != REPORTED_COLUMNS:
        print(f"{given.reported} is no file of reported medications.", file=sys.stderr)
        return 2
    with calling(given.url, given.token) as client:
        written = list(with_reviews(rows, reviews_in_progress(client)))
    with given.out.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *written])
    print(f"{len(rows)} rows in = {len(written)} written + {len(rows) - len(written)} without an open review")
    return 0


if __name__ == "__main__":
    sys.exit(main())
