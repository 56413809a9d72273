"""The demo on the made-up plan: import, decide on everyone, enrol, write letters, review, summarise."""

from pathlib import Path

from mtm_shared.contracts.knowledge import Knowledge

from deploy.local.calls import Service, each
from deploy.local.deciding import WRITERS, determine, write_letters
from deploy.local.importing import import_files
from deploy.local.outcomes import Decisions, Outcomes
from deploy.local.processes import SERVICES, House
from deploy.local.reviewing import chosen, comprehensive_reviews, targeted_reviews
from deploy.local.sample.knowledge import DATA
from deploy.local.sample.plan import AS_OF
from deploy.local.sample.writing import WrittenPlan, write_plan
from deploy.local.steps import Steps

PROGRAM = "cms-2026"
TAKE_BACK_SITES = DATA / "take_back_sites.csv"


async def run_on_sample(house: House, steps: Steps, *, count: int, seed: int) -> Outcomes:
    """Everything from an empty database to written summaries."""
    with steps.step("make up a plan"):
        plan = write_plan(house.folder / "sample", count=count, seed=seed, beside=house.folder / "planted")
    await start_house(house, steps, take_back_sites=TAKE_BACK_SITES)
    outcomes = Outcomes(
        title="A plan's quarter in OpenMTM",
        subtitle=f"{count:,} fictional members, contract year 2026, programme {PROGRAM}, as of {AS_OF:%d %B %Y}",
        fictional=True,
        languages=plan.languages,
        drug_events=plan.fills,
    )
    async with (
        Service("eligibility", house.url("eligibility")) as eligibility,
        Service("review", house.url("review")) as review,
        Service("documents", house.url("documents")) as documents,
    ):
        await _decide(house, (eligibility, documents), plan, outcomes, steps)
        await review_enrolled((review, documents), outcomes.decisions[0], outcomes, house.folder, steps)
        outcomes.rule_titles = await rule_titles(review)
        outcomes.versions = {one.name: await one.get("/readyz") for one in (eligibility, review, documents)}
    return outcomes


async def rule_titles(review: Service) -> dict[str, str]:
    """What the review service calls its rules."""
    knowledge = Knowledge.model_validate(await review.get("/v1/knowledge"))
    return {rule.rule_id: rule.title for rule in knowledge.rules}


async def start_house(house: House, steps: Steps, *, take_back_sites: Path | None = None) -> None:
    """Databases, services, workers. Letters name places near the member only if a table of them is loaded."""
    with steps.step("make three databases", len(SERVICES)):
        await house.migrate()
        if take_back_sites is not None:
            await house.run("documents", "import", str(take_back_sites))
    with steps.step("start services and workers", len(SERVICES)):
        house.start()
        await house.wait_until_ready()


async def _decide(
    house: House, services: tuple[Service, Service], plan: WrittenPlan, outcomes: Outcomes, steps: Steps
) -> None:
    eligibility, documents = services
    outcomes.imports = await import_files(house, eligibility, plan.files, steps)
    decisions = await determine(eligibility, list(plan.languages), PROGRAM, AS_OF, steps, enroll=True)
    outcomes.decisions = [decisions]
    await _name_prescribers(eligibility, decisions, plan, steps)
    outcomes.letters = await write_letters(documents, decisions, plan.languages, house.folder, steps)


async def _name_prescribers(eligibility: Service, decisions: Decisions, plan: WrittenPlan, steps: Steps) -> None:
    """A plan knows its prescribers by name; CSV files cannot carry them, so the enrolled are completed one by one."""
    enrolled = [one.member_id for one in decisions.determinations if one.enrollment_id is not None]
    nameless = [member_id for member_id in enrolled if member_id in plan.from_tables]

    async def one(member_id: str) -> None:
        await eligibility.put(f"/v1/members/{member_id}", plan.from_tables[member_id])

    with steps.step("name prescribers", len(nameless)) as step:
        await each(nameless, one, at_once=WRITERS, done=step.advance)


async def review_enrolled(
    services: tuple[Service, Service], decisions: Decisions, outcomes: Outcomes, folder: Path, steps: Steps
) -> None:
    """A comprehensive review for those who come first, a targeted one for the other enrolled."""
    review, documents = services
    first = [one.member_id for one in chosen(decisions, outcomes.languages)]
    others = [one.member_id for one in decisions.determinations if one.enrollment_id and one.member_id not in first]
    outcomes.reviews = await targeted_reviews(review, others, decisions.as_of, steps)
    done, outcomes.summaries = await comprehensive_reviews(
        (review, documents), first, outcomes.languages, decisions.as_of, folder, steps
    )
    outcomes.reviews = [*done, *outcomes.reviews]
