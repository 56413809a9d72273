"""What a person may mean by a text: an NDC, an RxCUI, a class, a condition, a diagnosis code or a drug's name.

Everything that the text can stand for is found; nothing is chosen by likeness. What is not understood comes back with
names that come close, for the person to choose from.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

from mtm_shared.values.codes import InvalidCode, Ndc
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary
from mtm_shared.vocabulary.wording import fold

KINDS: Final = ("ndc", "rxcui", "name", "class", "condition", "icd10", "snomed", "rxhcc")
_NDC_LIKE: Final = re.compile(r"[0-9]{9,13}|[0-9]+(?:-[0-9]+){1,2}")
_RXCUI_LIKE: Final = re.compile(r"[1-9][0-9]{0,7}")
_RXHCC_LIKE: Final = re.compile(r"(?i)rx ?hcc ?[0-9]{1,3}")
_ICD10_LIKE: Final = re.compile(r"[A-Za-z][0-9][0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?")
_OWN_IDS: Final = ("local:", "device:")
_NEAR: Final = 5
_SHORTEST_CONCEPT: Final = 6
_CODES: Final = {
    "icd10": "not a code of ICD-10-CM",
    "snomed": "the vocabulary holds no such concept of SNOMED CT",
    "rxhcc": "the vocabulary holds no such RxHCC category",
}


class Found(NamedTuple):
    """One thing that the text stands for: `kind` is `drug`, or one of `KINDS`; `id` is its key."""

    kind: str
    id: str
    drug: Drug | None = None
    given_as: str = ""


class Finding(NamedTuple):
    """All that the text stands for; when that is nothing, why not."""

    given: str
    found: tuple[Found, ...]
    refusal: NotUnderstood | None = None


def find(vocabulary: Vocabulary, text: str, kind: str | None = None) -> Finding:
    """Everything that the text stands for, or of the one kind that the person named."""
    text = text.strip()
    kinds = (kind,) if kind else tuple(_plausible(text))
    found: list[Found] = []
    refusal: NotUnderstood | None = None
    for each in kinds:
        answer = _by_kind(vocabulary, text, each)
        if isinstance(answer, NotUnderstood):
            refusal = refusal or answer
        else:
            found += answer
    return Finding(text, tuple(found), None if found else _with_suggestions(vocabulary, text, kind, refusal))


def _plausible(text: str) -> Iterable[str]:
    if _RXHCC_LIKE.fullmatch(text):
        return ("rxhcc",)
    if _NDC_LIKE.fullmatch(text):
        # Identifiers of SNOMED CT have a check digit, so that a number is seldom both.
        return ("ndc", "snomed")
    if text.startswith(_OWN_IDS):
        return ("rxcui",)
    if _RXCUI_LIKE.fullmatch(text):
        return ("rxcui", "snomed")
    if text.isdecimal():
        return ("snomed",)
    return (*(("icd10",) if _ICD10_LIKE.fullmatch(text) else ()), "class", "condition", "name")


def _by_kind(vocabulary: Vocabulary, text: str, kind: str) -> list[Found] | NotUnderstood:
    if kind == "class":
        ids = _of_id_or_name(text, vocabulary.classes.items())
        return [Found("class", each) for each in ids] or _unknown("unknown_class", text, "no class has this id or name")
    if kind == "condition":
        ids = _of_id_or_name(text, ((each.id, each.name) for each in vocabulary.conditions.values()))
        return [Found("condition", each) for each in ids] or _unknown(
            "unknown_condition", text, "no condition has this id or name"
        )
    if kind in _CODES:
        return _by_code(vocabulary, text, kind)
    answer = vocabulary.understand(**{kind: text})
    return answer if isinstance(answer, NotUnderstood) else [Found("drug", answer.rxcui, answer, kind)]


def _by_code(vocabulary: Vocabulary, text: str, kind: str) -> list[Found] | NotUnderstood:
    if kind == "icd10":
        problem = vocabulary.icd10_problem(text)
    elif kind == "snomed":
        problem = vocabulary.snomed_problem(text)
    else:
        problem = None if vocabulary.rxhcc(text) else "unknown_rxhcc"
    return [Found(kind, text)] if problem is None else _unknown(problem, text, _CODES[kind])


def _of_id_or_name(text: str, known: Iterable[tuple[str, str]]) -> list[str]:
    wanted = fold(text.replace("_", " "))
    return [each for each, name in known if wanted in (fold(each.replace("_", " ")), fold(name))]


def _unknown(code: str, text: str, detail: str) -> NotUnderstood:
    return NotUnderstood(code, text, detail)


def _with_suggestions(
    vocabulary: Vocabulary, text: str, kind: str | None, refusal: NotUnderstood | None
) -> NotUnderstood:
    by_name = None
    if kind in (None, "name") and not _NDC_LIKE.fullmatch(text) and not _RXCUI_LIKE.fullmatch(text):
        by_name = vocabulary.understand(name=text)
    reason = by_name if isinstance(by_name, NotUnderstood) else refusal
    reason = reason or NotUnderstood("missing_identifier", text, "nothing was given")
    near: list[str] = list(reason.suggestions)
    if kind in (None, "class"):
        near += _near(text, vocabulary.classes)
    if kind in (None, "condition"):
        near += _near(text, vocabulary.conditions)
    return NotUnderstood(reason.code, reason.value, reason.detail, tuple(dict.fromkeys(near)))


def _near(text: str, ids: Iterable[str]) -> list[str]:
    return get_close_matches(fold(text).replace(" ", "_"), list(ids), n=_NEAR, cutoff=0.75)


def readings(text: str) -> tuple[Ndc, ...]:
    """The NDCs that ten digits without hyphens may stand for: 4-4-2, 5-3-2 and 5-4-1."""
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{10}", digits):
        return ()
    spelled = (
        f"{digits[:4]}-{digits[4:8]}-{digits[8:]}",
        f"{digits[:5]}-{digits[5:8]}-{digits[8:]}",
        f"{digits[:5]}-{digits[5:9]}-{digits[9:]}",
    )
    return tuple(Ndc.parse(each) for each in spelled)


def as_ndc(text: str) -> Ndc | None:
    """The NDC, if the text is one."""
    try:
        return Ndc.parse(text)
    except InvalidCode:
        return None


def system_of(code: str) -> str:
    """The code system that a diagnosis code is written in: `icd10`, `snomed` or `rxhcc`."""
    if _RXHCC_LIKE.fullmatch(code.strip()):
        return "rxhcc"
    return "snomed" if code.strip().isdecimal() and len(code.strip()) >= _SHORTEST_CONCEPT else "icd10"
