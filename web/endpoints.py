"""The base of every endpoint of the API."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from audit import clock
from web import etags, idempotency
from web.api import refuse_unknown_parameters
from web.cursors import CursorPages
from web.openapi import Operations
from web.renderers import Json


class Endpoint(GenericAPIView):
    """Answers the methods it defines, refuses query parameters it does not know, and is never cached.

    A class that extends it names its permissions: without them nobody gets in. One that defines `patch` also says by
    `ledger_id()` which ledger is locked while it compares and writes, and by `get` what If-Match is compared with.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    renderer_classes = [Json]
    pagination_class: Any = None
    schema = Operations()

    @cached_property
    def on(self) -> date:
        """The day on which rights, and what is overdue, are judged: one and the same for the whole request."""
        return clock.today()

    def query_parameters(self) -> frozenset[str]:
        """Return the names of the query parameters a GET takes."""
        return CursorPages.parameters if self.pagination_class else frozenset()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if hasattr(self, "post"):
            self.post = idempotency.once(self, self.post)
        if hasattr(self, "patch"):
            self.patch = etags.matched(self, self.patch)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:
            reads = request.method in {"GET", "HEAD"}
            refuse_unknown_parameters(request, self.query_parameters() if reads else ())

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if request.method not in {"GET", "HEAD"}:
            return response
        if hasattr(response, "render"):
            response.render()
        return etags.tagged(request, response)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "on": self.on}

    def page_of(self, rows: Any) -> Any:
        """Answer one page of the rows, written by the endpoint's serializer."""
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
