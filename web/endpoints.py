"""The base of every endpoint of the API."""

from datetime import date
from functools import cached_property
from itertools import chain, islice
from operator import attrgetter
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotAcceptable
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from web import callers, etags, fields, idempotency, limits
from web.cursors import CursorPages
from web.deprecation import Deprecated
from web.openapi import BYTES, Operations
from web.problems import HttpProblem, Kind
from web.queries import refuse_unknown_parameters
from web.renderers import Column, Csv, Json, columns_of

READING = ("GET", "HEAD")
PAGES = frozenset({"cursor", "page_size"})
PLAIN = "identity"
COMPRESSED = "Send the body as it is: one with a Content-Encoding, such as gzip, is not read."
IN_CHUNKS = "Send the body with its Content-Length: in chunks it is not read"


def refuse_unread_bodies(request: Request | HttpRequest) -> None:
    """Refuse a body that would be taken for a wrong one, or for none at all, because of how it travels.

    Raises:
        HttpProblem: it is compressed, or comes in chunks, of which Django reads nothing.
    """
    if request.headers.get("Content-Encoding", PLAIN).lower() != PLAIN:
        raise HttpProblem(415, COMPRESSED)
    if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
        raise HttpProblem(400, IN_CHUNKS, header="Transfer-Encoding")


class Endpoint(GenericAPIView):
    """Answers the methods it defines, refuses query parameters it does not know, and is never cached.

    A class that extends it names its permissions: without them nobody gets in. What `If-Match` of a PATCH is compared with is
    what `get` answers; of a POST, what the `get` of the resource above answers. `ledger_id()` is locked meanwhile.
    Its serializer is the one that writes what `get` answers: `fields` and the columns of CSV are read from it.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    renderer_classes = [Json]
    pagination_class: Any = None
    row_columns: tuple[str, ...] | None = None
    """The columns of which a page's rows are named tuples; without them they are models."""
    takes_fields = True
    """False where `get` answers something else than the serializer's fields, such as a file."""
    takes_if_match = True
    """False where `post` takes so long that no ledger may be locked meanwhile, as comparing with `If-Match` would."""
    also_answers: ClassVar[dict[int, Kind]] = {}
    """Problems that only this address has, by their status."""
    deprecated: Deprecated | None = None
    schema = Operations()
    standing: limits.Standing | None = None
    chosen: list[str] | None = None

    @cached_property
    def on(self) -> date:
        """The day on which rights, and what is overdue, are judged: one and the same for the whole request."""
        return clock.today()

    def query_parameters(self) -> frozenset[str]:
        """Return the names of the query parameters a GET takes."""
        paging = CursorPages.parameters if self.pagination_class else frozenset()
        return paging | {fields.PARAMETER} if self.takes_fields else paging

    def several_parameters(self) -> frozenset[str]:
        """Return the names of those that may be sent more than once."""
        return frozenset({fields.PARAMETER})

    def columns(self) -> list[Column]:
        """Return the columns of CSV: every field that is asked for."""
        serializer: Any = self.get_serializer()
        return list(columns_of(serializer, self.chosen or serializer.fields))

    @classmethod
    def has_csv(cls) -> bool:
        """Say whether what is read here is a list of rows with columns."""
        return bool(cls.pagination_class) and cls.takes_fields

    def get_renderers(self) -> list[Any]:
        """Lists are written as CSV too, where the caller asks for it."""
        is_list = self.has_csv() and self.request.method in READING
        return [*super().get_renderers(), *([Csv()] if is_list else ())]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Choose the form of the answer: by the address's suffix, then by Accept."""
        if getattr(request, "suffix", None) == Csv.format:
            return Csv(), Csv.media_type
        try:
            return super().perform_content_negotiation(request, force)
        except NotAcceptable:
            # REST framework refuses this before it is known who asks; it counts like any other request.
            self.perform_authentication(request)
            raise

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        for name, guarded in (("post", etags.compared), ("patch", etags.matched)):
            if hasattr(self, name):
                setattr(self, name, idempotency.once(self, guarded(self, getattr(self, name))))

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
            self.chosen = fields.chosen(request, self.get_serializer().fields)

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks and count it: for whoever has not proved who they are, by their address."""
        caller = f"address:{callers.network_of(request)}"
        try:
            super().perform_authentication(request)
            if request.user.is_authenticated:
                caller = f"user:{request.user.pk}"
        finally:
            self.standing = limits.count(request, caller)
            if self.standing.is_exceeded:
                raise limits.exceeded(self.standing)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if getattr(response, "exception", False):
            # A problem is told in JSON, whatever was asked for.
            request.accepted_renderer, request.accepted_media_type = Json(), Json.media_type
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if self.has_csv():
            patch_vary_headers(response, ["Accept"])
        for source in (self.standing, self.deprecated):
            for name, value in source.headers().items() if source else ():
                response[name] = value
        return self._as_read(request, response) if request.method in READING else response

    def _as_read(self, request: Request, response: Any) -> HttpResponseBase:
        if response.status_code == 200 and isinstance(response, Response):
            if self.chosen:
                response.data = fields.narrowed(response.data, self.chosen)
            if request.accepted_renderer.format == Csv.format and response.data["next"]:
                response["Link"] = f'<{response.data["next"]}>; rel="next"'
        if hasattr(response, "render"):
            response.render()
        elif request.accepted_media_type == BYTES:
            response["Content-Type"] = BYTES
        try:
            return etags.tagged(request, response)
        except HttpProblem as problem:
            return self.finalize_response(request, self.handle_exception(problem))

    def ledger_id(self) -> int:
        """Return the ledger in which changes of the row at this address are recorded."""
        row = self.get_object()
        path = f"{row.ledger_path}_id".replace("__", ".")
        found: int = attrgetter(path)(row)
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "on": self.on}

    def require(self, allowed: bool, otherwise: str) -> None:
        """Refuse with the reason unless the rule allows it. Every handler that writes asks this before it reads the body."""
        if not allowed:
            raise PermissionDenied(otherwise)

    def forbid(self, reason: str) -> None:
        """Refuse with the reason that a policy returns; empty allows."""
        self.require(not reason, reason)

    def page_of(self, rows: Any) -> Any:
        """Answer one page of the rows; as CSV all of them, unless a page is asked for."""
        is_csv = self.request.accepted_renderer.format == Csv.format
        if is_csv and not PAGES & self.request.query_params.keys():
            return self._whole(rows)
        return self.get_paginated_response(self.written(self.paginate_queryset(rows)))

    def written(self, rows: Any) -> Any:
        """Return rows as they are answered: by default as the serializer writes them."""
        return self.get_serializer(rows, many=True).data

    def _whole(self, rows: Any) -> Any:
        """Answer all rows: in one piece where one batch holds them, otherwise a batch at a time, in constant memory."""
        batches = self.paginator.batches(rows, self)
        first = list(islice(batches, 2))
        if len(first) < 2:
            return Response({"results": self.written(first[0] if first else []), "next": None})
        written = (self.written(batch) for batch in chain(first, batches))
        lines = () if self.request.method == "HEAD" else Csv.lines(self.columns(), written)
        return StreamingHttpResponse(lines, content_type=f"{Csv.media_type}; charset={Csv.charset}")
