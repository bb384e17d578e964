"""Which update of an action is its latest word, and which put which right: read without their texts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from actions.core.models import Action
from actions.progress.models import ProgressUpdate


@dataclass(frozen=True)
class _Mark:
    pk: int
    action_id: int
    corrects_id: int | None
    period: date
    submitted_at: datetime

    @property
    def order(self) -> tuple[datetime, int]:
        return self.submitted_at, self.pk


@dataclass
class History:
    """The updates of some actions, in the order in which they were made."""

    marks: dict[int, _Mark] = field(default_factory=dict)
    corrected_by: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, actions: Collection[int]) -> "History":
        """Read the updates of these actions: one query, none where there is no action."""
        history = cls()
        if not actions:
            return history
        rows = ProgressUpdate.objects.filter(action__in=actions).order_by("submitted_at", "pk")
        for row in rows.values_list("pk", "action", "corrects", "period", "submitted_at"):
            mark = _Mark(*row)
            history.marks[mark.pk] = mark
            if mark.corrects_id is not None:
                history.corrected_by[mark.corrects_id] = mark.pk
        return history

    def is_corrected(self, pk: int) -> bool:
        return pk in self.corrected_by

    def newest(self, pk: int) -> int:
        """Return the id of the update's correction, or its own."""
        while pk in self.corrected_by:
            pk = self.corrected_by[pk]
        return pk

    def is_followed(self, pk: int) -> bool:
        """Say whether a later update, itself no correction, took this one's place as the latest word."""
        return self.latest()[self.marks[pk].action_id] != self.newest(pk)

    def latest(
        self, *, before: Mapping[int, int] | None = None, until: datetime | None = None
    ) -> dict[int, int]:
        """Return each action's latest update, with its corrections, by the action's id.

        Args:
            before: ids of updates by the action's id: neither they, nor what they correct, nor anything that came
                later counts, a correction of an earlier update included.
            until: updates from this moment on do not count.
        """
        limit = (until, 0) if until is not None else None
        ends = {action: self.marks[self._root(pk)].order for action, pk in (before or {}).items()}
        last: dict[int, int] = {}
        for mark in self.marks.values():
            end = ends.get(mark.action_id, limit)
            if end is not None and mark.order >= end:
                continue
            if mark.corrects_id is None or mark.corrects_id == last.get(mark.action_id):
                last[mark.action_id] = mark.pk
        return last

    def _root(self, pk: int) -> int:
        mark = self.marks[pk]
        return mark.pk if mark.corrects_id is None else self._root(mark.corrects_id)


def latest_updates(actions: Iterable[Action]) -> dict[int, ProgressUpdate]:
    """Return the latest update of each action that has one, with its corrections, by the action's id."""
    latest = History.of([action.pk for action in actions]).latest()
    updates = ProgressUpdate.objects.in_bulk(latest.values())
    return {action: updates[pk] for action, pk in latest.items()}
