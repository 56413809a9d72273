"""CCW research identifiable files: beneficiaries by year, Part D events and medical claims, with pipes between fields.

Files hold final actions: a reversed event is deleted by a later row (DML_IND DELETE), one that was priced again comes
as an update with the adjustment code. Languages, addresses' streets, drug management and open hospice stays have no
column; coverage is by month. What the files cannot say is left out, not bent.
"""

from calendar import monthrange
from datetime import date
from pathlib import Path

from deploy.local.sample.calendars import AS_OF, CLAIMS_FROM, rif
from deploy.local.sample.fills import Fill
from deploy.local.sample.formats.lines import Lines, Written, money
from deploy.local.sample.formats.texts import Beside, closed
from deploy.local.sample.member import Member
from deploy.local.sample.mistakes import NOBODY, TEN_DIGITS, UNLISTED_NDC, Mistake
from deploy.local.sample.people import pharmacies, places, prescribers

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
YEARS = tuple(range(CLAIMS_FROM.year, AS_OF.year + 1))
_BENEFICIARY = (
    "DML_IND", "BENE_ID", "MBI_NUM", "BENE_GVN_NAME", "BENE_MDL_NAME", "BENE_SRNM_NAME", "BENE_ZIP_CD",
    "BENE_BIRTH_DT", "DEATH_DT", "BENE_SEX_IDENT_CD", "RFRNC_YR", *(f"PTD_CNTRCT_{month}_ID" for month in _MONTHS),
    *(f"PTD_PBP_{month}_ID" for month in _MONTHS), *(f"CST_SHR_GRP_{month}_CD" for month in _MONTHS),
)  # fmt: skip
_EVENT = (
    "DML_IND", "PDE_ID", "FINAL_ACTION", "BENE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM",
    "DRUG_CVRG_STUS_CD", "ADJSTMT_DLTN_CD", "TOT_RX_CST_AMT", "PRSCRBR_ID", "SRVC_PRVDR_ID", "PTNT_RSDNC_CD",
)  # fmt: skip
_CODES = 8
_CLAIM = (
    "DML_IND", "BENE_ID", "CLM_ID", "FINAL_ACTION", "CLM_FROM_DT", "CLM_THRU_DT", "CLM_ADMSN_DT",
    *(f"ICD_DGNS_{kind}{number}" for number in range(1, _CODES + 1) for kind in ("CD", "VRSN_CD")),
)  # fmt: skip
_SETTINGS = ("carrier", "outpatient", "inpatient", "snf", "hospice")
# By mistake: the column, what it holds, the code that an import answers. What is not here cannot be said.
_FILLS = {
    "impossible_date": ("SRVC_DT", "30-Feb-2026", "invalid_date"),
    "negative_supply": ("DAYS_SUPLY_NUM", "-30", "invalid_number"),
    "cost_no_number": ("TOT_RX_CST_AMT", "twelve", "invalid_number"),
    "unknown_status": ("DRUG_CVRG_STUS_CD", "X", "invalid_code"),
    "unknown_member": ("BENE_ID", NOBODY, "unknown_member"),
    "no_drug": ("PROD_SRVC_ID", "", "missing_field"),
    "unlisted_ndc": ("PROD_SRVC_ID", UNLISTED_NDC, "accepted:unknown_ndc"),
    "ten_digit_ndc": ("PROD_SRVC_ID", TEN_DIGITS, "accepted:ambiguous_ndc"),
}
_DIAGNOSES = {
    "icd9_code": ("ICD_DGNS_CD1", "25000", "icd9_not_supported"),
    "impossible_date": ("CLM_THRU_DT", "31-Apr-2026", "invalid_date"),
    "unknown_member": ("BENE_ID", NOBODY, "unknown_member"),
}
_MEMBERS = {"impossible_birthday": ("BENE_BIRTH_DT", "13-13-1948", "invalid_date")}
_MISTAKES = {"fills": _FILLS, "diagnoses": _DIAGNOSES, "members": _MEMBERS}


def expected(mistake: Mistake) -> str:
    """The code that an import answers; "" where the format cannot hold the mistake."""
    return _MISTAKES[mistake.table].get(mistake.kind, ("", "", ""))[2]


