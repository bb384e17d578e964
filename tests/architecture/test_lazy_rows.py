"""`request.user` is a lazy object around its row, and type() sees the wrapping: a row is asked for its model instead."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, modules

EXCEPTIONS = {("web/forms.py", "type(field)"): "a field of a form, which is no row"}


def judged_by_type(module: Module) -> Iterator[str]:
    """The calls of type() whose answer is used as a model. Its name in a message, and a number's own type, are not."""
    tree = module.tree
    harmless: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=value, attr="__name__"):
                harmless.add(value)
            case ast.Compare(left=left, comparators=[ast.Name(id="int" | "str" | "bool" | "float")]):
                harmless.add(left)
            case _:
                pass
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="type"), args=[argument]) if node not in harmless:
                call = ast.unparse(node)
                if ast.unparse(argument) != "self" and (module.name, call) not in EXCEPTIONS:
                    yield f"{module.name}:{node.lineno} {call}"
            case ast.Attribute(attr="__class__"):
                yield f"{module.name}:{node.lineno} {ast.unparse(node)}"
            case _:
                pass


def test_no_row_is_checked_by_its_type() -> None:
    assert [line for module in modules() for line in judged_by_type(module)] == []


def test_every_exception_is_still_needed() -> None:
    text = {module.name: module.text for module in modules()}
    assert [key for key in EXCEPTIONS if key[1] not in text.get(key[0], "")] == []


@pytest.mark.parametrize(
    ("line", "is_problem"),
    [
        ("rows = type(row).objects.all()", True),
        ("into.setdefault(type(item.target), [])", True),
        ("if type(actor) is User: pass", True),
        ("if actor.__class__ is User: pass", True),
        ("model = row._meta.model", False),
        ("names = type(self).names", False),
        ("print(type(error).__name__)", False),
        ("type(number) is int", False),
        ("Model = type('Model', (), {})", False),
    ],
)
def test_a_row_checked_by_its_type_is_detected(line: str, is_problem: bool) -> None:
    assert bool(list(judged_by_type(Module("actions/plans/services.py", line)))) == is_problem
