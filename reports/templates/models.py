from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from partners.models import Board
from partners.policies import rights_of
from reports.figures.catalogue import KINDS
from reports.templates import policies


class TemplateQuerySet(QuerySet["Template"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_templates(rights_of(user, on)))

    def current(self) -> Self:
        """Keep the newest version of each template."""
        return self.filter(is_current=True)


class Template(Tracked):
    """One version of the layout of a board's papers. A change makes the next version; papers keep theirs.

    `sections` is a list of {kind, heading, voice}; the first is the cover.
    """

    class Voice(models.TextChoices):
        """Who writes a section and approves it."""

        CHIEF = "chief", gettext_lazy("Police")
        OPCC = "opcc", gettext_lazy("Office of the Police and Crime Commissioner")

    ledger_path = "board__partnership__ledger"
    constraint_fields = {"template_version_unique": "name"}

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="templates")
    name = models.CharField(max_length=120)
    number = models.PositiveSmallIntegerField(
        gettext_lazy("version of the template"), default=1, editable=False
    )
    is_current = models.BooleanField(default=True, editable=False)
    report_of = models.CharField(max_length=160, blank=True, help_text=gettext_lazy("The post, not a name."))
    purpose = models.CharField(max_length=500, blank=True)
    recommendation = models.CharField(max_length=500, blank=True)
    contact = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("A post and an office mailbox.")
    )
    includes_sensitive = models.BooleanField(
        gettext_lazy("includes OFFICIAL-SENSITIVE actions"),
        default=True,
        help_text=gettext_lazy("Otherwise they are left out, and the paper says how many."),
    )
    two_voices = models.BooleanField(
        gettext_lazy("two voices, two approvals"),
        default=False,
        help_text=gettext_lazy("The police and the commissioner's office each approve their part."),
    )
    sections = models.JSONField(default=list)
    implications = models.JSONField(default=list, blank=True)
    appendices = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("template")
        ordering: ClassVar[list[str]] = ["board__name", "name", "-number"]
        constraints = [
            models.UniqueConstraint(
                "board",
                Lower("name"),
                "number",
                name="template_version_unique",
                violation_error_message=gettext_lazy("This board already has a template with this name."),
            ),
            models.UniqueConstraint(
                "board",
                Lower("name"),
                condition=Q(is_current=True),
                name="template_one_current",
                violation_error_message=gettext_lazy("This board already has a template with this name."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("{name}, version {number}").format(name=self.name, number=self.number)

    @property
    def partnership_id(self) -> int:
        return self.board.partnership_id

    def clean(self) -> None:
        kinds = [section.get("kind") for section in self.sections]
        if "cover" not in kinds:
            raise ValidationError(
                {"sections": gettext("A template needs a cover. Give the cover a position.")}
            )
        if kinds[0] != "cover":
            raise ValidationError({"sections": gettext("The cover comes first.")})
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise ValidationError(
                {"sections": gettext("There is no section of the kind {unknown}.").format(unknown=unknown[0])}
            )
        twice = sorted({kind for kind in kinds if kind != "narrative" and kinds.count(kind) > 1})
        if twice:
            raise ValidationError(
                {
                    "sections": gettext("{heading} is in the template twice.").format(
                        heading=KINDS[twice[0]].heading
                    )
                }
            )
        if "implications" in kinds and not self.implications:
            raise ValidationError(
                {"implications": gettext("Enter the implications that the board asks for.")}
            )
