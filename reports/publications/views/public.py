"""Pages that anybody reads without signing in: nothing but frozen public editions is read for them."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from reports.publications.feed import EditionFeed
from reports.publications.models import PublicEdition
from reports.publications.rendering import FILES, page
from web import limits
from web.exports import file_name
from web.uploads import TYPES

# How long a browser or proxy may show a copy, in seconds: a withdrawal reaches everybody within it.
FRESH = 300
GONE = 410
View = Callable[..., HttpResponse]


def public(view: View) -> Callable[..., HttpResponseBase]:
    """Serve a page to everybody where publications are switched on, with a limit for each network address."""

    @login_not_required
    @require_safe
    @wraps(view)
    def serve(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.PUBLICATIONS:
            raise Http404("Publications are switched off")
        response = view(request, *args, **kwargs)
        if response.status_code != HttpResponse.status_code:
            return response
        response["Cache-Control"] = f"public, max-age={FRESH}"
        etag = f'"{hashlib.sha256(response.content).hexdigest()}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    return limits.by_address(serve)


@public
def publication_list(request: HttpRequest) -> HttpResponse:
    """List what is published, the newest first."""
    editions = PublicEdition.objects.out().public().filter(state=PublicEdition.State.PUBLISHED)
    context = {"editions": editions, "demo_date": settings.DEMO_DATE}
    return HttpResponse(render_to_string("reports/publications/public_list.html", context))


@public
def publication_feed(request: HttpRequest) -> HttpResponse:
    """Return the feed."""
    return EditionFeed()(request)


@public
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an edition; of a withdrawn one only when and why it was withdrawn."""
    edition = _find(pk)
    if not edition.is_readable:
        return _withdrawn(edition)
    return HttpResponse(_page(edition))


@public
def publication_file(request: HttpRequest, pk: int, file_type: str) -> HttpResponse:
    """Download an edition."""
    if file_type not in FILES:
        raise Http404("There is no such form")
    edition = _find(pk)
    return file_response(edition, file_type) if edition.is_readable else _withdrawn(edition)


def file_response(edition: PublicEdition, file_type: str) -> HttpResponse:
    """Send one form of an edition's frozen content."""
    content = edition.content or {}
    media_type = TYPES.get(file_type, "application/json")
    response = HttpResponse(FILES[file_type](content, edition.sha256), content_type=media_type)
    name = f"{file_name(content['title'])}-version-{content['number']}.{file_type}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _find(pk: int) -> PublicEdition:
    edition = PublicEdition.objects.out().public().filter(pk=pk).first()
    if edition is None:
        raise Http404("There is no such publication")
    return edition


def _page(edition: PublicEdition) -> bytes:
    following = PublicEdition.objects.out().filter(corrects=edition.pk).values("pk", "number").first()
    return page(edition.content or {}, pk=edition.pk, sha256=edition.sha256, banner=following)


def _withdrawn(edition: PublicEdition) -> HttpResponse:
    context = {"edition": edition, "demo_date": settings.DEMO_DATE}
    html = render_to_string("reports/publications/public_withdrawn.html", context)
    return HttpResponse(html, status=GONE)
