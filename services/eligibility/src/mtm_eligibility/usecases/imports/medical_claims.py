"""Medical claim files: the diagnoses of every claim, and stays from facility claims.

Every diagnosis column counts (principal, further, external cause and line) except the admitting diagnosis, which is
what was suspected, not what was found. A column's version says its code system; ICD-9-CM codes are not translated,
because no mapping is exact, and come back as `icd9_not_supported`. The date of a diagnosis is the claim's last day:
before that day nobody could have known the claim.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from re import compile as pattern

from mtm_shared.values.codes import Icd10, InvalidCode

from mtm_eligibility.usecases.imports.drug_events import check_final
from mtm_eligibility.usecases.imports.fields import Fields
from mtm_eligibility.usecases.imports.items import ClaimItem, Refused, Reject
from mtm_eligibility.usecases.imports.members_rif import COMMANDS

_RIF_CODE = pattern(r"(PRNCPAL_DGNS_CD|ICD_DGNS_CD\d+|FST_DGNS_E_CD|ICD_DGNS_E_CD\d+|LINE_ICD_DGNS_CD)")
_DESYNPUF_CODE = pattern(r"(LINE_)?ICD9_DGNS_CD_\d+")
_BEFORE_NUMBER = pattern(r"CD(\d*)$")
_STAYS = {"inpatient": "inpatient", "snf": "snf", "hospice": "hospice"}
_STARTS = ("CLM_ADMSN_DT", "CLM_HOSPC_START_DT_ID", "CLM_FROM_DT")

RIF_COLUMNS = ("DML_IND", "BENE_ID", "CLM_ID", "FINAL_ACTION", "CLM_FROM_DT", "CLM_THRU_DT", "ICD_DGNS_CD1")
DESYNPUF_COLUMNS = ("DESYNPUF_ID", "CLM_ID", "CLM_FROM_DT", "CLM_THRU_DT", "ICD9_DGNS_CD_1")

Reader = Callable[[int, Fields], ClaimItem]


@dataclass(frozen=True, slots=True)
class _Codes:
    """Usable codes of a row without repetition, every filled field counted, and the fields that cannot be used."""

    usable: tuple[str, ...]
    filled: int
    rejects: tuple[Reject, ...]


def rif_reader(setting: str, header: Iterable[str]) -> Reader:
    """A reader of CCW claim rows of one setting, for the diagnosis columns that this file has."""
    columns = [(name, _BEFORE_NUMBER.sub(r"VRSN_CD\1", name)) for name in header if _RIF_CODE.fullmatch(name)]

    def read(line: int, fields: Fields) -> ClaimItem:
        member_id, claim_id = fields.identifier("BENE_ID"), fields.identifier("CLM_ID")
        deletes = fields.choice("DML_IND", COMMANDS) == "DELETE"
        if deletes:
            return ClaimItem(line, member_id, claim_id, setting, date.min, deletes=True)
        check_final(fields)
        through = fields.day("CLM_THRU_DT")
        versions = [(name, fields.optional(version) == "9") for name, version in columns]
        codes = _codes(line, fields, versions)
        stay, rejects = _stay(line, setting, fields, through)
        return _claim(line, (member_id, claim_id, setting, through), codes, stay, rejects)

    return read


def desynpuf_reader(setting: str, header: Iterable[str]) -> Reader:
    """A reader of DE-SynPUF claim rows: they are of 2008 to 2010, so that every code is ICD-9-CM."""
    columns = [(name, True) for name in header if _DESYNPUF_CODE.fullmatch(name)]

    def read(line: int, fields: Fields) -> ClaimItem:
        member_id, claim_id = fields.identifier("DESYNPUF_ID"), fields.identifier("CLM_ID")
        through = fields.day("CLM_THRU_DT")
        codes = _codes(line, fields, columns)
        stay, rejects = _stay(line, setting, fields, through)
        return _claim(line, (member_id, claim_id, setting, through), codes, stay, rejects)

    return read


def _claim(
    line: int,
    key: tuple[str, str, str, date],
    codes: _Codes,
    stay: tuple[date, date] | None,
    rejects: tuple[Reject, ...],
) -> ClaimItem:
    return ClaimItem(line, *key, codes.usable, codes.filled, stay, rejects=(*codes.rejects, *rejects))


def _codes(line: int, fields: Fields, columns: Iterable[tuple[str, bool]]) -> _Codes:
    usable: list[str] = []
    rejects: list[Reject] = []
    filled = 0
    for name, icd9 in columns:
        text = fields.optional(name)
        if not text:
            continue
        filled += 1
        if icd9:
            rejects.append(
                Reject(line, "field", name, "icd9_not_supported", "an ICD-9-CM code; only ICD-10-CM is read")
            )
            continue
        try:
            usable.append(Icd10.parse(text).code)
        except InvalidCode as invalid:
            rejects.append(Reject(line, "field", name, invalid.code, "not an ICD-10-CM code"))
    return _Codes(tuple(usable), filled, tuple(rejects))


def _stay(
    line: int, setting: str, fields: Fields, through: date
) -> tuple[tuple[date, date] | None, tuple[Reject, ...]]:
    if setting not in _STAYS:
        return None, ()
    try:
        start = next(fields.day(name) for name in _STARTS if fields.optional(name))
        end = fields.optional_day("NCH_BENE_DSCHRG_DT") or through
    except StopIteration:
        return None, (Reject(line, "field", "CLM_FROM_DT", "missing_field", "no day of admission is given"),)
    except Refused as refused:
        return None, (Reject(line, "field", refused.field, refused.code, refused.message),)
    if end < start:
        return None, (Reject(line, "field", "CLM_THRU_DT", "invalid_date", "the stay ends before it starts"),)
    return (start, end), ()
