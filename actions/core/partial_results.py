"""Lists in a body whose items are validated one by one, so that an invalid item does not block the others."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from web.api import StrictSerializer


class PartialResults(serializers.ListSerializer[Any]):
    """A list that has the error in place of each invalid item."""

    default_error_messages: ClassVar[dict[str, Any]] = {"not_a_list": "Send a list"}

    def run_child_validation(self, data: Any) -> Any:
        try:
            return super().run_child_validation(data)
        except serializers.ValidationError as error:
            return error


class PartialFields(StrictSerializer):
    """An object that has the error in place of each invalid field. An unknown name makes all of it invalid."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError as error:
            wrong = error.detail
            if not isinstance(wrong, Mapping) or wrong.keys() - self.fields.keys():
                raise
        fit = super().to_internal_value({name: value for name, value in data.items() if name not in wrong})
        return fit | {name: serializers.ValidationError(detail) for name, detail in wrong.items()}
