"""The fields of a resource, described once for every place that shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from web.tables import Column


@dataclass(frozen=True)
class ResourceField:
    """One field of a resource.

    Attributes:
        label: what people call it; made from the name when empty.
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
    label: str = ""
    example: Any = None
    api: bool = True
    exported: bool = True
    edited: bool = False
    inherited: bool = False
    detail: bool = False
    empty: str = "Not set"
    search: str = ""
    headings: tuple[str, ...] = ()
    required: bool = False

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", self.name.replace("_", " ").capitalize())

    @property
    def column(self) -> Column:
        """The column of a file to import."""
        words = self.label if self.label[:2].isupper() else self.label[:1].lower() + self.label[1:]
        return Column(self.name, f"the {words}", self.headings, self.required)


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
