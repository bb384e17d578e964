"""Returns that are to be filled in or answered, and for the manager those that are late."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from desk.tasks.tasks import NOTE, OVERDUE, REPORT, RETURNED, OnReturn
from partners.policies import Rights, Role
from returns.models import Return
from returns.policies import may_fill, may_question
from returns.services.contents import closed_reason
from returns.states import ReturnState

LONGEST_LIST = 3


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[OnReturn]:
    """What a SPOC or partner contact fills in or answers, and for a manager one line of all that are late."""
    speaks = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not (speaks or managed):
        return
    open_now = Q(state=ReturnState.OPEN, closes_on__gte=on) | Q(state=ReturnState.RETURNED)
    late = Q(state=ReturnState.OPEN, due_on__lt=on, plan__partnership__in=managed)
    seen = Return.objects.visible_to(actor, on).filter(Q(open_now, organisation__in=speaks) | late)
    found = list(seen.select_related("plan", "organisation").order_by("due_on", "organisation__name", "pk"))
    for report in found:
        if not closed_reason(report=report, on=on) and may_fill(rights, report):
            yield _fill(report, on)
    if chased := [report for report in found if report.is_late(on) and may_question(rights, report)]:
        yield _chase(chased)


def open_for(*, rights: Rights, on: date) -> set[tuple[int, int | None]]:
    """Return the plans and organisations for which the user has a return to fill in."""
    own = Return.objects.filter(organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))
    still = own.filter(state=ReturnState.OPEN, closes_on__gte=on)
    return set(still.order_by().values_list("plan", "organisation"))


def _fill(report: Return, on: date) -> OnReturn:
    period = report.period.label
    if report.state == ReturnState.RETURNED:
        subject = f"the question on the return for {period}"
        reason = f"The return of {report.organisation} was returned with a question"
        return OnReturn(
            (report.plan,), "Answer", subject, reason, "returns:return", RETURNED, about=(report.pk,)
        )
    late = report.is_late(on)
    reason = f"For {report.organisation}. It closes after {report.closes_on:%-d %B %Y}"
    return OnReturn(
        (report.plan,),
        "Fill in",
        f"the return for {period}",
        reason,
        "returns:return",
        OVERDUE if late else REPORT,
        report.due_on,
        (report.pk,),
    )


def _chase(reports: Sequence[Return]) -> OnReturn:
    names = [str(report.organisation) for report in reports[:LONGEST_LIST]]
    more = f" and {len(reports) - LONGEST_LIST} more" if len(reports) > LONGEST_LIST else ""
    return OnReturn(
        tuple(dict.fromkeys(report.plan for report in reports)),
        "Chase",
        "1 return that is late" if len(reports) == 1 else f"{len(reports)} returns that are late",
        f"Of {', '.join(names)}{more}",
        "returns:return-list",
        NOTE,
        reports[0].closes_on,
        query="?state=late",
    )
