"""What every endpoint of the API shares: closed by default, nothing unknown or ill-typed swallowed.

The settings name classes of this module while REST framework's views are still being defined, so it does not
import them; what needs them is in web/endpoints.py.
"""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import IO, TYPE_CHECKING, Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from audit.screening import LONGEST_REASON, keeping
from web.dates import EARLIEST, LATEST
from web.screening import KEEP

if TYPE_CHECKING:
    from rest_framework.views import APIView

BIGGEST_ID = 2**63 - 1
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Nothing the API takes is nested half as deep.
DEEPEST = 20


class DenyAll(BasePermission):
    """The default: an endpoint that names no permission answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        return False


class JsonBody(JSONParser):
    """JSON as RFC 8259 has it, within the size the site accepts; a name given twice is refused, not overwritten.

    A byte order mark before UTF-8 is passed over, as section 8.1 allows: some editors and PowerShell write one.
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
            found = json.loads(
                raw.decode(encoding), parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated
            )
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not valid JSON.") from error
        _refuse_deep(found)
        if b"\\u" in raw:
            _refuse_half_characters(found)
        return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("The body names a field twice.")
    return found


def _refuse_deep(value: Any) -> None:
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > DEEPEST:
            raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]


def _refuse_half_characters(value: Any) -> None:
    """Refuse an escaped half of a character (RFC 8259, section 8.2): it can neither be stored nor sent back."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ParseError("The body holds half a character: a surrogate without its other half.") from error


class StrictSerializer(Serializer):
    """A serializer that refuses what it cannot take, by name, instead of dropping it in silence."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "Send a JSON object"}

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **refused}) from error  # type: ignore[dict-item]
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _refused(self, data: Mapping[str, Any]) -> dict[str, str]:
        writable = {name for name, field in self.fields.items() if not field.read_only}
        return {
            str(name): "This field cannot be set"
            if name in self.fields
            else f"Unknown field “{str(name)[:50]}”"
            for name in data
            if name not in writable
        }


class StrictText(serializers.CharField):
    """Text that was sent as text: a number is refused, not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class KeepingSerializer(StrictSerializer):
    """What is written with free text in it. `keeping` stands around the service that writes what was sent."""

    keep_personal_data_reason = StrictText(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST_REASON,
        help_text=(
            "Why personal data found in the texts is kept, when it is: after an answer of the type "
            "`/problems/personal-data`. It is recorded, so give it without the data itself."
        ),
    )

    def get_fields(self) -> dict[str, Any]:
        """Return the reason last, where there is one: it is rarely sent."""
        fields: dict[str, Any] = super().get_fields()
        return dict(sorted(fields.items(), key=lambda field: field[0] == KEEP))

    def keeping(self) -> AbstractContextManager[None]:
        """Take the reason out of what was sent, and let the services within know it."""
        reason = self.validated_data.pop(KEEP, "")
        return keeping(lambda: reason)


class StrictChoice(serializers.ChoiceField):
    """One of some texts; who sends another is told which there are."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid_choice": "Choose one of: {choices}"}

    def fail(self, key: str, **given: Any) -> NoReturn:
        super().fail(key, choices=", ".join(map(str, self.choices)), **given)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class StrictBoolean(serializers.BooleanField):
    """True or false that was sent as such: "yes" and 1 are refused."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictInteger(serializers.IntegerField):
    """A whole number that was sent as one: "5" and true are refused; 5.0 is 5, as JSON Schema has it."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictDate(serializers.DateField):
    """A day written in the one way that the description names (RFC 3339), within the years that pages accept."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "Give a day as YYYY-MM-DD, such as 2020-03-31",
        "datetime": "Give a day as YYYY-MM-DD, such as 2020-03-31",
        "out_of_range": f"Give a day from {EARLIEST.year} to {LATEST.year}",
    }

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            self.fail("invalid")
        day: date = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("out_of_range")
        return day


class IdField(StrictInteger):
    """The id of another row, from 1 to what a database column holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=BIGGEST_ID, **kwargs)
