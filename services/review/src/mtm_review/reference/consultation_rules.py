"""Loads what a consultation is checked against, strictly."""

from pathlib import Path

from mtm_shared.reference import Reader

from mtm_review.domain.consultation import ConsultationRules

FILE = Path(__file__).parent / "consultation" / "rules.toml"


def load_consultation_rules(path: Path = FILE) -> ConsultationRules:
    """The list of providers and the sources."""
    with Reader.of(path) as reader:
        types = reader.table("provider_types")
        codes = types.keys()
        return ConsultationRules(
            provider_types={code: types.text(code) for code in codes},
            provider_types_citation=reader.citation("provider_types_citation"),
            proxy_citation=reader.citation("proxy_citation"),
        )
