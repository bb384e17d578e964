"""Page where a person creates and revokes their access tokens."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from audit import clock
from partners.tokens.forms import TokenForm
from partners.tokens.models import PersonalToken
from partners.tokens.services import create_token, revoke_token
from web.callers import actor_of
from web.confirmation import confirm_before_posting
from web.pages import INVALID, press

SUGGESTED_DAYS = 90


@require_http_methods(["GET", "HEAD", "POST"])
@confirm_before_posting
def token_list(request: HttpRequest) -> HttpResponse:
    """List the user's tokens; create another and show it once."""
    today = clock.today()
    suggested = today + timedelta(days=SUGGESTED_DAYS)
    form, new_token, text = TokenForm(request.POST or None, suggested=suggested), None, ""
    if request.method == "POST" and form.is_valid():
        try:
            new_token, text = create_token(actor=actor_of(request), at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm(None, suggested=suggested)
    tokens = list(
        PersonalToken.objects.visible_to(request.user, today).select_related("user").with_last_use()
    )
    active = [
        token
        for token in tokens
        if token.revoked_at is None and token.expires_on >= today and not token.is_void
    ]
    context = {
        "form": form,
        "new_token": new_token,
        "text": text,
        "active": active,
        "inactive": [token for token in tokens if token not in active],
    }
    response = render(
        request, "partners/tokens/token_list.html", context, status=INVALID if form.errors else 200
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the user's tokens."""
    token = get_object_or_404(PersonalToken.objects.visible_to(request.user, clock.today()), pk=pk)
    return press(
        request,
        lambda **who: revoke_token(token=token, **who),
        done=gettext("Access token “{name}” revoked").format(name=token.name),
        leads_to=reverse("partners:token-list"),
    )
