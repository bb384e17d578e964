"""The task: what My work, the API, digests, the calendar and escalations all list. It knows no model."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.urls import reverse
from django.utils.translation import gettext

from standards.marking import Marking

ACTION, PLAN, RETURN = "action", "plan", "return"
INSPECTION, RECOMMENDATION, WEBHOOK = "inspection", "recommendation", "webhook"
ARISING, PANEL_MONTH, PAPER = "arising", "panel-month", "paper"
APPROVAL, ACCESS_REVIEW = "approval", "access-review"
SUBJECT_TYPES = (
    ACTION,
    PLAN,
    RETURN,
    INSPECTION,
    RECOMMENDATION,
    WEBHOOK,
    ARISING,
    PANEL_MONTH,
    PAPER,
    APPROVAL,
    ACCESS_REVIEW,
)

# The most urgent first, and the names the API gives them. Tasks are ordered by due date; urgency decides among those due
# on one day, and among those without a date, which come last.
RETURNED, OVERDUE, DUE_SOON, REPORT, DECIDE, NOTE = range(6)
URGENCIES = ("returned", "overdue", "due_soon", "report", "decide", "note")


@dataclass(frozen=True)
class Subject:
    """What a task is about: one row, or a list of rows.

    Attributes:
        type: one of `SUBJECT_TYPES`.
        id: of the row; none for a list, which the task's `query` narrows.
        label: follows the verb in the task's title.
        ref: identifies the subject without any of its content, so it may leave the service; empty where nothing does.
        context: the plan, or the inspection.
        group: the heading of the task in a digest.
        marking: of the subject.
        group_marking: of what the heading names.
        due: the due date of an action.
        sort_key: orders tasks of one day and one urgency; tasks about several actions have none and come first.
    """

    type: str
    id: int | None
    label: str
    ref: str
    context: str
    group: str
    marking: str
    group_marking: str
    due: date | None = None
    sort_key: str = ""


@dataclass(frozen=True)
class Task:
    """One thing for a person to do.

    Attributes:
        verb: what to do, such as "Update".
        route: of the page on which a person does it.
        due: the date it is due by; none where no date was set.
        request: type and id of what needs an answer, such as a date request.
        args: of the route, such as ids; by default those of the subject and of the request.
        query: the query of that page, with its question mark.
        separator: the text between the verb and the label.
        dated: what the date is, such as "Milestone due"; by default that the action is due.
        tag: a status to show beside the title, such as "Returned".
    """

    subject: Subject
    verb: str
    reason: str
    route: str
    urgency: int
    due: date | None = None
    request: tuple[str, int] | None = None
    args: tuple[int | str, ...] = field(default=())
    query: str = ""
    separator: str = " "
    dated: str = ""
    tag: str = ""

    def __post_init__(self) -> None:
        if not self.args and self.subject.id is not None:
            request_ids = () if self.request is None else (self.request[1],)
            object.__setattr__(self, "args", (self.subject.id, *request_ids))

    @property
    def title(self) -> str:
        return f"{self.verb}{self.separator}{self.subject.label}"

    @property
    def public_title(self) -> str:
        """The title as mail and calendars may show it: of an OFFICIAL-SENSITIVE subject, the reference only."""
        return f"{self.verb} {self.subject.ref}".strip() if self.is_sensitive else self.title

    @property
    def is_sensitive(self) -> bool:
        return self.subject.marking != Marking.OFFICIAL

    @property
    def is_about_due_date(self) -> bool:
        """Whether the task is due because its action is."""
        return self.due is not None and self.due == self.subject.due

    @property
    def date_label(self) -> str:
        """What the due date is: of the action, or of something else."""
        return self.dated or (gettext("Action due") if self.is_about_due_date else gettext("Due"))

    @property
    def type(self) -> str:
        """The kind of task, as the API names it."""
        return self.route.partition(":")[2]

    @property
    def key(self) -> str:
        """Identify the task among a person's tasks; it changes when there is something new to do."""
        parts = (self.route, *self.args, self.query, self.due, self.tag)
        return sha256("|".join(map(str, parts)).encode()).hexdigest()[:12]

    @property
    def path(self) -> str:
        return reverse(self.route, args=self.args) + self.query

    def order(self) -> tuple[date, int, str]:
        return self.due or date.max, self.urgency, self.subject.sort_key
