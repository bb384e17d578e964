"""Imports stand at the top, files stay small, and no module is a drawer for odds and ends."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, Module, functions, modules

LONGEST = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
OWN = ("assets", "benchmarks", "tests", *sorted({module.parts[0] for module in modules()}))


EXCEPTIONS = {
    "audit/verify.py": "runs on a bare Python too, where the package that checks signatures may be absent",
    "prevent_tracker/error_reports.py": "every command starts with the settings, and the sender took a third of its start",
}


def hidden_imports(module: Module) -> Iterator[str]:
    """Imports inside functions, where a cycle hides. An app's `ready()` is the place Django gives for them."""
    if module.name in EXCEPTIONS:
        return
    for function in functions(module.tree):
        if function.name == "ready" and module.parts[-1] == "apps":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.name}:{node.lineno} imports inside {function.name}()"


def test_no_function_imports() -> None:
    assert [line for module in modules() for line in hidden_imports(module)] == []


def test_an_import_inside_a_function_is_found() -> None:
    assert list(
        hidden_imports(Module("actions/views.py", "def f():\n    if 1:\n        from x import y\n"))
    ) == ["actions/views.py:3 imports inside f()"]


@pytest.mark.parametrize("app", OWN)
def test_no_file_is_too_long(app: str) -> None:
    files = (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("app", OWN)
def test_no_module_is_a_drawer(app: str) -> None:
    named = [path.relative_to(ROOT).as_posix() for path in (ROOT / app).rglob("*.py") if path.stem in DRAWERS]
    folders = [path.relative_to(ROOT).as_posix() for path in (ROOT / app).rglob("*/") if path.name in DRAWERS]
    assert named + folders == []
