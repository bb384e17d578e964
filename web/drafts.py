"""Long forms save themselves while somebody types, and show it again to the same person, at the same address, for a week.

The script posts the form to its own address with `autosave`. A return saves itself in the same way, into its own draft.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from audit import clock
from web.callers import actor_of
from web.language import lazy_text, time_text
from web.models import Draft
from web.refill import Refill
from web.services import DRAFTS_FOR, delete_drafts, save_draft
from web.unsaved import UnsavedForm, announce_typed, open_form, seal_form

FIELD = "autosave"
NOT_SAVED = lazy_text("Not saved as a draft: save the form with its button")


def is_draft(request: HttpRequest) -> bool:
    """Return whether the form was posted to save a draft of it."""
    return request.method == "POST" and FIELD in request.POST


def keep_draft(request: HttpRequest) -> JsonResponse:
    """Save what was posted as a draft, and say so to the script."""
    at = clock.now()
    sealed = seal_form(request, int(request.user.pk or 0))
    saved = sealed and save_draft(actor=actor_of(request), address=request.path, sealed=sealed, at=at)
    return JsonResponse(
        {
            "text": gettext("Draft saved at {at}").format(at=time_text(at)) if saved else NOT_SAVED,
            "versions": {},
        }
    )


def discard_draft(request: HttpRequest) -> None:
    """Delete the draft of a form that is saved."""
    delete_drafts(actor=actor_of(request), addresses=[request.path])


def show_draft(request: HttpRequest, response: HttpResponse) -> None:
    """Put the draft of this address back into the page, with a banner that says when it was saved."""
    draft = Draft.objects.filter(account=request.user.pk, address=request.path).first()
    contents = draft and open_form(draft.sealed, seconds=int(DRAFTS_FOR.total_seconds()))
    if draft is None or not contents or contents[0] != request.user.pk:
        return
    fields = {name: values for name, values in contents[1].items() if name != FIELD}
    page = Refill(response.content.decode(), path=request.path, posts={request.path: fields})
    form = UnsavedForm(request.path, request.path, fields, [])
    announce_typed(request, response, page, [form], saved_at=draft.at)
