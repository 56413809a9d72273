"""Safe disposal of unused medicines: the six items of 42 CFR 422.111(j), in plain words.

Sites are the sponsor's own; with fewer than two the text says how to find one and a gap is reported. No site is ever
made up.
"""

from mtm_documents.catalogues import Words
from mtm_documents.domain.disposal import MINIMUM_SITES, TakeBackSite
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.editions import DisposalLinks


def disposal(sites: tuple[TakeBackSite, ...], links: DisposalLinks, words: Words) -> Content:
    """The whole section, from its title to the address where more can be read."""
    more = "disposal.sites.more" if len(sites) >= MINIMUM_SITES else "disposal.sites.find"
    steps = ("mix", "seal", "name", "throw")
    return {
        "title": words("disposal.title"),
        "soon": words.rich("disposal.soon"),
        "sites_title": words("disposal.sites.title"),
        "sites_best": words.rich("disposal.sites.best"),
        "sites_near": words.rich("disposal.sites.near") if sites else [],
        "sites": [_site(site, words) for site in sites],
        "sites_more": words.rich(more, search=links.search),
        "mail_title": words("disposal.mail.title"),
        "mail": words.rich("disposal.mail.text", takeback=links.takeback),
        "trash_title": words("disposal.trash.title"),
        "trash": [words.rich(f"disposal.trash.{step}") for step in steps],
        "kit": words.rich("disposal.trash.kit"),
        "flush": words.rich("disposal.flush", flush=links.flush),
        "learn": words.rich("disposal.learn", learn=links.learn),
    }


def disposal_gaps(sites: tuple[TakeBackSite, ...]) -> list[Gap]:
    """Fewer than the two sites that 422.111(j)(4) asks for."""
    if len(sites) >= MINIMUM_SITES:
        return []
    detail = f"{len(sites)} of {MINIMUM_SITES} sites: the text says how to find one"
    return [Gap(GapCode.TOO_FEW_TAKE_BACK_SITES, "take_back_sites", detail)]


def _site(site: TakeBackSite, words: Words) -> Content:
    far = ""
    if site.distance_miles is not None:
        count = 1 if site.distance_miles == 1 else 2
        far = words("disposal.miles", count=count, miles=words.number(site.distance_miles))
    return {"name": site.name, "details": [detail for detail in (site.address, site.phone, site.hours, far) if detail]}
