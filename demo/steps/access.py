"""Access reviews: opened by the schedule, and decided on by the manager and an administrator."""

from audit.actors import SYSTEM
from audit.clock import london_date
from demo.steps.step import Step, Verb
from partners.access_reviews.queries import memberships_to_decide
from partners.access_reviews.services.deciding import Decision, Outcome, decide_access
from partners.access_reviews.services.schedule import open_review
from partners.models import AccessReview
from partners.policies import why_not_review


def _open(step: Step) -> None:
    """Open the quarter's review, as the daily job does."""
    open_review(actor=SYSTEM, partnership=step.partnership, at=step.at)


def _confirm(step: Step) -> None:
    """Confirm the person in `owner`, or everybody left on whom the actor may decide."""
    _decide(step, Outcome.CONFIRMED)


def _end(step: Step) -> None:
    """End the access of the person in `owner`; `note` says why."""
    _decide(step, Outcome.ENDED)


def _decide(step: Step, outcome: str) -> None:
    on = london_date(step.at)
    review = AccessReview.objects.open().select_related("partnership").get(partnership=step.partnership)
    people = [row for row in memberships_to_decide(review, on) if not why_not_review(step.actor, row, on)]
    if step.row["owner"]:
        people = [row for row in people if row.user == step.person]
    decisions = [Decision(row.pk, outcome, step.row["note"]) for row in people]
    decide_access(actor=step.actor, review=review, decisions=decisions, at=step.at)


VERBS: dict[str, Verb] = {"open_access_review": _open, "confirm_access": _confirm, "end_access": _end}
