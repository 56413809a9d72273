"""Members, programmes and reviews that the documents' tests are told with."""

from datetime import date
from decimal import Decimal

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.domain.parties import Addressee, Channel, ChannelKind, Contact, Letterhead, Meeting, Purpose
from mtm_documents.forms.cmr_summary.value import (
    CmrSummary,
    ListedMedication,
    MedicationSource,
    Provider,
    TodoItem,
)
from mtm_documents.forms.enrollment_letter.value import (
    Comparison,
    CriterionKind,
    EnrollmentLetter,
    Qualification,
)
from mtm_documents.forms.opt_out_confirmation.value import OptOutConfirmation
from mtm_documents.forms.prescriber_report.value import PrescriberReport, Problem
from mtm_documents.forms.safe_disposal.value import SafeDisposal
from mtm_documents.forms.tmr_member_letter.value import TmrMemberLetter, Topic

LONG_NAME = "Maximiliana-Guadalupe Fernández de la Vega y Castañeda-Montgomery " * 3
LONG_WORD = "Wolfeschlegelsteinhausenbergerdorff" * 6
HOSTILE = '#import "@preview/evil:1.0" <script>alert(1)</script> $x$ *b* _i_ @ref \\ [x] {y} `raw` //c "q" & %'

SITES = (
    TakeBackSite(
        "Walnut Street Pharmacy", "1200 Walnut Street, Harrisburg, PA 17101", "1-717-555-0142", Decimal("0.8")
    ),
    TakeBackSite("Harrisburg Police Department", "123 Walnut Street, Harrisburg, PA 17101", "", Decimal("1")),
)
HOURS = (
    "Monday through Friday, 8:00 a.m. to 8:00 p.m. CT",
    "de lunes a viernes, de 8:00 a.m. a 8:00 p.m. hora del centro",
)
HEALTH_OPTIONS = Contact(
    plan_name="Health Options Program",
    administrator="Optum Rx",
    channels=(
        Channel(ChannelKind.PHONE, "1-866-352-5305", Purpose.ANY, "711", *HOURS),
        Channel(ChannelKind.MAIL, "Health Options Program, P.O. Box 1764, Lancaster, PA 17608", Purpose.OPT_OUT),
    ),
    caller_ids=("1-855-773-8254", "1-866-352-5305"),
    website="www.hopbenefits.com",
)
AETNA_HOURS = (
    "Monday through Friday, 8:00 a.m. to 6:00 p.m. CT",
    "de lunes a viernes, de 8:00 a.m. a 6:00 p.m. hora del centro",
)
AETNA = Contact(
    plan_name="Aetna Medicare",
    administrator="Outcomes MTM",
    channels=(Channel(ChannelKind.PHONE, "1-855-905-4689", Purpose.ANY, "711", *AETNA_HOURS),),
)
LETTERHEAD = Letterhead("Health Options Program", ("P.O. Box 1764", "Lancaster, PA 17608-1764", "www.hopbenefits.com"))
MARIA = Addressee("María Elena Castañeda", ("418 North Second Street, Apartment 12B", "Harrisburg, PA 17101-1204"))


def a_letter(**changes: object) -> EnrollmentLetter:
    """A Health Options member's letter."""
    facts: dict[str, object] = {
        "letterhead": LETTERHEAD,
        "contact": HEALTH_OPTIONS,
        "addressee": MARIA,
        "member_name": "María Elena Castañeda",
        "dated": date(2024, 4, 15),
        "enrolled_on": date(2024, 4, 1),
        "plan_year": 2024,
        "qualified_by": (
            Qualification(CriterionKind.CHRONIC_CONDITIONS, Decimal(3)),
            Qualification(CriterionKind.PART_D_DRUGS, Decimal(8), maintenance_only=True),
            Qualification(CriterionKind.ANNUAL_COST, Decimal("5330")),
        ),
        "cmr_methods": (Meeting.PHONE, Meeting.IN_PERSON),
        "schedule_by": date(2024, 5, 31),
        "uses_callback_pin": True,
        "take_back_sites": SITES,
    }
    return EnrollmentLetter(**(facts | changes))  # type: ignore[arg-type]


