"""Strict building blocks of the API: endpoints are closed by default, and wrong input is an error.

The settings refer to classes in this module while REST framework's views are still loading, so it does not import
them; web/endpoints.py does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from audit.screening import LONGEST_REASON, keeping
from web.dates import EARLIEST, LATEST
from web.refusals import place_errors
from web.screening import KEEP

if TYPE_CHECKING:
    from rest_framework.views import APIView

BIGGEST_ID = 2**63 - 1
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# More than twice as deep as any body that the API accepts.
MAX_DEPTH = 20


class DenyAll(BasePermission):
    """Deny everyone. The default, for an endpoint that sets no permissions."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        return False


class JsonBody(JSONParser):
    """Parse JSON strictly (RFC 8259), within the size limit, and reject duplicate names.

    A byte order mark is ignored, as section 8.1 allows: some editors and PowerShell write one.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RequestDataTooBig("The body is larger than the server accepts.")
        encoding = json.detect_encoding(raw)
        if not encoding.startswith("utf-8"):
            raise ParseError(f"The body is {encoding[:6].upper()}. Send it as UTF-8.")
        try:
            data = json.loads(
                raw.decode(encoding), parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated
            )
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not valid JSON.") from error
        _refuse_deep(data)
        if b"\\u" in raw:
            _refuse_half_characters(data)
        return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ParseError("The body contains the same field twice.")
    return fields


def _refuse_deep(value: Any) -> None:
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]


def _refuse_half_characters(value: Any) -> None:
    """Raise for a lone surrogate (RFC 8259, section 8.2), which can be neither stored nor sent back."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ParseError("The body contains a surrogate without its other half.") from error


MOST_NAMED = 20
LONGEST_NAME = 50


class StrictSerializer(Serializer):
    """A serializer that rejects unknown and read-only fields by name, instead of ignoring them."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "Send a JSON object"}

    def to_internal_value(self, data: Any) -> Any:
        errors = self._field_name_errors(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors}) from error  # type: ignore[dict-item]
        if errors:
            raise serializers.ValidationError(errors)
        return value

    def _field_name_errors(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Name the fields that cannot be set: the first `MOST_NAMED`, because a body can have any number."""
        writable = {name for name, field in self.fields.items() if not field.read_only}
        wrong = islice((str(name) for name in data if name not in writable), MOST_NAMED)
        return {
            name[:LONGEST_NAME]: "You cannot set this field"
            if name in self.fields
            else f"Unknown field “{name[:LONGEST_NAME]}”"
            for name in wrong
        }


class StrictText(serializers.CharField):
    """Text, sent as a string: a number is rejected, not converted."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class KeepingSerializer(StrictSerializer):
    """A body with free text, which may contain personal data. Call the service inside `keeping()`."""

    keep_personal_data_reason = StrictText(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST_REASON,
        help_text=(
            "Why personal data in the text must stay, after a response of type `/problems/personal-data`. Do not repeat "
            "the personal data: the reason goes in the ledger."
        ),
    )

    def get_fields(self) -> dict[str, Any]:
        """Return the fields with the reason last: it is rarely sent."""
        fields: dict[str, Any] = super().get_fields()
        return dict(sorted(fields.items(), key=lambda field: field[0] == KEEP))

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Take the reason out of the validated data and pass it to the services called inside.

        Raises:
            ValidationError: of a service, with a broken constraint at its field of the body.
        """
        reason = self.validated_data.pop(KEEP, "")
        try:
            with keeping(lambda: reason):
                yield
        except ValidationError as error:
            raise place_errors(error, self.fields.keys()) from None


class StrictChoice(serializers.ChoiceField):
    """One of several strings. The error for any other string lists them."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid_choice": "Choose one of: {choices}"}

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        super().fail(key, choices=", ".join(map(str, self.choices)), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class StrictBoolean(serializers.BooleanField):
    """True or false, sent as a boolean: "yes" and 1 are rejected."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictInteger(serializers.IntegerField):
    """A whole number, sent as a number: "5" and true are rejected; 5.0 is 5, as in JSON Schema."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictDate(serializers.DateField):
    """A date as YYYY-MM-DD (RFC 3339), within the years that pages accept."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "Enter a date as YYYY-MM-DD, such as 2020-03-31",
        "datetime": "Enter a date as YYYY-MM-DD, such as 2020-03-31",
        "out_of_range": f"Enter a date between {EARLIEST.year} and {LATEST.year}",
    }

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            self.fail("invalid")
        day: date = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("out_of_range")
        return day


class VersionField(StrictInteger):
    """The version of a row that the sender read: the same precondition as `If-Match`, where a list was read.

    Args:
        least: 0 where the row may not be there yet.
    """

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        text = "The `version` you read. If it has changed since, nothing is saved: 412, as with `If-Match`."
        options: dict[str, Any] = {"required": False, "allow_null": True, "help_text": text} | kwargs
        super().__init__(min_value=least, max_value=2**31 - 1, **options)


class IdField(StrictInteger):
    """The ID of a row, from 1 to the largest that the database can store."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=BIGGEST_ID, **kwargs)
