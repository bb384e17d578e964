"""The answer to a request for information: on a page, and as a file."""

from dataclasses import astuple
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from actions.core.models import Action
from audit import clock
from audit.policies import forbid
from partners.policies import rights_of
from programme.disclosure.policies import why_not_answer
from programme.disclosure.queries import AnswerLine, answer
from programme.funding import resources as funding
from programme.records.models import Record
from programme.records.views import address
from programme.training import resources as training
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response
from web.language import in_english, lazy_text

HEADER = (
    *(
        lazy_text("Part"),
        lazy_text("Item"),
        lazy_text("Answer"),
        lazy_text("Decision"),
        lazy_text("Exemption"),
    ),
    *(lazy_text("Harm"), lazy_text("Public interest"), lazy_text("Source"), lazy_text("As at")),
)
RESOURCES = (*funding.RESOURCES, *training.RESOURCES)
FILES = {"csv": csv_response, "xlsx": xlsx_response}


def foi(request: HttpRequest) -> HttpResponse:
    """Show the answer before it is sent."""
    forbid(why_not_answer(rights_of(request.user, clock.today())))
    lines = [(line, [*map(_link, line.rows)]) for line in answer(user=request.user, on=clock.today())]
    return render(request, "programme/disclosure/foi.html", {"lines": lines, "headings": HEADER})


@in_english
def foi_export(request: HttpRequest, file_type: str) -> HttpResponseBase:
    """Send the answer as CSV or XLSX."""
    on = clock.today()
    forbid(why_not_answer(rights_of(request.user, on)))
    lines = answer(user=request.user, on=on)
    return FILES[file_type](
        name=f"foi answer {on.isoformat()}",
        control=Control(
            Marking.OFFICIAL, gettext("Funding by year, numbers trained and the plan"), clock.now()
        ),
        header=HEADER,
        rows=[_cells(line) for line in lines],
    )


def _link(row: Record | Action) -> tuple[str, str]:
    """Return what a row is called and the address of its page."""
    if isinstance(row, Action):
        return row.ref, reverse("actions:action", args=[row.pk])
    (resource,) = (resource for resource in RESOURCES if resource.model is row._meta.model)
    return str(row), address(resource, "page", row.pk)


def _cells(line: AnswerLine) -> tuple[Any, ...]:
    why = astuple(line.refusal) if line.refusal else ("", "", "")
    return (line.part, line.item, line.answer, line.decision.label, *why, line.source, line.as_at)
