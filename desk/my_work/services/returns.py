"""Returns to fill in or answer, and late returns for the programme manager."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_return, of_returns
from desk.tasks.task import NOTE, OVERDUE, REPORT, RETURNED, Task
from partners.policies import Rights, Role
from returns.models import Return
from returns.policies import why_not_fill, why_not_question
from returns.services.contents import closed_reason
from returns.states import ReturnState
from web.language import day_text, period_text

if TYPE_CHECKING:
    from returns.models import ReturnQuerySet

LONGEST_LIST = 3


def candidates(*, rights: Rights, on: date) -> "ReturnQuerySet":
    reporting = rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    open_now = Q(state=ReturnState.OPEN, closes_on__gte=on) | Q(state=ReturnState.RETURNED)
    late = Q(state=ReturnState.OPEN, due_on__lt=on, plan__partnership__in=managed)
    return Return.objects.filter(Q(open_now, organisation__in=reporting) | late)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield what a SPOC or partner contact fills in or answers, and for a manager one task for all late returns."""
    wanted = candidates(rights=rights, on=on)
    reports = list(
        wanted.visible_to(actor, on)
        .select_related("plan", "organisation")
        .order_by("due_on", "organisation__name", "pk")
    )
    for report in reports:
        if not closed_reason(report=report, on=on) and not why_not_fill(rights, report):
            yield _fill(report, on)
    if late_reports := [
        report for report in reports if report.is_late(on) and not why_not_question(rights, report)
    ]:
        yield _chase(late_reports)


def open_for(*, rights: Rights, on: date) -> set[tuple[int, int | None]]:
    """Return the plans and organisations for which the user has a return to fill in."""
    own = Return.objects.filter(organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))
    still = own.filter(state=ReturnState.OPEN, closes_on__gte=on)
    return set(still.order_by().values_list("plan", "organisation"))


def _fill(report: Return, on: date) -> Task:
    period = period_text(report.period)
    if report.state == ReturnState.RETURNED:
        subject = of_return(report, gettext("the question on the return for {period}").format(period=period))
        reason = gettext("The programme manager asks a question about {organisation}'s return").format(
            organisation=report.organisation
        )
        return Task(subject, gettext("Answer"), reason, "returns:return", RETURNED, tag=gettext("Returned"))
    late = report.is_late(on)
    reason = gettext("For {organisation}. It closes after {closes_on}").format(
        organisation=report.organisation, closes_on=day_text(report.closes_on)
    )
    urgency = OVERDUE if late else REPORT
    subject = of_return(report, gettext("the return for {period}").format(period=period))
    return Task(
        subject,
        gettext("Fill in"),
        reason,
        "returns:return",
        urgency,
        report.due_on,
        dated=gettext("Return due"),
    )


def _chase(reports: Sequence[Return]) -> Task:
    names = [str(report.organisation) for report in reports[:LONGEST_LIST]]
    more = (
        gettext(" and {number} more").format(number=len(reports) - LONGEST_LIST)
        if len(reports) > LONGEST_LIST
        else ""
    )
    number = (
        gettext("1 late return")
        if len(reports) == 1
        else gettext("{number} late returns").format(number=len(reports))
    )
    return Task(
        of_returns(reports, number),
        gettext("Chase"),
        gettext("From {names}{more}").format(names=", ".join(names), more=more),
        "returns:return-list",
        NOTE,
        reports[0].closes_on,
        query="?state=late",
        dated=gettext("Returns close"),
    )