def an_aetna_letter(**changes: object) -> EnrollmentLetter:
    """An Aetna member's letter: one telephone, no PIN, no take-back sites known."""
    facts: dict[str, object] = {
        "letterhead": Letterhead("Aetna Medicare"),
        "contact": AETNA,
        "dated": date(2021, 2, 15),
        "enrolled_on": date(2021, 2, 1),
        "plan_year": 2021,
        "qualified_by": (
            Qualification(CriterionKind.CHRONIC_CONDITIONS, Decimal(3)),
            Qualification(CriterionKind.PART_D_DRUGS, Decimal(8), maintenance_only=True),
            Qualification(CriterionKind.ANNUAL_COST, Decimal("4376"), Comparison.MORE_THAN),
        ),
        "uses_callback_pin": False,
        "schedule_by": None,
        "take_back_sites": (),
    }
    return a_letter(**(facts | changes))


MEDICATIONS = (
    ListedMedication(
        "metformin 1,000 mg tablet", "Take 1 tablet by mouth twice a day with meals", "Diabetes", "Dr. Alan Whitfield"
    ),
    ListedMedication(
        "lisinopril-hydrochlorothiazide 20 mg-25 mg tablet",
        "Take 1 tablet by mouth every morning",
        "High blood pressure",
        "Dr. Alan Whitfield",
    ),
    ListedMedication(
        "atorvastatin (Lipitor) 40 mg tablet",
        "Take 1 tablet by mouth at bedtime",
        "High cholesterol",
        "Dr. Alan Whitfield",
    ),
    ListedMedication(
        "levothyroxine 75 mcg tablet",
        "Take 1 tablet by mouth every morning, 30 to 60 minutes before breakfast. Do not take it with calcium or iron.",
        "Low thyroid",
        "Dr. Priya Raghunathan",
    ),
    ListedMedication(
        "insulin glargine (Lantus SoloStar) 100 units/mL pen",
        "Inject 22 units under the skin once a day at bedtime",
        "Diabetes",
        "Dr. Priya Raghunathan",
    ),
    ListedMedication(
        "furosemide 40 mg tablet",
        "Take 1 tablet by mouth every morning. Weigh yourself each day.",
        "Heart failure: takes away extra fluid",
        "Dr. Samuel Okonkwo-Bernstein",
    ),
    ListedMedication(
        "carvedilol 12.5 mg tablet",
        "Take 1 tablet by mouth twice a day with food",
        "Heart failure",
        "Dr. Samuel Okonkwo-Bernstein",
    ),
    ListedMedication(
        "tiotropium (Spiriva HandiHaler) 18 mcg capsule for inhaler",
        "Breathe in 1 capsule with the inhaler once a day",
        "COPD: helps me breathe",
        "Dr. Lena Fitzgerald",
    ),
    ListedMedication(
        "albuterol HFA 90 mcg inhaler",
        "Breathe in 2 puffs every 4 to 6 hours only when needed",
        "Short of breath",
        "Dr. Lena Fitzgerald",
    ),
    ListedMedication("hydroxychloroquine 200 mg tablet", "", "", "Dr. Imani Brightwater-Castellanos"),
    ListedMedication(
        "vitamin D3 1,000 units softgel",
        "Take 1 softgel by mouth once a day",
        "Bone health",
        source=MedicationSource.SUPPLEMENT,
    ),
    ListedMedication(
        "ibuprofen 200 mg tablet",
        "Take 1 tablet by mouth when my knees hurt, no more than twice a week",
        "Knee pain",
        source=MedicationSource.OTC,
    ),
)

TODO = (
    TodoItem(
        "You take ibuprofen for knee pain. It can make heart failure worse and raise your blood pressure.",
        (
            "Stop taking ibuprofen.",
            "Ask Dr. Okonkwo-Bernstein if acetaminophen is safe for you.",
            "Tell us if the pain gets worse.",
        ),
    ),
    TodoItem(
        "You sometimes take levothyroxine with your calcium pill. Calcium can keep it from working.",
        ("Take levothyroxine on an empty stomach.", "Wait 4 hours before you take calcium."),
    ),
    TodoItem(
        "Low blood sugar at night",
        (
            "Check your blood sugar at bedtime.",
            "Keep juice or glucose tablets by your bed.",
            "Call Dr. Raghunathan if it is below 70 more than once a week.",
        ),
    ),
    TodoItem("You have had trouble with the inhaler.", ("Ask your pharmacist to show you how to use the HandiHaler.",)),
    TodoItem("You are due for a flu shot and a pneumonia shot.", ("Get both shots at your drugstore this month.",)),
)


