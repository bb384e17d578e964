"""The base of every endpoint of the API."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
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
PLAIN = "identity"
COMPRESSED = "Send the body as it is: one with a Content-Encoding, such as gzip, is not read."
IN_CHUNKS = "Send the body with its Content-Length: in chunks it is not read"


def refuse_unread_bodies(request: Request) -> None:
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

    A class that extends it names its permissions: without them nobody gets in. One that defines `patch` also says by
    `ledger_id()` which ledger is locked while it compares and writes, and by `get` what If-Match is compared with.
    Its serializer is the one that writes what `get` answers: `fields` and the columns of CSV are read from it.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    renderer_classes = [Json]
    pagination_class: Any = None
    row_columns: tuple[str, ...] | None = None
    """The columns of which a page's rows are named tuples; without them they are models."""
    takes_fields = True
    """False where `get` answers something else than the serializer's fields, such as a file."""
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
        for name, guarded in (("post", idempotency.once), ("patch", etags.matched)):
            if hasattr(self, name):
                setattr(self, name, guarded(self, getattr(self, name)))

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
        return etags.tagged(request, response)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "on": self.on}

    def page_of(self, rows: Any) -> Any:
        """Answer one page of the rows, written by the endpoint's serializer."""
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
