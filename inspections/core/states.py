"""States of recommendations and letters."""

from django.db.models import TextChoices


class State(TextChoices):
    """The force status of a recommendation."""

    REGISTERED = "registered", "Registered"
    ACCEPTED = "accepted", "Accepted"
    PARTLY_ACCEPTED = "partly_accepted", "Partly accepted"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    IN_PROGRESS = "in_progress", "In progress"
    PROPOSED = "proposed", "Proposed for closure"
    IMPLEMENTED = "implemented", "Closed: implemented"
    NOT_IMPLEMENTED = "not_implemented", "Closed: not implemented"
    SUPERSEDED = "superseded", "Closed: superseded"
    REOPENED = "reopened", "Reopened"


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

    OPEN = "open", "Open"
    AWAITING_REVIEW = "awaiting_review", "Awaiting review"
    COMPLETE = "complete", "Complete"
    NOT_TO_BE_PROGRESSED = "not_to_be_progressed", "Not to be progressed"
    SUPERSEDED = "superseded", "Superseded"


REGISTER_OPEN = (RegisterState.OPEN, RegisterState.AWAITING_REVIEW)


REGISTER_CLOSED = (RegisterState.COMPLETE, RegisterState.NOT_TO_BE_PROGRESSED, RegisterState.SUPERSEDED)


class LetterState(TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"


FROZEN = (LetterState.APPROVED, LetterState.PUBLISHED)
