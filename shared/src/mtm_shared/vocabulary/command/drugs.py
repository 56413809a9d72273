"""Everything that the vocabulary knows of a drug, a product or an ingredient, as data and as a page."""

from pathlib import Path
from typing import Any, Final

from mtm_shared.values.codes import Ndc
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.command.facts import flags_of, row_source
from mtm_shared.vocabulary.command.finding import Found, as_ndc
from mtm_shared.vocabulary.command.page import Page
from mtm_shared.vocabulary.wording import fold

_FIRST: Final = 6
_RELATIVES: Final = 8
_FLAGS: Final = {
    "maintenance": "maintenance",
    "part_d": "Part D",
    "otc": "OTC",
    "supplement": "supplement",
    "herbal": "herbal",
    "schedule": "schedule",
    "high_alert": "high alert",
}
_TERM_TYPES: Final = {
    "IN": "ingredient",
    "PIN": "salt or form of an ingredient",
    "MIN": "combination of ingredients",
    "SCDC": "ingredient with strength",
    "SBDC": "brand with strength",
    "SCD": "clinical drug",
    "SBD": "branded drug",
    "BN": "brand name",
    "GPCK": "generic pack",
    "BPCK": "branded pack",
}


def drug_data(vocabulary: Vocabulary, given: str, found: Found, origin: Path | None) -> dict[str, Any]:
    """The drug with its product, NDCs and ingredients."""
    drug = found.drug
    assert drug is not None
    return {
        "kind": "drug",
        "given": given,
        "understood": _how(vocabulary, given, drug),
        "rxcui": drug.rxcui or None,
        "name": drug.name,
        "term_type": _term_type(vocabulary, drug),
        "strength": drug.strength,
        "form": drug.dose_form,
        "route": drug.route,
        "brand": drug.brand,
        "ndcs": _ndcs(vocabulary, given, drug),
        "ingredients": [ingredient_data(vocabulary, each, origin) for each in drug.ingredients],
    }


def ingredient_data(vocabulary: Vocabulary, ingredient: Ingredient, origin: Path | None) -> dict[str, Any]:
    """The ingredient with its names, family, classes and flags."""
    names = vocabulary.tables.drugs.names.get(ingredient.rxcui)
    relatives = [
        each.name
        for each in vocabulary.ingredients.values()
        if each.family == ingredient.family and each.rxcui != ingredient.rxcui
    ]
    return {
        "rxcui": ingredient.rxcui,
        "name": ingredient.name,
        "source": row_source(vocabulary, ingredient.rxcui, origin),
        "device": ingredient.device,
        "family": ingredient.family,
        "also_in_family": sorted(relatives),
        "classes": {each: vocabulary.classes.get(each, each) for each in sorted(ingredient.classes)},
        "routes": sorted(ingredient.routes),
        "brands": list(names.brands) if names else [],
        "synonyms": list(names.synonyms) if names else [],
        "flags": flags_of(vocabulary, ingredient),
        "assertions": [
            {"relation": each.relation, "target": each.target_name, "code": each.target_code, "source": "MED-RT"}
            for each in vocabulary.assertions(ingredient.rxcui)
        ],
    }


def _how(vocabulary: Vocabulary, given: str, drug: Drug) -> dict[str, Any]:
    how: dict[str, Any] = {"by": drug.resolved_by.value, "reading": "exact"}
    if drug.resolved_by is ResolvedBy.RXCUI and given.strip() != drug.rxcui:
        return {**how, "reading": "retired"}
    if drug.resolved_by is not ResolvedBy.NAME:
        return how
    tables = vocabulary.tables
    written = tables.wording.take_apart(given)
    exact = tables.products.by_name(fold(given)) or tables.names.get(fold(given))
    how["reading"] = "exact" if exact else "normalised"
    if not exact:
        around = [word for word in written.words if tables.wording.stands_around(word, after_name=True)]
        how["words"] = [word for word in written.words if word not in around]
        how["strengths"] = list(written.strengths)
        how["form"] = written.form
        # A separator is read, and "/" has become "and": nobody wrote that.
        how["passed_over"] = [word for word in around if not tables.wording.separates(word)]
    return how


def _term_type(vocabulary: Vocabulary, drug: Drug) -> str | None:
    product = vocabulary.product(drug.rxcui)
    if product is not None:
        return product.tty
    return "IN" if vocabulary.ingredient(drug.rxcui) else None


