"""The fields of a resource, described once for every place that shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from web.language import lazy_text
from web.tables import Column


@dataclass(frozen=True)
class ResourceField:
    """One field of a resource.

    Attributes:
        text: what people call it, in English as files have it; made from the name when empty.
        example: its value in the examples of the API.
        api, exported: whether the API and the exported file have it.
        edited: whether the general edit service may set it.
        inherited: whether the parts of a row have the value of their parent.
        detail: whether the page lists it among the details; `empty` is shown where it has no value.
        search: how a search reads it: as a "heading" or a "text"; not at all when empty.
        headings: the headings that spreadsheets give it, preferred ones first; without any it is not imported.
        required: whether a file without this column is refused.
    """

    name: str
    text: str = ""
    example: Any = None
    api: bool = True
    exported: bool = True
    edited: bool = False
    inherited: bool = False
    detail: bool = False
    empty: str = lazy_text("Not set")
    search: str = ""
    headings: tuple[str, ...] = ()
    required: bool = False

    def __post_init__(self) -> None:
        if not self.text:
            object.__setattr__(self, "text", self.name.replace("_", " ").capitalize())

    @property
    def label(self) -> str:
        """What people call it, in the language of the service."""
        return lazy_text(self.text)

    @property
    def column_text(self) -> str:
        words = self.text if self.text[:2].isupper() else self.text[:1].lower() + self.text[1:]
        return f"the {words}"

    @property
    def column(self) -> Column:
        """The column of a file to import."""
        return Column(self.name, lazy_text(self.column_text), self.headings, self.required, title=self.label)


def names(fields: Iterable[ResourceField], flag: str, value: Any = True) -> tuple[str, ...]:
    """Return the names of the fields with a flag: `names(ACTION, "inherited")`."""
    return tuple(field.name for field in fields if getattr(field, flag) == value)


def labels(fields: Iterable[ResourceField]) -> dict[str, str]:
    return {field.name: field.label for field in fields}


def columns(fields: Iterable[ResourceField]) -> tuple[Column, ...]:
    """Return the columns of a file to import."""
    return tuple(field.column for field in fields if field.headings)


def example(fields: Iterable[ResourceField]) -> dict[str, Any]:
    """Return an example of the resource in the API, without its id and links."""
    return {field.name: field.example for field in fields if field.api}
