"""References from one row of the API to another: by id, by name, and by address."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request


class NamedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class TitledSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()


class RefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    ref = serializers.CharField()


class OrNull(serializers.ChoiceField):
    """An optional choice: null instead of an empty string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


def chosen(choices: Any) -> list[tuple[str, str]]:
    """Return the choices without the empty one, for `OrNull`."""
    return [(value, label) for value, label in choices if value]


def address(request: Request, name: str, *ids: int) -> str:
    """Return the full address of a route of the API."""
    return address_of(request, name, len(ids))(*ids)


def address_of(request: Request, name: str, ids: int = 1) -> Callable[..., str]:
    """Return a function that formats the full address of a route with ids; a page of a list needs hundreds."""
    root = getattr(request, "root_address", None)
    if root is None:
        root = request.root_address = request.build_absolute_uri("/").rstrip("/")
    return (root + _route(name, ids)).format


@cache
def _route(name: str, ids: int) -> str:
    """Return the path of a route with `{}` for each of its ids."""
    placeholders = range(10**9, 10**9 + ids)
    path = reverse(f"api:{name}", args=placeholders)
    for each in placeholders:
        path = path.replace(str(each), "{}")
    return path
