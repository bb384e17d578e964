from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext

from actions.assurance import policies
from actions.assurance.models import Assurance
from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.core.services.change import Change, changing
from actions.core.services.requests import cite
from actions.core.states import State
from actions.evidence.services import require_evidence
from actions.handover.services import owner_departure
from actions.progress.models import ProgressUpdate
from audit.actors import Actor, Reader, account_of
from audit.models import Entry
from meetings.models import Decision, Minute
from partners.models import Membership, User
from partners.policies import Grant, Rights, Role, rights_of

SUBMITTED = "action.submitted"


def submit_action(
    *, actor: Actor, action: Action, note: str, at: datetime, version: int | None = None
) -> Action:
    """Submit a finished action for assurance.

    Args:
        note: what was achieved against the success measure; the auditor reads it first.

    Raises:
        PermissionDenied: unless the actor owns the action, is its alternate or speaks for its lead organisation.
        ValidationError: keyed by field; when the action is not in progress or has no updates, or the plan requires
            evidence and none counts.
    """
    with changing(
        actor=actor, action=action, at=at, verb=SUBMITTED, version=version, note=note.strip()
    ) as change:
        change.forbid(policies.why_not_submit(change.rights, change.action))
        change.require_state(State.IN_PROGRESS, to=gettext("submitted for assurance"))
        _require_note(note, gettext("Enter what was achieved."))
        if not change.action.updates.exists():
            raise ValidationError(
                gettext("Report progress on this action before you submit it."), code="state"
            )
        require_evidence(change)
        change.move_to(State.AWAITING_ASSURANCE)
    return change.action


def assure_action(
    *,
    actor: Actor,
    action: Action,
    note: str,
    at: datetime,
    retest_on: date | None = None,
    version: int | None = None,
) -> Assurance:
    """Assure a submitted action; it is complete from this day.

    Args:
        retest_on: a future date on which completion is tested again.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field; when the action is not awaiting assurance, its owner has left, or the plan
            requires evidence and none counts.
    """
    with changing(actor=actor, action=action, at=at, verb="action.assured", version=version) as change:
        _require_auditor(change)
        change.require_state(State.AWAITING_ASSURANCE, to="assured")
        if departure := owner_departure(action=change.action, on=change.on):
            raise ValidationError(
                gettext("{departure}. Allocate the action to a new owner before you assure it.").format(
                    departure=departure
                ),
                code="state",
            )
        require_evidence(change)
        assurance = _decide(change, Assurance.Opinion.ASSURED, note, retest_on)
        change.move_to(State.COMPLETE)
        change.action.percent = 100
        change.action.closed_on = change.on
        change.action.retest_on = retest_on
    return assurance


def return_action(
    *, actor: Actor, action: Action, note: str, at: datetime, version: int | None = None
) -> Assurance:
    """Return a submitted action to its owner with the reason; it is in progress again.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field; when the action is not awaiting assurance.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.returned", version=version, note=note.strip()
    ) as change:
        _require_auditor(change)
        change.require_state(State.AWAITING_ASSURANCE, to="returned")
        assurance = _decide(change, Assurance.Opinion.RETURNED, note)
        change.move_to(State.IN_PROGRESS)
    return assurance


def retest_action(
    *,
    actor: Actor,
    action: Action,
    note: str,
    at: datetime,
    retest_on: date | None = None,
    version: int | None = None,
) -> Assurance:
    """Confirm after a re-test that a complete action is still done. If it is not, reopen it.

    Args:
        retest_on: a future date of the next re-test; left out, there is none.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field; when the action is not complete.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.retested", version=version, note=note.strip()
    ) as change:
        _require_auditor(change)
        change.require_state(State.COMPLETE, to="re-tested")
        assurance = _decide(change, Assurance.Opinion.CONFIRMED, note, retest_on)
        change.action.retest_on = retest_on
    return assurance


