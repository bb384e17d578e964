"""The life of an action. Overdue, stale and waiting are worked out, never states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from web.language import lazy_text


class State(TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    AWAITING_ALLOCATION = "awaiting_allocation", gettext_lazy("Awaiting allocation")
    NOT_STARTED = "not_started", gettext_lazy("Not started")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    AWAITING_ASSURANCE = "awaiting_assurance", gettext_lazy("Awaiting assurance")
    COMPLETE = "complete", gettext_lazy("Complete")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    SUPERSEDED = "superseded", gettext_lazy("Superseded")


class RequestState(TextChoices):
    """The life of what one person asks for and another decides."""

    REQUESTED = "requested", gettext_lazy("Requested")
    APPROVED = "approved", gettext_lazy("Approved")
    REJECTED = "rejected", gettext_lazy("Rejected")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


DECIDED = (RequestState.APPROVED, RequestState.REJECTED)


UNALLOCATED = (State.DRAFT, State.AWAITING_ALLOCATION)


REPORTABLE = (State.NOT_STARTED, State.IN_PROGRESS)


# These have an owner and are not complete.
UNDER_WAY = (*REPORTABLE, State.AWAITING_ASSURANCE)


OPEN = (*UNALLOCATED, *REPORTABLE, State.AWAITING_ASSURANCE)


CLOSED = (State.COMPLETE, State.WITHDRAWN, State.SUPERSEDED)


# A rating is given to work under way; not started and complete are counted apart.
RATED = (State.IN_PROGRESS, State.AWAITING_ASSURANCE)


# From allocation to assurance an action has somebody to answer for it and a day to answer by.
ALLOCATED = (*REPORTABLE, State.AWAITING_ASSURANCE, State.COMPLETE)


# An auditor's opinions after which the owner has the work again.
REOPENING_OPINIONS = ("returned", "reopened")


# What may follow what. A test walks every pair.
FOLLOWS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.AWAITING_ALLOCATION, State.WITHDRAWN, State.SUPERSEDED}),
    State.AWAITING_ALLOCATION: frozenset({State.NOT_STARTED, State.WITHDRAWN, State.SUPERSEDED}),
    State.NOT_STARTED: frozenset({State.IN_PROGRESS, State.WITHDRAWN, State.SUPERSEDED}),
    State.IN_PROGRESS: frozenset(
        {State.NOT_STARTED, State.AWAITING_ASSURANCE, State.WITHDRAWN, State.SUPERSEDED}
    ),
    State.AWAITING_ASSURANCE: frozenset(
        {State.COMPLETE, State.IN_PROGRESS, State.WITHDRAWN, State.SUPERSEDED}
    ),
    State.COMPLETE: frozenset({State.IN_PROGRESS}),
    State.WITHDRAWN: frozenset(),
    State.SUPERSEDED: frozenset(),
}

# Why a request about an action ended without a decision.
ACTION_CLOSED = lazy_text("The action was closed.")