class RifSink:
    """Beneficiary files of each year, drug events, and claims of each setting."""

    def __init__(self, folder: Path, shard: str, seed: int) -> None:
        self._seed = seed
        self._years = {
            year: Lines(folder / f"beneficiary_{year}{shard}.csv", "rif-beneficiary", "|".join(_BENEFICIARY))
            for year in YEARS
        }
        self._events = Lines(folder / f"pde{shard}.csv", "rif-pde", "|".join(_EVENT))
        self._claims = {
            name: Lines(folder / f"{name}{shard}.csv", f"rif-{name}", "|".join(_CLAIM)) for name in _SETTINGS
        }
        self._beside = Beside(folder, shard)
        claims = (*self._years.values(), self._events, *self._claims.values())
        self._all = (*claims, *self._beside.files)

    def add(self, member: Member) -> None:
        """Write a member, and the mistakes behind it."""
        for year, lines in self._years.items():
            lines.add("|".join(_beneficiary(member, year)) + "\n")
        for fill in member.fills:
            self._events.add("|".join(_event(member, fill, self._seed)) + "\n")
        for setting, claim in _claims(member):
            self._claims[setting].add("|".join(claim) + "\n")
        for mistake in member.mistakes:
            if expected(mistake):
                self._add_mistake(member, mistake)
        self._beside.add(member, expected)

    def _add_mistake(self, member: Member, mistake: Mistake) -> None:
        column, value, _ = _MISTAKES[mistake.table][mistake.kind]
        if mistake.table == "members":
            row, columns, lines = _beneficiary(member, YEARS[0]), _BENEFICIARY, self._years[YEARS[0]]
            row[1] = f"X{member.number:06d}"
        elif mistake.table == "fills":
            fill = member.fills[mistake.row]._replace(adjustment="")
            row, columns, lines = _event(member, fill, self._seed), _EVENT, self._events
            row[1] = f"{member.person.member_id}-{mistake.claim}"
        else:
            code = member.diagnoses[mistake.row]
            row, columns, lines = (
                _claim(member, mistake.claim, code.day, 0, [code.icd10]),
                _CLAIM,
                self._claims["carrier"],
            )
            if mistake.kind == "icd9_code":
                row[columns.index("ICD_DGNS_VRSN_CD1")] = "9"
        row[columns.index(column)] = value
        lines.add("|".join(row) + "\n")

    def close(self) -> list[Written]:
        """The files in the order of import."""
        return closed(*self._all)

    def abandon(self) -> None:
        """Let go of the files."""
        for lines in self._all:
            lines.abandon()


def _beneficiary(member: Member, year: int) -> list[str]:
    someone = member.person
    plans = [_plan(member, year, month) for month in range(1, 13)]
    return [
        "INSERT" if year == YEARS[0] else "UPDATE",
        someone.member_id,
        someone.mbi,
        someone.first_name,
        someone.middle_initial,
        someone.last_name,
        places()[someone.place][2],
        rif(someone.birth),
        rif(someone.death) if someone.death else "",
        "21"[someone.sex],
        str(year),
        *(contract for contract, _ in plans),
        *(package for _, package in plans),
        *("01" if someone.low_income and contract != "0" else "09" if contract != "0" else "" for contract, _ in plans),
    ]


def _plan(member: Member, year: int, month: int) -> tuple[str, str]:
    """Contract and package of a month; the file of the year of the window's end knows no later month."""
    first = date(year, month, 1).toordinal()
    last = first + monthrange(year, month)[1] - 1
    if first > AS_OF.toordinal():
        return "0", ""
    for span in member.spans:
        if span.start <= last and (not span.end or span.end >= first):
            return span.contract_id, span.pbp_id
    return "0", ""


def _event(member: Member, fill: Fill, seed: int) -> list[str]:
    someone = member.person
    return [
        {"": "INSERT", "D": "DELETE"}.get(fill.adjustment, "UPDATE"),
        f"{someone.member_id}-{fill.claim:04d}",
        "F",
        someone.member_id,
        rif(fill.day),
        fill.ndc,
        f"{fill.quantity // 10}.{fill.quantity % 10}",
        str(fill.days_supply),
        fill.status,
        fill.adjustment.strip("D"),
        money(fill.cost + fill.fee + fill.vaccine_fee),
        prescribers(seed)[fill.prescriber].npi,
        pharmacies(seed)[fill.pharmacy],
        someone.residence,
    ]


def _claims(member: Member) -> list[tuple[str, list[str]]]:
    """Claims with the codes that they name together."""
    together: dict[tuple[str, str, int], list[str]] = {}
    for row in member.diagnoses:
        together.setdefault((row.setting, row.claim, row.day), []).append(row.icd10)
    starts = {stay.claim: stay.start for stay in member.stays}
    return [
        (setting, _claim(member, claim, day, starts.get(claim, 0), codes[start : start + _CODES], start))
        for (setting, claim, day), codes in together.items()
        for start in range(0, len(codes), _CODES)
    ]


def _claim(member: Member, claim: str, day: int, start: int, codes: list[str], line: int = 0) -> list[str]:
    """A claim; codes beyond those that fit go on a further claim."""
    member_id = member.person.member_id
    name = f"{member_id}-{claim}" + (f"-{line}" if line else "")
    filled = [text for code in codes for text in (code.replace(".", ""), "0")]
    filled += [""] * (2 * _CODES - len(filled))
    return ["INSERT", member_id, name, "F", rif(start or day), rif(day), rif(start) if start else "", *filled]
