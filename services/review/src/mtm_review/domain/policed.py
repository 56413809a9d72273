"""What a sponsor's policy makes of a screening: decided once without it and once with it, so that both can be told.

The knowledge with the policy's allowances judges duplicates a second time; everything else is a matter of what is
shown, and at which severity. A contraindicated finding is never hidden and never lowered, whatever a policy says, and
the answer says so. A policy or an entry that has ended does nothing; where it would have done something, that is told,
so that nobody takes a longer list for worse therapy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from mtm_review.domain.finding import (
    Finding,
    Moved,
    NotChecked,
    PolicyReport,
    PolicyState,
    Screen,
    Severity,
    Suppressed,
    SuppressionReason,
)
from mtm_review.domain.policy import Policy, Terms
from mtm_review.domain.ranking import ranked, shown
from mtm_review.domain.screens import SCREENS
from mtm_review.domain.situation import Seen, Situation


@dataclass(frozen=True, slots=True)
class Asked:
    """The policy to be asked on a day: to act, or (`shadow`) only to say what it would do.

    `resting` are policies that would be for the member and do not act on the day.
    """

    day: date
    policy: Policy | None = None
    shadow: bool = False
    resting: tuple[Policy, ...] = ()


class Answer(NamedTuple):
    """What is shown, what is told as suppressed, what was not checked, and what the policy did."""

    findings: Sequence[Finding]
    suppressed: Sequence[Suppressed]
    not_checked: Sequence[NotChecked]
    report: PolicyReport | None = None


class Look(NamedTuple):
    """What the screens saw of a situation, and how many findings are shown: as the caller asked, else as is usual.

    `duplicates` says that the screen of duplicate therapy was among them.
    """

    situation: Situation
    seen: Seen
    duplicates: bool
    limit: int | None
    usual: int


class _Outcome(NamedTuple):
    findings: list[Finding]
    suppressed: list[Suppressed]
    hides: tuple[Moved, ...] = ()
    shows: tuple[Moved, ...] = ()
    lowers: tuple[Moved, ...] = ()
    may_not_hide: tuple[Moved, ...] = ()

    def changed(self) -> frozenset[str]:
        return frozenset(moved.finding_id for moved in (*self.hides, *self.shows, *self.lowers))


def answer_of(look: Look, asked: Asked | None) -> Answer:
    """The screening as the policy lets it be shown; without one, or with one that is only tried, as it is."""
    plain = _cut(look.seen.findings, look.seen.suppressed, look.limit or look.usual)
    if asked is None or (asked.policy is None and not asked.resting):
        return Answer(plain.findings, plain.suppressed, look.seen.not_checked)
    gaps = [gap for policy in asked.resting for gap in _missed(policy, asked.day, look, plain)]
    if asked.policy is None:
        return Answer(plain.findings, plain.suppressed, [*look.seen.not_checked, *gaps])
    policy, state = asked.policy, asked.policy.state_on(asked.day)
    outcome = _outcome(policy, asked.day, look, plain) if state is PolicyState.ACTIVE else plain
    shown_as = plain if asked.shadow else outcome
    if not asked.shadow:
        gaps += _missed(policy, asked.day, look, plain)
        gaps += [
            NotChecked("policy", policy.policy_id, "policy_may_not_hide", moved.because)
            for moved in outcome.may_not_hide
        ]
    report = PolicyReport(policy.policy_id, policy.version, state, policy.terms.expires_on, asked.shadow, *outcome[2:])
    return Answer(shown_as.findings, shown_as.suppressed, [*look.seen.not_checked, *gaps], report)


def _cut(findings: Sequence[Finding], suppressed: Sequence[Suppressed], limit: int, by: str = "") -> _Outcome:
    kept, left = shown(ranked(findings), limit, by)
    return _Outcome(kept, [*sorted(suppressed, key=_order), *left])


def _order(item: Suppressed) -> tuple[str, str, str, str]:
    return (item.screen, item.rule_id, item.reason, item.because)


def _outcome(policy: Policy, day: date | None, look: Look, plain: _Outcome) -> _Outcome:
    """What the policy makes of it by the entries that are in force on the day; None: by all of them."""
    judged, hidden, may_not_hide = _allowed(policy, day, look)
    kept: list[Finding] = []
    lowers: list[Moved] = []
    hiders = [hider for hider in policy.hiders if _in_force(hider.terms, day)]
    for finding in judged.findings:
        lowering = policy.lowered.get(finding.rule_id)
        as_shown = lowering.lowered(finding) if lowering and _in_force(lowering.terms, day) else finding
        hider = next((hider for hider in hiders if hider.hides(as_shown)), None)
        if hider is not None and finding.severity is not Severity.CONTRAINDICATED:
            hidden[finding.finding_id] = _hidden(finding, policy, hider.terms)
            continue
        if hider is not None:
            may_not_hide.append(_refused(finding, policy))
        elif lowering is not None and as_shown is not finding:
            lowers.append(_moved(finding, _who(policy, f"shows it as {as_shown.severity}", lowering.terms)))
        kept.append(as_shown)
    limit, by = look.limit or look.usual, ""
    if look.limit is None and policy.limit is not None and _in_force(policy.limit.terms, day):
        limit, by = policy.limit.max_findings, f" by policy {policy.policy_id}"
    cut = _cut(kept, [*judged.suppressed, *hidden.values()], limit, by)
    before, after = ({each.finding_id for each in found} for found in (plain.findings, cut.findings))
    return cut._replace(
        hides=tuple(_hides(f, hidden, limit, by) for f in plain.findings if f.finding_id not in after),
        shows=tuple(_shows(f, look, policy) for f in cut.findings if f.finding_id not in before),
        lowers=tuple(moved for moved in lowers if moved.finding_id in after),
        may_not_hide=tuple(may_not_hide),
    )


def _allowed(policy: Policy, day: date | None, look: Look) -> tuple[Seen, dict[str, Suppressed], list[Moved]]:
    """What the screens see with the policy's allowances; what no longer is found, as hidden; what may not be."""
    seen, hidden, may_not_hide = look.seen, dict[str, Suppressed](), list[Moved]()
    knowledge = policy.duplicates_on(day or date.min)
    if knowledge is None or not look.duplicates:
        return seen, hidden, may_not_hide
    known = replace(look.situation.knowledge, duplicates=knowledge)
    situation = replace(look.situation, knowledge=known)
    again = [run(situation) for run in SCREENS[Screen.DUPLICATE_THERAPY]]
    findings = [finding for finding in seen.findings if finding.screen is not Screen.DUPLICATE_THERAPY]
    findings += [finding for one in again for finding in one.findings]
    found = {finding.finding_id for finding in findings}
    terms = {each.rule_id: each.terms for each in policy.allowances}
    for finding in [finding for finding in seen.findings if finding.finding_id not in found]:
        if finding.severity is Severity.CONTRAINDICATED:
            findings.append(finding)
            may_not_hide.append(_refused(finding, policy))
        else:
            hidden[finding.finding_id] = _hidden(finding, policy, terms.get(finding.rule_id, policy.terms))
    others = [s for s in seen.suppressed if s.screen is not Screen.DUPLICATE_THERAPY]
    others += [item for one in again for item in one.suppressed]
    return Seen(findings, others, seen.not_checked), hidden, may_not_hide


