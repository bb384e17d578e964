"""No test reads the clock while it is collected: minutes later, when it runs, "in ten minutes" is now."""

import ast
import re

from tests.architecture.source import ROOT

CLOCK = re.compile(
    r"(^|\.)(time\.time|monotonic|datetime\.now|timezone\.now|date\.today|localdate|localtime)$"
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
HARMLESS = {"tests/actions/evidence/test_verify_evidence.py": "a time in the past only grows older"}


def readings(node: ast.AST) -> list[int]:
    """The lines under this node that ask for the time when the module is imported."""
    if isinstance(node, FUNCTIONS):
        return [line for early in getattr(node, "decorator_list", []) for line in readings(early)]
    here = [node.lineno] if isinstance(node, ast.Call) and CLOCK.search(ast.unparse(node.func)) else []
    return here + [line for child in ast.iter_child_nodes(node) for line in readings(child)]


def test_no_test_reads_the_clock_while_it_is_collected() -> None:
    late = {
        f"{name}:{line}"
        for path in (ROOT / "tests").rglob("*.py")
        if (name := path.relative_to(ROOT).as_posix()) not in HARMLESS
        for line in readings(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not late, f"Read the time inside the test or a fixture: {sorted(late)}"


def test_the_guard_reads_parameters_and_not_bodies() -> None:
    text = (
        "@pytest.mark.parametrize('at', [time.time()])\ndef test(at):\n    time.time()\nNOW = timezone.now()"
    )
    assert readings(ast.parse(text)) == [1, 4]
