"""Files sent to the API: a form of parts (RFC 7578), read as strictly as JSON is."""

from collections.abc import Collection, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.parsers import DataAndFiles, MultiPartParser

from web.problems import HttpProblem
from web.queries import REPLACEMENT
from web.uploads import LONGEST_NAME, check

LONGEST_NUMBER = 19


class FormOfParts(MultiPartParser):
    """A form with a file, refused by its announced size before any of it is read."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        announced = getattr(stream, "META", {}).get("CONTENT_LENGTH") or "0"
        most = settings.EVIDENCE_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if announced.isascii() and announced.isdigit() and int(announced) > most:
            raise RequestDataTooBig("The form is larger than the server accepts.")
        return super().parse(stream, media_type, parser_context)


def parts_of(data: QueryDict, *, numbers: Collection[str] = ()) -> dict[str, Any]:
    """Return the one value of each part.

    Args:
        numbers: the parts that hold whole numbers, which a form can only send as text.

    Raises:
        ValidationError: keyed by part, for one that was sent twice or is not UTF-8.
    """
    wrong = {}
    for name, values in data.lists():
        if len(values) > 1:
            wrong[name] = "Send this part once"
        elif isinstance(values[0], str) and REPLACEMENT in values[0]:
            wrong[name] = "This part is not UTF-8"
    if wrong:
        raise ValidationError(wrong)
    given = data.dict()
    return given | {name: _number(given[name]) for name in numbers if name in given}


def _number(value: Any) -> Any:
    is_number = (
        isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
    )
    return int(value) if is_number else value


class EvidenceFile(serializers.FileField):
    """A file that may be kept: of a kind on the list, what its name says it is, and not too large."""

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
