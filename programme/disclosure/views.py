"""The answer to a request for information: on a page, and as a file."""

from dataclasses import astuple
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from audit import clock
from audit.policies import forbid
from partners.policies import rights_of
from programme.disclosure.policies import why_not_answer
from programme.disclosure.queries import AnswerLine, answer
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response

HEADER = (
    *("Part", "Item", "Answer", "Decision", "Exemption", "Harm", "Public interest"),
    *("Source", "As at"),
)
FILES = {"csv": csv_response, "xlsx": xlsx_response}


def foi(request: HttpRequest) -> HttpResponse:
    """Show the answer before it is sent."""
    forbid(why_not_answer(rights_of(request.user, clock.today())))
    lines = answer(user=request.user, on=clock.today())
    return render(request, "programme/disclosure/foi.html", {"lines": lines, "headings": HEADER})


def foi_export(request: HttpRequest, file_type: str) -> HttpResponseBase:
    """Send the answer as CSV or XLSX."""
    on = clock.today()
    forbid(why_not_answer(rights_of(request.user, on)))
    lines = answer(user=request.user, on=on)
    return FILES[file_type](
        name=f"foi answer {on.isoformat()}",
        control=Control(Marking.OFFICIAL, "Funding by year, numbers trained and the plan", clock.now()),
        header=HEADER,
        rows=[_cells(line) for line in lines],
    )


def _cells(line: AnswerLine) -> tuple[Any, ...]:
    why = astuple(line.refusal) if line.refusal else ("", "", "")
    return (line.part, line.item, line.answer, line.decision.value, *why, line.source, line.as_at)
