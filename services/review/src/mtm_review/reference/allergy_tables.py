"""The files of the screen of allergies, read into the domain's values.

| file | holds |
|---|---|
| `allergy_groups.csv` | a group, the words and conditions that mean it; a group without drugs is no drug problem |
| `allergy_members.csv` | the ingredients of each group |
| `allergy_rules.csv` | what an allergy to a group says of the drugs of a group, by what the reaction was |
| `allergy_reactions.csv` | the words in which reactions are told, with their grade |
"""

from collections.abc import Collection
from pathlib import Path

from mtm_review.domain.finding import Severity
from mtm_review.domain.knowledge.allergies import AllergyGroup, AllergyKnowledge, AllergyRule, Grade, plainly
from mtm_review.reference.duplicate_tables import read_drugs
from mtm_review.reference.rows import Row, put, rows_of

SAME_INGREDIENT = "allergy.same_ingredient"
SAME_FAMILY = "allergy.same_family"
GROUP_COLUMNS = ("group_id", "name", "written", "conditions")
RULE_COLUMNS = (
    "rule_id", "allergic_to", "drugs", "routes", *(grade.value for grade in Grade), "tolerated_after", "consequence",
    "recommendation", "citation", "status",
)  # fmt: skip


def read_allergies(folder: Path, conditions: Collection[str]) -> AllergyKnowledge:
    """Everything that the screen of allergies knows."""
    groups = _groups(folder, conditions)
    reactions: dict[str, Grade] = {}
    for row in rows_of(folder / "allergy_reactions.csv", ("written", "grade")):
        put(reactions, row.text("written"), row.choice("grade", Grade), row, "written")
    return AllergyKnowledge.of(groups, _rules(folder, groups), reactions)


def _groups(folder: Path, conditions: Collection[str]) -> dict[str, AllergyGroup]:
    members = read_drugs(folder / "allergy_members.csv", "group_id")
    found: dict[str, AllergyGroup] = {}
    written: dict[str, str] = {}
    for row in rows_of(folder / "allergy_groups.csv", GROUP_COLUMNS):
        group_id = row.text("group_id")
        words = [word.strip() for word in row.optional("written").split(";") if word.strip()]
        for word in words:
            put(written, plainly(word), group_id, row, "written")
        group = AllergyGroup(
            group_id,
            row.text("name"),
            frozenset(words),
            row.keys("conditions", conditions),
            members.get(group_id, {}),
        )
        put(found, group_id, group, row, "group_id")
    if set(members) - set(found):
        for member in rows_of(folder / "allergy_members.csv", ("group_id", "rxcui", "name")):
            member.key("group_id", found)
    return found


def _rules(folder: Path, groups: Collection[str]) -> dict[str, AllergyRule]:
    found: dict[str, AllergyRule] = {}
    for row in rows_of(folder / "allergy_rules.csv", RULE_COLUMNS):
        rule = _rule(row, groups)
        if not (rule.allergic_to and rule.drugs) and rule.rule_id not in (SAME_INGREDIENT, SAME_FAMILY):
            row.refuse("allergic_to", "must be a group, and so must drugs")
        put(found, rule.rule_id, rule, row, "rule_id")
    return found


def _rule(row: Row, groups: Collection[str]) -> AllergyRule:
    told = {grade: row.choice(grade.value, Severity) for grade in Grade if row.optional(grade.value)}
    citation = row.citation()
    if Severity.CONTRAINDICATED in told.values() and not citation.source.startswith("FDA label"):
        row.refuse("citation", "must be an FDA label where a severity is contraindicated")
    return AllergyRule(
        rule_id=f"allergy.{row.text('rule_id')}",
        allergic_to=row.key("allergic_to", groups) if row.optional("allergic_to") else "",
        drugs=row.key("drugs", groups) if row.optional("drugs") else "",
        routes=row.routes("routes"),
        severities=told,
        tolerated_after=row.number("tolerated_after", 0, 3650),
        consequence=row.sentence("consequence"),
        recommendation=row.sentence("recommendation"),
        citation=citation,
    )
