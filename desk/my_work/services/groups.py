"""A person's tasks by when they are due, with like tasks together, so that My work stays one page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext, ngettext_lazy

from desk.tasks.task import ACTION, ARISING, RECOMMENDATION, Task
from web.language import lazy_text

LATE, TODAY, WEEK, LATER, UNDATED = "late", "today", "week", "later", "none"
GROUPS = {
    LATE: lazy_text("Late"),
    TODAY: lazy_text("Due today"),
    WEEK: lazy_text("This week"),
    LATER: lazy_text("Later"),
    UNDATED: lazy_text("No date"),
}
# Several tasks about these are one line.
SEVERAL = {
    ACTION: ngettext_lazy("{verb} {number} action", "{verb} {number} actions", "number"),
    RECOMMENDATION: ngettext_lazy("{verb} {number} finding", "{verb} {number} findings", "number"),
    ARISING: ngettext_lazy("{verb} {number} action arising", "{verb} {number} actions arising", "number"),
}
ALLOCATE = "action-allocate"
# How many lines My work shows of a group, and how many new tasks.
MOST_LINES, MOST_NEW = 8, 5
# From how many on like tasks of a group become one line. Actions are allocated together, so two are enough.
LIKE_TASKS, LIKE_ALLOCATIONS = 5, 2
LONGEST_LIST = 3


@dataclass(frozen=True)
class Line:
    """One line of My work: a task, or several like ones.

    Attributes:
        tasks: at least one, the earliest first.
        group: of the line, a key of GROUPS.
    """

    tasks: Sequence[Task]
    group: str

    @property
    def first(self) -> Task:
        return self.tasks[0]

    @property
    def is_several(self) -> bool:
        return len(self.tasks) > 1

    @property
    def title(self) -> str:
        if not self.is_several:
            return self.first.title
        words = SEVERAL[self.first.subject.type]
        return words.format(verb=self.first.verb, number=len(self.tasks))

    @property
    def reason(self) -> str:
        """Why it is a task; of several, which they are. The page adds the full stop."""
        if not self.is_several:
            return self.first.reason
        names = ", ".join(task.subject.ref for task in self.tasks[:LONGEST_LIST])
        more = len(self.tasks) - LONGEST_LIST
        return gettext("{names} and {more} more").format(names=names, more=more) if more > 0 else names


@dataclass(frozen=True)
class Group:
    """The tasks that are due in one stretch of time; the page shows the first lines only."""

    name: str
    tasks: Sequence[Task]
    lines: Sequence[Line] = field(default=())

    @property
    def title(self) -> str:
        return GROUPS[self.name]

    @property
    def shown(self) -> Sequence[Line]:
        return self.lines[:MOST_LINES]

    @property
    def is_cut(self) -> bool:
        return len(self.lines) > MOST_LINES


def group_of(*, due: date | None, on: date) -> str:
    """Return when a task is due, as a key of GROUPS; a week ends on Sunday."""
    if due is None:
        return UNDATED
    if due <= on:
        return LATE if due < on else TODAY
    return WEEK if due <= on + timedelta(days=6 - on.weekday()) else LATER


def grouped(*, tasks: Iterable[Task], on: date) -> list[Group]:
    """Return the groups that have tasks, the most urgent first, with like tasks in one line.

    Args:
        tasks: in the order of their due dates.
    """
    by_group: Mapping[str, list[Task]] = {name: [] for name in GROUPS}
    for task in tasks:
        by_group[group_of(due=task.due, on=on)].append(task)
    return [
        Group(name, members, list(_lines(members, name))) for name, members in by_group.items() if members
    ]


def new_tasks(*, tasks: Iterable[Task], seen: Collection[str]) -> list[Task]:
    """Return the tasks that were not there when the person last looked."""
    known = set(seen)
    return [task for task in tasks if task.key not in known]


def _lines(tasks: Sequence[Task], group: str) -> Iterator[Line]:
    """Yield one line for each task, or for like tasks at the place of the first."""
    alike: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in tasks:
        if task.subject.type in SEVERAL and task.subject.id is not None and not task.tag:
            alike[task.verb, task.type].append(task)
    several = {
        kind: members
        for kind, members in alike.items()
        if len(members) >= (LIKE_ALLOCATIONS if kind[1] == ALLOCATE else LIKE_TASKS)
    }
    in_line = {id(task) for members in several.values() for task in members}
    for task in tasks:
        if id(task) not in in_line:
            yield Line([task], group)
        elif members := several.pop((task.verb, task.type), None):
            yield Line(members, group)
