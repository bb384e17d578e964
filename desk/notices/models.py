from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from audit.models import Tracked
from web.language import day_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_AHEAD = 60


class Frequency(models.TextChoices):
    DAILY = "daily", gettext_lazy("Every day")
    WEEKDAYS = "weekdays", gettext_lazy("Monday to Friday")
    WEEKLY = "weekly", gettext_lazy("Once a week")
    NEVER = "never", gettext_lazy("Never")


class Weekday(models.IntegerChoices):
    """Numbered as Python numbers the days of the week."""

    MONDAY = 0, gettext_lazy("Monday")
    TUESDAY = 1, gettext_lazy("Tuesday")
    WEDNESDAY = 2, gettext_lazy("Wednesday")
    THURSDAY = 3, gettext_lazy("Thursday")
    FRIDAY = 4, gettext_lazy("Friday")
    SATURDAY = 5, gettext_lazy("Saturday")
    SUNDAY = 6, gettext_lazy("Sunday")


def days_ahead(label: "StrOrPromise", default: int) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_AHEAD)]
    )


class NoticePreference(Tracked):
    """When a person is sent their digest and reminders. A person without a row has the defaults."""

    is_dated = False
    ledger_path = None

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_preference"
    )
    frequency = models.CharField(
        gettext_lazy("how often you are sent a digest"),
        max_length=10,
        choices=Frequency,
        default=Frequency.WEEKDAYS,
    )
    weekday = models.PositiveSmallIntegerField(
        gettext_lazy("day of a weekly digest"), choices=Weekday, default=Weekday.MONDAY
    )
    first_reminder = days_ahead(gettext_lazy("first reminder, in days before the due date"), 14)
    last_reminder = days_ahead(gettext_lazy("last reminder, in days before the due date"), 3)

    class Meta:
        ordering: ClassVar[list[str]] = ["user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_reminder__lt=F("first_reminder")),
                name="notice_preference_last_reminder_is_nearer",
                violation_error_message=gettext_lazy(
                    "The last reminder must be fewer days before the due date than the first."
                ),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="notice_preference_weekday_known"),
        ]

    def __str__(self) -> str:
        return gettext("Notices of {user}").format(user=self.user)


class Digest(models.Model):
    """The one email a person may be sent on a day, and its result.

    It is recorded as being sent before the mail server gets it, so it is sent at most once
    (docs/decisions/0009-notices.md).
    """

    class State(models.TextChoices):
        SENDING = "sending", gettext_lazy("Being sent")
        SENT = "sent", gettext_lazy("Sent")
        REFUSED = "refused", gettext_lazy("Not sent")
        UNKNOWN = "unknown", gettext_lazy("May not have arrived")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.SENDING)
    subject = models.CharField(max_length=150)
    attempts = models.PositiveSmallIntegerField(default=1)
    sending_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "user"]
        indexes = [models.Index(fields=["state", "sending_at"], name="digest_unsettled")]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_one_a_day"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="digest_sent_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Digest of {day} to {user}").format(day=day_text(self.day), user=self.user)


class DigestLine(models.Model):
    """One line of a digest as sent; for an OFFICIAL-SENSITIVE row, the reference only."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", gettext_lazy("Coming up")
        ESCALATION = "escalation", gettext_lazy("Escalated to you")
        CHASER = "chaser", gettext_lazy("Reminders from the programme manager")
        ANSWER = "answer", gettext_lazy("Answers to your questions")
        NEWS = "news", gettext_lazy("Changes in views you watch")
        WANTED = "wanted", gettext_lazy("Your tasks")

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120, help_text=gettext_lazy("Identifies what the line is about."))
    by = models.DateField(null=True, blank=True)
    ahead = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=gettext_lazy("For a reminder: how many days before the due date.")
    )
    heading = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=400)
    reason = models.CharField(max_length=600, blank=True)
    path = models.CharField(max_length=300)
    again = models.BooleanField(
        default=False, help_text=gettext_lazy("It may have been in an earlier email that may be lost.")
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["digest", "order"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "order"], name="digest_line_order"),
            models.CheckConstraint(
                condition=Q(kind="reminder", ahead__isnull=False, by__isnull=False)
                | ~Q(kind="reminder") & Q(ahead=None),
                name="digest_line_reminder_has_a_step",
            ),
        ]

    def __str__(self) -> str:
        return self.title
