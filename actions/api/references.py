"""How one row names another: by its id and by what people call it."""

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


def address(request: Request, name: str, *ids: int) -> str:
    """Return the full address of a route of the API."""
    return request.build_absolute_uri(reverse(f"api:{name}", args=ids))
