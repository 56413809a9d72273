"""Sponsors' policies as they are written: one TOML file for each, read strictly against the knowledge it speaks of.

An unknown key, a rule that the knowledge does not hold, one person who approves alone, a policy without an end or with
an end more than two years away is refused with the file, the place, the value and what is allowed. Two years, because
labels, guidelines and the plan's own pharmacists change within them: whoever still wants a policy says so again.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from mtm_shared.reference import Reader, ReferenceDataError, allowed, read_toml, refuse
from mtm_shared.values.drug import Drug

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.policies import Policies
from mtm_review.domain.policy import (
    GRAVEST_FIRST,
    Allowance,
    Exempt,
    Limit,
    Lowered,
    Minimum,
    Off,
    Policy,
    Target,
    Terms,
    with_allowances,
)
from mtm_review.domain.readable import ReadableRule, readable_rules

YEARS: Final = 2
MOST_SHOWN: Final = 500
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NAMED: Final = re.compile(r"[A-Za-z0-9._:+-]{1,64}")
_CONTRACT: Final = re.compile(r"[A-Z][0-9]{4}")
_HEAD: Final = ("policy_id", "sponsor", "title", "version")
_BOUNDS: Final = tuple(severity.value for severity in GRAVEST_FIRST[:-1])


class Understands(Protocol):
    """The part of the vocabulary that names drugs."""

    def understand(self, *, ndc: str | None = None, rxcui: str | None = None, name: str | None = None) -> Any:
        """The drug behind an identifier, or why there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What a policy may speak of: the knowledge, every rule of it by id, and the drugs' names."""

    knowledge: Knowledge
    rules: Mapping[str, ReadableRule]
    vocabulary: Understands

    @classmethod
    def of(cls, knowledge: Knowledge, vocabulary: Understands) -> "Ground":
        """The ground with its index of rules."""
        return cls(knowledge, readable_rules(knowledge), vocabulary)


def load_policies(folder: Path, ground: Ground) -> Policies:
    """Every `*.toml` of the folder; ids are unique, and at no time are two policies for the same members."""
    if not folder.is_dir():
        raise ReferenceDataError(folder.name, "must be a folder of policies (*.toml)")
    read: list[tuple[Path, Policy]] = []
    for path in sorted(folder.glob("*.toml")):
        policy = read_policy_file(path, ground)
        for other_path, other in read:
            _refuse_both(path, policy, other_path, other)
        read.append((path, policy))
    return Policies.of(policy for _, policy in read)


def read_policy_file(path: Path, ground: Ground) -> Policy:
    """One file, which must say whose members it is for."""
    return read_policy(read_toml(path), path.name, ground, for_members=True)


def _refuse_both(path: Path, policy: Policy, other_path: Path, other: Policy) -> None:
    if policy.policy_id == other.policy_id:
        text = f"must be an id of its own, but {other_path.name} has it too"
        refuse(ReferenceDataError(f"{path.name}.policy_id", text, policy.policy_id))
    shared = policy.scopes() & other.scopes()
    apart = policy.terms.expires_on < other.effective_from or other.terms.expires_on < policy.effective_from
    if shared and not apart:
        text = f"must not be in force for the same members at the same time as {other.policy_id} ({other_path.name})"
        refuse(ReferenceDataError(f"{path.name}.effective_from", text, str(policy.effective_from)))