def a_summary(**changes: object) -> CmrSummary:
    """A summary with twelve medications and five topics."""
    facts: dict[str, object] = {
        "letterhead": LETTERHEAD,
        "contact": HEALTH_OPTIONS,
        "addressee": MARIA,
        "member_name": "María Elena Castañeda",
        "birth_date": date(1948, 9, 3),
        "dated": date(2024, 5, 20),
        "reviewed_on": date(2024, 5, 13),
        "provider": Provider("Jordan Ellsworth, PharmD", "MTM pharmacist"),
        "todo_items": TODO,
        "medications": MEDICATIONS,
        "allergies": ("Penicillin: hives", "Sulfa drugs: rash"),
        "side_effects": ("Dry cough with lisinopril in 2019",),
        "other_information": (),
        "informant": "Rosa Castañeda (daughter)",
        "copies_to": ("Dr. Alan Whitfield",),
        "reference": "MTM-2024-001873",
    }
    return CmrSummary(**(facts | changes))  # type: ignore[arg-type]


def an_opt_out(**changes: object) -> OptOutConfirmation:
    """A member who left for the year."""
    facts: dict[str, object] = {
        "letterhead": LETTERHEAD,
        "contact": HEALTH_OPTIONS,
        "addressee": MARIA,
        "member_name": "María Elena Castañeda",
        "dated": date(2024, 6, 5),
        "asked_on": date(2024, 6, 3),
        "plan_year": 2024,
    }
    return OptOutConfirmation(**(facts | changes))  # type: ignore[arg-type]


def a_disposal_letter(**changes: object) -> SafeDisposal:
    """The yearly letter, with two sites near the member."""
    facts: dict[str, object] = {
        "letterhead": LETTERHEAD,
        "contact": HEALTH_OPTIONS,
        "addressee": MARIA,
        "member_name": "María Elena Castañeda",
        "dated": date(2024, 10, 1),
        "plan_year": 2024,
        "take_back_sites": SITES,
    }
    return SafeDisposal(**(facts | changes))  # type: ignore[arg-type]


def a_tmr_letter(**changes: object) -> TmrMemberLetter:
    """Two things to talk about with the doctor."""
    facts: dict[str, object] = {
        "letterhead": LETTERHEAD,
        "contact": HEALTH_OPTIONS,
        "addressee": MARIA,
        "member_name": "María Elena Castañeda",
        "dated": date(2024, 7, 8),
        "reviewed_on": date(2024, 7, 1),
        "topics": tuple(Topic(item.topic, item.actions) for item in TODO),
    }
    return TmrMemberLetter(**(facts | changes))  # type: ignore[arg-type]


def a_problem(**changes: object) -> Problem:
    """Naproxen in heart failure."""
    facts: dict[str, object] = {
        "category": "drug_disease",
        "severity": "major",
        "medications": ("naproxen 500 mg oral tablet",),
        "because": "Naproxen is taken by a patient with heart failure (I50.22 on claims since February 2, 2024).",
        "consequence": "It may make heart failure worse and lead to a hospital stay.",
        "suggestion": "Consider acetaminophen in place of naproxen.",
        "evidence": ("naproxen 500 mg: filled on 2024-06-10 for 30 days", "naproxen 500 mg: filled on 2024-05-11"),
        "source": "FDA label, Warnings: heart failure and edema (unverified)",
        "token": "Qm9vdHN0cmFwLXRva2Vu",
    }
    return Problem(**(facts | changes))  # type: ignore[arg-type]


def a_report(**changes: object) -> PrescriberReport:
    """One prescriber, two problems."""
    facts: dict[str, object] = {
        "letterhead": LETTERHEAD,
        "contact": HEALTH_OPTIONS,
        "dated": date(2024, 7, 8),
        "prescriber_name": "Alma Ruiz, MD",
        "prescriber_npi": "1234567893",
        "member_name": "María Elena Castañeda",
        "birth_date": date(1948, 2, 3),
        "reviewed_on": date(2024, 7, 1),
        "problems": (
            a_problem(),
            a_problem(category="duplicate_therapy", severity="moderate", suggestion="Stop one of the two.", source=""),
        ),
    }
    return PrescriberReport(**(facts | changes))  # type: ignore[arg-type]


def every_document() -> list[tuple[str, object]]:
    """One of each kind."""
    return [
        ("enrollment_letter", a_letter()),
        ("cmr_summary", a_summary(take_back_sites=SITES)),
        ("opt_out_confirmation", an_opt_out()),
        ("safe_disposal", a_disposal_letter()),
        ("tmr_member_letter", a_tmr_letter()),
        ("prescriber_report", a_report()),
    ]
