"""Rows are written by services alone: views, forms, serializers, models and commands ask a service."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, modules

ALWAYS_WRITE = {
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "aget_or_create",
    "aupdate_or_create",
    "acreate",
    "asave",
    "adelete",
    "save",
    "save_m2m",
    "delete",
    "executemany",
}
# These names have harmless namesakes (dict.update, hmac.update, set.add), so who they are called on decides.
ON_MANAGERS = {"create", "update"}
ON_RELATIONS = {"add", "remove", "set", "clear"}
MANAGERS = {"objects", "all_objects", "_default_manager", "_base_manager"}
QUERYSET_STEPS = {
    "filter",
    "exclude",
    "all",
    "visible_to",
    "select_for_update",
    "order_by",
    "using",
    "get_queryset",
}

EXCEPTIONS = {
    # (module, call, or * for all): why it is no service's business
    ("audit/triggers.py", "*"): "installs the append-only triggers; called by migrations and the suite",
    ("web/exports.py", "save"): "a workbook into the file that is sent",
    ("web/documents/word.py", "save"): "a paper into the file that is sent",
    ("web/sessions.py", "save"): "a session, which Django's middleware saves",
    ("web/workbooks.py", "*"): "a workbook into the file that is sent, without parts of a template",
    ("web/documents/opendocument.py", "*"): "a paper into the file that is sent, without parts of a template",
}


def chain(node: ast.expr) -> Iterator[str]:
    """The attribute names a call is made through, last first: `a.b.filter(...).c` gives c, filter, b, a."""
    while True:
        match node:
            case ast.Attribute():
                yield node.attr
                node = node.value
            case ast.Call():
                node = node.func
            case ast.Name():
                yield node.id
                return
            case _:
                return


def write_of(call: ast.Call) -> str | None:
    """The name of the write a call makes, None when it writes no row."""
    if not isinstance(call.func, ast.Attribute):
        return None
    name = call.func.attr
    through = list(chain(call.func.value))
    if name in ALWAYS_WRITE:
        # super().save() inside a form, model or admin is judged by the method that contains it.
        return name
    if name in ON_MANAGERS and (MANAGERS | QUERYSET_STEPS) & set(through):
        return name
    if name in ON_RELATIONS and through and through[0].endswith("_set"):
        return name
    return None


def writes(module: Module) -> Iterator[str]:
    if module.is_on("services") or (module.name, "*") in EXCEPTIONS:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (name := write_of(node)) and (module.name, name) not in EXCEPTIONS:
            yield f"{module.name}:{node.lineno} calls .{name}() outside a service"


def test_rows_are_written_by_services_alone() -> None:
    assert [line for module in modules() for line in writes(module)] == []


def test_every_exception_is_still_needed() -> None:
    names = {module.name for module in modules()}
    assert {module for module, _ in EXCEPTIONS} - names == set()


def test_a_write_outside_a_service_is_found() -> None:
    source = """
form.save()
Action.objects.create(title="x")
Action.objects.filter(pk=1).update(title="x")
row.delete()
plan.pillar_set.add(pillar)
Action.objects.select_for_update().get_or_create(ref="x")
seen = {}; seen.update(a=1); names = set(); names.add("x"); digest.update(b"x"); client.create("x")
"""
    places = list(writes(Module("actions/views.py", source)))
    assert [line.split(" ")[0] for line in places] == [f"actions/views.py:{n}" for n in (2, 3, 4, 5, 6, 7)]
    assert list(writes(Module("actions/plans/services.py", source))) == []
