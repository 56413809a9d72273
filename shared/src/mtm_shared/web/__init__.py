"""HTTP plumbing shared by the services: one application factory, problem documents, tokens, paging, telemetry."""

from mtm_shared.logs import configure_logging
from mtm_shared.web.auth import Principal, require
from mtm_shared.web.cli import load_settings, service_cli
from mtm_shared.web.etags import IfMatch, IfNoneMatch, check_if_match, etag, not_modified
from mtm_shared.web.factory import Documentation, Surroundings, create_service, utc_now
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.pages import PageQuery, Paging, decode_cursor, encode_cursor, page_of
from mtm_shared.web.problems import ApiProblem, ProblemSpec, problem_responses
from mtm_shared.web.routing import Router
from mtm_shared.web.settings import (
    Environment,
    ServiceSettings,
    SettingsRefused,
    describe_settings,
    variable,
)
from mtm_shared.web.validation import fault_count, located

__all__ = [
    "ApiProblem",
    "Documentation",
    "Environment",
    "IdempotencyKey",
    "IfMatch",
    "IfNoneMatch",
    "PageQuery",
    "Paging",
    "Principal",
    "ProblemSpec",
    "Router",
    "ServiceSettings",
    "SettingsRefused",
    "Surroundings",
    "check_if_match",
    "configure_logging",
    "create_service",
    "decode_cursor",
    "describe_settings",
    "encode_cursor",
    "etag",
    "fault_count",
    "idempotent",
    "load_settings",
    "located",
    "not_modified",
    "page_of",
    "problem_responses",
    "require",
    "service_cli",
    "utc_now",
    "variable",
]
