"""What a person has already seen in My work."""

from collections.abc import Iterable
from datetime import datetime

from audit.actors import Actor, account_of
from desk.my_work.models import LastLook
from desk.tasks.task import Task


def last_look(*, actor: Actor) -> LastLook | None:
    """Return when the actor last marked their tasks as seen, and which; none if never."""
    return LastLook.objects.filter(user=account_of(actor)).first()


def mark_seen(*, actor: Actor, tasks: Iterable[Task], at: datetime) -> LastLook:
    """Record that the actor saw these tasks of theirs. Others are new the next time."""
    keys = [task.key for task in tasks]
    defaults = {"at": at, "tasks": keys}
    return LastLook.objects.update_or_create(user=account_of(actor), defaults=defaults)[0]
