"""Lists as CSV by suffix: `/api/v1/actions.csv` is `/api/v1/actions/` as CSV."""

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
    """Return the list at an address as CSV. The list itself checks permissions and filters."""
    if request.method not in READING:
        return problems.not_allowed(request, methods=READING)
    try:
        match = resolve(f"{request.path_info.removesuffix(SUFFIX)}/")
    except Resolver404 as error:
        raise Http404 from error
    view = getattr(match.func, "cls", None)
    if not (isinstance(view, type) and issubclass(view, Endpoint) and view.has_csv()):
        raise Http404
    request.suffix = Csv.format
    request.resolver_match = match
    return match.func(request, *match.args, **match.kwargs)
