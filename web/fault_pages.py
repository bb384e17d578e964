"""Responses of pages and the API to a server fault that they explain to users."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import loader

from audit.request_id import request_id
from web import problems
from web.context import SERVICE_NAME
from web.faults import Fault, fault_of

logger = logging.getLogger(__name__)


class FaultMiddleware:
    """Explain the fault to the user, and log the error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        fault = fault_of(exception)
        if fault is None:
            return None
        logger.error("%s: %s", request.path, exception, exc_info=exception)
        return fault_page(request, fault)


def fault_page(request: HttpRequest, fault: Fault) -> HttpResponse:
    """Return a page, or a problem of the API, that explains the fault."""
    if problems.is_api_request(request):
        response: HttpResponse = problems.respond(request, status=fault.status, detail=fault.text)
    else:
        context = {
            "service_name": SERVICE_NAME,
            "heading": fault.heading,
            "text": fault.text,
            "request_id": request_id.get(),
        }
        response = HttpResponse(loader.get_template("fault.html").render(context), status=fault.status)
    if fault.retry_after is not None:
        response["Retry-After"] = str(fault.retry_after)
    return response
