"""Which update of an action is its latest word, and which put which right: read without their texts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from actions.models import ProgressUpdate


@dataclass(frozen=True)
class _Mark:
    pk: int
    action_id: int
    corrects_id: int | None
    period: date
    submitted_at: datetime


@dataclass
class History:
    """The updates of some actions, in the order in which they were made."""

    marks: dict[int, _Mark] = field(default_factory=dict)
    corrected_by: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, actions: Collection[int]) -> "History":
        """Read the updates of these actions: one query, none where there is no action."""
        found = cls()
        if not actions:
            return found
        rows = ProgressUpdate.objects.filter(action__in=actions).order_by("submitted_at", "pk")
        for row in rows.values_list("pk", "action", "corrects", "period", "submitted_at"):
            mark = _Mark(*row)
            found.marks[mark.pk] = mark
            if mark.corrects_id is not None:
                found.corrected_by[mark.corrects_id] = mark.pk
        return found

    def is_corrected(self, pk: int) -> bool:
        return pk in self.corrected_by

    def newest(self, pk: int) -> int:
        """Return the id of the correction that stands in an update's place, or its own."""
        while pk in self.corrected_by:
            pk = self.corrected_by[pk]
        return pk

    def is_followed(self, pk: int) -> bool:
        """Say whether a later update, itself no correction, took this one's place as the latest word."""
        return self.latest()[self.marks[pk].action_id] != self.newest(pk)

    def latest(self, *, leaving_out: Collection[int] = ()) -> dict[int, int]:
        """Return the latest word on each action, as it stands after its corrections, by the action's id.

        Args:
            leaving_out: ids of updates that do not count, nor what they correct or were corrected by.
        """
        left = {self._root(pk) for pk in leaving_out if pk in self.marks}
        last = {mark.action_id: mark.pk for mark in self._originals() if mark.pk not in left}
        return {action: self.newest(pk) for action, pk in last.items()}

    def _root(self, pk: int) -> int:
        mark = self.marks[pk]
        return mark.pk if mark.corrects_id is None else self._root(mark.corrects_id)

    def _originals(self) -> Iterable[_Mark]:
        return (mark for mark in self.marks.values() if mark.corrects_id is None)
