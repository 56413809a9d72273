"""Builds a vocabulary from the official files under the curated dictionary: what the dictionary says wins."""