def _ndcs(vocabulary: Vocabulary, given: str, drug: Drug) -> dict[str, Any]:
    held = vocabulary.ndcs_of(drug.rxcui) if drug.rxcui else ()
    asked = as_ndc(given)
    shown = ([asked.digits] if asked and asked.digits in held else []) + [each for each in held if each != str(asked)]
    prices = {each: price for each in shown[:_FIRST] if (price := vocabulary.price(each))}
    return {
        "count": len(held),
        "first": shown[:_FIRST],
        "prices": {
            ndc: {
                "usd": str(price.price),
                "unit": price.unit,
                "effective": price.effective.isoformat(),
                "source": f"NADAC as of {price.as_of.isoformat()}",
            }
            for ndc, price in prices.items()
        },
    }


def write_drug(page: Page, data: dict[str, Any]) -> None:
    """The page of a drug."""
    page.heading(data["name"])
    page.row("understood", _how_in_words(data["given"], data["understood"]))
    if data["rxcui"] is None:
        page.row("RxCUI", "none: RxNorm's list here does not name the combination")
    elif data["rxcui"].isdecimal():
        page.row(
            "RxCUI", f"{data['rxcui']} ({_TERM_TYPES.get(data['term_type'] or '', 'concept')}, {data['term_type']})"
        )
    for label in ("brand", "strength", "form", "route"):
        page.row(label, data[label])
    ndcs = data["ndcs"]
    if ndcs["count"]:
        more = ndcs["count"] - len(ndcs["first"])
        shown = [Ndc(each).hyphenated for each in ndcs["first"]]
        page.row("NDCs", f"{ndcs['count']}: " + ", ".join(shown) + (f" and {more} more" if more else ""))
    for ndc, price in ndcs["prices"].items():
        page.row("price", f"{Ndc(ndc).hyphenated} ${price['usd']} per {price['unit']} ({price['source']})")
    for ingredient in data["ingredients"]:
        _write_ingredient(page, ingredient)


def _how_in_words(given: str, how: dict[str, Any]) -> str:
    if how["reading"] == "retired":
        return f"by its RxCUI {given}, which RxNorm has retired; this stands in its place"
    if how["by"] != "name":
        identifier = "NDC" if how["by"] == "ndc" else "RxCUI" if given.isdecimal() else "id"
        return f"by its {identifier}, exactly"
    if how["reading"] == "exact":
        return f"by its name as a whole: {given}"
    parts = [f"word{'s' * (len(how['words']) > 1)} {' '.join(how['words'])}"]
    parts += [f"strength {', '.join(how['strengths'])}"] if how["strengths"] else []
    parts += [f"form {how['form']}"] if how["form"] else []
    parts += [f"passed over {', '.join(how['passed_over'])}"] if how["passed_over"] else []
    return f"by its name, normalised: {'; '.join(parts)}"


def _write_ingredient(page: Page, data: dict[str, Any]) -> None:
    page.heading(f"{'Device' if data['device'] else 'Ingredient'}: {data['name']}")
    page.row("RxCUI" if data["rxcui"].isdecimal() else "id", f"{data['rxcui']} ({data['source']})")
    others = data["also_in_family"]
    page.row("family", data["family"] + (f", with {_some(others, _RELATIVES)}" if others else ""))
    page.row("classes", [f"{key} ({name})" for key, name in data["classes"].items()] or "none")
    page.row("routes", data["routes"])
    page.row("brands", _some(data["brands"], _RELATIVES))
    page.row("also written", "; ".join(data["synonyms"]))
    if data["device"]:
        page.row("device", "yes: no drug, neither counted nor screened as one")
    for flag in data["flags"]:
        if flag["stated"]:
            page.row(_FLAGS[flag["flag"]], f"{flag['value']} ({flag['source']}, {flag['status']})")
    usual = [f"{_FLAGS[flag['flag']]} {flag['value']}" for flag in data["flags"] if not flag["stated"]]
    page.row("not stated", f"{', '.join(usual)}: the usual values" if usual else "")
    for assertion in data["assertions"][:_RELATIVES]:
        page.row(assertion["relation"].replace("_", " "), f"{assertion['target']} (MED-RT {assertion['code']})")


def _some(items: list[str], at_most: int) -> str:
    shown, more = items[:at_most], len(items) - at_most
    return "; ".join(shown) + (f" and {more} more" if more > 0 else "")
