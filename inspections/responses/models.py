from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from inspections.core import policies
from inspections.core.states import LetterState
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from partners.policies import rights_of
from web.text import LongText


class ResponseQuerySet(QuerySet["Response"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_responses(rights_of(user, on), on))


class LetterQuerySet(QuerySet["PublishedResponse"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(
            policies.visible_letters(rights_of(user, on), Inspection.objects.visible_to(user, on))
        )


class Response(Tracked):
    """The local policing body's answer to one recommendation: the action taken or proposed, or why there is none.

    Police Act 1996 s.55(5A).
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", gettext_lazy("Action taken")
        PROPOSED = "proposed", gettext_lazy("Action proposed")
        NONE = "none", gettext_lazy("No action")

    ledger_path = "recommendation__inspection__partnership__ledger"

    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="response")
    kind = models.CharField(max_length=10, choices=Kind)
    text = LongText(
        max_length=6000, help_text=gettext_lazy("The action taken or proposed; or why there is none.")
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["recommendation"]

    def __str__(self) -> str:
        return gettext("{recommendation}: response").format(recommendation=self.recommendation)


class PublishedResponse(Tracked):
    """The letter to the Secretary of State, copied to the inspectors: a draft, approved by another, then published.

    From its approval the text is frozen; a correction is a new version.
    """

    State = LetterState

    ledger_path = "inspection__partnership__ledger"
    constraint_fields = {
        "letter_correction_has_reason": "correction_reason",
    }

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField(
        gettext_lazy("version of the letter"), default=1, editable=False
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by", editable=False
    )
    correction_reason = LongText(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.DRAFT, editable=False)
    dated = models.DateField(gettext_lazy("date of the letter"))
    reference = models.CharField(gettext_lazy("our reference"), max_length=60, blank=True)
    signatory = models.CharField(
        max_length=160, help_text=gettext_lazy("The office that signs, not a person.")
    )
    salutation = models.CharField(max_length=120, default="Dear Home Secretary")
    introduction = LongText(max_length=8000)
    closing = LongText(max_length=4000, blank=True)
    copies_to = models.CharField(
        max_length=300, default="The inspectors of constabulary", help_text=gettext_lazy("Who gets a copy.")
    )
    content = models.JSONField(
        null=True, blank=True, editable=False, help_text=gettext_lazy("The letter as it was frozen.")
    )
    sha256 = models.CharField(
        gettext_lazy("SHA-256 of the content"), max_length=64, blank=True, editable=False
    )
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True, editable=False)
    publication_url = models.URLField(max_length=500, blank=True)
    sent_to_secretary_of_state_on = models.DateField(null=True, blank=True)
    sent_to_inspectors_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("letter")
        ordering: ClassVar[list[str]] = ["inspection", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="letter_version_unique"),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state=LetterState.DRAFT),
                name="letter_one_draft",
                violation_error_message=gettext_lazy("This inspection has a draft letter already."),
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.DRAFT, approved_by=None, sha256="")
                | ~Q(state=LetterState.DRAFT)
                & Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(sha256=""),
                name="letter_approved_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="letter_approved_by_another",
                violation_error_message=gettext_lazy("Somebody other than the author approves the letter."),
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.PUBLISHED, published_on__isnull=False)
                | ~Q(state=LetterState.PUBLISHED) & Q(published_on=None),
                name="letter_published_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(number=1, corrects=None)
                | Q(number__gt=1, corrects__isnull=False) & ~Q(correction_reason=""),
                name="letter_correction_has_reason",
                violation_error_message=gettext_lazy("Say what the new version corrects."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("{inspection}: letter, version {number}").format(
            inspection=self.inspection, number=self.number
        )
