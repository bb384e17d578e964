"""Questions about actions that wait for the person's answer."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.models import Question
from actions.questions import policies
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_QUOTE = 200


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    return Question.objects.open().filter(policies.answerable(rights)).exclude(asked_by=rights.user_id)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    if not rights.grants:
        return
    rows = (
        Question.objects.visible_to(actor, on)
        .open()
        .filter(policies.answerable(rights))
        .exclude(asked_by=rights.user_id)
        .select_related("action__plan", "action__pillar", "asked_by")
    )
    for row in rows.order_by("asked_at", "pk"):
        text = Truncator(" ".join(row.text.split())).chars(LONGEST_QUOTE)
        yield Task(
            of_action(row.action),
            gettext("Answer the question on"),
            gettext("{asked_by} asks: “{text}”").format(asked_by=row.asked_by, text=text),
            "actions:question-answer",
            DECIDE,
            request=("question", row.pk),
        )
