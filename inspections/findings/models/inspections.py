from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from inspections.core import policies
from inspections.findings.models.recommendations import Recommendation
from partners.models import Partnership
from partners.policies import rights_of
from standards import marking as markings
from web.markings import handling_column, marking_column
from web.text import LongText

# A published report that section 55 asks for a response to.
OWES_RESPONSE = Q(
    body_kind="inspectorate", published_on__isnull=False, force_is_subject=True, answered_through=None
)


class InspectionQuerySet(QuerySet["Inspection"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(
            policies.visible_inspections(rights_of(user, on), Recommendation.objects.visible_to(user, on), on)
        )

    def owing(self) -> Self:
        """Keep the published reports that section 55 asks for a response to."""
        return self.filter(OWES_RESPONSE)


class Inspection(Tracked):
    """A report with findings: by the inspectorate, auditors, a parliamentary committee or a national review."""

    class BodyKind(models.TextChoices):
        INSPECTORATE = "inspectorate", gettext_lazy("Police inspectorate")
        INTERNAL_AUDIT = "internal_audit", gettext_lazy("Internal audit")
        PARLIAMENTARY_COMMITTEE = "parliamentary_committee", gettext_lazy("Parliamentary committee")
        NATIONAL_REVIEW = "national_review", gettext_lazy("National review")
        OTHER = "other", gettext_lazy("Other")

    class Kind(models.TextChoices):
        NATIONAL = "national", gettext_lazy("National or thematic")
        FORCE = "force", gettext_lazy("Of this force")
        AUDIT = "audit", gettext_lazy("Audit")
        INQUIRY = "inquiry", gettext_lazy("Inquiry or review")

    ledger_path = "partnership__ledger"
    constraint_fields = {
        "inspection_title_unique": "title",
        "inspection_fieldwork_in_order": "fieldwork_to",
        "inspection_sensitive_has_handling": "handling_instruction",
        "inspection_not_subject_has_reason": "not_subject_reason",
        "inspection_answered_through_has_reason": "answered_through_reason",
        "inspection_comments_are_kept": "comments",
    }

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="inspections")
    title = models.CharField(max_length=250)
    short_title = models.CharField(
        max_length=40, blank=True, help_text=gettext_lazy("What people call it, like CT4.")
    )
    body = models.CharField(max_length=160, help_text=gettext_lazy("Who inspected, like HMICFRS."))
    body_kind = models.CharField(gettext_lazy("kind of body"), max_length=24, choices=BodyKind)
    kind = models.CharField(max_length=10, choices=Kind)
    fieldwork_from = models.DateField(gettext_lazy("fieldwork from"), null=True, blank=True)
    fieldwork_to = models.DateField(gettext_lazy("fieldwork to"), null=True, blank=True)
    published_on = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("Empty while, or because, it is not published.")
    )
    report_url = models.URLField(
        gettext_lazy("link to the report"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"], message=gettext_lazy("Use an https address."))],
    )
    priorities = models.JSONField(
        gettext_lazy("priority scheme"),
        default=list,
        blank=True,
        help_text=gettext_lazy("The source's own grades, the highest first."),
    )
    opinion = models.CharField(
        max_length=120, blank=True, help_text=gettext_lazy("The source's overall opinion, in its words.")
    )
    marking = marking_column()
    handling_instruction = handling_column()
    # Section 55 Police Act 1996
    force_is_subject = models.BooleanField(
        default=True,
        help_text=gettext_lazy(
            "Whether this force is a subject of the report: only then is a response owed."
        ),
    )
    not_subject_reason = LongText(max_length=1000, blank=True)
    answered_through = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        help_text=gettext_lazy(
            "The report on this force with the same findings, whose response answers this one too."
        ),
    )
    answered_through_reason = LongText(max_length=1000, blank=True)
    comments_invited_on = models.DateField(
        gettext_lazy("chief officer's comments invited on"), null=True, blank=True
    )
    comments_due_on = models.DateField(gettext_lazy("chief officer's comments due by"), null=True, blank=True)
    comments_received_on = models.DateField(
        gettext_lazy("chief officer's comments received on"), null=True, blank=True
    )
    comments = LongText(gettext_lazy("chief officer's comments"), max_length=8000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = [F("published_on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                "partnership",
                Lower("title"),
                name="inspection_title_unique",
                violation_error_message=gettext_lazy(
                    "This partnership already has an inspection with this title."
                ),
            ),
            models.CheckConstraint(
                condition=Q(fieldwork_from=None)
                | Q(fieldwork_to=None)
                | Q(fieldwork_to__gte=F("fieldwork_from")),
                name="inspection_fieldwork_in_order",
                violation_error_message=gettext_lazy("The fieldwork must not end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(marking=markings.Marking.OFFICIAL.value) | ~Q(handling_instruction=""),
                name="inspection_sensitive_has_handling",
                violation_error_message=gettext_lazy("OFFICIAL-SENSITIVE needs a handling instruction."),
            ),
            models.CheckConstraint(
                condition=Q(force_is_subject=True) | ~Q(not_subject_reason=""),
                name="inspection_not_subject_has_reason",
                violation_error_message=gettext_lazy("Say why this force is not a subject of the report."),
            ),
            models.CheckConstraint(
                condition=Q(answered_through=None) | ~Q(answered_through_reason=""),
                name="inspection_answered_through_has_reason",
                violation_error_message=gettext_lazy("Say why the other report's response answers this one."),
            ),
            models.CheckConstraint(
                condition=Q(comments_received_on=None) | ~Q(comments=""),
                name="inspection_comments_are_kept",
                violation_error_message=gettext_lazy("Enter the chief officer's comments."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title or self.title

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        other = self.answered_through
        if other is not None and (other.partnership_id != self.partnership_id or other.pk == self.pk):
            errors["answered_through"] = gettext("Choose another inspection of this partnership.")
        if not isinstance(self.priorities, list) or not all(
            isinstance(grade, str) and grade.strip() for grade in self.priorities
        ):
            errors["priorities"] = gettext("Give the grades in words, the highest first.")
        if errors:
            raise ValidationError(errors)

    @property
    def owes_response(self) -> bool:
        """Say whether section 55 asks for a response to this report itself."""
        return (
            self.body_kind == self.BodyKind.INSPECTORATE
            and self.published_on is not None
            and self.force_is_subject
            and self.answered_through_id is None
        )
