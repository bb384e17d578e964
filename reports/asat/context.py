from typing import Any

from django.http import HttpRequest

from audit.past import past_moment
from reports.asat.middleware import PAGES, kept


def as_at_context(request: HttpRequest) -> dict[str, Any]:
    """Return the moment that is read, if it is a past one, and what the form about a past day needs on pages that have it."""
    match, user = request.resolver_match, getattr(request, "user", None)
    can_choose = user is not None and user.is_authenticated and match is not None and match.view_name in PAGES
    past = past_moment()
    return {
        "past": past,
        "as_at_keep": kept(request) if can_choose else None,
    }
