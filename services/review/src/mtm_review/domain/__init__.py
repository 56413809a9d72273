"""Medication review as pure decisions: a regimen built from fills and lists, screened against clinical knowledge.

Everything here is a function of its arguments (the day is one of them), so that one request, a stored review and a
population run give the same findings. Standard library and `mtm_shared.values` only.
"""