def _in_force(terms: Terms, day: date | None) -> bool:
    return day is None or day <= terms.expires_on


def _who(policy: Policy, does: str, terms: Terms) -> str:
    """The policy, what it does, whose it is and why."""
    people = f"{terms.author}, approved by {terms.second_approver}"
    return f"Policy {policy.policy_id} ({people}) {does} until {terms.expires_on}: {terms.reason}"


def _moved(finding: Finding, because: str) -> Moved:
    return Moved(finding.finding_id, finding.rule_id, because)


def _hidden(finding: Finding, policy: Policy, terms: Terms) -> Suppressed:
    because = f"{finding.because} {_who(policy, 'hides it', terms)}"
    return Suppressed(finding.screen, finding.rule_id, finding.medications, SuppressionReason.POLICY, because)


def _refused(finding: Finding, policy: Policy) -> Moved:
    text = f"{finding.because} It is contraindicated and stays shown: policy {policy.policy_id} may not hide it."
    return _moved(finding, text)


def _hides(finding: Finding, hidden: dict[str, Suppressed], limit: int, by: str) -> Moved:
    item = hidden.get(finding.finding_id)
    return _moved(finding, item.because if item else f"Not among the {limit} findings to be shown{by}.")


def _shows(finding: Finding, look: Look, policy: Policy) -> Moved:
    fired = any(seen.finding_id == finding.finding_id for seen in look.seen.findings)
    text = "has a place for it among the findings to be shown" if fired else "allows less of the class at a time"
    return _moved(finding, f"Policy {policy.policy_id} {text}.")


def _missed(policy: Policy, day: date, look: Look, plain: _Outcome) -> list[NotChecked]:
    """Says that a policy, or entries of it, would have changed this answer and do not act on the day."""
    state = policy.state_on(day)
    ended = sorted({terms.expires_on for terms in policy.entries if terms.expires_on < day})
    if state is PolicyState.ACTIVE and not ended:
        return []
    wished = _outcome(policy, None, look, plain).changed()
    if state is PolicyState.ACTIVE:
        wished -= _outcome(policy, day, look, plain).changed()
    if not wished:
        return []
    what = f"{len(wished)} finding{'' if len(wished) == 1 else 's'} that it would change"
    if state is PolicyState.NOT_YET:
        code, detail = "policy_not_yet", f"Policy {policy.policy_id} acts from {policy.effective_from}: {what}."
    elif state is PolicyState.EXPIRED:
        code, detail = "policy_expired", f"Policy {policy.policy_id} ended on {policy.terms.expires_on}: {what}."
    else:
        days = ", ".join(map(str, ended))
        code, detail = "policy_entry_expired", f"Entries of policy {policy.policy_id} ended on {days}: {what}."
    return [NotChecked("policy", policy.policy_id, code, detail)]
