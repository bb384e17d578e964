"""A service says who acts, when and on what, by name; and what it does, returns and raises."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import FUNCTIONS, Module, modules
from tests.architecture.test_writes import write_of

# A service that records nothing needs no actor: it reads, checks or prepares.
LEDGER_CALLS = {"writing", "append", "append_many"}
# The ledger's own machinery, on which services stand: not acts of a person.
MACHINERY = {
    ("audit/services/ledgers.py", "writing"): "a context manager with one subject, the ledger it locks",
    ("audit/services/ledgers.py", "head_for_append"): "takes the ledger that `writing` has locked",
    ("audit/services/ledgers.py", "system_ledger"): "finds, or on first use makes, the ledger of the system",
}


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in tree.body if isinstance(node, FUNCTIONS) and not node.name.startswith("_"))


def records(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it writes a row or a ledger entry itself."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in LEDGER_CALLS or write_of(node):
            return True
    return False


def problems(module: Module) -> Iterator[str]:
    for function in public(module.tree):
        if (module.name, function.name) in MACHINERY:
            continue
        where = f"{module.name}:{function.lineno} {function.name}()"
        arguments = function.args
        if arguments.posonlyargs or arguments.args or arguments.vararg:
            yield f"{where} takes arguments by position"
        if records(function) and (not arguments.kwonlyargs or arguments.kwonlyargs[0].arg != "actor"):
            yield f"{where} writes and does not take the actor first"
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if argument.arg == "actor" and default is not None:
                yield f"{where} can be called without an actor"
        if function.returns is None:
            yield f"{where} does not say what it returns"
        if not ast.get_docstring(function):
            yield f"{where} does not say what it does"


def test_every_public_service_keeps_the_form() -> None:
    services = [module for module in modules() if module.is_on("services")]
    assert services
    assert [line for module in services for line in problems(module)] == []


@pytest.mark.parametrize(
    ("signature", "problem"),
    [
        ("def close(action, *, actor) -> None:", "takes arguments by position"),
        ("def close(*, action, actor) -> None:", "writes and does not take the actor first"),
        ("def close(*, actor=None, action) -> None:", "can be called without an actor"),
        ("def close(*, actor, action):", "does not say what it returns"),
        ("def close(*, actor, action) -> None:", None),
        ("def _close(action):", None),
    ],
)
def test_a_service_out_of_form_is_found(signature: str, problem: str | None) -> None:
    source = f'{signature}\n    """Close it."""\n    action.save()\n'
    found = [line.split("() ")[1] for line in problems(Module("actions/services.py", source))]
    assert found == ([problem] if problem else [])


def test_a_service_without_a_docstring_is_found() -> None:
    found = list(problems(Module("actions/services.py", "def count(*, plan) -> int:\n    return 1\n")))
    assert found == ["actions/services.py:1 count() does not say what it does"]
