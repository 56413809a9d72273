"""The house's laws (ARCHITECTURE.md), each as a test that names the file and line that breaks it."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("eligibility", "review", "documents")
PACKAGES = {name: ROOT / "services" / name / "src" / f"mtm_{name}" for name in SERVICES}
PACKAGES["shared"] = ROOT / "shared" / "src" / "mtm_shared"
ROOMS = {
    "domain": {"domain"},
    "reference": {"domain", "reference"},
    "storage": {"domain", "storage"},
    "clients": {"domain", "usecases", "clients"},
    "batch": {"domain", "reference", "batch"},
    "usecases": {"domain", "storage", "clients", "usecases", "reference"},
}
DOCUMENT_ROOMS = {"forms", "rendering", "fonts", "catalogues"}
MAX_FILE, MAX_FUNCTION = 300, 40


def modules(*roots: Path) -> list[Path]:
    return sorted(path for root in roots for path in root.rglob("*.py"))


OURS = modules(*PACKAGES.values(), ROOT / "deploy", ROOT / "benchmarks")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("service", SERVICES)
def test_services_never_import_each_other(service: str) -> None:
    others = tuple(f"mtm_{other}" for other in SERVICES if other != service)
    broken = [
        place(path, line)
        for path in modules(PACKAGES[service])
        for line, name in imports(path)
        if name.split(".")[0] in others
    ]
    assert broken == []


def test_shared_imports_no_service() -> None:
    services = tuple(f"mtm_{name}" for name in SERVICES)
    broken = [
        place(path, line)
        for path in modules(PACKAGES["shared"])
        for line, name in imports(path)
        if name.split(".")[0] in services
    ]
    assert broken == []


@pytest.mark.parametrize("service", SERVICES)
def test_domain_knows_only_the_standard_library_and_shared_values(service: str) -> None:
    domain = PACKAGES[service] / "domain"
    allowed = (f"mtm_{service}.domain", "mtm_shared.values")
    broken = [
        place(path, line) + f" imports {name}"
        for path in modules(domain)
        for line, name in imports(path)
        if not name.startswith(allowed) and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert broken == []


def test_shared_values_know_only_the_standard_library() -> None:
    broken = [
        place(path, line) + f" imports {name}"
        for path in modules(PACKAGES["shared"] / "values")
        for line, name in imports(path)
        if not name.startswith("mtm_shared.values") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert broken == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_import_in_one_direction(service: str, room: str) -> None:
    allowed = ROOMS[room] | (DOCUMENT_ROOMS if service == "documents" and room != "domain" else set())
    prefix = f"mtm_{service}."
    broken = [
        place(path, line) + f" imports {name}"
        for path in modules(PACKAGES[service] / room)
        for line, name in imports(path)
        if name.startswith(prefix) and name.split(".")[1] not in allowed
    ]
    assert broken == []


def test_eligibility_calls_no_one() -> None:
    package = PACKAGES["eligibility"] / "clients"
    assert [path.name for path in modules(package)] == ["__init__.py"]
    assert ast.get_docstring(tree(package / "__init__.py")), "the empty room says why it is empty"


def test_the_clock_is_an_argument_in_domain_reference_and_batch() -> None:
    clock = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|datetime\.today|time\.time)\(")
    broken = [
        place(path, number)
        for service in SERVICES
        for room in ("domain", "reference", "batch")
        for path in modules(PACKAGES[service] / room)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if clock.search(line)
    ]
    assert broken == []


def test_no_year_is_written_into_a_rule() -> None:
    broken = [
        place(path, node.lineno)
        for service in SERVICES
        for path in modules(PACKAGES[service] / "domain")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and isinstance(side.value, int) and 2000 <= side.value <= 2100
    ]
    assert broken == []


@pytest.mark.parametrize("service", SERVICES)
def test_storage_never_commits(service: str) -> None:
    broken = [
        place(path, node.lineno)
        for path in modules(PACKAGES[service] / "storage")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]
    assert broken == []


def test_middleware_is_pure_asgi() -> None:
    broken = [
        place(path, number)
        for path in OURS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "BaseHTTPMiddleware" in line or re.search(r"\.middleware\(", line)
    ]
    assert broken == []


def test_files_are_small() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}
    assert [f"{path.relative_to(ROOT)}: {length}" for path, length in lengths.items() if length > MAX_FILE] == []


def test_functions_are_small() -> None:
    broken = [
        f"{place(path, node.lineno)} {node.name}: {(node.end_lineno or node.lineno) - node.lineno + 1}"
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MAX_FUNCTION
    ]
    assert broken == []


def test_every_module_says_why_it_exists() -> None:
    broken = [
        str(path.relative_to(ROOT))
        for path in OURS
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert broken == []


def test_reference_data_is_toml_or_csv() -> None:
    broken = [
        str(path.relative_to(ROOT))
        for package in PACKAGES.values()
        for path in package.rglob("*")
        if path.suffix in {".yaml", ".yml", ".xlsx", ".pickle"}
    ]
    assert broken == []
