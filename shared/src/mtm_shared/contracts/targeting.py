"""Runs over the members: quarterly targeting (42 CFR 423.153(d)(1)(vi)) and the sweep for who has left."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from mtm_shared.contracts.common import Answer, Day, Identifier, Request, example

RunStateName = Literal["queued", "running", "done", "failed"]


class PopulationSource(Request):
    """Which members: those that are stored. Files and warehouses are not offered yet."""

    kind: Literal["stored", "parquet", "warehouse"] = "stored"


class TargetingRunRequest(Request):
    """`POST /v1/targeting-runs`: determine every member, and enrol the newly targeted (opt-out only).

    `carry_over_from` names last year's programme: who was enrolled in it at its end is enrolled in this one as well,
    whether or not this year's criteria are met yet.
    """

    model_config = example(program_id="cms-2026", as_of="2026-03-31", source={"kind": "stored"})

    program_id: Identifier
    as_of: Day
    source: PopulationSource = PopulationSource()
    carry_over_from: Identifier | None = None


class TargetingCounts(Answer):
    """Members = determined + not_covered + failed; determined = eligible + not_eligible + cannot_tell.

    `already_enrolled`, `enrolled`, `carried_over` and `opted_out` say what became of those who were determined; the
    first and third whether or not they met the criteria.
    """

    members: int = 0
    determined: int = 0
    eligible: int = 0
    not_eligible: int = 0
    cannot_tell: int = 0
    enrolled: int = 0
    already_enrolled: int = 0
    carried_over: int = 0
    opted_out: int = 0
    not_covered: int = 0
    failed: int = 0


class TargetingRunStatus(Answer):
    """A run as it stands."""

    run_id: str
    program_id: str
    as_of: date
    carry_over_from: str | None = None
    state: RunStateName
    progress: float = Field(ge=0, le=1)
    counts: TargetingCounts
    created_at: datetime
    finished_at: datetime | None = None


class RunVersions(Answer):
    """The versions that decided on members of a run; more than one when it was upgraded while it went on."""

    rules_fingerprint: str
    vocabulary_version: str
    service_version: str


class TargetingManifest(Answer):
    """What a finished run stands on: the same members and versions give the same `sha256` of its determinations.

    `sha256` is a chain: SHA-256 of the one before, a newline and the determination as JSON without the ids of the
    determination and the enrolment, in the order of members, beginning with nothing. Empty when nobody was determined.
    """

    run_id: str
    program_id: str
    as_of: date
    carry_over_from: str | None = None
    counts: TargetingCounts
    versions: list[RunVersions]
    sha256: str


class TargetingLeftOut(Answer):
    """A member of whom a run decided nothing, and why."""

    member_id: str
    code: Literal["not_covered", "failed"]


class SweepRequest(Request):
    """`POST /v1/enrollment-sweeps`: who has died or left the contract by this day is disenrolled."""

    model_config = example(as_of="2026-03-31")

    as_of: Day


class SweepCounts(Answer):
    """Enrolments = kept + died + left."""

    enrollments: int = 0
    kept: int = 0
    died: int = 0
    left: int = 0
    due_told: int = 0


class SweepStatus(Answer):
    """A sweep as it stands."""

    run_id: str
    as_of: date
    state: RunStateName
    counts: SweepCounts
    created_at: datetime
    finished_at: datetime | None = None
