"""Numbered pages for HTML lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

PAGE_SIZE = 50
PARAMETER = "page"


@dataclass(frozen=True)
class Pages:
    """A page of rows, and the data for the pagination component."""

    page: Page

    def __iter__(self) -> Iterator[Any]:
        return iter(self.page)

    def __len__(self) -> int:
        return len(self.page)

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to show; None is an ellipsis."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [number if isinstance(number, int) else None for number in numbers]


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = PAGE_SIZE) -> Pages:
    """Return the requested page of rows.

    Raises:
        Http404: the page number is not a number, or there is no such page.
    """
    paginator = Paginator(rows, size)
    try:
        return Pages(paginator.page(request.GET.get(PARAMETER) or 1))
    except (InvalidPage, OverflowError) as error:
        raise Http404("There is no such page") from error
