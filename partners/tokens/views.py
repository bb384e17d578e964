"""The tokens that a person makes for programs of their own, and revokes."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from audit import clock
from partners.tokens.forms import TokenForm
from partners.tokens.models import PersonalToken
from partners.tokens.services import create_token, revoke_token
from web.pages import INVALID

SUGGESTED_DAYS = 90


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """List the reader's tokens and make another; it is shown this once."""
    today = clock.today()
    suggested = today + timedelta(days=SUGGESTED_DAYS)
    form, made, text = TokenForm(request.POST or None, suggested=suggested), None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, text = create_token(actor=request.user, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm(None, suggested=suggested)
    tokens = list(PersonalToken.objects.visible_to(request.user, today).with_last_use())
    context = {
        "form": form,
        "made": made,
        "text": text,
        "live": [token for token in tokens if token.revoked_at is None and token.expires_on >= today],
        "over": [token for token in tokens if token.revoked_at is not None or token.expires_on < today],
    }
    response = render(
        request, "partners/tokens/token_list.html", context, status=INVALID if form.errors else 200
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a token out of use."""
    token = get_object_or_404(PersonalToken.objects.visible_to(request.user, clock.today()), pk=pk)
    try:
        revoke_token(actor=request.user, token=token, at=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"The token “{token.name}” is revoked: it no longer works.")
    return redirect("partners:token-list")
