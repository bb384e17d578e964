"""Questions about actions that wait for the person's answer."""

from collections.abc import Iterator
from datetime import date

from django.utils.text import Truncator

from actions.models import Question
from actions.questions import policies
from audit.actors import Actor
from desk.tasks.subjects import of_action
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights

LONGEST_QUOTE = 200


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
            "Answer the question on",
            f"{row.asked_by} asks: “{text}”",
            "actions:question-answer",
            DECIDE,
            request=("question", row.pk),
        )
