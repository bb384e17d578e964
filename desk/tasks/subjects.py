"""What tasks are about, made from the rows of the apps below."""

from collections.abc import Sequence

from django.utils.translation import gettext

from actions.models import Action, Plan
from desk.tasks.task import (
    ACCESS_REVIEW,
    ACTION,
    APPROVAL,
    ARISING,
    INSPECTION,
    PANEL_MONTH,
    PAPER,
    PLAN,
    RECOMMENDATION,
    RETURN,
    WEBHOOK,
    Subject,
)
from exchange.webhooks.models import Webhook
from inspections.models import Inspection, Recommendation
from meetings.models import Arising
from partners.models import AccessReview, ChangeRequest
from programme.models import PanelMonth
from reports.models import Paper
from returns.models import Return
from standards import marking
from web.language import lazy_text, period_text

APPROVALS = lazy_text("Approvals")


def of_action(action: Action) -> Subject:
    plan = action.plan
    return Subject(
        type=ACTION,
        id=action.pk,
        label=f"{action.ref}: {action.title}",
        ref=action.ref,
        context=f"{plan}, {action.pillar}",
        group=str(plan),
        marking=action.marking,
        group_marking=plan.marking,
        due=action.due,
        sort_key=action.ref,
    )


def of_actions(actions: Sequence[Action], label: str) -> Subject:
    """Return the subject of a task done from the list of actions of one plan."""
    plan = actions[0].plan
    return Subject(
        type=ACTION,
        id=None,
        label=label,
        ref=label,
        context=str(plan),
        group=str(plan),
        marking=marking.highest(action.marking for action in actions),
        group_marking=plan.marking,
    )


def of_plan(plan: Plan, label: str, marking: str) -> Subject:
    """Return the subject of a task about several actions of a plan.

    Args:
        label: names the task's subject with no word of any action.
        marking: of the most urgent of the actions.
    """
    return Subject(
        type=PLAN,
        id=plan.pk,
        label=label,
        ref=label,
        context=str(plan),
        group=str(plan),
        marking=marking,
        group_marking=plan.marking,
    )


def of_returns(reports: Sequence[Return], label: str, *, id: int | None = None) -> Subject:  # noqa: A002
    """Return the subject of a task about one return, whose id it has, or about several.

    Args:
        label: names the returns with no word of any action.
    """
    plans = list(dict.fromkeys(report.plan for report in reports))
    highest = marking.highest(plan.marking for plan in plans)
    names = " and ".join(map(str, plans))
    return Subject(
        type=RETURN,
        id=id,
        label=label,
        ref=label,
        context=names,
        group=names,
        marking=highest,
        group_marking=highest,
    )


def of_return(report: Return, label: str) -> Subject:
    return of_returns([report], label, id=report.pk)


def of_inspection(inspection: Inspection) -> Subject:
    return Subject(
        type=INSPECTION,
        id=inspection.pk,
        label=str(inspection),
        ref="",
        context=inspection.title,
        group=inspection.title,
        marking=inspection.marking,
        group_marking=inspection.marking,
        sort_key=str(inspection),
    )


def of_recommendation(recommendation: Recommendation) -> Subject:
    inspection = recommendation.inspection
    return Subject(
        type=RECOMMENDATION,
        id=recommendation.pk,
        label=str(recommendation),
        ref=f"{recommendation.get_kind_display().lower()} {recommendation.number}".strip(),
        context=inspection.title,
        group=inspection.title,
        marking=inspection.marking,
        group_marking=inspection.marking,
        sort_key=str(recommendation),
    )


def of_arising(arising: Arising) -> Subject:
    item = arising.minute.item
    return Subject(
        type=ARISING,
        id=arising.pk,
        label=gettext("action arising {number}: {text}").format(number=arising.number, text=arising.text),
        ref=gettext("action arising {number}").format(number=arising.number),
        context=str(item.meeting),
        group=str(arising.board),
        marking=marking.highest([item.marking, item.meeting.marking]),
        group_marking=marking.Marking.OFFICIAL,
        sort_key=f"{arising.board} {arising.number:04}",
    )


def of_panel_month(month: PanelMonth) -> Subject:
    return Subject(
        type=PANEL_MONTH,
        id=month.pk,
        label=gettext("{month}: neither police side attended").format(month=month),
        ref="",
        context=gettext("Channel panels"),
        group=gettext("Channel panels"),
        marking=month.marking,
        group_marking=marking.Marking.OFFICIAL,
        sort_key=str(month),
    )


def of_paper(paper: Paper) -> Subject:
    board = paper.template.board
    return Subject(
        type=PAPER,
        id=paper.pk,
        label=str(paper),
        ref=gettext("the paper for {board}").format(board=board),
        context=str(board),
        group=str(board),
        marking=paper.marking,
        group_marking=marking.Marking.OFFICIAL,
        sort_key=str(paper),
    )


def of_access_review(review: AccessReview) -> Subject:
    partnership = str(review.partnership)
    return Subject(
        type=ACCESS_REVIEW,
        id=review.pk,
        label=gettext("of {quarter}").format(quarter=period_text(review.quarter)),
        ref="",
        context=partnership,
        group=partnership,
        marking=marking.Marking.OFFICIAL,
        group_marking=marking.Marking.OFFICIAL,
        sort_key=str(review),
    )


def of_webhook(webhook: Webhook) -> Subject:
    organisation = str(webhook.client.organisation)
    return Subject(
        type=WEBHOOK,
        id=webhook.pk,
        label=gettext("of {client}").format(client=webhook.client),
        ref="",
        context=organisation,
        group=organisation,
        marking=marking.Marking.OFFICIAL,
        group_marking=marking.Marking.OFFICIAL,
        sort_key=str(webhook),
    )


def of_change(change: ChangeRequest) -> Subject:
    return Subject(
        type=APPROVAL,
        id=change.pk,
        label=str(change),
        ref=gettext("a change to somebody's access"),
        context=APPROVALS,
        group=APPROVALS,
        marking=marking.Marking.OFFICIAL,
        group_marking=marking.Marking.OFFICIAL,
        sort_key=str(change),
    )
