"""Lists by their address alone: `/api/v1/actions.csv` is `/api/v1/actions/` as CSV."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from web import problems
from web.endpoints import READING, Endpoint
from web.renderers import Csv

SUFFIX = f".{Csv.format}"


@csrf_exempt
@login_not_required
def as_csv(request: HttpRequest, address: str) -> HttpResponseBase:
    """Answer the list at an address as CSV. Who may read it, and which filters there are, the list itself says."""
    if request.method not in READING:
        return problems.not_allowed(request, methods=READING)
    try:
        found = resolve(f"{request.path_info.removesuffix(SUFFIX)}/")
    except Resolver404 as error:
        raise Http404 from error
    view = getattr(found.func, "cls", None)
    if not (isinstance(view, type) and issubclass(view, Endpoint) and view.has_csv()):
        raise Http404
    request.suffix = Csv.format
    request.resolver_match = found
    return found.func(request, *found.args, **found.kwargs)
