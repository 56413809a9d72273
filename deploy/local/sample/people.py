"""Who the members and prescribers are: fictional, with identifiers that have the right form."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.local.sample.knowledge import names, places

MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
MBI_FORM = "CAXNAXNAANN"
SPANISH_SPEAKING = 0.12
LOW_INCOME = 0.22
MEDICARE_ADVANTAGE = 0.62


@dataclass(frozen=True, slots=True)
class Prescriber:
    """A fictional prescriber; `npi` has a valid check digit."""

    npi: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Person:
    """A fictional member with coverage."""

    member_id: str
    mbi: str
    first_name: str
    middle_initial: str
    last_name: str
    birth_date: date
    sex: str
    language: str
    address: str
    place: tuple[str, str, str]
    phone: str
    plan_type: str
    covered_from: date
    low_income: bool


def npi(random: Random) -> str:
    """Ten digits, the last the check digit as if 80840 stood in front."""
    body = "1" + "".join(str(random.randrange(10)) for _ in range(8))
    total = 24  # what the prefix 80840 adds to the sum
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def mbi(random: Random) -> str:
    """Eleven positions in CMS's form: C 1-9, A letter, N digit, X either; letters without S, L, O, I, B and Z."""
    kinds = {"C": "123456789", "A": MBI_LETTERS, "N": "0123456789", "X": MBI_LETTERS + "0123456789"}
    return "".join(random.choice(kinds[kind]) for kind in MBI_FORM)


def phone(random: Random) -> str:
    """A number of the range that is kept free for fiction."""
    return f"({random.choice((206, 312, 480, 614, 713))}) 555-01{random.randrange(100):02d}"


def prescribers(seed: int, count: int = 60) -> tuple[Prescriber, ...]:
    """The prescribers of the plan's area."""
    random = Random(f"{seed}:prescribers")  # noqa: S311 - nothing here is a secret
    found = []
    for _ in range(count):
        language = "es" if random.random() < 0.25 else "en"
        first = random.choice(names()[random.choice(("female", "male")), language])
        last = random.choice(names()["last", language])
        found.append(Prescriber(npi(random), f"Dr. {first} {last}", phone(random)))
    return tuple(found)


def _birth_date(random: Random, as_of: date) -> date:
    # About one member in seven is under 65 and entitled by disability; the rest thin out towards 95.
    age = random.randint(35, 64) if random.random() < 0.13 else 65 + int(random.triangular(0, 30, 5))
    return as_of - timedelta(days=age * 365 + age // 4 + random.randrange(365))


def _covered_from(random: Random, as_of: date) -> date:
    chance = random.random()
    if chance < 0.015:
        return as_of - timedelta(days=random.randint(5, 24))  # too short to project a year from
    if chance < 0.06:
        return date(as_of.year, random.choice((3, 4, 5)), 1)
    return date(as_of.year - 1, 1, 1)


def person(number: int, random: Random, as_of: date) -> Person:
    """The member with this number."""
    language = "es" if random.random() < SPANISH_SPEAKING else "en"
    sex = "female" if random.random() < 0.55 else "male"
    return Person(
        member_id=f"M{number:06d}",
        mbi=mbi(random),
        first_name=random.choice(names()[sex, language]),
        middle_initial=random.choice("ABCDEFGHJKLMNPRST"),
        last_name=random.choice(names()["last", language]),
        birth_date=_birth_date(random, as_of),
        sex=sex,
        language=language,
        address=f"{random.randint(10, 989)} {random.choice(('Orchard', 'Willow', 'Harbor', 'Mill', 'Garden'))} "
        f"{random.choice(('Street', 'Avenue', 'Lane', 'Road'))}",
        place=random.choice(places()),
        phone=phone(random),
        plan_type="MA-PD" if random.random() < MEDICARE_ADVANTAGE else "PDP",
        covered_from=_covered_from(random, as_of),
        low_income=random.random() < LOW_INCOME,
    )
