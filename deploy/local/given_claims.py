"""The demo on given claims: import, account for every row, decide under two programmes, write what is due.

`aetna-2021` as of 2021-05-31 is what the plan would have decided; `cms-2026` as of 2020-12-31 is a what-if, because
programme year and claims year differ, and every such determination says so.
"""

from collections import Counter
from datetime import date
from pathlib import Path

from mtm_shared.contracts.member import Profile
from mtm_shared.contracts.review import Review

from deploy.local.calls import CallRefused, Service, each
from deploy.local.claims_folder import read_folder
from deploy.local.deciding import AT_ONCE, NOT_FOUND, determine, write_letters
from deploy.local.importing import import_files
from deploy.local.outcomes import Outcomes
from deploy.local.processes import House
from deploy.local.reviewing import targeted_reviews
from deploy.local.sample_plan import review_enrolled, rule_titles, start_house
from deploy.local.steps import Steps

DECIDED = ("aetna-2021", date(2021, 5, 31))
WHAT_IF = ("cms-2026", date(2020, 12, 31))
ASSESSED = 200
AFTER_EVERYTHING = date(2026, 12, 31)


async def run_on_claims(house: House, folder: Path, steps: Steps) -> Outcomes:
    """Everything from an empty database to documents for whoever qualifies."""
    with steps.step("look at the files"):
        claims = read_folder(folder)
    await start_house(house, steps)
    people = len(claims.members_with_fills)
    outcomes = Outcomes(
        title="Given claims in OpenMTM",
        subtitle=f"{len(claims.files)} files of {folder.name}, {people} people with drug events",
        fictional=False,
        skipped_files=list(claims.skipped),
    )
    async with (
        Service("eligibility", house.url("eligibility")) as eligibility,
        Service("review", house.url("review")) as review,
        Service("documents", house.url("documents")) as documents,
    ):
        outcomes.imports = await import_files(house, eligibility, claims.files, steps, go_on=True)
        outcomes.events = await _account(eligibility, claims.members_with_fills, steps)
        for (program, as_of), enroll in ((DECIDED, True), (WHAT_IF, False)):
            outcomes.decisions.append(
                await determine(eligibility, claims.members_with_fills, program, as_of, steps, enroll=enroll)
            )
        outcomes.letters = await write_letters(documents, outcomes.decisions[0], {}, house.folder, steps)
        await review_enrolled((review, documents), outcomes.decisions[0], outcomes, house.folder, steps)
        outcomes.reviews += await _assess(review, outcomes, steps)
        outcomes.rule_titles = await rule_titles(review)
        outcomes.versions = {one.name: await one.get("/readyz") for one in (eligibility, review, documents)}
    return outcomes


async def _assess(review: Service, outcomes: Outcomes, steps: Steps) -> list[Review]:
    """Those who take medicines and are not enrolled are assessed too (Social Security Act 1860D-4(c)(2)(D))."""
    decided = outcomes.decisions[0]
    others = [one.member_id for one in decided.determinations if one.enrollment_id is None]
    return await targeted_reviews(review, others[:ASSESSED], decided.as_of, steps)


async def _account(eligibility: Service, members: tuple[str, ...], steps: Steps) -> dict[str, int]:
    """What became of the netted drug events of everyone: understood, or not, by code."""

    async def one(member_id: str) -> Counter[str]:
        try:
            answer = await eligibility.get(f"/v1/members/{member_id}/profile", as_of=AFTER_EVERYTHING.isoformat())
        except CallRefused as refused:
            if refused.status == NOT_FOUND:
                return Counter()
            raise
        profile = Profile.model_validate(answer)
        codes = {item.value: item.code for item in profile.not_checked}
        return Counter(
            "understood" if fill.drug else codes.get(fill.ndc or fill.rxcui or fill.drug_name or "", "not_understood")
            for fill in profile.fills
        )

    with steps.step("account for every drug event", len(members)) as step:
        counted = await each(members, one, at_once=AT_ONCE, done=step.advance)
    return dict(sorted(sum(counted, Counter[str]()).items()))