def reopen_action(
    *,
    actor: Actor,
    action: Action,
    note: str,
    at: datetime,
    minute: Minute | None = None,
    version: int | None = None,
) -> Assurance:
    """Reopen a complete action, with the reason; it is in progress again.

    Args:
        minute: of a meeting of a board that decided to reopen it; left out, the auditor decides.

    Raises:
        PermissionDenied: unless the actor is an auditor with no part in the action.
        ValidationError: keyed by field, also for a minute of a meeting that could not decide this; when the action
            is not complete.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.reopened", version=version, note=note.strip()
    ) as change:
        _require_auditor(change)
        change.require_state(State.COMPLETE, to="reopened")
        assurance = _decide(change, Assurance.Opinion.REOPENED, note, minute=minute)
        if minute is not None:
            cite(change, minute, subject=Decision.Subject.REOPENING, approve=True, wording=note)
        change.move_to(State.IN_PROGRESS)
        change.action.closed_on = None
    return assurance


@dataclass(frozen=True)
class Waiting:
    """An action awaiting assurance: why the reader may not assure it, and which auditors may."""

    action: Action
    why_not: str
    auditors: Sequence[str]


def awaiting_assurance(*, user: Reader, on: date) -> QuerySet[Action]:
    """Return the actions awaiting assurance where the user is an auditor, the longest waiting first.

    Each action has `submitted_at` and `submitted_by`, of its latest submission.
    """
    actions = Action.objects.visible_to(user, on).filter(
        state=State.AWAITING_ASSURANCE, partnership__in=rights_of(user, on).partnerships(Role.AUDITOR)
    )
    waiting = with_submission(actions=actions.select_related("plan", "lead", "owner"))
    return waiting.order_by(F("submitted_at").asc(nulls_first=True), "pk")


def with_submission(*, actions: ActionQuerySet) -> QuerySet[Any]:
    """Give each row `submitted_at` and `submitted_by`, of its latest submission for assurance."""
    submissions = Entry.objects.filter(
        target_type=Action._meta.label_lower, target_id=Cast(OuterRef("pk"), CharField()), verb=SUBMITTED
    ).order_by("-sequence")
    return actions.annotate(
        submitted_at=Subquery(submissions.values("at")[:1]),
        submitted_by=Subquery(submissions.values("actor_label")[:1]),
    )


def with_auditors(*, user: Reader, on: date, actions: Sequence[Action]) -> list[Waiting]:
    """Return each action with why the user may not assure it and who may, in a constant number of queries."""
    authors: dict[int, set[int]] = {}
    for action_id, author_id in ProgressUpdate.objects.filter(action__in=actions).values_list(
        "action", "author"
    ):
        authors.setdefault(action_id, set()).add(author_id)
    auditors = _auditors(user, on, {action.partnership_id for action in actions})
    rights = rights_of(user, on)
    return [
        Waiting(
            action=action,
            why_not=policies.why_not_assure(rights, action, authors.get(action.pk, ())),
            auditors=_who_may(auditors, action, authors.get(action.pk, ())),
        )
        for action in actions
    ]


def submission_of(*, action: Action) -> Entry | None:
    """Return the ledger entry of the action's latest submission, with its author, time and note."""
    entries = Entry.objects.filter(
        ledger=action.partnership.ledger_id,
        target_type=Action._meta.label_lower,
        target_id=str(action.pk),
        verb=SUBMITTED,
    )
    return entries.order_by("-sequence").first()


def _auditors(reader: Any, on: date, partnership_ids: Collection[int]) -> Mapping[User, Rights]:
    visible = Membership.objects.visible_to(reader, on).filter(partnership__in=partnership_ids)
    running = Membership.objects.running(on)
    auditors = running.filter(role=Role.AUDITOR, partnership__in=partnership_ids).values("user")
    grants: dict[User, list[Grant]] = {}
    for row in (visible & running).filter(user__in=auditors, user__is_active=True).select_related("user"):
        grants.setdefault(row.user, []).append(Grant(row.role, row.partnership_id, row.organisation_id))
    return {user: Rights(user.pk, tuple(rows)) for user, rows in grants.items()}


def _who_may(auditors: Mapping[User, Rights], action: Action, author_ids: Collection[int]) -> list[str]:
    return [
        user.name
        for user, rights in auditors.items()
        if not policies.why_not_assure(rights, action, author_ids)
    ]


def _decide(
    change: Change,
    opinion: str,
    note: str,
    retest_on: date | None = None,
    *,
    minute: Minute | None = None,
) -> Assurance:
    _require_note(note, gettext("Give the reason for your decision."))
    if retest_on is not None and retest_on <= change.on:
        raise ValidationError({"retest_on": gettext("The re-test date must be in the future.")})
    assurance = Assurance(
        action=change.action,
        opinion=opinion,
        note=note.strip(),
        action_version=change.action.version,
        assessed_by=account_of(change.actor),
        assessed_at=change.at,
        retest_on=retest_on,
        minute=minute,
        reference=minute.citation if minute is not None else "",
    )
    assurance.full_clean(exclude=["action", "assessed_by", "minute"])
    assurance.save(force_insert=True)
    change.record("assurance.recorded", assurance)
    return assurance


def _require_auditor(change: Change) -> None:
    change.forbid(policies.why_not_assure(change.rights, change.action, change.author_ids()))


def _require_note(note: str, message: str) -> None:
    if not note.strip():
        raise ValidationError({"note": message})
