"""Pages of the letters of a year: what must begin a page, what must not be on it, what may break."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from mtm_documents.domain.gaps import GapCode
from mtm_documents.domain.parties import Channel, ChannelKind, Purpose
from mtm_documents.forms.tmr_member_letter.value import Topic
from mtm_documents.rendering import render
from mtm_documents.usecases import gatherers, print_runs
from unit.documents.samples import (
    HEALTH_OPTIONS,
    LONG_NAME,
    SITES,
    a_disposal_letter,
    a_letter,
    a_problem,
    a_report,
    a_tmr_letter,
    an_opt_out,
)
from unit.documents.structure import pages_of, text_of

FAX = Channel(ChannelKind.FAX, "1-866-555-0100", Purpose.QUESTIONS)
MAIL_TO_AN_INBOX = Channel(ChannelKind.EMAIL, "mtm@plan.example", Purpose.QUESTIONS)


def reachable_by(*channels: Channel) -> object:
    return replace(HEALTH_OPTIONS, channels=(*HEALTH_OPTIONS.channels, *channels))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_cover_sheet_tells_nothing_of_the_member(language: str) -> None:
    cover, *problems = pages_of(render("prescriber_report", language, a_report()).content)
    for told in ("Castañeda", "1948", "naproxen", "Qm9vdHN0cmFwLXRva2Vu"):
        assert told not in cover
        assert all(told in page for page in problems)
    assert "Alma Ruiz, MD" in cover


def test_a_cover_sheet_that_needs_two_pages_tells_nothing_of_the_member_on_the_second() -> None:
    wordy = reachable_by(*(replace(FAX, hours="every weekday " * 14, hours_es="") for _ in range(18)))
    pages = pages_of(render("prescriber_report", "en", a_report(contact=wordy)).content)
    first_problem = next(place for place, page in enumerate(pages) if "naproxen" in page)
    assert first_problem > 1
    assert not any("Castañeda" in page for page in pages[:first_problem])


def test_each_of_twelve_problems_is_a_page_with_its_own_reply() -> None:
    problems = tuple(a_problem(suggestion=f"suggestion number {n:02}", token=f"token-{n:02}") for n in range(12))
    cover, *pages = pages_of(render("prescriber_report", "en", a_report(problems=problems)).content)
    assert len(pages) == 12
    for n, page in enumerate(pages):
        assert f"suggestion number {n:02}" in page
        assert f"token-{n:02}" in page
    assert "13" in cover, "the pages of the fax, counted on its cover sheet"


def test_a_problem_that_goes_on_over_the_page_says_whose_it_is() -> None:
    long = a_problem(evidence=tuple(f"filled on 2024-{n % 12 + 1:02}-10 for 30 days" for n in range(40)))
    pages = pages_of(render("prescriber_report", "en", a_report(problems=(long,))).content)
    assert len(pages) == 3
    assert all("María Elena Castañeda" in page for page in pages[1:])


def test_a_report_is_answered_by_fax_and_never_by_email() -> None:
    made = render("prescriber_report", "en", a_report(contact=reachable_by(FAX, MAIL_TO_AN_INBOX)))
    cover = pages_of(made.content)[0]
    assert "By fax: 1-866-555-0100" in cover
    assert "mtm@plan.example" not in cover
    assert made.gaps == ()


def test_a_report_says_what_it_lacks() -> None:
    made = render("prescriber_report", "en", a_report(prescriber_name="", problems=(a_problem(token=""),)))
    assert [gap.code for gap in made.gaps] == [
        GapCode.MISSING_PRESCRIBER,
        GapCode.MISSING_REPLY_CHANNEL,
        GapCode.MISSING_REPLY_TOKEN,
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_topics_stay_on_one_page_each(language: str) -> None:
    topics = tuple(Topic(f"topic{n:02}", (*["Ask about this. " * 8] * (n % 5), f"done{n:02}")) for n in range(30))
    pages = pages_of(render("tmr_member_letter", language, a_tmr_letter(topics=topics)).content)
    for n in range(30):
        assert [f"done{n:02}" in page for page in pages] == [f"topic{n:02}" in page for page in pages]


def test_a_topic_taller_than_a_page_breaks_instead_of_being_cut_off() -> None:
    topics = (Topic("begins", (*["Ask about this. " * 100] * 6, "ends")),)
    pages = pages_of(
        render("tmr_member_letter", "en", a_tmr_letter(topics=topics, member_name=LONG_NAME[:200])).content
    )
    assert "begins" in pages[0]
    assert "ends" in "".join(pages[1:])


@pytest.mark.parametrize(("language", "drugs"), [("en", "stay the same"), ("es", "no cambian")])
@pytest.mark.parametrize("asked", [{}, {"permanent": True}, {"review_only": True}], ids=["year", "good", "review"])
def test_every_confirmation_says_what_stays_and_how_to_come_back(
    language: str, drugs: str, asked: dict[str, bool]
) -> None:
    text = text_of(render("opt_out_confirmation", language, an_opt_out(**asked)).content)
    assert drugs in text
    assert "1-866-352-5305" in text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_sites_are_printed_with_their_hours_and_none_is_made_up(language: str, count: int) -> None:
    sites = tuple(replace(site, hours=f"hours {n}") for n, site in enumerate((*SITES, SITES[0])[:count]))
    made = render("safe_disposal", language, a_disposal_letter(take_back_sites=sites))
    text = text_of(made.content)
    assert [f"hours {n}" in text for n in range(3)] == [n < count for n in range(3)]
    assert [gap.code for gap in made.gaps] == ([] if count > 1 else [GapCode.TOO_FEW_TAKE_BACK_SITES])
    assert text.count("Walnut") == sum("Walnut" in site.name for site in sites) + sum(
        "Walnut" in site.address for site in sites
    )


def test_other_letters_keep_the_short_part() -> None:
    assert "Scratch out or cover your name" in text_of(render("enrollment_letter", "en", a_letter()).content)


def test_whatever_a_gatherer_refuses_is_a_reject_of_a_print_run_or_makes_several_of_it() -> None:
    modules = {gather.__module__.rsplit(".", 1)[1] for gather in gatherers.GATHERERS.values()}
    folder = Path(gatherers.__file__).parent
    raised = {
        name.id
        for module in modules
        for node in ast.walk(ast.parse((folder / f"{module}.py").read_text()))
        if isinstance(node, ast.Raise) and node.exc is not None
        for name in [node.exc.func if isinstance(node.exc, ast.Call) else node.exc]
        if isinstance(name, ast.Name)
    }
    assert len(raised) > 6
    rejected = {kind.__name__ for kind in print_runs.REJECTS}
    assert raised - rejected == {"SeveralPrescribers", "ValueError"}
