"""One member's way through all three containers, as `make up` starts them: PostgreSQL, migrations, workers and all.

It runs beside whatever else runs: under a project name, ports and volumes of its own, removed afterwards.
"""

import hashlib
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from support import ROOT, docker_or_skip, missing

from deploy.local.sample.plan import AS_OF, members

pytestmark = pytest.mark.docker

SERVICES = ("eligibility", "review", "documents")
KEY = "openmtm-development"
MEMBERS = 60  # enough that one of them is eligible, whatever the tables of the sample say
SEED = 2026
BUILD_AND_START = 15 * 60
IMPORTED_WITHIN = 60.0


@dataclass(frozen=True)
class Composed:
    """The running project: a client for each service."""

    eligibility: httpx.Client
    review: httpx.Client
    documents: httpx.Client


def compose(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "compose", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUILD_AND_START,
        check=False,
    )


def an_environment() -> dict[str, str]:
    """A project name and ports that nobody else uses."""
    probes = [socket.socket() for _ in SERVICES]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports = {
            f"{name.upper()}_PORT": str(probe.getsockname()[1]) for name, probe in zip(SERVICES, probes, strict=True)
        }
    finally:
        for probe in probes:
            probe.close()
    # The host's own bundle, so that pip inside the build trusts what the host trusts.
    usual = Path("/etc/ssl/certs/ca-certificates.crt")
    given = os.environ.get("CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    bundle = given or (str(usual) if usual.is_file() else "/dev/null")
    own = {"COMPOSE_PROJECT_NAME": f"openmtm-test-{secrets.token_hex(4)}", "CA_BUNDLE": bundle, "OPENMTM_TAG": "test"}
    return dict(os.environ) | ports | own


@pytest.fixture(scope="module")
def composed() -> Iterator[Composed]:
    docker_or_skip()
    environment = an_environment()
    if compose(environment, "version").returncode != 0:
        missing("docker", "there is no Compose v2")
    try:
        started = compose(environment, "up", "--build", "--wait", "--wait-timeout", "300")
        assert started.returncode == 0, started.stderr[-3000:] + compose(environment, "logs", "--tail", "20").stdout
        clients = [
            httpx.Client(
                base_url=f"http://127.0.0.1:{environment[f'{name.upper()}_PORT']}",
                headers={"Authorization": f"Bearer {KEY}"},
                timeout=60,
            )
            for name in SERVICES
        ]
        yield Composed(*clients)
        for client in clients:
            client.close()
    finally:
        compose(environment, "down", "--volumes", "--timeout", "5")


def answered(response: httpx.Response) -> dict[str, Any]:
    assert response.is_success, response.text
    body: dict[str, Any] = response.json()
    return body


@pytest.fixture(scope="module")
def determination(composed: Composed) -> dict[str, Any]:
    """Members imported through the worker's container, and the first of them who is eligible decided on."""
    plan = list(members(MEMBERS, SEED))
    lines = "".join(json.dumps(member.record) + "\n" for member in plan)
    made = answered(
        composed.eligibility.post(
            "/v1/imports",
            data={"format": "ndjson"},
            files={"file": ("plan.ndjson", lines.encode())},
        )
    )
    until = time.monotonic() + IMPORTED_WITHIN
    status = made
    while status["state"] not in {"done", "failed"} and time.monotonic() < until:
        status = answered(composed.eligibility.get(f"/v1/imports/{made['import_id']}"))
    assert (status["state"], status["counts"]["rejected"]) == ("done", 0), status
    asked = {"program_id": "cms-2026", "as_of": AS_OF.isoformat()}
    for member in plan:
        made = answered(composed.eligibility.post(f"/v1/members/{member.member_id}/determinations", json=asked))
        if made["outcome"] == "eligible":
            return made
    raise AssertionError(f"none of {MEMBERS} members is eligible")


@pytest.fixture(scope="module")
def review(composed: Composed, determination: dict[str, Any]) -> dict[str, Any]:
    """A comprehensive review, from the profile in the first container to its completion in the second."""
    asked = {"member_id": determination["member_id"], "kind": "cmr", "as_of": AS_OF.isoformat()}
    opened = answered(composed.review.post("/v1/reviews", json=asked))
    path = f"/v1/reviews/{opened['review_id']}"
    for finding in opened["findings"]:
        decision = {"decision": "accepted", "reason": "Talked about.", "author": "A. Pharmacist"}
        answered(composed.review.post(f"{path}/findings/{finding['finding_id']}/decision", json=decision))
    consultation = {
        "held_on": AS_OF.isoformat(),
        "method": "telephone",
        "recipient": "beneficiary",
        "provider_name": "A. Pharmacist",
        "provider_title": "Clinical pharmacist",
        "provider_type": "02",
        "minutes": 30,
        "author": "A. Pharmacist",
    }
    answered(composed.review.post(f"{path}/consultation", json=consultation))
    answered(composed.review.post(f"{path}/complete", json={"author": "A. Pharmacist"}))
    return answered(composed.review.get(path))


def test_every_service_is_ready_on_postgresql(composed: Composed) -> None:
    clients = (composed.eligibility, composed.review, composed.documents)
    assert [answered(client.get("/readyz"))["database"] for client in clients] == ["postgresql"] * 3


def test_a_stranger_is_refused(composed: Composed) -> None:
    assert composed.eligibility.get("/v1/programs", headers={"Authorization": "Bearer nobody"}).status_code == 401


def test_the_member_is_eligible_and_enrolled(determination: dict[str, Any]) -> None:
    assert determination["outcome"] == "eligible"
    assert determination["enrollment_id"] is not None


def test_the_review_is_complete_and_keeps_the_enrolment(review: dict[str, Any], determination: dict[str, Any]) -> None:
    assert review["status"] == "completed"
    assert review["enrollment_id"] == determination["enrollment_id"]


@pytest.mark.parametrize("kind", ["enrollment_letter", "cmr_summary"])
def test_the_document_is_kept_byte_for_byte(
    composed: Composed, review: dict[str, Any], determination: dict[str, Any], kind: str
) -> None:
    subject = {
        "enrollment_letter": {"enrollment_id": determination["enrollment_id"]},
        "cmr_summary": {"review_id": review["review_id"]},
    }[kind]
    record = answered(composed.documents.post("/v1/documents", json={"kind": kind, "language": "en"} | subject))
    content = composed.documents.get(f"/v1/documents/{record['document_id']}/content").content
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == record["sha256"].removeprefix("sha256:")
