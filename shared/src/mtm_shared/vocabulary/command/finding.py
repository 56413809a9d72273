"""What a person may mean by a text: an NDC, an RxCUI, a class, a condition, a diagnosis code or a drug's name.

Everything that the text can stand for is found; nothing is chosen by likeness. What is not understood comes back with
names that come close, for the person to choose from.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from mtm_shared.values.codes import RXCUI_SHAPE, InvalidCode, Ndc
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary
from mtm_shared.vocabulary.command.suggesting import names_beginning, near_ids
from mtm_shared.vocabulary.wording import fold

KINDS: Final = ("ndc", "rxcui", "name", "class", "condition", "icd10", "snomed", "rxhcc")
_NDC_LIKE: Final = re.compile(r"[0-9]{9,13}|[0-9]+(?:-[0-9]+){1,2}")
_RXHCC_LIKE: Final = re.compile(r"(?i)rx ?hcc ?[0-9]{1,3}")
_ICD9_LIKE: Final = re.compile(r"[0-9]{3}(?:\.?[0-9]{1,2})?|[Ee][0-9]{3}\.[0-9]|[0-9]{3}\.")
_BRACKETS: Final = re.compile(r"\(([^)]*)\)")
_ICD10_LIKE: Final = re.compile(r"[A-Za-z][0-9][0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?")
_OWN_IDS: Final = ("local:", "device:")
_SHORTEST_CONCEPT: Final = 6
_CODES: Final = {
    "invalid_icd10": "it is not written as a code of ICD-10-CM (such as E11.22 or E1122)",
    "unknown_icd10": "ICD-10-CM has no category that begins so",
    "invalid_snomed": "its check digit is not that of a SNOMED CT concept: it is mistyped or no concept at all",
    "unknown_snomed": "the vocabulary holds no such concept of SNOMED CT",
    "unknown_rxhcc": "the vocabulary holds no such RxHCC category",
}
_ICD9: Final = "it is written as a code of ICD-9-CM, which claims have not carried since October 2015"
_NO_DRUG: Final = "no drug in the vocabulary"
_NO_DRUG_NOR_ELSE: Final = "no drug, class or condition in the vocabulary"
_NOTHING: Final = NotUnderstood("missing_identifier", "", "nothing was given")


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
    if not text:
        return Finding(text, (), _NOTHING)
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
    if RXCUI_SHAPE.fullmatch(text):
        return ("rxcui", "snomed")
    if text.isdecimal():
        return ("snomed",)
    return (*(("icd10",) if _ICD10_LIKE.fullmatch(text) else ()), "class", "condition", "name")


def _by_kind(vocabulary: Vocabulary, text: str, kind: str) -> list[Found] | NotUnderstood:
    if kind == "class":
        ids = _of_id_or_name(text, ((each, (name,)) for each, name in vocabulary.classes.items()))
        return [Found("class", each) for each in ids] or _unknown("unknown_class", text, "no class has this id or name")
    if kind == "condition":
        known = vocabulary.conditions.values()
        ids = _of_id_or_name(text, ((each.id, (each.name,)) for each in known)) or _of_id_or_name(
            # "high blood pressure", "presión arterial alta": what letters call it.
            text,
            ((each.id, (*_spellings(each.plain_name), *_spellings(each.name_es))) for each in known),
        )
        return [Found("condition", each) for each in ids] or _unknown(
            "unknown_condition", text, "no condition has this id or name"
        )
    if kind in ("icd10", "snomed", "rxhcc"):
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
    if problem is None:
        return [Found(kind, text)]
    return _unknown(problem, text, _ICD9 if kind == "icd10" and _ICD9_LIKE.fullmatch(text) else _CODES[problem])


def _of_id_or_name(text: str, known: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """The ids that are written so or have such a name; "statins" is the statin class."""
    wanted = _key(text)
    return [each for each, names in known if wanted in (_key(each), *map(_key, names))]


def _spellings(name: str) -> tuple[str, ...]:
    """The name as it is, without what stands in brackets, and that alone: "… crónica (EPOC)" is "EPOC" too."""
    return (name, _BRACKETS.sub("", name), *_BRACKETS.findall(name))


def _key(text: str) -> str:
    return fold(text.replace("_", " ")).removesuffix("s")


def _unknown(code: str, text: str, detail: str) -> NotUnderstood:
    return NotUnderstood(code, text, detail)


def _with_suggestions(
    vocabulary: Vocabulary, text: str, kind: str | None, refusal: NotUnderstood | None
) -> NotUnderstood:
    """The refusal with what can be typed instead: names of drugs, and classes and conditions with their kind."""
    numeric = _NDC_LIKE.fullmatch(text) or RXCUI_SHAPE.fullmatch(text)
    by_name = vocabulary.understand(name=text) if kind in (None, "name") and not numeric else None
    reason = refusal
    if isinstance(by_name, NotUnderstood):
        # What is written as a code is refused as one, and still gets the names that come close.
        written_as_code = refusal is not None and refusal.code in _CODES
        reason = replace(refusal, suggestions=by_name.suggestions) if refusal and written_as_code else by_name
    assert reason is not None
    near: list[str] = list(reason.suggestions)
    if reason.code == "unknown_name":
        near += names_beginning(vocabulary, text)
    if kind in (None, "class") and not numeric:
        near += [
            f"class {each}" for each in near_ids(text, {each: (name,) for each, name in vocabulary.classes.items()})
        ]
    if kind in (None, "condition") and not numeric:
        names = {each.id: (each.name, each.plain_name, each.name_es) for each in vocabulary.conditions.values()}
        near += [f"condition {each}" for each in near_ids(text, names)]
    if kind is None and reason.detail.startswith(_NO_DRUG):
        reason = replace(reason, detail=reason.detail.replace(_NO_DRUG, _NO_DRUG_NOR_ELSE, 1))
    return replace(reason, suggestions=tuple(dict.fromkeys(near)))


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
