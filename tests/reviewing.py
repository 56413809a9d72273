"""Members, ports and an application for tests of the review service, written so that a test reads as an example.

`a_profile("A1").filling("furosemide 40 mg", every=30).diagnosed("I10")` is what eligibility would tell of a member.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from enrolled import FakePopulation, an_enrollment, answer_population
from mtm_review.domain.review import Review
from mtm_review.main import create_app, load_expertise
from mtm_review.settings import ReviewSettings
from mtm_review.storage.errors import ReviewChangedMeanwhile, ReviewNotFound
from mtm_review.usecases.ports import Expertise, MemberNotFound
from mtm_shared.contracts.common import Language, NotChecked, Sex
from mtm_shared.contracts.member import (
    Coverage,
    Diagnosis,
    Member,
    Prescriber,
    Profile,
    ProfileEnrollment,
    ProfileFill,
    Stay,
    StayKind,
)
from mtm_shared.web.factory import Surroundings

AS_OF = date(2026, 6, 30)
NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
DOCTOR, CARDIOLOGIST = "1234567893", "1245319599"
KEY = {"Authorization": "Bearer openmtm-development"}


@cache
def settings(database_url: str = "sqlite:///:memory:", policies: Path | None = None) -> ReviewSettings:
    """Development settings over this database, with the sponsors' policies of a folder."""
    environ = {"MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": database_url}
    environ |= {} if policies is None else {"MTM_POLICIES": str(policies)}
    return ReviewSettings.from_environment("review", environ)


def expertise(policies: Path | None = None) -> Expertise:
    """The knowledge, vocabulary and wording that the service ships."""
    return load_expertise(settings(policies=policies))


@dataclass(frozen=True)
class AProfile:
    """What eligibility tells of a member, built up step by step."""

    member_id: str
    born: date = date(1966, 3, 1)  # under 65, so that tests of a review see no precautions for older members
    sex: Sex = "female"
    language: Language = "en"
    fills: tuple[ProfileFill, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    prescribers: tuple[Prescriber, ...] = ()
    program_id: str | None = None
    gaps: tuple[NotChecked, ...] = ()
    died: date | None = None
    stays: tuple[Stay, ...] = ()

    def filling(
        self,
        drug_name: str | None = None,
        *,
        ndc: str | None = None,
        last: date = AS_OF - timedelta(days=10),
        every: int = 30,
        times: int = 4,
        npi: str = DOCTOR,
    ) -> AProfile:
        """Fills of one drug, the last of them on `last`."""
        number = len(self.fills)
        more = tuple(
            ProfileFill(
                claim_id=f"{self.member_id}-{number + place}",
                ndc=ndc,
                drug_name=drug_name,
                fill_date=last - timedelta(days=every * (times - 1 - place)),
                days_supply=every,
                quantity=Decimal(every),
                total_cost=Decimal("12.50"),
                coverage_status="C",
                prescriber_npi=npi,
            )
            for place in range(times)
        )
        return replace(self, fills=(*self.fills, *more))

    def diagnosed(self, *codes: str) -> AProfile:
        """Outpatient diagnoses, some months ago."""
        more = tuple(Diagnosis(icd10=code, service_date=date(2026, 2, 1), setting="outpatient") for code in codes)
        return replace(self, diagnoses=(*self.diagnoses, *more))

    def seeing(self, name: str, npi: str = DOCTOR) -> AProfile:
        """A prescriber whom the member's record names."""
        return replace(self, prescribers=(*self.prescribers, Prescriber(npi=npi, name=name)))

    def speaking(self, language: Language) -> AProfile:
        """The language of the member's letters."""
        return replace(self, language=language)

    def enrolled_in(self, program_id: str) -> AProfile:
        """Enrolled on the day."""
        return replace(self, program_id=program_id)

    def staying(self, kind: StayKind, since: date, until: date) -> AProfile:
        """A stay in a facility that supplies the drugs itself."""
        return replace(self, stays=(*self.stays, Stay.model_validate({"kind": kind, "from": since, "to": until})))

    def dying(self, on: date) -> AProfile:
        """Died on the day."""
        return replace(self, died=on)

    def told(self) -> Profile:
        """The profile on the wire."""
        enrollment = None
        if self.program_id is not None:
            enrollment = ProfileEnrollment(
                enrollment_id=f"enr-{self.member_id}",
                program_id=self.program_id,
                status="enrolled",
                enrolled_on=date(2026, 1, 1),
            )
        return Profile(
            member=Member(
                member_id=self.member_id,
                birth_date=self.born,
                sex=self.sex,
                language=self.language,
                prescribers=list(self.prescribers),
                death_date=self.died,
            ),
            coverage=[Coverage(contract_id="S1234", pbp_id="001", plan_type="PDP", effective_from=date(2025, 1, 1))],
            fills=list(self.fills),
            diagnoses=list(self.diagnoses),
            drug_management=[],
            stays=list(self.stays),
            enrollment=enrollment,
            not_checked=list(self.gaps),
            vocabulary_version="test",
            as_of=AS_OF,
        )


def a_profile(member_id: str = "A1") -> AProfile:
    """A woman of 76 with Part D coverage and nothing else."""
    return AProfile(member_id)


def two_pain_relievers(member_id: str = "A1") -> AProfile:
    """Two anti-inflammatory drugs at once in heart failure, from two prescribers: findings of both kinds."""
    return (
        a_profile(member_id)
        .filling("naproxen 500 mg")
        .filling("meloxicam 15 mg", npi=CARDIOLOGIST)
        .filling("lisinopril 10 mg")
        .diagnosed("I50.9", "I10")
        .seeing("Alma Ruiz, MD")
    )


MEMBERS = (
    two_pain_relievers("A1").enrolled_in("cms-2026"),
    a_profile("B2").filling("lisinopril 10 mg").speaking("es"),
    a_profile("C3").filling("furosemide 40 mg").filling("Lasix 40 mg").enrolled_in("cms-2026"),
)
"""The members whom the eligibility service of the tests knows."""


@dataclass
class FakeProfiles:
    """Eligibility as a dictionary; `failure` is raised instead of every answer while it is set."""

    known: Mapping[str, AProfile] = field(default_factory=dict)
    failure: Exception | None = None
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *profiles: AProfile) -> FakeProfiles:
        """Knows these members."""
        return cls({profile.member_id: profile for profile in profiles})

    async def profile(self, member_id: str, as_of: date) -> Profile:
        """The member, or what the port says is raised."""
        self.asked.append(member_id)
        if self.failure is not None:
            raise self.failure
        if member_id not in self.known:
            raise MemberNotFound
        return self.known[member_id].told()


