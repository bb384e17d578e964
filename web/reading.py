"""Record who reads what is OFFICIAL-SENSITIVE, before the answer leaves: without the record there is no answer."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import FileResponse, HttpRequest, HttpResponse

from audit import clock
from audit.reading import Reading, noting
from audit.services import record_reads
from web.fault_pages import fault_page
from web.faults import fault_of


class ReadsMiddleware:
    """Record the sensitive rows that a request was shown. The one thing that a GET writes to the record."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return self.get_response(request)
        with noting() as reading:
            response: Any = self.get_response(request)
        if response.status_code != 200:
            return response  # type: ignore[no-any-return]
        try:
            _record(request, reading)
        except (DatabaseError, InterfaceError) as error:
            fault = fault_of(error)
            if fault is None:
                raise
            return fault_page(request, fault)
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _recorded(request, response.streaming_content)
        return response  # type: ignore[no-any-return]


def _recorded(request: HttpRequest, content: Iterable[bytes]) -> Iterator[bytes]:
    """Record the rows of each piece before it is sent."""
    pieces = iter(content)
    while True:
        with noting() as reading:
            piece = next(pieces, None)
        if piece is None:
            return
        _record(request, reading)
        yield piece


def _record(request: HttpRequest, reading: Reading) -> None:
    reader: Any = reading.reader or request.user
    if reading.rows and reader.is_authenticated:
        match = request.resolver_match
        route = match.view_name if match else ""
        record_reads(actor=reader, rows=reading.labels(), route=route, at=clock.now())
