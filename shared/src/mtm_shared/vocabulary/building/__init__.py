"""Builds a vocabulary from the official files under the curated dictionary: what the dictionary says wins."""

from mtm_shared.vocabulary.building.build import build
from mtm_shared.vocabulary.building.report import BuildReport
from mtm_shared.vocabulary.building.sources import Sources

__all__ = ["BuildReport", "Sources", "build"]
