"""The page behind an invitation."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from partners.accounts.services.links import invited_user, password_path
from web.language import lazy_text

INVITATION_USED = lazy_text(
    "This invitation has expired or has been used. Enter your email address to get a new link, "
    "or sign in if you have chosen a password."
)


@login_not_required
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the page that asks for a password; a used or expired invitation to the one that sends a new link.

    With SIGN_IN=oidc, lead those who need no password to the page on which they sign in.
    """
    user = invited_user(token=token)
    if user is None:
        if settings.SIGN_IN == "oidc":
            messages.warning(
                request,
                gettext("This invitation has ended. Sign in with {oidc_name}.").format(
                    oidc_name=settings.OIDC_NAME
                ),
            )
            return redirect("account_login")
        messages.warning(request, INVITATION_USED)
        return redirect("account_reset_password")
    return redirect(password_path(user=user))
