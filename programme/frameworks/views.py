"""The page of frameworks: coverage, readings and glossary, each version by itself; and the moderation of a reading."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from audit import clock
from audit.actors import Reader
from audit.policies import forbid
from inspections.history.services import changes_since
from partners.policies import rights_of
from programme.frameworks.forms import ModerationForm
from programme.frameworks.models import Reading
from programme.frameworks.queries import by_grade, coverage, frameworks, measures, recorders_of
from programme.frameworks.resources import READINGS
from programme.frameworks.services import moderate_reading
from programme.records.views import Step, address, find_record
from web import pages
from web.callers import actor_of


def room(user: Reader, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "versions": [
            {
                "framework": framework,
                "matrix": coverage(user=user, on=on, framework=framework),
                "measures": measures(user=user, on=on, framework=framework),
                "grades": by_grade(user=user, on=on, framework=framework),
            }
            for framework in frameworks(user=user, on=on)
        ]
    }


def reading_steps(row: Reading, rights: Any) -> list[Step]:
    """Return what else the user may do with a reading."""
    is_open = row.is_current and row.moderated_on is None
    if not is_open or row.why_not_moderate(rights, recorders_of(reading=row)):
        return []
    return [Step(gettext("Moderate this reading"), reverse("programme:reading-moderate", args=[row.pk]))]


def reading_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a reading with its evidence, and record that it was checked."""
    row = find_record(request, READINGS, pk)
    forbid(row.why_not_moderate(rights_of(request.user, clock.today()), recorders_of(reading=row)))

    def catch_up(version: int) -> tuple[Any, list[Any]]:
        current = find_record(request, READINGS, row.pk)
        return current, changes_since(actor=actor_of(request), row=current, version=version)

    return pages.answer(
        request,
        ModerationForm(request.POST or None, initial={"version": row.version}),
        row=row,
        describe=lambda current: {
            "row": current,
            "page_marking": current.marking,
            "page_handling": current.handling_instruction,
        },
        catch_up=catch_up,
        service=lambda **values: moderate_reading(reading=row, **values),
        template="programme/frameworks/moderate.html",
        done=gettext("Reading moderated"),
        leads_to=lambda saved: address(READINGS, "page", saved.pk),
        heading=gettext("Moderate the reading"),
        caption=str(row),
        back=address(READINGS, "page", row.pk),
        back_text=gettext("Back to the reading"),
    )
