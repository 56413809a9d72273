"""The wire of a screening, in and out.

This is the hot path of the service: identifiers are looked up in the vocabulary's memory, values are made directly,
and nothing is converted twice.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mtm_shared.contracts import common as wire_common
from mtm_shared.contracts import screening as wire
from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import (
    Adherence,
    Finding,
    InferredCondition,
    Moved,
    PolicyReport,
    Screen,
    Screening,
    Suppressed,
)
from mtm_review.domain.medication import NOT_TOLD, Medication, MedicationStatus, Source, Supply
from mtm_review.domain.opioids import OpioidTotal
from mtm_review.domain.patient import Allergy, Condition, Lab, Patient, Sex
from mtm_review.domain.policed import Asked
from mtm_review.domain.review import MadeBy
from mtm_review.domain.screening import ScreeningOptions
from mtm_review.usecases.ports import Understands
from mtm_review.usecases.understanding import (
    allergy_by_name,
    condition_by_icd10,
    condition_by_id,
    condition_by_snomed,
    understand,
)

_Fields = dict[str, Any]

# Calling an enumeration costs more than a look-up, and this is done for every medication.
_STATUSES = {status.value: status for status in MedicationStatus}
_SOURCES = {source.value: source for source in Source}
_SEXES = {sex.value: sex for sex in Sex}


def patient_of(request: wire.ScreeningRequest, vocabulary: Understands) -> Patient:
    """Whom the screening is about."""
    return Patient(
        birth_date=request.member.birth_date,
        sex=_SEXES[request.member.sex],
        conditions=tuple(_condition(given, vocabulary) for given in request.conditions),
        allergies=tuple(allergy_of(given, vocabulary) for given in request.allergies),
        labs=tuple(lab_of(given) for given in request.labs),
    )


def lab_of(given: wire.LabIn) -> Lab:
    """A laboratory result."""
    return Lab(given.code, given.value, given.unit, given.on)


def allergy_of(given: wire.AllergyIn, vocabulary: Understands) -> Allergy:
    """An allergy, with what the vocabulary makes of it."""
    return allergy_by_name(vocabulary, given.name, given.rxcui, given.reaction or "")


def _condition(given: wire.ConditionIn, vocabulary: Understands) -> Condition:
    condition = _understood(given, vocabulary)
    return replace(condition, denied=True) if given.denied else condition


def _understood(given: wire.ConditionIn, vocabulary: Understands) -> Condition:
    if given.icd10 is not None:
        return condition_by_icd10(vocabulary, given.icd10, given.since, given.until, given.source)
    if given.snomed is not None:
        return condition_by_snomed(vocabulary, given.snomed, given.since, given.until, given.source)
    return condition_by_id(vocabulary, given.code or "", given.since, given.until, given.source)


def options_of(given: wire.ScreeningOptions, asked: Asked | None = None) -> ScreeningOptions:
    """How much is shown, which screens run and by whose policy; a number that nobody gave is left to the policy."""
    most = given.max_findings if "max_findings" in given.model_fields_set else None
    screens = frozenset(Screen(name) for name in given.screens)
    return ScreeningOptions(most, screens, given.mme_factors, asked)


def medications_of(given: Iterable[wire.MedicationIn], vocabulary: Understands) -> list[Medication]:
    """The medications, each with an id: its own, or `m` and its place in the list."""
    return [_medication(one, f"m{place}", vocabulary) for place, one in enumerate(given, 1)]


def _medication(one: wire.MedicationIn, place: str, vocabulary: Understands) -> Medication:
    drug, problem, detail = understand(vocabulary, one.ndc, one.rxcui, one.name)
    fills = [
        Supply(
            fill.fill_date,
            fill.days_supply,
            fill.prescriber_npi or "",
            fill.pharmacy_npi or "",
            "",
            fill.quantity or NOT_TOLD,
            fill.total_cost or NOT_TOLD,
        )
        for fill in one.fills
    ]
    # In the order of the fields, as names cost four times the tuple itself.
    return Medication(
        one.medication_id or place,
        drug,
        one.name or one.ndc or one.rxcui or "",
        _STATUSES[one.status],
        one.start,
        one.end,
        tuple(fills),
        one.dose or "",
        one.route or "",
        one.frequency or "",
        one.as_needed,
        one.indication or "",
        one.prescriber_npi or "",
        _SOURCES[one.source],
        problem,
        detail,
    )


def screening_answer(screening: Screening, made: MadeBy) -> wire.Screening:
    """The answer of a screening, validated as a whole: once for all of it, not once for each of its parts."""
    coverage = screening.coverage
    return wire.Screening.model_validate(
        {
            "findings": [_finding(finding) for finding in screening.findings],
            "suppressed": [_suppressed(suppressed) for suppressed in screening.suppressed],
            "not_checked": [
                {"what": gap.what, "value": gap.value, "code": gap.code, "detail": gap.detail}
                for gap in screening.not_checked
            ],
            "coverage": {
                "medications": coverage.medications,
                "medications_checked": coverage.medications_checked,
                "conditions": coverage.conditions,
                "conditions_checked": coverage.conditions_checked,
            },
            "policy": None if screening.policy is None else _policy(screening.policy),
            "adherence": [_adherence(measured) for measured in screening.adherence],
            "opioid": None if screening.opioid is None else _opioid(screening.opioid),
            "inferred": [_inferred(inferred) for inferred in screening.inferred],
            "made_by": made_by_answer(made),
        }
    )


def _policy(report: PolicyReport) -> _Fields:
    """What the policy did; which findings it would move is told only while it is tried."""
    moves = {"would_hide": report.hides, "would_show": report.shows, "would_lower": report.lowers}
    return {
        "policy_id": report.policy_id,
        "version": report.version,
        "state": report.state.value,
        "expires_on": report.expires_on,
        "shadow": report.shadow,
        "hidden": len(report.hides),
        "shown": len(report.shows),
        "lowered": len(report.lowers),
        "may_not_hide": _moved(report.may_not_hide),
        **({name: _moved(moved) for name, moved in moves.items()} if report.shadow else {}),
    }


def _moved(moved: Iterable[Moved]) -> list[_Fields]:
    return [one._asdict() for one in moved]


def _adherence(measured: Adherence) -> _Fields:
    return {
        "measure": measured.measure,
        "name": measured.name,
        "pdc": measured.percent,
        "days_covered": measured.days_covered,
        "days": measured.days,
        "fills": measured.fills,
        "from": measured.first,
        "to": measured.last,
        "may_miss": measured.may_miss,
    }


def _opioid(total: OpioidTotal) -> _Fields:
    return {
        "mme_per_day": total.mme_per_day,
        "at_least": total.at_least,
        "factor_set": total.factor_set,
        "parts": [part._asdict() for part in total.parts],
    }


def made_by_answer(made: MadeBy) -> wire_common.MadeBy:
    """What made an answer."""
    return wire_common.MadeBy(
        program_id=made.program_id,
        rules_fingerprint=made.rules_fingerprint,
        vocabulary_version=made.vocabulary_version,
        knowledge_version=made.knowledge_version,
        service_version=made.service_version,
        as_of=made.as_of,
        policy_version=made.policy_version,
    )


def citation_answer(citation: Citation) -> wire_common.Citation:
    """A source and how sure it is."""
    return wire_common.Citation(source=citation.source, status=citation.status.value, note=citation.note)


def _named(medications: Iterable[Medication]) -> list[_Fields]:
    return [
        {
            "medication_id": medication.medication_id,
            "name": medication.name,
            "rxcui": medication.drug.rxcui if medication.drug is not None else None,
        }
        for medication in medications
    ]


def _finding(finding: Finding) -> _Fields:
    citation = finding.citation
    return {
        "finding_id": finding.finding_id,
        "screen": finding.screen.value,
        "rule_id": finding.rule_id,
        "dur_code": finding.dur_code,
        "severity": finding.severity.value,
        "tier": finding.tier,
        "confidence": finding.confidence.value,
        "medications": _named(finding.medications),
        "condition": finding.condition,
        "because": finding.because,
        "consequence": finding.consequence,
        "recommendation": finding.recommendation,
        "evidence": list(finding.evidence),
        "citation": {"source": citation.source, "status": citation.status.value, "note": citation.note},
        "rank": finding.rank,
    }


def _suppressed(suppressed: Suppressed) -> _Fields:
    return {
        "screen": suppressed.screen.value,
        "rule_id": suppressed.rule_id,
        "medications": _named(suppressed.medications),
        "reason": suppressed.reason.value,
        "because": suppressed.because,
    }


def _inferred(inferred: InferredCondition) -> _Fields:
    return {
        "condition": inferred.condition,
        "name": inferred.name,
        "confidence": inferred.confidence.value,
        "because": inferred.because,
        "medications": _named(inferred.medications),
    }
