"""What the schedule does for access reviews: open one each quarter, and end what nobody reviewed for a year."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid, why_not_system
from audit.services import append, writing
from audit.state import state_of
from partners import tasks
from partners.access_reviews.models import AccessReview, AccessReviewLine
from partners.access_reviews.queries import facts_of, memberships_to_decide
from partners.access_reviews.services.deciding import close_review, last_day
from partners.accounts.models import User
from partners.memberships.models import Membership
from partners.partnerships.models import Partnership
from partners.policies import Role
from standards.cadence import Frequency, Period
from web.language import day_text, english

NOTICE = timedelta(days=28)


@dataclass
class Reviewed:
    """How many reviews were opened, and how many memberships were announced and ended."""

    opened: int = 0
    announced: int = 0
    ended: int = 0


def review_access(*, actor: Actor, at: datetime) -> Reviewed:
    """Open the quarter's access reviews; announce and end the memberships that nobody reviewed for a year.

    A membership ends `MEMBERSHIP_REVIEW_GRACE_DAYS` after its review was due, and as long after its end was announced.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    outcome, on = Reviewed(), london_date(at)
    for partnership in Partnership.objects.filter(is_sandbox=False).order_by("pk"):
        with writing(partnership.ledger_id) as ledger:
            outcome.opened += open_review(actor=actor, partnership=partnership, at=at)
            outcome.announced += _announce(partnership, ledger, actor, at)
            outcome.ended += _end_unreviewed(partnership, ledger, actor, at)
            _complete(partnership, ledger, on, actor, at)
    return outcome


def open_review(*, actor: Actor, partnership: Partnership, at: datetime) -> bool:
    """Open the review of the quarter, unless there is one, or nobody had access when the quarter began.

    Returns:
        whether it was opened.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    on = london_date(at)
    quarter = Period.containing(on, Frequency.QUARTERLY).first_day
    with writing(partnership.ledger_id) as ledger:
        reviews = AccessReview.objects.filter(partnership=partnership)
        if reviews.filter(quarter_start=quarter).exists():
            return False
        if not Membership.objects.running(quarter).filter(partnership=partnership).exists():
            return False
        for earlier in reviews.open():
            _leave_unfinished(earlier, ledger, actor, at)
        review = AccessReview(partnership=partnership, quarter_start=quarter, opened_on=on)
        review.full_clean()
        review.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="access_review.opened", target=review)
    return True


def _leave_unfinished(review: AccessReview, ledger: Ledger, actor: Actor, at: datetime) -> None:
    """Close a review that nobody finished, with a line for each membership that nobody decided on."""
    on = london_date(at)
    memberships = list(memberships_to_decide(review, on))
    facts = facts_of(memberships, on)
    for membership in memberships:
        line = AccessReviewLine(
            review=review,
            membership=membership,
            outcome=AccessReviewLine.Outcome.NOT_REVIEWED,
            decided_at=at,
            **asdict(facts[membership.user_id]),
        )
        line.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="access_review.not_reviewed", target=line)
    close_review(actor=actor, review=review, state=AccessReview.State.UNFINISHED, ledger=ledger, at=at)


def _announce(partnership: Partnership, ledger: Ledger, actor: Actor, at: datetime) -> int:
    """Announce the end of memberships whose yearly review is due within four weeks, and mail who can review them."""
    on = london_date(at)
    rows = Membership.objects.running(on).filter(
        partnership=partnership, review_by__lte=on + NOTICE, review_announced_on=None
    )
    memberships = list(rows.select_related("user", "organisation").order_by("pk"))
    for membership in memberships:
        _record(membership, "membership.review_announced", ledger, (actor, at), review_announced_on=on)
    managers = [row for row in memberships if row.role == Role.PROGRAMME_MANAGER]
    if len(managers) < len(memberships):
        _mail(_managers_of(partnership, on), partnership, len(memberships) - len(managers), at)
    if managers:
        _mail(User.objects.filter(is_staff=True), partnership, len(managers), at)
    return len(memberships)


def _managers_of(partnership: Partnership, on: date) -> Iterable[User]:
    running = Membership.objects.running(on).filter(partnership=partnership, role=Role.PROGRAMME_MANAGER)
    return User.objects.filter(pk__in=running.values("user"))


def _mail(users: Iterable[User], partnership: Partnership, number: int, at: datetime) -> None:
    about = f"{number} membership{'' if number == 1 else 's'} of {partnership}"
    for user in users:
        tasks.queue_mail(tasks.REVIEW_DUE, user.pk, at, about)


def _end_unreviewed(partnership: Partnership, ledger: Ledger, actor: Actor, at: datetime) -> int:
    on = london_date(at)
    latest = on - timedelta(days=settings.MEMBERSHIP_REVIEW_GRACE_DAYS)
    rows = Membership.objects.running(on).filter(
        partnership=partnership, review_by__lt=latest, review_announced_on__lte=latest
    )
    memberships = list(rows.select_related("user", "organisation").order_by("pk"))
    for membership in memberships:
        with english():
            note = f"Nobody reviewed it by {day_text(membership.review_by)}"
        day = last_day(membership, on)
        _record(membership, "membership.ended", ledger, (actor, at), note=note, ends_on=day)
        about = f"{membership.capacity}, {membership.organisation}"
        tasks.queue_mail(tasks.MEMBERSHIP_ENDED, membership.user_id, at, about)
    return len(memberships)


def _complete(partnership: Partnership, ledger: Ledger, on: date, actor: Actor, at: datetime) -> None:
    """Complete a review of which everything left has ended in another way."""
    for review in AccessReview.objects.open().filter(partnership=partnership):
        if review.opened_on < on and not memberships_to_decide(review, on).exists():
            close_review(actor=actor, review=review, state=AccessReview.State.COMPLETE, ledger=ledger, at=at)


def _record(
    membership: Membership,
    verb: str,
    ledger: Ledger,
    act: tuple[Actor, datetime],
    note: str = "",
    **fields: date,
) -> None:
    before = state_of(membership)
    for name, value in fields.items():
        setattr(membership, name, value)
    membership.save(update_fields=sorted(fields))
    actor, at = act
    append(actor=actor, ledger=ledger, at=at, verb=verb, target=membership, before=before, note=note)
