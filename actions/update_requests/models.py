from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from actions.core.models import Action, ActionChildQuerySet
from actions.core.states import REPORTABLE
from actions.progress.models import ProgressUpdate
from audit.models import Tracked
from web.language import day_text
from web.text import LongText


class UpdateRequestQuerySet(ActionChildQuerySet["UpdateRequest"]):
    def open(self) -> Self:
        """Keep what no update answered yet, of actions that can be reported on. A correction answers nothing."""
        answers = ProgressUpdate.objects.filter(
            action=OuterRef("action"), submitted_at__gt=OuterRef("requested_at"), corrects=None
        )
        return self.filter(~Exists(answers), action__state__in=REPORTABLE, action__by_districts=False)


class UpdateRequest(Tracked):
    """A programme manager's request for an update. The next progress update answers it."""

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="update_requests")
    question = LongText(max_length=2000)
    due_on = models.DateField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    objects = UpdateRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["action", "-requested_at"])]

    def __str__(self) -> str:
        return gettext("{ref}: update due on {due_on}").format(
            ref=self.action.ref, due_on=day_text(self.due_on)
        )
