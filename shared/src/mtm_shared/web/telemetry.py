"""Prometheus metrics: requests by method, route template and status. Paths are never labels: they name members."""

from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_BUCKETS: Final = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Requests by method, route template and status; one registry for each application."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        labels = ("service", "method", "route", "status")
        self._seconds = Histogram(
            "mtm_http_request_seconds",
            "Time to answer a request.",
            labels,
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._errors = Counter(
            "mtm_unexpected_errors",
            "Requests that ended in an unexpected error.",
            ("service",),
            registry=self.registry,
        ).labels(service)
        self._service = service
        self._children: dict[tuple[str, str, int], Any] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = (method, route, status)
        child = self._children.get(key)
        if child is None:
            child = self._seconds.labels(self._service, method, route, str(status))
            self._children[key] = child
        child.observe(seconds)

    def unexpected_error(self) -> None:
        """Count one answer of 500."""
        self._errors.inc()

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)