def read_policy(document: Mapping[str, Any], where: str, ground: Ground, *, for_members: bool = False) -> Policy:
    """A policy of a document in the shape of a file; `where` names it in refusals."""
    with Reader(document, where) as reader:
        policy_id, sponsor, title, version = (reader.text(key) for key in _HEAD)
        if not _ID.fullmatch(policy_id):
            reader.refuse("policy_id", policy_id, "must be lower-case letters, digits, dots and hyphens")
        effective_from = reader.date("effective_from")
        terms = _file_terms(reader, effective_from)
        programs = _names(reader, "programs", _NAMED, "the id of a programme")
        contracts = _names(reader, "contracts", _CONTRACT, "a contract number such as H1234")
        if for_members and reader.sound and not programs and not contracts:
            reader.refuse("programs", list(programs), "must name a programme, where contracts names no contract")
        hiders: tuple[Off | Exempt | Minimum, ...] = (
            *(_off(each, terms, ground) for each in reader.tables("off", required=False)),
            *(_exempt(each, terms, ground) for each in reader.tables("exempt", required=False)),
            *(_minimum(each, terms) for each in reader.tables("min", required=False)),
        )
        allowances = _allowances(reader, terms, ground)
        return Policy(
            policy_id=policy_id,
            sponsor=sponsor,
            title=title,
            version=f"{version}+{_mark(document)}",
            terms=terms,
            effective_from=effective_from,
            programs=programs,
            contracts=contracts,
            hiders=hiders,
            lowered=_lowered(reader, terms, ground),
            allowances=allowances,
            limit=_limit(reader, terms),
            duplicates=with_allowances(ground.knowledge.duplicates, allowances),
        )


def _mark(document: Mapping[str, Any]) -> str:
    """The start of a fingerprint of what the policy says, however it is spaced or ordered."""
    written = json.dumps(document, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:8]


def _file_terms(reader: Reader, effective_from: date) -> Terms:
    terms = Terms(
        _sentence(reader, "note"), reader.text("author"), reader.text("second_approver"), reader.date("expires_on")
    )
    if not reader.sound:
        return terms
    _two_people(reader, terms)
    if terms.expires_on < effective_from:
        reader.refuse("expires_on", str(terms.expires_on), "must not be before effective_from")
    elif terms.expires_on > _years_after(effective_from):
        reader.refuse("expires_on", str(terms.expires_on), f"must be at most {YEARS} years after effective_from")
    return terms


def _years_after(day: date) -> date:
    year = min(day.year + YEARS, date.max.year)
    return day.replace(year=year, day=min(day.day, 28) if (day.month, day.day) == (2, 29) else day.day)


def _two_people(reader: Reader, terms: Terms) -> None:
    if terms.author.casefold() == terms.second_approver.casefold():
        reader.refuse("second_approver", terms.second_approver, "must be somebody else than the author")


def _terms(entry: Reader, file: Terms) -> Terms:
    """The entry's own terms; what it does not say is the file's."""
    terms = Terms(
        _sentence(entry, "reason"),
        entry.text("author", default=file.author),
        entry.text("second_approver", default=file.second_approver),
        entry.date("expires_on", default=file.expires_on),
    )
    if entry.sound:
        _two_people(entry, terms)
        if terms.expires_on > file.expires_on:
            entry.refuse("expires_on", str(terms.expires_on), "must not be after the policy's own last day")
    return terms


def _sentence(reader: Reader, key: str) -> str:
    text = reader.text(key)
    if text and text != "?" and not (text[0].isupper() and text.endswith(".")):
        reader.refuse(key, text, "must be a sentence with a capital letter and a full stop")
    return text


def _names(reader: Reader, key: str, pattern: re.Pattern[str], what: str) -> frozenset[str]:
    names = reader.texts(key, default=())
    wrong = [name for name in names if not pattern.fullmatch(name)]
    if wrong:
        reader.refuse(key, wrong[0], f"must hold {what}")
    return frozenset(names)


def _target(entry: Reader, ground: Ground) -> Target:
    """`screen`, `rule` or `class`: exactly one of them."""
    said = [key for key in ("screen", "rule", "class") if entry.has(key)]
    if len(said) != 1:
        entry.refuse("rule", said, "must be given, or screen, or class: exactly one of the three")
        for key in said:
            entry.text(key)
        return Target()
    if said == ["screen"]:
        return Target(screen=entry.enum("screen", Screen))
    return Target(rule_id=_rule(entry, ground) if said == ["rule"] else _class(entry, ground)[1])


def _rule(entry: Reader, ground: Ground) -> str:
    rule_id = entry.text("rule")
    if rule_id not in ground.rules:
        entry.refuse("rule", rule_id, f"must be a rule of the knowledge: {allowed(rule_id, ground.rules)}")
    return rule_id


