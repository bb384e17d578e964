"""How one row of the API names another: by its id, by what people call it, and by its address."""

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
    """A choice that may not have been made: null, not an empty word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


def chosen(choices: Any) -> list[tuple[str, str]]:
    """Return the choices that say something, for `OrNull`."""
    return [(value, label) for value, label in choices if value]


def address(request: Request, name: str, *ids: int) -> str:
    """Return the full address of a route of the API."""
    return address_of(request, name, len(ids))(*ids)


def address_of(request: Request, name: str, ids: int = 1) -> Callable[..., str]:
    """Return what makes the full address of a route of so many ids: a page of a list asks for some hundreds."""
    root = getattr(request, "root_address", None)
    if root is None:
        root = request.root_address = request.build_absolute_uri("/").rstrip("/")
    return (root + _route(name, ids)).format


@cache
def _route(name: str, ids: int) -> str:
    """Return the path of a route with a place for each of its ids."""
    stands_for = range(10**9, 10**9 + ids)
    path = reverse(f"api:{name}", args=stands_for)
    for each in stands_for:
        path = path.replace(str(each), "{}")
    return path
