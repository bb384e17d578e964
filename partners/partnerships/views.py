"""The partnership that a page of its reference data or people is about."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from audit import clock
from audit.policies import forbid
from partners import policies
from partners.partnerships.models import Partnership


def editable_partnership(request: HttpRequest, pk: int) -> Partnership:
    """Return a partnership whose reference data and people the user may change.

    Raises:
        Http404: when the user has nothing to do with the partnership.
        PermissionDenied: when they may not change it.
    """
    on = clock.today()
    visible = Partnership.objects.visible_to(request.user, on) | Partnership.objects.editable_by(
        request.user, on
    )
    partnership = get_object_or_404(visible, pk=pk)
    forbid(policies.why_not_edit_reference(request.user, partnership.pk, on))
    return partnership
