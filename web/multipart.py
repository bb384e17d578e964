"""File uploads in the API: multipart forms (RFC 7578), parsed as strictly as JSON."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework import serializers

from web.problems import HttpProblem
from web.queries import REPLACEMENT
from web.uploads import LONGEST_NAME, check

LONGEST_NUMBER = 19


def parts_of(data: QueryDict, *, numbers: Collection[str] = ()) -> dict[str, Any]:
    """Return the value of each part.

    Args:
        numbers: names of the parts that contain whole numbers, which a form can only send as text.

    Raises:
        ValidationError: keyed by part, for a part that was sent twice or is not UTF-8.
    """
    errors = {}
    for name, values in data.lists():
        if len(values) > 1:
            errors[name] = "Send this part only once"
        elif isinstance(values[0], str) and REPLACEMENT in values[0]:
            errors[name] = "Send this part as UTF-8"
    if errors:
        raise ValidationError(errors)
    parts = data.dict()
    return parts | {name: _number(parts[name]) for name in numbers if name in parts}


def _number(value: Any) -> Any:
    is_number = (
        isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
    )
    return int(value) if is_number else value


class EvidenceFile(serializers.FileField):
    """A file of an allowed type, whose content matches its name, within the size limit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_NAME, **kwargs)

    def to_internal_value(self, data: Any) -> UploadedFile[Any]:
        file: UploadedFile[Any] = super().to_internal_value(data)
        try:
            check(file, limit=settings.EVIDENCE_MAX_BYTES)
        except ValidationError as error:
            if error.code == "too_large":
                raise HttpProblem(413, error.messages[0]) from error
            raise serializers.ValidationError(error.messages, code=error.code) from error
        return file
