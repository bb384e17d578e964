"""Whether section 55 of the Police Act 1996 requires a response to a report, and the chief officer's comments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Actor
from inspections.core import policies
from inspections.core.states import FROZEN
from inspections.findings.models.inspections import Inspection
from inspections.responses.models import PublishedResponse
from partners.changing.services import Change, changing
from standards.section55 import Clock, clock
from web.language import day_text

CHANGED = "section55.changed"
NOT_OWED = gettext_lazy("No response is needed for this inspection, so {0}.")


def mark_not_subject(
    *, actor: Actor, inspection: Inspection, reason: str, at: datetime, version: int | None = None
) -> Inspection:
    """Record that a report is not about this force, so that no response is needed.

    Raises:
        PermissionDenied: unless the actor responds for the partnership.
        ValidationError: keyed by `reason` without one; code `state` for a report that section 55 does not speak of, is
            answered already, or answers another; code `conflict`.
    """
    with _deciding(actor, inspection, at, version, reason) as change:
        row = _unanswered(change)
        _require_reason(reason, gettext("Enter why the report is not about this force."))
        row.force_is_subject, row.not_subject_reason = False, reason.strip()
        row.answered_through, row.answered_through_reason = None, ""
    return change.row


def answer_through(
    *,
    actor: Actor,
    inspection: Inspection,
    other: Inspection,
    reason: str,
    at: datetime,
    version: int | None = None,
) -> Inspection:
    """Record that the response to another report with the same findings covers this one.

    Args:
        other: a published report that is answered itself.

    Raises:
        PermissionDenied: unless the actor responds for the partnership.
        ValidationError: keyed by `other` or `reason`; code `state` and `conflict` as in `mark_not_subject`.
    """
    with _deciding(actor, inspection, at, version, reason) as change:
        row = _unanswered(change)
        _require_reason(reason, gettext("Enter why the response to the other report covers this one."))
        visible = Inspection.objects.visible_to(actor, change.on).filter(partnership=row.partnership_id)
        through = visible.owing().exclude(pk=row.pk).filter(pk=other.pk).first()
        if through is None:
            raise ValidationError({"other": gettext("Select a published report that has its own response.")})
        row.answered_through, row.answered_through_reason = through, reason.strip()
        row.force_is_subject, row.not_subject_reason = True, ""
    return change.row


def owe_response(
    *, actor: Actor, inspection: Inspection, reason: str, at: datetime, version: int | None = None
) -> Inspection:
    """Record that the report needs its own response after all.

    Raises:
        PermissionDenied: unless the actor responds for the partnership.
        ValidationError: keyed by `reason` without one; code `state` if there is nothing to undo; code `conflict`.
    """
    with _deciding(actor, inspection, at, version, reason) as change:
        row = _of_the_inspectorate(change)
        if row.force_is_subject and row.answered_through_id is None:
            raise ValidationError(gettext("This report already needs its own response."), code="state")
        _require_reason(reason, gettext("Enter why a response is needed."))
        row.force_is_subject, row.not_subject_reason = True, ""
        row.answered_through, row.answered_through_reason = None, ""
    return change.row


def invite_comments(
    *,
    actor: Actor,
    inspection: Inspection,
    invited_on: date,
    due_on: date,
    at: datetime,
    version: int | None = None,
) -> Inspection:
    """Record that the chief officer was invited to comment on the report, and by when.

    Raises:
        PermissionDenied: unless the actor responds for the partnership.
        ValidationError: keyed by field; code `state` where no response is owed; code `conflict`.
    """
    with _deciding(actor, inspection, at, version) as change:
        row = change.row
        _require_owed(row, gettext("no comments are invited"))
        _require_past(change, "invited_on", invited_on)
        if row.published_on is not None and invited_on < row.published_on:
            raise ValidationError(
                {"invited_on": gettext("Enter an invitation date on or after the publication date.")}
            )
        if due_on < invited_on:
            raise ValidationError({"due_on": gettext("Enter a due date on or after the invitation date.")})
        row.comments_invited_on, row.comments_due_on = invited_on, due_on
    return change.row


def record_comments(
    *,
    actor: Actor,
    inspection: Inspection,
    received_on: date,
    comments: str,
    at: datetime,
    version: int | None = None,
) -> Inspection:
    """Record the chief officer's comments on the report, invited or not.

    Raises:
        PermissionDenied: unless the actor responds for the partnership.
        ValidationError: keyed by field; code `state` where no response is owed; code `conflict`.
    """
    with _deciding(actor, inspection, at, version) as change:
        row = change.row
        _require_owed(row, gettext("no comments are recorded"))
        _require_past(change, "received_on", received_on)
        first = row.comments_invited_on or row.published_on
        if first is not None and received_on < first:
            what = "invitation" if row.comments_invited_on else "publication"
            raise ValidationError(
                {"received_on": gettext("Enter a date on or after the {what} date.").format(what=what)}
            )
        if not comments.strip():
            raise ValidationError({"comments": gettext("Enter the chief officer's comments.")})
        row.comments_received_on, row.comments = received_on, comments.strip()
    return change.row


def why_comments_are_missing(*, inspection: Inspection, on: date) -> str:
    """Return why the letter cannot be approved yet for want of the chief officer's comments, or an empty string.

    They are received, or they were invited and did not come by their date (Police Act 1996 s.55).
    """
    if inspection.comments_received_on is not None:
        return ""
    if inspection.comments_invited_on is None or inspection.comments_due_on is None:
        return gettext("Invite the chief officer to comment before the letter is approved.")
    if on <= inspection.comments_due_on:
        due = day_text(inspection.comments_due_on)
        return gettext(
            "Record the chief officer's comments, due by {due}, before the letter is approved."
        ).format(due=due)
    return ""


def clock_of(*, inspection: Inspection, on: date) -> Clock | None:
    """Return the clock of a report that needs its own response, or None.

    The answer is the first published letter; a row from `with_answer` brings its day along.
    """
    if not inspection.owes_response:
        return None
    if "answered_on" in inspection.__dict__:
        answered_on: date | None = inspection.__dict__["answered_on"]
    else:
        answered_on = (
            PublishedResponse.objects.filter(inspection=inspection, published_on__isnull=False)
            .order_by("published_on")
            .values_list("published_on", flat=True)
            .first()
        )
    return clock(published_on=inspection.published_on, answered_on=answered_on, on=on)


@contextmanager
def _deciding(
    actor: Actor, inspection: Inspection, at: datetime, version: int | None, note: str = ""
) -> Iterator[Change[Inspection]]:
    """Open an inspection for change by users who may respond to it."""
    with changing(
        actor=actor, row=inspection, at=at, verb=CHANGED, version=version, note=note.strip()
    ) as change:
        change.forbid(policies.why_not_respond(change.rights, change.row))
        yield change


def _of_the_inspectorate(change: Change[Inspection]) -> Inspection:
    if change.row.body_kind != Inspection.BodyKind.INSPECTORATE:
        raise ValidationError(
            gettext("Section 55 applies only to reports of the police inspectorate."), code="state"
        )
    return change.row


def _unanswered(change: Change[Inspection]) -> Inspection:
    """Return the report, unless it has an approved letter or its response covers another report."""
    row = _of_the_inspectorate(change)
    if PublishedResponse.objects.filter(inspection=row, state__in=FROZEN).exists():
        raise ValidationError(
            gettext("This cannot change because a letter about this report has been approved."), code="state"
        )
    through = row.answers.order_by("pk").first()
    if through is not None:
        raise ValidationError(
            gettext("The response to this report covers {through}. Change that first.").format(
                through=through
            ),
            code="state",
        )
    return row


def _require_owed(row: Inspection, otherwise: str) -> None:
    if not row.owes_response:
        raise ValidationError(NOT_OWED.format(otherwise), code="state")


def _require_reason(reason: str, words: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": words})


def _require_past(change: Change[Inspection], name: str, day: date) -> None:
    if day > change.on:
        raise ValidationError({name: gettext("Enter a date that is today or in the past.")})
