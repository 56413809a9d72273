"""What was put into the plan on purpose, member by member, so that recall can be measured and rejects be accounted for.

Kinds: planted_problem and problem_by_chance (the rule_id of the finding that should tell of it; a planted problem whose
`until` is the day as of which the plan is looked at is there to be found on that day), switch, titration, reversal,
replacement, resubmission, coverage, drug_management, not_understood (an NDC that no directory lists), bad_row (with the
code that an import answers) and reported (what a member's own words mean).
"""

from collections.abc import Callable, Iterator

from deploy.local.sample.calendars import iso
from deploy.local.sample.member import Member
from deploy.local.sample.mistakes import Mistake

COLUMNS = ("member_id", "kind", "id", "what", "claim_id", "day", "until", "expected")
Row = tuple[str, str, str, str, str, str, str, str]
_OF_A_CLAIM = frozenset({"reversal", "replacement", "resubmission"})


def truth_of(member: Member, expected: Callable[[Mistake], str]) -> Iterator[Row]:
    """The rows of a member; `expected` says what the format's import answers to a mistake, "" if it has none."""
    member_id = member.person.member_id
    for kind, name, what, day, until, detail in member.events:
        claim = f"{member_id}-{int(what):04d}" if kind in _OF_A_CLAIM else ""
        yield member_id, kind, name, "" if claim else what, claim, iso(day), iso(until) if until else "", detail
    for mistake in member.mistakes:
        code = expected(mistake)
        if code:
            claim = f"{member_id}-{mistake.claim}" if mistake.claim else ""
            yield member_id, "bad_row", mistake.kind, mistake.table, claim, "", "", code
    for told in member.told:
        yield member_id, "reported", "misspelt" if told.misspelt else "written", told.name, "", "", "", told.meant


def truth_line(row: Row) -> str:
    """A line of truth.csv; a text with a comma is quoted."""
    return ",".join(f'"{text}"' if "," in text else text for text in row) + "\n"
