"""Whom to ask."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import clock
from partners.memberships.models import Membership
from partners.policies import Role, rights_of


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Name the programme managers of the reader's partnerships, and the people who run the service."""
    on = clock.today()
    managers = (
        Membership.objects.running(on)
        .filter(
            role=Role.PROGRAMME_MANAGER,
            user__is_active=True,
            partnership__in=rights_of(request.user, on).partnerships(),
        )
        .select_related("user", "partnership")
    )
    context = {"managers": managers, "address": settings.CONTACT_EMAIL}
    return render(request, "partners/memberships/contact.html", context)
