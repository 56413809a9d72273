"""Rows that are wrong in ways that real files are: each should come back with a code, and none should stop the rest."""

from typing import Any

Row = dict[str, Any]

BAD_RECORDS = (
    '{"member": {"member_id": "X000001", "birth_date": "1950-01-01"',
    '{"member": {"member_id": "X000002", "birth_date": "1950-02-30"}, "coverage": {"contract_id": "H1234", '
    '"pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2026-01-01"}}',
    '{"member": {"member_id": "X000003", "birth_date": "1944-05-06", "shoe_size": 9}, "coverage": '
    '{"contract_id": "H1234", "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2026-01-01"}}',
    '{"member": {"member_id": "X000004", "birth_date": "1944-05-06"}, "coverage": {"contract_id": "H1234", '
    '"pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2026-05-01", "effective_to": "2026-04-01"}}',
)

BAD_MEMBERS: tuple[Row, ...] = (
    {
        "member_id": "X000005",
        "first_name": "Impossible",
        "last_name": "Birthday",
        "birth_date": "1948-13-01",
        "sex": "female",
        "language": "en",
        "contract_id": "H1234",
        "pbp_id": "001",
        "plan_type": "MA-PD",
        "effective_from": "2026-01-01",
    },
    {
        "member_id": "X000006",
        "first_name": "Unknown",
        "last_name": "Plantype",
        "birth_date": "1948-03-01",
        "sex": "male",
        "language": "en",
        "contract_id": "H1234",
        "pbp_id": "001",
        "plan_type": "HMO",
        "effective_from": "2026-01-01",
    },
)


def bad_fills(rows: list[Row]) -> list[Row]:
    """Fills spoilt one field at a time, under claim numbers of their own."""
    if not rows:
        return []
    spoilt: tuple[Row, ...] = (
        {"ndc": "99999999999"},
        {"ndc": "1234567890"},
        {"fill_date": "2026-02-30"},
        {"days_supply": "-30"},
        {"ingredient_cost": "twelve"},
        {"coverage_status": "X"},
        {"member_id": "X999999"},
    )
    return [_spoil(rows, number, change, "F") for number, change in enumerate(spoilt, 1)]


def bad_diagnoses(rows: list[Row]) -> list[Row]:
    """Diagnoses with an ICD-9-CM code, an impossible day, an unknown setting and an unknown member."""
    if not rows:
        return []
    spoilt: tuple[Row, ...] = (
        {"icd10": "250.00"},
        {"service_date": "2026-04-31"},
        {"setting": "kitchen"},
        {"member_id": "X999999"},
    )
    return [_spoil(rows, number, change, "D") for number, change in enumerate(spoilt, 1)]


def _spoil(rows: list[Row], number: int, change: Row, kind: str) -> Row:
    spoilt = rows[(number * 37) % len(rows)] | {"claim_id": f"BAD-{kind}{number}"} | change
    return spoilt | {"adjustment": ""} if "adjustment" in spoilt else spoilt
