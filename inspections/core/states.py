"""States of recommendations and letters."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class State(TextChoices):
    """The force status of a recommendation."""

    REGISTERED = "registered", gettext_lazy("Registered")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    PARTLY_ACCEPTED = "partly_accepted", gettext_lazy("Partly accepted")
    NOT_ACCEPTED = "not_accepted", gettext_lazy("Not accepted")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    PROPOSED = "proposed", gettext_lazy("Proposed for closure")
    IMPLEMENTED = "implemented", gettext_lazy("Closed: implemented")
    NOT_IMPLEMENTED = "not_implemented", gettext_lazy("Closed: not implemented")
    SUPERSEDED = "superseded", gettext_lazy("Closed: superseded")
    REOPENED = "reopened", gettext_lazy("Reopened")


ANSWERS = (State.ACCEPTED, State.PARTLY_ACCEPTED, State.NOT_ACCEPTED)


CLOSED = (State.IMPLEMENTED, State.NOT_IMPLEMENTED, State.SUPERSEDED)


OPEN = (State.REGISTERED, *ANSWERS, State.IN_PROGRESS, State.PROPOSED, State.REOPENED)


# What may follow what. A recommendation that is not accepted is closed without work, or accepted after all; one that is
# sent back goes to where it was proposed from.
FOLLOWS: dict[str, frozenset[str]] = {
    State.REGISTERED: frozenset(ANSWERS),
    State.ACCEPTED: frozenset({State.PARTLY_ACCEPTED, State.NOT_ACCEPTED, State.IN_PROGRESS}),
    State.PARTLY_ACCEPTED: frozenset({State.ACCEPTED, State.NOT_ACCEPTED, State.IN_PROGRESS}),
    State.NOT_ACCEPTED: frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED, State.PROPOSED}),
    State.IN_PROGRESS: frozenset({State.PROPOSED}),
    State.PROPOSED: frozenset({State.IN_PROGRESS, State.NOT_ACCEPTED, *CLOSED}),
    State.REOPENED: frozenset({State.IN_PROGRESS, State.PROPOSED}),
    State.IMPLEMENTED: frozenset({State.REOPENED}),
    State.NOT_IMPLEMENTED: frozenset({State.REOPENED}),
    State.SUPERSEDED: frozenset({State.REOPENED}),
}


class RegisterState(TextChoices):
    """The status in the inspecting body's register, which may differ from the force status."""

    OPEN = "open", gettext_lazy("Open")
    AWAITING_REVIEW = "awaiting_review", gettext_lazy("Awaiting review")
    COMPLETE = "complete", gettext_lazy("Complete")
    NOT_TO_BE_PROGRESSED = "not_to_be_progressed", gettext_lazy("Not to be progressed")
    SUPERSEDED = "superseded", gettext_lazy("Superseded")


REGISTER_OPEN = (RegisterState.OPEN, RegisterState.AWAITING_REVIEW)


REGISTER_CLOSED = (RegisterState.COMPLETE, RegisterState.NOT_TO_BE_PROGRESSED, RegisterState.SUPERSEDED)


class LetterState(TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    APPROVED = "approved", gettext_lazy("Approved")
    PUBLISHED = "published", gettext_lazy("Published")


FROZEN = (LetterState.APPROVED, LetterState.PUBLISHED)
