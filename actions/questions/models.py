from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from audit.models import Tracked
from partners.models import Organisation, User
from web.language import day_text
from web.text import LongText


class QuestionQuerySet(ActionChildQuerySet["Question"]):
    def open(self) -> Self:
        """Keep the questions that nobody has answered."""
        return self.filter(answered_at=None)

    def answered_to(self, user: User, since: date) -> Self:
        """Keep the questions of a user that somebody else answered on a day or after it."""
        return self.filter(asked_by=user, answered_at__date__gte=since).exclude(answered_by=user)


class Question(Tracked):
    """A question about an action to its owner, the programme manager, a partner or an auditor, with the answer."""

    class Addressee(models.TextChoices):
        OWNER = "owner", gettext_lazy("Owner")
        MANAGER = "manager", gettext_lazy("Programme manager")
        ORGANISATION = "organisation", gettext_lazy("Organisation")
        AUDITOR = "auditor", gettext_lazy("Auditor")

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="questions")
    addressee = models.CharField(max_length=12, choices=Addressee)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = LongText(gettext_lazy("question"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = LongText(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["action"], condition=Q(answered_at=None), name="question_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(addressee="organisation", organisation__isnull=False)
                | ~Q(addressee="organisation") & Q(organisation=None),
                name="question_names_organisation",
                violation_error_message=gettext_lazy("Choose the organisation that you ask."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="question_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return gettext("{ref}: question of {asked_at}").format(
            ref=self.action.ref, asked_at=day_text(self.asked_at)
        )

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def whom(self) -> str:
        """Who is asked, in words."""
        return (
            str(self.organisation)
            if self.organisation
            else gettext("the {addressee}").format(addressee=self.get_addressee_display().lower())
        )
