"""Base class of the API's endpoints."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from itertools import chain, islice
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotAcceptable
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_200_OK, HTTP_201_CREATED

from audit import clock
from audit.policies import forbid
from web import callers, etags, fields, idempotency, limits
from web.api import KeepingSerializer, StrictSerializer
from web.cursors import CursorPages
from web.deprecation import Deprecated
from web.openapi import BYTES, Operations
from web.problems import HttpProblem, Kind
from web.queries import refuse_unknown_parameters
from web.renderers import Column, Csv, Json, columns_of

R = TypeVar("R")
S = TypeVar("S", bound=StrictSerializer)
READING = ("GET", "HEAD")
PAGES = frozenset({"cursor", "page_size"})
PLAIN = "identity"
COMPRESSED = "Send the body without Content-Encoding: compressed bodies are not accepted."
IN_CHUNKS = "Send the body with a Content-Length: chunked bodies are not accepted"


def refuse_unread_bodies(request: Request | HttpRequest) -> None:
    """Raise for a body that Django would misread or miss because of its encoding.

    Raises:
        HttpProblem: the body is compressed, or sent in chunks, which Django does not read.
    """
    if request.headers.get("Content-Encoding", PLAIN).lower() != PLAIN:
        raise HttpProblem(415, COMPRESSED)
    if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
        raise HttpProblem(400, IN_CHUNKS, header="Transfer-Encoding")


class Endpoint(GenericAPIView):
    """An endpoint that rejects unknown query parameters and methods, and is never cached.

    Subclasses set permissions; without them nobody has access. The serializer is the one that `get` responds with:
    `fields` and the columns of CSV come from it. A POST or PATCH first asks `why_not`. Then a PATCH compares `If-Match`
    with the ETag of `get`, a POST with that of the resource above, while the ledger `ledger_id()` is locked.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    renderer_classes = [Json]
    pagination_class: Any = None
    row_columns: tuple[str, ...] | None = None
    """Columns of the named tuples that a page's rows are; None if they are models."""
    takes_fields = True
    """False if `get` responds with something other than the serializer's fields, such as a file."""
    takes_if_match = True
    """False if `post` takes too long to lock a ledger, as a comparison with `If-Match` does."""
    also_answers: ClassVar[dict[int, Kind]] = {}
    """Problems that only this address returns, by status."""
    deprecated: Deprecated | None = None
    schema = Operations()
    limit_state: limits.LimitState | None = None
    chosen: list[str] | None = None

    @cached_property
    def on(self) -> date:
        """The day that decides rights and what is overdue, the same for the whole request."""
        return clock.today()

    def query_parameters(self) -> frozenset[str]:
        """Return the names of the query parameters that a GET accepts."""
        paging = CursorPages.parameters if self.pagination_class else frozenset()
        return paging | {fields.PARAMETER} if self.takes_fields else paging

    def several_parameters(self) -> frozenset[str]:
        """Return the names of the query parameters that may be repeated."""
        return frozenset({fields.PARAMETER})

    def columns(self) -> list[Column]:
        """Return the columns of CSV: every requested field."""
        serializer: Any = self.get_serializer()
        return list(columns_of(serializer, self.chosen or serializer.fields))

    @classmethod
    def has_csv(cls) -> bool:
        """Return whether `get` is available as CSV, because it returns a list of rows."""
        return bool(cls.pagination_class) and cls.takes_fields

    def get_renderers(self) -> list[Any]:
        """Add CSV for lists."""
        is_list = self.has_csv() and self.request.method in READING
        return [*super().get_renderers(), *([Csv()] if is_list else ())]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Choose the media type of the response: by the suffix of the address, then by Accept."""
        if getattr(request, "suffix", None) == Csv.format:
            return Csv(), Csv.media_type
        try:
            return super().perform_content_negotiation(request, force)
        except NotAcceptable:
            # REST framework raises this before authentication; count it like any other request.
            self.perform_authentication(request)
            raise

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        for name, guard in (("post", etags.check_if_match), ("patch", etags.require_if_match)):
            if hasattr(self, name):
                handle = self._permitted(guard(self, getattr(self, name)))
                setattr(self, name, idempotency.once(self, handle))

    def why_not(self) -> str:
        """Return why the caller may not change anything at this address; empty when they may.

        It is asked before the body and `If-Match` are looked at. A row that the caller cannot view is a 404.
        """
        return ""

    def _permitted(self, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Return a handler that asks `why_not` first."""

        def handle_permitted(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            forbid(self.why_not())
            return handle(request, *args, **kwargs)

        return handle_permitted

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            return
        reads = request.method in READING
        if not reads:
            refuse_unread_bodies(request)
        known = self.query_parameters() if reads else ()
        refuse_unknown_parameters(request, known, several=self.several_parameters())
        if fields.PARAMETER in request.query_params:
            self.chosen = fields.requested_fields(request, self.get_serializer().fields)

    def perform_authentication(self, request: Request) -> None:
        """Authenticate the caller and count the request, by network address if authentication fails.

        A throttle class of REST framework would run after authentication and permissions, so refused requests would
        not count.
        """
        caller = f"address:{callers.network_of(request)}"
        try:
            super().perform_authentication(request)
            if request.user.is_authenticated:
                caller = f"user:{request.user.pk}"
        finally:
            self.limit_state = limits.count(request, caller)
            if self.limit_state.is_exceeded:
                raise limits.throttled(self.limit_state)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if getattr(response, "exception", False):
            # A problem is always JSON, even if the caller does not accept it.
            request.accepted_renderer, request.accepted_media_type = Json(), Json.media_type
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if self.has_csv():
            patch_vary_headers(response, ["Accept"])
        for source in (self.limit_state, self.deprecated):
            for name, value in source.headers().items() if source else ():
                response[name] = value
        return self._as_read(request, response) if request.method in READING else response

    def _as_read(self, request: Request, response: Any) -> HttpResponseBase:
        if response.status_code == 200 and isinstance(response, Response):
            if self.chosen:
                response.data = fields.select_fields(response.data, self.chosen)
            if request.accepted_renderer.format == Csv.format and response.data["next"]:
                response["Link"] = f'<{response.data["next"]}>; rel="next"'
        if hasattr(response, "render"):
            response.render()
        elif request.accepted_media_type == BYTES:
            response["Content-Type"] = BYTES
        try:
            return etags.add_etag(request, response)
        except HttpProblem as problem:
            return self.finalize_response(request, self.handle_exception(problem))

    def ledger_id(self) -> int:
        """Return the id of the ledger that records changes to the row at this address."""
        row = self.get_object()
        path = f"{row.ledger_path}_id".replace("__", ".")
        ledger_id: int = attrgetter(path)(row)
        return ledger_id

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "on": self.on}

    def parsed(self, body: type[S], **context: Any) -> S:
        """Return a serializer of this class with the valid body.

        Raises:
            rest_framework.exceptions.ValidationError: with the errors of each field.
        """
        data = body(data=self.request.data, context={**self.get_serializer_context(), **context})
        data.is_valid(raise_exception=True)
        return data

    def run(self, service: Callable[..., R], data: KeepingSerializer, **subject: Any) -> R:
        """Call a service as the caller, now, with the body and what it is about, and return what it returns."""
        with data.keeping():
            actor = callers.actor_of(self.request)
            return service(actor=actor, at=clock.now(), **subject, **data.validated_data)

    def respond(self, row: Any, code: int = HTTP_200_OK) -> Response:
        """Answer with the row as it is now; for a new row, add its address in `Location`."""
        data = self.get_serializer(row).data
        made = {"Location": data["links"]["self"]} if code == HTTP_201_CREATED else None
        return Response(data, code, headers=made)

    def page_of(self, rows: Any) -> Any:
        """Return a page of the rows; as CSV, all of them unless a page was requested."""
        is_csv = self.request.accepted_renderer.format == Csv.format
        if is_csv and not PAGES & self.request.query_params.keys():
            return self._whole(rows)
        return self.get_paginated_response(self.written(self.paginate_queryset(rows)))

    def written(self, rows: Any) -> Any:
        """Return rows as they appear in the response; the serializer writes them by default."""
        return self.get_serializer(rows, many=True).data

    def _whole(self, rows: Any) -> Any:
        """Return all rows: at once if they fit in one batch, otherwise streamed in constant memory."""
        batches = self.paginator.batches(rows, self)
        first = list(islice(batches, 2))
        if len(first) < 2:
            return Response({"results": self.written(first[0] if first else []), "next": None})
        written = (self.written(batch) for batch in chain(first, batches))
        lines = () if self.request.method == "HEAD" else Csv.lines(self.columns(), written)
        return StreamingHttpResponse(lines, content_type=f"{Csv.media_type}; charset={Csv.charset}")
