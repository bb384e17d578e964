"""The base of every factory: a row is made by a service, so it comes with its ledger entries."""

from collections.abc import Callable
from typing import Any

import factory


class ServiceFactory(factory.Factory):
    """Makes a row by calling a service with the factory's fields.

    A factory calls its service by name, so that a test can put another in its place for a time.
    """

    service: Callable[..., Any]

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **fields: Any) -> Any:
        return cls.service(**fields)
