"""Decide on memberships in an access review."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners.access_reviews import policies
from partners.access_reviews.models import AccessReview, AccessReviewLine
from partners.access_reviews.queries import facts_of, memberships_to_decide
from partners.memberships.models import Membership
from partners.memberships.services import end_membership, review_membership
from partners.policies import why_not_review

Outcome = AccessReviewLine.Outcome


@dataclass(frozen=True)
class Decision:
    """What somebody decides on one membership."""

    membership_id: int
    outcome: str
    note: str = ""


def decide_access(
    *, actor: Actor, review: AccessReview, decisions: Sequence[Decision], at: datetime
) -> AccessReview:
    """Confirm or end memberships, and complete the review when none is left. All are saved, or none.

    What is ended no longer gives any right from this moment on. What is confirmed is due for its yearly review in a year.

    Raises:
        PermissionDenied: for a membership that the actor may not decide on: nobody decides on their own, and
            an administrator decides on programme managers'.
        ValidationError: code `state` if the review is closed; code `conflict` if somebody has decided on one already;
            keyed by `outcome_` and the membership's id where one cannot be ended, `note_` where its note is not valid.
    """
    on = london_date(at)
    forbid(policies.why_not_decide_review(actor, review.partnership_id, on))
    with writing(review.partnership.ledger_id) as ledger:
        review = AccessReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
        if not review.is_open:
            raise ValidationError(
                gettext("This review is closed. Decide in the review of this quarter."), code="state"
            )
        waiting = {row.pk: row for row in memberships_to_decide(review, on)}
        if any(decision.membership_id not in waiting for decision in decisions):
            text = gettext("Somebody has decided on one of these people in the meantime. Check what is left.")
            raise ValidationError(text, code="conflict")
        facts = facts_of(list(waiting.values()), on)
        for decision in decisions:
            membership = waiting.pop(decision.membership_id)
            forbid(why_not_review(actor, membership, on))
            line = AccessReviewLine(
                review=review,
                membership=membership,
                outcome=decision.outcome,
                note=decision.note,
                decided_by=account_of(actor),
                decided_at=at,
                **asdict(facts[membership.user_id]),
            )
            _decide(actor, ledger, line, on, at)
        if not waiting:
            close_review(actor=actor, review=review, state=AccessReview.State.COMPLETE, ledger=ledger, at=at)
    return review


def close_review(*, actor: Actor, review: AccessReview, state: str, ledger: Ledger, at: datetime) -> None:
    """Close a review. Call it inside `writing` of the partnership's ledger.

    Args:
        state: complete or unfinished.

    Raises:
        PermissionDenied: unless the actor is the system, an administrator or the partnership's programme manager.
    """
    forbid(policies.why_not_decide_review(actor, review.partnership_id, london_date(at)))
    before = state_of(review)
    review.state, review.closed_on = state, london_date(at)
    review.save(update_fields=["state", "closed_on"])
    append(actor=actor, ledger=ledger, at=at, verb=f"access_review.{state}", target=review, before=before)


def _decide(actor: Actor, ledger: Ledger, line: AccessReviewLine, on: date, at: datetime) -> None:
    membership = line.membership
    try:
        if line.outcome == Outcome.ENDED:
            end_membership(actor=actor, membership=membership, ends_on=last_day(membership, on), at=at)
        else:
            review_membership(actor=actor, membership=membership, at=at)
    except ValidationError as error:
        raise ValidationError({f"outcome_{membership.pk}": error.messages}) from error
    try:
        line.full_clean()
    except ValidationError as error:
        named = {f"{name}_{membership.pk}": each for name, each in error.error_dict.items()}
        raise ValidationError(named) from error
    line.save(force_insert=True)
    append(
        actor=actor, ledger=ledger, at=at, verb=f"access_review.{line.outcome}", target=line, note=line.note
    )


def last_day(membership: Membership, on: date) -> date:
    """Return the last day of a membership that ends now: the day before, unless it began on the day itself."""
    return max(membership.starts_on, on - timedelta(days=1))
