"""The days covered on the wire: `adherence` of a screening, with a finding and without."""

from pathlib import Path

from reviewing import review_service, telling


async def test_a_screening_tells_the_days_covered_of_every_class(tmp_path: Path) -> None:
    body = {
        "as_of": "2026-06-30",
        "member": {"birth_date": "1950-03-15", "sex": "female"},
        "medications": [
            {
                "name": "atorvastatin 20 MG Oral Tablet",
                "source": "claim",
                "fills": [{"fill_date": f"2026-0{month}-05", "days_supply": 30} for month in range(1, 7)],
            }
        ],
    }
    async with review_service(f"sqlite+aiosqlite:///{tmp_path}/review.db", telling()) as client:
        answer = (await client.post("/v1/screenings", json=body)).json()
    assert answer["adherence"] == [
        {
            "measure": "statins", "name": "statins", "pdc": "99.4", "days_covered": 176, "days": 177, "fills": 6,
            "from": "2026-01-05", "to": "2026-06-30", "may_miss": 71,
        }
    ]  # fmt: skip