def _class(entry: Reader, ground: Ground) -> tuple[str, str]:
    """A class of duplicate therapy, and its rule."""
    class_id, classes = entry.text("class"), ground.knowledge.duplicates.classes
    if class_id not in classes:
        entry.refuse("class", class_id, f"must be a class of duplicate therapy: {allowed(class_id, classes)}")
        return class_id, ""
    return class_id, classes[class_id].rule_id


def _off(entry: Reader, file: Terms, ground: Ground) -> Off:
    return Off(_target(entry, ground), _terms(entry, file))


def _exempt(entry: Reader, file: Terms, ground: Ground) -> Exempt:
    given = entry.texts("drugs")
    if not given:
        entry.refuse("drugs", list(given), "must name at least one drug")
    drugs = tuple(_drug(entry, name, ground) for name in given)
    return Exempt(drugs, _target(entry, ground), _terms(entry, file))


def _drug(entry: Reader, given: str, ground: Ground) -> frozenset[str]:
    """The RxCUIs of a drug set, or of the one ingredient that a name or an RxCUI means."""
    if given in ground.knowledge.drug_sets:
        return frozenset(ground.knowledge.drug_sets[given].names)
    by = {"rxcui": given} if given.isdecimal() else {"name": given}
    found = ground.vocabulary.understand(**by)
    if not isinstance(found, Drug) or len(found.ingredients) != 1:
        sets = allowed(given, ground.knowledge.drug_sets)
        entry.refuse("drugs", given, f"must name a drug of one ingredient, its RxCUI, or a drug set, {sets}")
        return frozenset()
    return frozenset(ingredient.rxcui for ingredient in found.ingredients)


def _minimum(entry: Reader, file: Terms) -> Minimum:
    screen = entry.enum("screen", Screen)
    if not entry.has("severity") and not entry.has("tier"):
        entry.refuse("severity", None, f"must be given (one of {', '.join(_BOUNDS)}), or tier (1 or 2), or both")
    severity = entry.text("severity", default=Severity.MINOR.value, choices=[*_BOUNDS, Severity.MINOR.value])
    return Minimum(
        screen, Severity(severity), entry.integer("tier", default=3, minimum=1, maximum=3), _terms(entry, file)
    )


def _lowered(reader: Reader, file: Terms, ground: Ground) -> dict[str, Lowered]:
    found: dict[str, Lowered] = {}
    for entry in reader.tables("severity", required=False):
        rule_id, to = _rule(entry, ground), entry.enum("to", Severity)
        if rule_id in found:
            entry.refuse("rule", rule_id, "must not be lowered twice")
        elif entry.sound:
            _one_step(entry, to, ground.rules[rule_id].severity)
        found[rule_id] = Lowered(rule_id, to, _terms(entry, file))
    return found


def _one_step(entry: Reader, to: Severity, own: Severity) -> None:
    place = GRAVEST_FIRST.index(own)
    if own is Severity.CONTRAINDICATED or own is GRAVEST_FIRST[-1]:
        entry.refuse("to", to.value, f"must not be given: a rule of severity {own.value} cannot be lowered")
    elif to is not GRAVEST_FIRST[place + 1]:
        wanted = GRAVEST_FIRST[place + 1].value
        entry.refuse("to", to.value, f"must be {wanted}, one step milder than the rule's own {own.value}")


def _allowances(reader: Reader, file: Terms, ground: Ground) -> tuple[Allowance, ...]:
    found: dict[str, Allowance] = {}
    for entry in reader.tables("allowance", required=False):
        class_id, rule_id = _class(entry, ground)
        count = entry.integer("allowance", minimum=1, maximum=5)
        if class_id in found:
            entry.refuse("class", class_id, "must not be given twice")
        elif entry.sound and count == ground.knowledge.duplicates.classes[class_id].allowance:
            entry.refuse("allowance", count, "must differ from what the class allows anyway")
        found[class_id] = Allowance(class_id, rule_id, count, _terms(entry, file))
    return tuple(found.values())


def _limit(reader: Reader, file: Terms) -> Limit | None:
    if not reader.has("show"):
        return None
    table = reader.table("show")
    return Limit(table.integer("max_findings", minimum=1, maximum=MOST_SHOWN), _terms(table, file))
