"""A policy returns the reason it refuses, imports no model, and every service that writes asks one."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from rest_framework.request import Request
from rest_framework.response import Response

from prevent_tracker import urls as api_urls
from tests.architecture.source import Module, modules
from tests.architecture.test_services import LEDGER_CALLS, MACHINERY, calls, functions_of
from tests.architecture.test_writes import write_of
from web.endpoints import Endpoint

# What a policy may import of our own code; rows reach it as protocols.
# The clock says whose rights count while the past is read.
BELOW = {"policies", "states", "actors", "clock"}
# Predicates that share a rule among policies, and object rules of lists: someone who may not see a row gets the answer for a missing one.
PREDICATES = {
    "leads",
    "leads_or_manages",
    "decides_alone",
    "requested",
    "may_see",
    "may_see_inspection",
    "may_see_item",
    "needs_second_factor",
    "waits_for_approval",
    "may_see_responses",
}

# The ledger's machinery, and what follows from a change whose service has asked.
PARTS = {
    ("actions/actions/services.py", "write_new"),
    ("actions/core/services/consequences.py", "derive_parent"),
    ("actions/core/services/consequences.py", "derive_parents"),
    ("actions/core/services/consequences.py", "lapse_requests"),
    ("audit/services/entries.py", "append"),
    ("audit/services/entries.py", "append_many"),
    ("partners/accounts/services/access.py", "end_access"),
    ("partners/clients/services/secrets.py", "add_secret"),
    ("partners/clients/services/secrets.py", "drop_tokens"),
    ("partners/clients/services/secrets.py", "expire_secret"),
}
# (module, service): why everybody may do it, as far as it goes
OPEN_TO_ALL = {
    ("actions/bulk/services.py", "preview_change"): "keeps nothing, and the service of each action asks",
    ("actions/saved_views/services.py", "stop_watching"): "ends the actor's own watch",
    ("audit/services/reads.py", "record_reads"): "records what its page has shown the reader",
    ("desk/my_work/services/looks.py", "mark_seen"): "stores what the actor themselves saw",
    ("importing/engine/services/uploads.py", "store_upload"): "stores a file whose preview has asked",
    ("importing/engine/services/uploads.py", "remove_upload"): "removes the actor's own file",
    ("partners/clients/services/secrets.py", "use_secret"): "records that a client used its own secret",
    ("partners/tokens/services.py", "record_use"): "records that a person used their own token",
    ("web/services.py", "claim_key"): "stores the key of the caller's own request",
    ("web/services.py", "store_response"): "stores the response to the caller's own request",
}
UNASKED = PARTS | OPEN_TO_ALL.keys() | MACHINERY.keys()


def policy_modules() -> list[Module]:
    return [module for module in modules() if module.name.endswith("policies.py")]


def imports(module: Module) -> Iterator[str]:
    """The modules that a module imports, for types too, with each name of `from a import b` as `a.b`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def own_apps() -> frozenset[str]:
    return frozenset(module.parts[0] for module in modules())


def rows_imported(module: Module) -> list[str]:
    ours = (name.split(".") for name in imports(module) if name.split(".")[0] in own_apps())
    texts = ["web", "language"]
    return [
        ".".join(name)
        for name in ours
        if name[0] != "standards" and name[:2] != texts and not BELOW & set(name)
    ]


def without_reason(module: Module) -> list[str]:
    """Policies that answer yes or no instead of with a reason, or reasons of another type."""
    names = []
    for function in functions_of(module.tree):
        returns = ast.unparse(function.returns) if function.returns else "nothing"
        public = not function.name.startswith("_") and function.name not in PREDICATES
        if public and (function.name.startswith("why_not_") != (returns == "str") or returns == "bool"):
            names.append(f"{module.name}:{function.lineno} {function.name}() returns {returns}")
    return names


def test_policies_import_no_model() -> None:
    assert policy_modules()
    assert {module.name: rows for module in policy_modules() if (rows := rows_imported(module))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "from actions.core.models import Action\n",
        "import actions.models\n",
        "if TYPE_CHECKING:\n    from returns.models import Return\n",
        "def rule():\n    from partners.accounts import models\n",
    ],
)
def test_a_policy_that_imports_a_model_is_found(text: str) -> None:
    assert rows_imported(Module("actions/policies.py", text))


def test_policies_return_the_reason() -> None:
    assert [line for module in policy_modules() for line in without_reason(module)] == []


@pytest.mark.parametrize(
    ("signature", "is_found"),
    [
        ("def may_close(rights) -> bool:", True),
        ("def why_not_close(rights) -> bool:", True),
        ("def close_refusal(rights) -> str:", True),
        ("def why_not_close(rights) -> str:", False),
        ("def visible(rights) -> Q:", False),
    ],
)
def test_a_policy_without_a_reason_is_found(signature: str, is_found: bool) -> None:
    assert bool(without_reason(Module("actions/policies.py", f"{signature}\n    return x\n"))) is is_found


