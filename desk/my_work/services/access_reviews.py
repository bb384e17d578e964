"""Access reviews with memberships that the actor may confirm or end."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_access_review
from desk.tasks.task import OVERDUE, REPORT, Task
from partners.access_reviews.queries import memberships_to_decide
from partners.models import AccessReview
from partners.policies import Rights, Role, why_not_administer, why_not_review
from web.language import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    """Return every open review: an administrator reviews those of all partnerships."""
    return AccessReview.objects.open()


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield one task for each open review, due when the first of its yearly reviews is due, or with the quarter."""
    is_administrator = not why_not_administer(actor)
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed and not is_administrator:
        return
    reviews = AccessReview.objects.visible_to(actor, on).open().select_related("partnership")
    for review in reviews.order_by("partnership__name"):
        # They are only counted here, so their people and organisations are not read.
        waiting = memberships_to_decide(review, on).select_related(None).order_by()
        if review.partnership_id not in managed:
            # The programme manager reviews all others.
            waiting = waiting.filter(role=Role.PROGRAMME_MANAGER)
        mine = [row for row in waiting if not why_not_review(actor, row, on)]
        if not mine:
            continue
        number = (
            gettext("1 person or system is")
            if len(mine) == 1
            else gettext("{number} people and systems are").format(number=len(mine))
        )
        due = min(review.due_on, *(row.review_by for row in mine))
        urgency = OVERDUE if due < on else REPORT
        reason = gettext("{number} left to confirm by {due}").format(number=number, due=day_text(due))
        yield Task(
            of_access_review(review),
            gettext("Complete the access review"),
            reason,
            "partners:access-review",
            urgency,
            due,
            dated=gettext("Access review due"),
        )
