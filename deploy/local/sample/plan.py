"""The members of a plan as records of the wire, for those who want them one by one and not in files.

A member does not change when the plan grows: member 7 of sixty is member 7 of a thousand.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.local.sample.calendars import AS_OF, CLAIMS_FROM
from deploy.local.sample.formats.wire import records_of
from deploy.local.sample.member import make_member

__all__ = ["AS_OF", "CLAIMS_FROM", "SampleMember", "members"]


@dataclass(frozen=True, slots=True)
class SampleMember:
    """One member: the wire's `MemberRecord` as plain values, with the coverage of the last span."""

    member_id: str
    language: str
    record: dict[str, Any]


def members(count: int, seed: int) -> Iterator[SampleMember]:
    """The first `count` members of the plan with this seed."""
    for number in range(1, count + 1):
        member = make_member(seed, number)
        record = json.loads(records_of(member, seed)[-1])
        yield SampleMember(member.person.member_id, member.person.language, record)
