"""One member's summary, as the document benchmark writes it: twelve medications, five topics."""

from datetime import date

from mtm_documents.domain.parties import Addressee, Channel, ChannelKind, Contact, Letterhead
from mtm_documents.forms.cmr_summary.value import CmrSummary, ListedMedication, Provider, TodoItem

_NAMES = (
    "metformin 500 mg tablet", "lisinopril 20 mg tablet", "atorvastatin 40 mg tablet", "amlodipine 5 mg tablet",
    "apixaban 5 mg tablet", "sertraline 50 mg tablet", "gabapentin 300 mg capsule", "omeprazole 20 mg capsule",
    "tiotropium 18 mcg inhalation capsule", "albuterol 90 mcg inhaler", "alendronate 70 mg tablet",
    "vitamin D3 1000 IU",
)  # fmt: skip


def summary(number: int) -> CmrSummary:
    """The summary of member `number`: each one differs, so that nothing can be cached."""
    contact = Contact(
        plan_name="Example Health Plan",
        administrator="Example Pharmacy Services",
        channels=(Channel(ChannelKind.PHONE, "1-800-555-0100", tty="711", hours="weekdays, 8 a.m. to 6 p.m."),),
    )
    return CmrSummary(
        letterhead=Letterhead("Example Health Plan", ("100 Main Street", "Springfield, IL 62701")),
        contact=contact,
        addressee=Addressee(f"Maria Fictional {number}", ("12 Elm Street", "Springfield, IL 62701")),
        member_name=f"Maria Fictional {number}",
        birth_date=date(1948, 2, 3),
        dated=date(2026, 7, 6),
        reviewed_on=date(2026, 7, 1),
        provider=Provider("Alex Sample, PharmD", "Clinical pharmacist"),
        todo_items=tuple(
            TodoItem(
                f"Your medicine for pain and your blood pressure, part {part}",
                ("Ask your doctor whether acetaminophen is safer for you.", "Write down your blood pressure each day."),
            )
            for part in range(5)
        ),
        medications=tuple(
            ListedMedication(name, "Take 1 by mouth once a day with food", "For your heart and blood", "Dr. Pat Doe")
            for name in _NAMES
        ),
        allergies=("Penicillin: rash",),
        take_back_sites=(),
    )
