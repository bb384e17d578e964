"""What a person is sent by mail: when, what was sent, and how to stop it without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from audit import clock
from desk.escalations.services import open_escalations, task_of
from desk.notices.forms import PreferenceForm
from desk.notices.services.preferences import preference_of, save_preference, stop_digests, unsubscribing
from desk.notices.services.sending import digests_sent_to
from partners.policies import rights_of
from web.pages import INVALID

SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """Show what the reader is sent and was sent, and set when."""
    if request.user.actor_type != "user":
        raise PermissionDenied("A system is sent no notices.")
    form = PreferenceForm.of(preference_of(user=request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_preference(actor=request.user, at=clock.now(), **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("desk:notices")
    on = clock.today()
    rights = rights_of(request.user, on)
    context = {
        "form": form,
        "escalations": [
            (task_of(escalation=row), row.due)
            for row in open_escalations(actor=request.user, rights=rights, on=on)
        ],
        "digests": digests_sent_to(user=request.user, most=SHOWN),
        "shown": SHOWN,
    }
    return render(request, "desk/notices/notices.html", context, status=INVALID if form.errors else 200)


@never_cache
@csrf_exempt  # mail programs send it by themselves (RFC 8058); the signed token says whom it is about, and no session counts
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on a POST stop the digests of whom the link was sent to."""
    person = unsubscribing(token=token)
    if person is None:
        raise Http404
    if request.method == "POST":
        stop_digests(actor=person, at=clock.now())
    return render(request, "desk/notices/unsubscribe.html", {"stopped": request.method == "POST"})
