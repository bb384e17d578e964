from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from meetings.meetings.models import Meeting
from meetings.minutes.models import Minute
from partners.models import Organisation
from web.text import LongText


class ArisingQuerySet(QuerySet["Arising"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(minute__in=Minute.objects.visible_to(user, on))

    def open(self) -> Self:
        return self.filter(state__in=[Arising.State.OPEN, Arising.State.PROPOSED])


class Arising(Tracked):
    """An action arising from a minute: a line of the board's action log until a later meeting closes it.

    It is a task of its owner. Where it is more than that, it becomes an action of a plan and names it.
    """

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        PROPOSED = "proposed", gettext_lazy("Proposed to close")
        CLOSED = "closed", gettext_lazy("Closed")
        NOT_REQUIRED = "not_required", gettext_lazy("No longer required")
        BECAME_ACTION = "became_action", gettext_lazy("Turned into an action")

    ledger_path = "minute__item__meeting__board__partnership__ledger"
    constraint_fields = {"arising_has_owner": "post"}

    minute = models.ForeignKey(Minute, on_delete=models.PROTECT, related_name="arisings")
    number = models.PositiveIntegerField(
        editable=False, help_text=gettext_lazy("Runs on through the board's meetings.")
    )
    board = models.ForeignKey("partners.Board", on_delete=models.PROTECT, related_name="+", editable=False)
    text = LongText(gettext_lazy("what is to be done"), max_length=1000)
    post = models.CharField(
        gettext_lazy("post responsible"),
        max_length=160,
        blank=True,
        help_text=gettext_lazy("As the minutes say. Not a name."),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="arisings"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="arisings",
        help_text=gettext_lazy("Whose task it is in the tracker."),
    )
    due = models.DateField(
        gettext_lazy("due date"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Leave empty if the board set none."),
    )
    state = models.CharField(max_length=14, choices=State, default=State.OPEN, editable=False)
    progress = LongText(max_length=2000, blank=True, editable=False)
    closed_at = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_arisings",
        editable=False,
    )
    action_ref = models.CharField(gettext_lazy("action"), max_length=24, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ArisingQuerySet.as_manager()

    class Meta:
        ordering = ["board", "number"]
        verbose_name = gettext_lazy("action arising")
        verbose_name_plural = gettext_lazy("actions arising")
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="arising_number_unique"),
            models.CheckConstraint(
                condition=~Q(post="") | Q(organisation__isnull=False) | Q(owner__isnull=False),
                name="arising_has_owner",
                violation_error_message=gettext_lazy(
                    "Enter who is responsible: a post, an organisation or a person."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "not_required"], closed_at__isnull=False)
                | ~Q(state__in=["closed", "not_required"]) & Q(closed_at=None),
                name="arising_closed_at_a_meeting",
            ),
            models.CheckConstraint(
                condition=Q(state="became_action") & ~Q(action_ref="")
                | ~Q(state="became_action") & Q(action_ref=""),
                name="arising_names_its_action",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Action arising {number}").format(number=self.number)

    @property
    def partnership_id(self) -> int:
        return self.minute.item.meeting.partnership_id

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.PROPOSED)

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.due is not None and self.due < on

    def clean(self) -> None:
        if self.organisation is not None and self.organisation.partnership_id != self.partnership_id:
            raise ValidationError({"organisation": gettext("Select an organisation in this partnership")})
        if self.due is not None and self.due < self.minute.item.meeting.day:
            raise ValidationError({"due": gettext("Enter the day of the meeting or a later one.")})
