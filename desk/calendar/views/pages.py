"""Create and revoke links to your calendar."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from audit import clock
from desk.calendar.forms import CalendarLinkForm
from desk.calendar.models import CalendarLink
from desk.calendar.services.links import create_link, revoke_link
from web.callers import actor_of
from web.confirmation import confirm_before_posting
from web.pages import INVALID, press
from web.refusals import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@confirm_before_posting
def calendar_page(request: HttpRequest) -> HttpResponse:
    """List the links to the reader's calendar and create one; its address is shown once."""
    form = CalendarLinkForm(request.POST or None)
    link, address = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            link, secret = create_link(actor=actor_of(request), at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            address = request.build_absolute_uri(reverse("desk:calendar-feed", args=[secret]))
            form = CalendarLinkForm()
    links = list(CalendarLink.objects.visible_to(request.user, clock.today()).select_related("user"))
    live = [row for row in links if row.revoked_at is None and not row.is_void]
    context = {
        "form": form,
        "link": link,
        "address": address,
        "live": live,
        "revoked": [row for row in links if row not in live],
    }
    response = render(request, "desk/calendar/calendar.html", context, status=INVALID if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def calendar_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a link."""
    link = get_object_or_404(CalendarLink.objects.visible_to(request.user, clock.today()), pk=pk)
    return press(
        request,
        lambda **who: revoke_link(link=link, **who),
        done=gettext("Link “{name}” revoked. Its address no longer works").format(name=link.name),
        leads_to=reverse("desk:calendar"),
    )
