"""One endpoint's throughput on one uvicorn worker, against a route that only validates the same body."""

import json
from typing import Any

from benchmarks import load
from benchmarks.rounds import interleaved, row
from benchmarks.server import KEY, pin, running


def against_validation(service: str, path: str, body: dict[str, Any], unit: str) -> None:
    """Prints requests a second of both, in interleaved rounds, and the ratio."""
    sent = json.dumps(body).encode()
    with running(service) as port:
        pin(1)
        host = f"127.0.0.1:{port}"
        ours = load.request_bytes(host, path, sent, KEY)
        peer = load.request_bytes(host, "/v1/bench/validate", sent, KEY)
        load.run("127.0.0.1", port, ours, seconds=1)
        validate, served, ratio = interleaved(
            lambda: load.run("127.0.0.1", port, peer, seconds=2).per_second,
            lambda: load.run("127.0.0.1", port, ours, seconds=2).per_second,
        )
    row("validate only, same body and middleware", validate, "requests/s", "(peer)")
    row(f"POST {path}", served, unit)
    row("ratio", ratio, "of the peer", "(aim 0.5)")
