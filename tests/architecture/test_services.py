"""A service says who acts and on what, by name; and what it does, returns and raises."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import FUNCTIONS, Module, modules
from tests.architecture.test_writes import write_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
LEDGER_CALLS = {"writing", "append", "append_many"}
# The ledger's own machinery, on which services stand: not acts of a person.
MACHINERY = {
    ("audit/services/ledgers.py", "writing"): "a context manager with one subject, the ledger it locks",
    ("audit/services/ledgers.py", "head_for_append"): "takes the ledger that `writing` has locked",
    ("audit/services/ledgers.py", "system_ledger"): "finds, or on first use makes, the ledger of the system",
    ("web/services.py", "remove_files_before"): "part of the jobs that delete files of a day ago",
    ("actions/evidence/services.py", "attach"): "part of adding evidence or an update, inside a `Change`",
    ("actions/core/services/requests.py", "cite"): "part of every board's decision, inside a `Change`",
    (
        "actions/core/services/requests.py",
        "close_request",
    ): "the second half of every decision, inside a `Change`",
}


def functions_of(tree: ast.Module) -> list[Function]:
    return [node for node in tree.body if isinstance(node, FUNCTIONS)]


def calls(function: Function) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def acts(function: Function) -> bool:
    """Whether it writes a row or a ledger entry, or hands an actor to something that does."""
    return any(
        (isinstance(call.func, ast.Name) and call.func.id in LEDGER_CALLS)
        or any(keyword.arg == "actor" for keyword in call.keywords)
        or write_of(call)
        for call in calls(function)
    )


def recorders(tree: ast.Module) -> set[str]:
    """The module's functions that write, by themselves or through another of its functions."""
    names = {function.name for function in functions_of(tree) if acts(function)}
    while True:
        through = {
            function.name
            for function in functions_of(tree)
            if any(isinstance(call.func, ast.Name) and call.func.id in names for call in calls(function))
        }
        if through <= names:
            return names
        names |= through


def used_from_above(everything: tuple[Module, ...]) -> set[tuple[str, str]]:
    """(app, name) of what other floors and other apps import from an app's services, or reach through them."""
    used = set()
    for module in everything:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            app, *rest = node.module.split(".")
            inside = module.parts[0] == app and module.is_on("services")
            if not inside and "services" in rest:
                used |= {(app, alias.name) for alias in node.names}
                bound = {alias.asname or alias.name for alias in node.names}
            elif not inside and any(alias.name == "services" for alias in node.names):
                bound = {alias.asname or alias.name for alias in node.names if alias.name == "services"}
            else:
                continue
            used |= {
                (app, attribute.attr)
                for attribute in ast.walk(module.tree)
                if isinstance(attribute, ast.Attribute)
                and isinstance(attribute.value, ast.Name)
                and attribute.value.id in bound
            }
    return used


def problems(module: Module, used: set[tuple[str, str]]) -> Iterator[str]:
    writing = recorders(module.tree)
    for function in functions_of(module.tree):
        if function.name.startswith("_") or (module.name, function.name) in MACHINERY:
            continue
        where = f"{module.name}:{function.lineno} {function.name}()"
        arguments = function.args
        writes = function.name in writing
        called = writes or (module.parts[0], function.name) in used
        if called and (arguments.posonlyargs or arguments.args or arguments.vararg):
            yield f"{where} takes arguments by position"
        if writes and (not arguments.kwonlyargs or arguments.kwonlyargs[0].arg != "actor"):
            yield f"{where} writes and does not take the actor first"
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if argument.arg == "actor" and default is not None:
                yield f"{where} can be called without an actor"
        if function.returns is None:
            yield f"{where} does not say what it returns"
        if called and not ast.get_docstring(function):
            yield f"{where} does not say what it does"


def test_every_service_keeps_the_form() -> None:
    services = [module for module in modules() if module.is_on("services")]
    assert services
    used = used_from_above(modules())
    assert [line for module in services for line in problems(module, used)] == []


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
    source = f'{signature}\n    """Close it."""\n    _save(action)\n\ndef _save(row):\n    row.save()\n'
    complaints = [line.split("() ")[1] for line in problems(Module("actions/services.py", source), set())]
    assert complaints == ([problem] if problem else [])


@pytest.mark.parametrize(
    "view",
    [
        "from actions.services import count\n",
        "from actions.services import plans\nplans.count(plan)\n",
        "from actions import services\nservices.count(plan)\n",
    ],
)
def test_public_services_are_keyword_only_and_documented(view: str) -> None:
    service = Module("actions/plans/services.py", "def count(plan) -> int:\n    return 1\n")
    used = used_from_above((Module("actions/plans/views.py", view), service))
    assert [line.split("() ")[1] for line in problems(service, used)] == [
        "takes arguments by position",
        "does not say what it does",
    ]
    assert list(problems(service, used_from_above((service,)))) == []
