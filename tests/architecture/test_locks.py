"""The lock: one resolution, hashed, naming no host, and satisfying what the packages ask for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock.txt"))
PROJECTS = [ROOT / "shared" / "pyproject.toml", *sorted((ROOT / "services").glob("*/pyproject.toml"))]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> dict[str, str]:
    matches = (PIN.match(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return {canonical(match[1]): match[2] for match in matches if match}


def requirements(project: Path) -> list[Requirement]:
    table = tomllib.loads(project.read_text(encoding="utf-8"))
    wanted = [Requirement(text) for text in table["project"]["dependencies"]]
    return [requirement for requirement in wanted if not requirement.name.startswith("openmtm-")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_names_no_host_and_no_folder(lock: Path) -> None:
    assert re.findall(r"https?://|file:|--index|--extra-index|--find-links", lock.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash(lock: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"))
    assert [block.split()[0] for block in blocks if PIN.match(block) and "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_runtime_lock_satisfies_the_package(project: Path) -> None:
    locked = pins(ROOT / "requirements" / "runtime.lock.txt")
    unmet = [
        str(requirement)
        for requirement in requirements(project)
        if not requirement.specifier.contains(locked.get(canonical(requirement.name), "0"), prereleases=True)
    ]
    assert unmet == []


def test_both_locks_are_views_of_one_resolution() -> None:
    everything, runtime = pins(ROOT / "requirements/dev.lock.txt"), pins(ROOT / "requirements/runtime.lock.txt")
    assert {name: version for name, version in runtime.items() if everything.get(name) != version} == {}
