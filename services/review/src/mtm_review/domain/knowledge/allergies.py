"""What the screen of allergies knows: groups of drugs that share an allergy, how they are written, and what follows.

An allergy is recorded in words: a drug, a class ("sulfa", "PCN"), something that is no drug at all (shellfish). A
group holds the words and the drugs. A rule says which drugs an allergy to a group speaks against and how gravely, by
what the reaction was: an anaphylaxis is not a nausea (Khan et al., Drug allergy: a 2022 practice parameter update,
J Allergy Clin Immunol 2022;150:1333).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Severity

_FILLERS: Final = frozenset(
    ("allergy", "allergies", "allergic", "to", "drug", "drugs", "antibiotic", "antibiotics", "class", "products")
)


class Grade(StrEnum):
    """What a reaction was, worst first; `unknown` where nobody told or the words are not known."""

    SERIOUS = "serious"
    ALLERGIC = "allergic"
    UNKNOWN = "unknown"
    INTOLERANCE = "intolerance"


@dataclass(frozen=True, slots=True)
class AllergyGroup:
    """Drugs that share an allergy. A group without drugs is a thing that is no drug problem."""

    group_id: str
    name: str
    written: frozenset[str]
    conditions: tuple[str, ...]
    members: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AllergyRule:
    """What an allergy to a group says of the drugs of a group; without groups: of the same drug, or the same family.

    `severities` hold no entry for a grade that is no reason to speak: then it is told as suppressed, by policy, and so
    is a drug that has been taken without harm for more than `tolerated_after` days (0: that is never enough).
    """

    rule_id: str
    allergic_to: str
    drugs: str
    routes: frozenset[str]
    severities: Mapping[Grade, Severity]
    tolerated_after: int
    consequence: str
    recommendation: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class AllergyKnowledge:
    """Everything that the screen of allergies knows; `of` makes the indexes.

    `reactions` are words that a reaction may be told in, with the grade that each shows.
    """

    groups: Mapping[str, AllergyGroup]
    rules: Mapping[str, AllergyRule]
    reactions: Mapping[str, Grade]
    group_written: Mapping[str, str]
    groups_of_condition: Mapping[str, str]
    groups_of_ingredient: Mapping[str, tuple[str, ...]]
    rules_of: Mapping[str, tuple[AllergyRule, ...]]
    covered: frozenset[str]

    @classmethod
    def of(
        cls, groups: Mapping[str, AllergyGroup], rules: Mapping[str, AllergyRule], reactions: Mapping[str, Grade]
    ) -> Self:
        """The parts, which must already agree with each other, with their indexes."""
        of_ingredient: defaultdict[str, list[str]] = defaultdict(list)
        of_group: defaultdict[str, list[AllergyRule]] = defaultdict(list)
        for group in groups.values():
            for rxcui in group.members:
                of_ingredient[rxcui].append(group.group_id)
        for rule in rules.values():
            if rule.allergic_to:
                of_group[rule.allergic_to].append(rule)
        return cls(
            groups=groups,
            rules=rules,
            reactions=reactions,
            group_written={plainly(text): each.group_id for each in groups.values() for text in each.written},
            groups_of_condition={name: each.group_id for each in groups.values() for name in each.conditions},
            groups_of_ingredient={rxcui: tuple(found) for rxcui, found in of_ingredient.items()},
            rules_of={group_id: tuple(found) for group_id, found in of_group.items()},
            covered=frozenset(rxcui for rule in rules.values() if rule.drugs for rxcui in groups[rule.drugs].members),
        )

    def group_of(self, written: str) -> str | None:
        """The group that the words mean, such as `penicillins` for "PCN allergy"."""
        return self.group_written.get(plainly(written))

    def grade_of(self, reaction: str) -> Grade:
        """The gravest grade that the words show; "ankle swelling", a side effect, is not read as any "swelling"."""
        text = f" {' '.join(reaction.lower().replace(',', ' ').replace(';', ' ').replace('/', ' ').split())}"
        words = [word for word in self.reactions if f" {word}" in text]
        shown: Iterable[Grade] = [
            self.reactions[word] for word in words if not any(word != longer and word in longer for longer in words)
        ]
        return min(shown, key=list(Grade).index, default=Grade.UNKNOWN)


def plainly(text: str) -> str:
    """The words in lower case without those that only say that it is an allergy or a drug."""
    words = text.lower().replace("-", " ").replace("(", " ").replace(")", " ").replace(".", "").split()
    return " ".join(word for word in words if word not in _FILLERS) or " ".join(words)