# Services --------------------------------------------------------------------------------------------------------

Name = tuple[str, str]  # dotted module, function


def dotted(module: Module) -> str:
    return ".".join(module.parts).removesuffix(".__init__")


def calls_of(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[Name]:
    """The functions of our own that a function calls, as far as its names tell."""
    here = {each.name for each in functions_of(module.tree)}
    origins: dict[str, Name] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            origins |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    names: set[Name] = set()
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in here:
                names.add((dotted(module), name))
            case ast.Call(func=ast.Name(id=name)) if name in origins:
                names.add(origins[name])
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if owner in origins:
                names.add((".".join(origins[owner]), name))
            case ast.Call(func=ast.Attribute(attr="forbid")):
                names.add(("audit.policies", "forbid"))
    return names


def frames(everything: list[Module]) -> set[Name]:
    """Context managers of services: what they open is changed by the service that enters them, so that one asks."""
    return {
        (dotted(module), function.name)
        for module in everything
        for function in functions_of(module.tree)
        if "actor" in {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        and any("contextmanager" in ast.unparse(decorator) for decorator in function.decorator_list)
    }


def unasked(everything: list[Module]) -> Iterator[str]:
    """Public services that write and reach no `forbid`, by themselves or through what they call."""
    graph = {
        (dotted(module), function.name): calls_of(module, function)
        for module in everything
        for function in functions_of(module.tree)
    }
    asking = {("audit.policies", "forbid"), ("actions.core.services.change", "Denied")}
    entered = frames(everything)
    while more := {name for name, called in graph.items() if called & asking} - asking:
        asking |= more
    for module in everything:
        for function in functions_of(module.tree):
            name = (dotted(module), function.name)
            is_public = not function.name.startswith("_") and (module.name, function.name) not in UNASKED
            if is_public and name not in entered | asking and writes(function, graph[name] & entered):
                yield f"{module.name}:{function.lineno} {function.name}() asks no policy"


def writes(function: ast.FunctionDef | ast.AsyncFunctionDef, entered: set[Name]) -> bool:
    """Whether it writes rows or entries itself, or changes what a frame opens."""
    return bool(entered) or any(
        (isinstance(call.func, ast.Name) and call.func.id in LEDGER_CALLS) or write_of(call)
        for call in calls(function)
    )


def service_modules() -> list[Module]:
    return [module for module in modules() if module.is_on("services")]


def test_every_service_that_writes_asks_a_policy() -> None:
    assert list(unasked(service_modules())) == []


def test_every_unasked_service_is_still_there() -> None:
    there = {
        (module.name, function.name) for module in service_modules() for function in functions_of(module.tree)
    }
    assert UNASKED - there == set()


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("row.save()", True),
        ("append(actor=actor)", True),
        ("with changing(actor=actor) as change: change.row.title = ''", True),
        ("forbid(policies.why_not_close(rights)); row.save()", False),
        ("change.forbid(policies.why_not_close(rights)); row.save()", False),
        ("_ask(actor); row.save()", False),
        ("return row", False),
    ],
)
def test_a_service_that_asks_nobody_is_found(body: str, is_found: bool) -> None:
    text = (
        "from audit.policies import forbid\n"
        f"def close(*, actor, row):\n    {body}\n"
        "@contextmanager\ndef changing(*, actor):\n    yield row\n"
        "def _ask(actor):\n    forbid(policies.why_not_close(actor))\n"
    )
    assert bool(list(unasked([Module("actions/services.py", text)]))) is is_found


# Endpoints -------------------------------------------------------------------------------------------------------


def endpoints() -> list[type[Endpoint]]:
    """Every endpoint; the address configuration imports them."""
    assert api_urls
    return [view for view in _below(Endpoint) if view.__module__.split(".")[0] in own_apps()]


def _below(view: type[Endpoint]) -> Iterator[type[Endpoint]]:
    for each in view.__subclasses__():
        yield each
        yield from _below(each)


def silent(views: list[type[Endpoint]]) -> list[str]:
    """Endpoints that take a POST or PATCH and have no policy of their own."""
    return [
        view.__name__
        for view in views
        if any(
            hasattr(view, name) and name in view.http_method_names
            for name in ("post", "put", "patch", "delete")
        )
        and view.why_not is Endpoint.why_not
    ]


def test_every_writing_endpoint_has_a_policy() -> None:
    assert len(endpoints()) > 50
    assert silent(endpoints()) == []


def test_an_endpoint_without_a_policy_is_found() -> None:
    class Silent(Endpoint):
        def post(self, request: Request) -> Response:
            return Response()

    assert silent([Silent]) == ["Silent"]
