"""A person's email settings and emails, and unsubscribing without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from audit import clock
from audit.actors import account_of
from audit.policies import forbid, why_not_person
from desk.escalations.services import open_escalations, task_of
from desk.notices.forms import PreferenceForm
from desk.notices.services.preferences import person_in_link, preference_of, save_preference, stop_digests
from desk.notices.services.sending import digests_sent_to
from partners.policies import rights_of
from web.callers import actor_of
from web.pages import INVALID

SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """Show and change the reader's email settings, with their escalations and emails."""
    forbid(why_not_person(actor_of(request)))
    form = PreferenceForm.of(preference_of(user=account_of(actor_of(request))), request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_preference(actor=actor_of(request), at=clock.now(), **form.cleaned_data)
        messages.success(request, gettext("Settings saved"))
        return redirect("desk:notices")
    on = clock.today()
    rights = rights_of(request.user, on)
    context = {
        "form": form,
        "escalations": [
            (task_of(escalation=row), row.due)
            for row in open_escalations(actor=actor_of(request), rights=rights, on=on)
        ],
        "digests": digests_sent_to(user=account_of(actor_of(request)), most=SHOWN),
        "shown": SHOWN,
    }
    return render(request, "desk/notices/notices.html", context, status=INVALID if form.errors else 200)


@never_cache
@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed token identifies the person, not a session
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for confirmation; on a POST, stop the digests of the person in the link."""
    person = person_in_link(token=token)
    if person is None:
        raise Http404
    if request.method == "POST":
        stop_digests(actor=person, at=clock.now())
    return render(request, "desk/notices/unsubscribe.html", {"stopped": request.method == "POST"})