@dataclass
class FakeReviews:
    """Kept reviews as a dictionary."""

    kept: dict[str, Review] = field(default_factory=dict)

    async def add(self, review: Review) -> None:
        """Keep a new review."""
        assert review.review_id not in self.kept
        self.kept[review.review_id] = review

    async def get(self, review_id: str) -> Review:
        """The review, or `ReviewNotFound`."""
        if review_id not in self.kept:
            raise ReviewNotFound
        return self.kept[review_id]

    async def for_change(self, review_id: str) -> Review:
        """The review, or `ReviewNotFound`."""
        return await self.get(review_id)

    async def save(self, review: Review) -> None:
        """Keep the next state, or `ReviewChangedMeanwhile`."""
        if self.kept[review.review_id].version != review.version - 1:
            raise ReviewChangedMeanwhile
        self.kept[review.review_id] = review


def telling(*profiles: AProfile, population: FakePopulation | None = None) -> httpx.AsyncBaseTransport:
    """An eligibility service that answers profiles of these members and 404 for others, and their enrolments."""
    known = {profile.member_id: profile for profile in profiles}
    enrolled = population or FakePopulation.of(an_enrollment(one.member_id) for one in profiles if one.program_id)

    async def answer(request: httpx.Request) -> httpx.Response:
        told = await answer_population(request, enrolled)
        if told is not None:
            return told
        member_id = request.url.path.split("/")[3]
        if member_id not in known:
            return httpx.Response(404, json={"code": "member_not_found"})
        return httpx.Response(200, content=known[member_id].told().model_dump_json(by_alias=True))

    return httpx.MockTransport(answer)


def review_service(
    database_url: str, eligibility: httpx.AsyncBaseTransport, now: datetime = NOW, policies: Path | None = None
) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """A client of a running review service on a migrated database; `client.app` is its application."""
    return _running(settings(database_url, policies), eligibility, now)


@asynccontextmanager
async def _running(known: ReviewSettings, eligibility: httpx.AsyncBaseTransport, now: datetime) -> Any:
    app = create_app(known, surroundings=Surroundings(clock=lambda: now), eligibility=eligibility)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://review.test", headers=KEY) as client,
    ):
        client.app = app  # type: ignore[attr-defined]
        yield client
