"""Drafting, approving, publishing, sending and correcting the letter to the Secretary of State."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.models import Entry
from audit.versions import stale
from inspections.core import policies
from inspections.core.states import FROZEN, LetterState
from inspections.findings.models.inspections import Inspection
from inspections.letters.content import content_of, digest_of, paper_of
from inspections.responses.models import PublishedResponse, Response
from inspections.responses.services.responses import WRITTEN, missing_responses
from inspections.responses.services.section55 import NOT_OWED, why_comments_are_missing
from partners.changing.services import Addition, Change, adding, changing
from standards.marking import Marking
from web.documents import Unprintable, pdf
from web.language import day_text

LETTER, RESPONSE = PublishedResponse._meta.label_lower, Response._meta.label_lower
WRITING = ("letter.drafted", "letter.changed", "letter.corrected")
TEXTS = ("reference", "salutation", "introduction", "closing", "signatory", "copies_to", "correction_reason")
CARRIED_OVER = ("reference", "signatory", "salutation", "introduction", "closing", "copies_to")
is_https = URLValidator(
    schemes=["https"], message=gettext_lazy("Enter a full web address that starts with https://")
)


def draft_letter(
    *,
    actor: Actor,
    inspection: Inspection,
    dated: date,
    signatory: str,
    introduction: str,
    at: datetime,
    salutation: str = "Dear Home Secretary",
    reference: str = "",
    closing: str = "",
    copies_to: str = "The inspectors of constabulary",
) -> PublishedResponse:
    """Draft the letter about a report. The responses are added when it is shown or approved.

    Args:
        dated: the date it will bear, which may lie ahead.
        signatory: the office that signs, not a person.

    Raises:
        PermissionDenied: unless the actor is an OPCC officer of the partnership.
        ValidationError: keyed by field; code `state` where no response is owed, or there is a letter already.
    """
    with adding(actor=actor, ledger_id=inspection.partnership.ledger_id, at=at) as addition:
        row = Inspection.objects.select_related("partnership").get(pk=inspection.pk)
        addition.forbid(policies.why_not_draft(addition.rights, row))
        _require_owed(row)
        last = PublishedResponse.objects.filter(inspection=row).order_by("-number").first()
        if last is not None:
            raise ValidationError(
                gettext("There is already a letter: version {number} is {get_state_display}.").format(
                    number=last.number, get_state_display=last.get_state_display().lower()
                ),
                code="state",
            )
        letter = PublishedResponse(
            inspection=row,
            dated=dated,
            signatory=signatory.strip(),
            introduction=introduction.strip(),
            salutation=salutation.strip(),
            reference=reference.strip(),
            closing=closing.strip(),
            copies_to=copies_to.strip(),
            drafted_by=account_of(actor),
            drafted_at=at,
        )
        addition.add("letter.drafted", letter)
    return letter


def edit_letter(
    *,
    actor: Actor,
    letter: PublishedResponse,
    at: datetime,
    version: int | None = None,
    dated: date | None = None,
    **texts: str,
) -> PublishedResponse:
    """Change the given parts of a draft.

    Args:
        texts: any of reference, salutation, introduction, closing, signatory, copies_to, correction_reason.

    Raises:
        PermissionDenied: unless the actor is an OPCC officer of the partnership.
        ValidationError: keyed by field; code `state` once it is approved; code `conflict`.
        TypeError: for a text that a letter does not have.
    """
    if unknown := texts.keys() - set(TEXTS):
        raise TypeError(f"A letter has no {', '.join(sorted(unknown))}.")
    with changing(actor=actor, row=letter, at=at, verb="letter.changed", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_draft(change.rights, row.inspection))
        change.require_state(LetterState.DRAFT, to=gettext("changed. Draft a correction instead"))
        row.dated = dated or row.dated
        for name, words in texts.items():
            setattr(row, name, words.strip())
    return change.row


def approve_letter(
    *,
    actor: Actor,
    letter: PublishedResponse,
    at: datetime,
    version: int | None = None,
    digest: str | None = None,
) -> PublishedResponse:
    """Approve a draft and freeze its text.

    Args:
        digest: `digest_of` the content that the actor read; None where nothing read can go stale.

    Raises:
        PermissionDenied: unless the actor is an OPCC officer who wrote nothing of it.
        ValidationError: when responses are missing, naming them, or the chief officer's comments; when it could not be published or printed; code
            `state` unless it is a draft of a response that is owed; code `conflict`, also where a response changed.
    """
    with changing(actor=actor, row=letter, at=at, verb="letter.approved", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_approve(change.rights, row, author_ids_of(letter=row)))
        change.require_state(LetterState.DRAFT, to="approved")
        _require_owed(row.inspection)
        content = content_of(letter=row)
        frozen_as = digest_of(content=content)
        if digest is not None and digest != frozen_as:
            raise ValidationError(
                gettext(
                    "The text of the letter changed since you opened it. Read it again, then approve it."
                ),
                code="conflict",
            )
        _require_complete(row, change.on)
        row.state, row.approved_by, row.approved_at = LetterState.APPROVED, account_of(actor), at
        row.content, row.sha256 = content, frozen_as
        _require_printable(row)
    return change.row


def publish_letter(
    *,
    actor: Actor,
    letter: PublishedResponse,
    published_on: date,
    publication_url: str,
    at: datetime,
    version: int | None = None,
) -> PublishedResponse:
    """Record where and when an approved letter was published. The report counts as answered from that day.

    Raises:
        PermissionDenied: unless the actor is an OPCC officer of the partnership.
        ValidationError: keyed by field; code `state` unless it is approved and no correction was begun; code `conflict`.
    """
    with changing(actor=actor, row=letter, at=at, verb="letter.published", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_draft(change.rights, row.inspection))
        change.require_state(LetterState.APPROVED, to="published")
        _require_uncorrected(row, gettext("it cannot be published"))
        _require_since_approval(change, "published_on", published_on)
        if published_on < row.dated:
            dated = day_text(row.dated)
            raise ValidationError(
                {
                    "published_on": gettext(
                        "Enter a date on or after {dated}, the date of the letter."
                    ).format(dated=dated)
                }
            )
        try:
            is_https(publication_url.strip())
        except ValidationError as error:
            raise ValidationError({"publication_url": error.messages}) from error
        row.state, row.published_on = LetterState.PUBLISHED, published_on
        row.publication_url = publication_url.strip()
    return change.row


def record_despatch(
    *,
    actor: Actor,
    letter: PublishedResponse,
    at: datetime,
    sent_to_secretary_of_state_on: date | None = None,
    sent_to_inspectors_on: date | None = None,
    version: int | None = None,
) -> PublishedResponse:
    """Record the days on which an approved letter was sent. Days left out do not change.

    Raises:
        PermissionDenied: unless the actor is an OPCC officer of the partnership.
        ValidationError: keyed by field; without any day; code `state` for a draft; code `conflict`.
    """
    with changing(actor=actor, row=letter, at=at, verb="letter.despatched", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_draft(change.rights, row.inspection))
        change.require_state(*FROZEN, to="sent")
        dates = {
            "sent_to_secretary_of_state_on": sent_to_secretary_of_state_on,
            "sent_to_inspectors_on": sent_to_inspectors_on,
        }
        if not any(dates.values()):
            raise ValidationError(gettext("Enter at least one date on which the letter was sent."))
        for name, day in dates.items():
            if day is not None:
                _require_since_approval(change, name, day)
                setattr(row, name, day)
    return change.row


def correct_letter(
    *, actor: Actor, letter: PublishedResponse, reason: str, at: datetime, version: int | None = None
) -> PublishedResponse:
    """Draft a new version of an approved letter, which does not change. The new version prints the reason.

    Raises:
        PermissionDenied: unless the actor is an OPCC officer of the partnership.
        ValidationError: keyed by `reason` without one; code `state` for a draft, or if a correction was begun already;
            code `conflict`.
    """
    with adding(actor=actor, ledger_id=letter.inspection.partnership.ledger_id, at=at) as addition:
        row = PublishedResponse.objects.select_related("inspection__partnership").get(pk=letter.pk)
        addition.forbid(policies.why_not_draft(addition.rights, row.inspection))
        if (refusal := stale(row, version)) is not None:
            raise refusal
        if row.state not in FROZEN:
            raise ValidationError(
                gettext("This letter is still a draft. Change the draft instead."), code="state"
            )
        _require_owed(row.inspection)
        _require_uncorrected(row, gettext("it cannot be corrected again"))
        if not reason.strip():
            raise ValidationError({"reason": gettext("Enter what the new version corrects.")})
        return _next_version(addition, row, reason)


def author_ids_of(*, letter: PublishedResponse) -> set[int]:
    """Return the ids of the users who wrote part of a letter or of a response in it, from the ledger."""
    return author_ids_of_each(letters=[letter])[letter.pk]


def author_ids_of_each(*, letters: Collection[PublishedResponse]) -> dict[int, set[int]]:
    """Return the author ids of several letters by letter id, in two queries."""
    by_inspection: dict[int, set[int]] = {letter.inspection_id: set() for letter in letters}
    answers = Response.objects.filter(recommendation__inspection__in=by_inspection)
    inspection_of = {
        str(pk): inspection for pk, inspection in answers.values_list("pk", "recommendation__inspection")
    }
    author_ids: dict[int, set[int]] = {letter.pk: set() for letter in letters}
    wrote = Entry.objects.filter(
        Q(target_type=LETTER, target_id__in=[str(pk) for pk in author_ids], verb__in=WRITING)
        | Q(target_type=RESPONSE, target_id__in=list(inspection_of), verb=WRITTEN)
    )
    for kind, target, actor in wrote.values_list("target_type", "target_id", "actor_id"):
        if actor.isdigit():
            people = author_ids[int(target)] if kind == LETTER else by_inspection[inspection_of[target]]
            people.add(int(actor))
    return {letter.pk: author_ids[letter.pk] | by_inspection[letter.inspection_id] for letter in letters}


def _next_version(addition: Addition, row: PublishedResponse, reason: str) -> PublishedResponse:
    correction = PublishedResponse(
        inspection=row.inspection,
        number=row.number + 1,
        corrects=row,
        correction_reason=reason.strip(),
        dated=london_date(addition.at),
        drafted_by=account_of(addition.actor),
        drafted_at=addition.at,
        **{name: getattr(row, name) for name in CARRIED_OVER},
    )
    addition.add("letter.corrected", correction)
    return correction


def _require_owed(inspection: Inspection) -> None:
    if not inspection.owes_response:
        raise ValidationError(NOT_OWED.format(gettext("there is no letter")), code="state")


def _require_complete(row: PublishedResponse, on: date) -> None:
    missing = [finding.name for finding in missing_responses(inspection=row.inspection)]
    if missing:
        raise ValidationError(
            gettext("These need a response: {missing}.").format(missing=", ".join(missing)), code="incomplete"
        )
    if reason := why_comments_are_missing(inspection=row.inspection, on=on):
        raise ValidationError(reason, code="incomplete")


def _require_uncorrected(row: PublishedResponse, otherwise: str) -> None:
    correction = PublishedResponse.objects.filter(corrects=row).first()
    if correction is not None:
        raise ValidationError(
            gettext("Version {number} corrects this letter, so {otherwise}.").format(
                number=correction.number, otherwise=otherwise
            ),
            code="state",
        )


def _require_printable(row: PublishedResponse) -> None:
    """Refuse a letter that cannot be published or printed."""
    if row.inspection.marking != Marking.OFFICIAL:
        raise ValidationError(
            gettext(
                "The inspection is marked {marking}. Change it to OFFICIAL before the letter is published."
            ).format(marking=row.inspection.marking)
        )
    try:
        pdf(paper_of(letter=row, content=row.content or {}))
    except Unprintable as error:
        raise ValidationError(str(error)) from error


def _require_since_approval(change: Change[PublishedResponse], name: str, day: date) -> None:
    approved_at = change.row.approved_at
    assert approved_at is not None  # an approved letter has its moment, by constraint
    approved_on = london_date(approved_at)
    if day > change.on:
        raise ValidationError({name: gettext("Enter a date that is today or in the past.")})
    if day < approved_on:
        raise ValidationError(
            {
                name: gettext("Enter a date on or after {approved_on}, when the letter was approved.").format(
                    approved_on=day_text(approved_on)
                )
            }
        )
