"""Who the members and prescribers are: fictional, with identifiers that have the right form."""

from dataclasses import dataclass
from functools import cache

from deploy.local.sample.calendars import LAST
from deploy.local.sample.chance import Draw, Weighted, between, one_of, stream
from deploy.local.sample.knowledge import names, rates, rows
from deploy.local.sample.prevalence import AGES

MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
_MBI = tuple(
    {"C": "123456789", "A": MBI_LETTERS, "N": "0123456789", "X": MBI_LETTERS + "0123456789"}[kind]
    for kind in "CAXNAXNAANN"
)
_AREA_CODES = (206, 312, 480, 614, 713)
_STREETS = ("Orchard", "Willow", "Harbor", "Mill", "Garden", "Linden", "Heron", "Quarry", "Meadow", "Lantern")
_WAYS = ("Street", "Avenue", "Lane", "Road", "Court", "Drive")
_INITIALS = "ABCDEFGHJKLMNPRST"
OTHER_LANGUAGES = ("zh", "vi", "tl", "ko", "ru", "ht")
PRESCRIBERS_A_PLACE = 60
PHARMACIES_A_PLACE = 12
MAIL_ORDER = 4
_SPANS = ((35, 64), (65, 74), (75, 84), (85, 99))


@dataclass(frozen=True, slots=True)
class Prescriber:
    """A fictional prescriber; `npi` has a valid check digit."""

    npi: str
    name: str
    phone: str


@dataclass(slots=True)
class Person:
    """A fictional member. Days are ordinals; `language` is that of letters, `spoken` that of the home."""

    member_id: str
    mbi: str
    first_name: str
    middle_initial: str
    last_name: str
    birth: int
    age: int
    sex: int
    language: str
    spoken: str
    address: str
    place: int
    phone: str
    low_income: bool
    residence: str
    prescribers: tuple[int, int, int]
    pharmacies: tuple[int, int]
    mail_order: int
    death: int = 0


def npi(draw: Draw) -> str:
    """Ten digits, the last the check digit as if 80840 stood in front."""
    number = int(draw() * 100_000_000)
    body = f"1{number:08d}"
    total = 24  # what the prefix 80840 adds to the sum
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def mbi(draw: Draw) -> str:
    """Eleven positions in CMS's form: C 1-9, A letter, N digit, X either; letters without S, L, O, I, B and Z."""
    return "".join([letters[int(draw() * len(letters))] for letters in _MBI])


def phone(draw: Draw) -> str:
    """A number of the range that is kept free for fiction."""
    return f"({one_of(_AREA_CODES, draw)}) 555-01{int(draw() * 100):02d}"


@cache
def places() -> tuple[tuple[str, str, str], ...]:
    """Made-up places in real states as (city, state, ZIP code)."""
    return tuple((row["city"], row["state"], row["zip_code"]) for row in rows("places"))


@cache
def _place_chances() -> tuple[Weighted[int], tuple[float, ...]]:
    """Where members live, and the share of Spanish speakers of each place."""
    told = list(rows("places"))
    return Weighted((place, float(row["weight"])) for place, row in enumerate(told)), tuple(
        float(row["spanish"]) for row in told
    )


@cache
def prescribers(seed: int) -> tuple[Prescriber, ...]:
    """The prescribers of all places, those of a place together; they do not depend on the size of the plan."""
    draw = stream(seed, 0)
    found: list[Prescriber] = []
    for place in range(len(places())):
        spanish = _place_chances()[1][place]
        for _ in range(PRESCRIBERS_A_PLACE):
            language = "es" if draw() < spanish else "en"
            first = one_of(names()["female" if draw() < 0.5 else "male", language], draw)
            found.append(Prescriber(npi(draw), f"Dr. {first} {one_of(names()['last', language], draw)}", phone(draw)))
    return tuple(found)


@cache
def pharmacies(seed: int) -> tuple[str, ...]:
    """NPIs of the pharmacies of all places, then those that send by mail."""
    draw = stream(seed, -1)
    return tuple(npi(draw) for _ in range(len(places()) * PHARMACIES_A_PLACE + MAIL_ORDER))


def person(number: int, draw: Draw) -> Person:
    """The member with this number."""
    known = rates()
    band = _band(draw, known)
    sex = 0 if draw() < known[f"women_{AGES[band]}"] else 1
    place = _place_chances()[0].pick(draw)
    spoken = _spoken(place, draw, known["other_language"])
    low, high = _SPANS[band]
    age = low + int((high - low + 1) * _within(band, draw))
    kind = "female" if sex == 0 else "male"
    doctor, pharmacy = place * PRESCRIBERS_A_PLACE, place * PHARMACIES_A_PLACE
    home = pharmacy + int(draw() * PHARMACIES_A_PLACE)
    return Person(
        f"M{number:06d}",
        mbi(draw),
        one_of(names()[kind, spoken], draw),
        one_of(_INITIALS, draw),
        one_of(names()["last", spoken], draw),
        LAST - int((age + draw()) * 365.24) - 1,
        band,
        sex,
        "es" if spoken == "es" else "en",
        spoken,
        f"{between(10, 989, draw)} {one_of(_STREETS, draw)} {one_of(_WAYS, draw)}",
        place,
        phone(draw),
        draw() < known["low_income_under_65" if band == 0 else "low_income"],
        _residence(band, draw, known),
        _doctors(doctor, draw),
        (home, pharmacy + int(draw() * PHARMACIES_A_PLACE) if draw() < known["second_pharmacy"] else home),
        len(places()) * PHARMACIES_A_PLACE + int(draw() * MAIL_ORDER) if draw() < known["mail_order"] else -1,
    )


def _doctors(first: int, draw: Draw) -> tuple[int, int, int]:
    """Three different prescribers of the place."""
    one = int(draw() * PRESCRIBERS_A_PLACE)
    step = 1 + int(draw() * (PRESCRIBERS_A_PLACE // 2 - 1))
    return first + one, first + (one + step) % PRESCRIBERS_A_PLACE, first + (one + 2 * step) % PRESCRIBERS_A_PLACE


def _within(band: int, draw: Draw) -> float:
    """How far into the band: most of those under 65 are near it, and the oldest are few."""
    chance = draw()
    return 1 - chance * chance if band == 0 else chance * chance if band == 3 else chance


def _band(draw: Draw, known: dict[str, float]) -> int:
    chance = draw()
    for band, share in enumerate((known["under_65"], known["age_65"], known["age_75"])):
        if chance < share:
            return band
        chance -= share
    return 3


def _spoken(place: int, draw: Draw, other: float) -> str:
    chance = draw()
    spanish = _place_chances()[1][place]
    if chance < spanish:
        return "es"
    return one_of(OTHER_LANGUAGES, draw) if chance < min(spanish + other, 1.0) else "en"


def _residence(band: int, draw: Draw, known: dict[str, float]) -> str:
    """Patient residence code (NCPDP): 03 nursing facility, 04 assisted living, 01 home."""
    chance = draw()
    nursing = known["nursing_home_85"] if band == 3 else known["nursing_home"] if band else known["nursing_home"] / 2
    if chance < nursing:
        return "03"
    return "04" if band >= 2 and chance < nursing + known["assisted_living"] else "01"
