from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from partners.access_reviews import policies
from partners.memberships.models import Membership
from partners.partnerships.models import Partnership
from standards.cadence import Frequency, Period
from web.language import period_text


class AccessReviewQuerySet(QuerySet["AccessReview"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_access_reviews(user, on))

    def open(self) -> Self:
        return self.filter(state=AccessReview.State.OPEN)


class AccessReview(Tracked):
    """A quarter's check of everybody with access to a partnership: each membership is confirmed or ended.

    Who is to be decided on is computed: the memberships that ran when the review was opened and still run. A line is
    added with each decision.
    """

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        COMPLETE = "complete", gettext_lazy("Complete")
        UNFINISHED = "unfinished", gettext_lazy("Not finished")

    is_dated = False
    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="access_reviews")
    quarter_start = models.DateField(gettext_lazy("first day of the quarter"))
    opened_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_on = models.DateField(null=True, blank=True)

    objects = AccessReviewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["partnership", "-quarter_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "quarter_start"], name="accessreview_once_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="accessreview_closed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Access review, {quarter}").format(quarter=period_text(self.quarter))

    @property
    def quarter(self) -> Period:
        return Period(self.quarter_start, Frequency.QUARTERLY)

    @property
    def due_on(self) -> date:
        return self.quarter.last_day

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class AccessReviewLine(Tracked):
    """What a review decided on one membership, and what whoever decided saw of the account."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", gettext_lazy("Confirmed")
        ENDED = "ended", gettext_lazy("Ended")
        NOT_REVIEWED = "not_reviewed", gettext_lazy("Not reviewed")

    is_dated = False
    ledger_path = "review__partnership__ledger"

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="lines")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="review_lines")
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.TextField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(editable=False)
    source = models.CharField(gettext_lazy("account"), max_length=40, blank=True, editable=False)
    last_used_on = models.DateField(null=True, blank=True, editable=False)
    sign_in = models.CharField(gettext_lazy("second factor"), max_length=120, blank=True, editable=False)
    programs = models.CharField(
        gettext_lazy("access by programs"), max_length=1200, blank=True, editable=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["review", "membership"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "membership"],
                name="accessreviewline_once",
                violation_error_message=gettext_lazy("Somebody has decided on this already"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="not_reviewed") | Q(decided_by__isnull=False),
                name="accessreviewline_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_outcome_display().lower()}"
