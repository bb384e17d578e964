"""Call services with people as a request has them: `request.user` is a lazy object around its row.

Each test named in tests/support/lazy_walk.py runs this way, and fails unless the services named there were called and returned.
tests/architecture/test_lazy_people.py says when a service is missing there.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils.functional import SimpleLazyObject

from partners.models import User
from tests.architecture.source import APPS, modules
from tests.architecture.test_services import MACHINERY, functions_of
from tests.support import snapshots
from tests.support.lazy_walk import WALK

PEOPLE = {"actor", "user", "owner", "alternate", "outgoing", "successor"}


@cache
def services() -> dict[str, Callable[..., Any]]:
    """Every public service that takes people, by module and name."""
    # A view that is imported while services are replaced would hold the replacement for ever.
    get_resolver().url_patterns  # noqa: B018
    by_name = {}
    for module in modules():
        if not module.is_on("services"):
            continue
        loaded = importlib.import_module(".".join(module.parts).removesuffix(".__init__"))
        for function in functions_of(module.tree):
            takes = {argument.arg for argument in function.args.kwonlyargs}
            if (
                not function.name.startswith("_")
                and takes & PEOPLE
                and (module.name, function.name) not in MACHINERY
            ):
                by_name[f"{loaded.__name__}.{function.name}"] = getattr(loaded, function.name)
    return by_name


def lazy(value: Any) -> Any:
    return SimpleLazyObject(lambda: value) if type(value) is User else value


@contextmanager
def lazy_people() -> Iterator[set[str]]:
    """Pass services a lazy object in place of each person; yield the names of the services called this way."""
    called: set[str] = set()

    def with_lazy_people(name: str, service: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(service)
        def call(*args: Any, **kwargs: Any) -> Any:
            result = service(*args, **{key: lazy(value) for key, value in kwargs.items()})
            if any(isinstance(kwargs.get(person), User) for person in PEOPLE):
                called.add(name)
            return result

        return call

    wrappers = {name: with_lazy_people(name, service) for name, service in services().items()}
    rebind({id(service): wrappers[name] for name, service in services().items()})
    try:
        yield called
    finally:
        # Also in modules that were first imported meanwhile.
        rebind({id(wrapper): services()[name] for name, wrapper in wrappers.items()})


def rebind(functions: dict[int, Callable[..., Any]]) -> None:
    """Put functions in the place of others, which are known by their ids, in every module that names them."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").partition(".")[0] in {*APPS, "tests"}:
            for name, value in list(vars(module).items()):
                if inspect.isfunction(value) and id(value) in functions:
                    setattr(module, name, functions[id(value)])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    names = set(WALK.get(item.nodeid, "").split())
    if not names:
        return (yield)
    with lazy_people() as called, pytest.MonkeyPatch.context() as patch:
        # A snapshot of an earlier test would be restored without calling a service: here no state equals another.
        patch.setattr(snapshots, "_database_state", object)
        result = yield
    assert names <= called, f"not called with lazy people: {sorted(names - called)}"
    return result
