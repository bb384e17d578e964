"""The media types of the API's responses."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from drf_spectacular.drainage import get_override
from rest_framework.fields import SerializerMethodField
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.serializers import Serializer

from web.exports import csv_cell

Column = tuple[str, ...]


class Json(JSONRenderer):
    """JSON in one form: the same data gives the same bytes for any Accept header.

    REST framework's encoder writes the types that orjson does not know.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: dict[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=self.encoder_class().default, option=orjson.OPT_UTC_Z)


class Csv(BaseRenderer):
    """Rows of a list as CSV (RFC 4180): a header line, then a line for each row, with formulas made harmless.

    An object becomes several columns (`lead.id`, `lead.name`), a list one column of JSON.
    """

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: dict[str, Any] | None = None,
    ) -> str:
        return "".join(self.lines((renderer_context or {})["view"].columns(), [data["results"]]))

    @staticmethod
    def lines(columns: list[Column], batches: Iterable[Iterable[Any]]) -> Iterator[str]:
        """Yield the header line, then the lines of each batch of rows."""
        yield _written([".".join(column) for column in columns])
        for batch in batches:
            yield _written(*([_cell(row, column) for column in columns] for row in batch))


def columns_of(serializer: Serializer, names: Iterable[str]) -> Iterator[Column]:
    """Yield a column for each field; for an object, one for each of its fields."""
    for name in names:
        field = serializer.fields[name]
        if isinstance(field, SerializerMethodField):
            field = get_override(getattr(serializer, field.method_name), "field")
        inner = field() if isinstance(field, type) else field
        if isinstance(inner, Serializer):
            yield from ((name, *rest) for rest in columns_of(inner, inner.fields))
        else:
            yield (name,)


def _written(*rows: Iterable[Any]) -> str:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


def _cell(row: Any, column: Column) -> Any:
    for name in column:
        row = None if row is None else row[name]
    if isinstance(row, bool):
        return "true" if row else "false"
    return csv_cell(json.dumps(row, ensure_ascii=False) if isinstance(row, list | dict) else row)


class AnyType(Json):
    """For an address that returns a file: accept any media type the caller accepts."""

    media_type = "*/*"
    format = "file"
