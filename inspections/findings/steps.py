from inspections.core.states import ANSWERS, CLOSED, FOLLOWS, State
from inspections.findings.models.recommendations import Recommendation

STEPS = (*ANSWERS, State.IN_PROGRESS, State.PROPOSED)


def possible_steps(row: Recommendation) -> list[State]:
    """Return the states a programme manager may choose now."""
    answerable = (State.REGISTERED, *ANSWERS)
    sent_back = row.state == State.PROPOSED or row.state in CLOSED
    return [
        step
        for step in STEPS
        if step in FOLLOWS[row.state] and not sent_back and (step not in ANSWERS or row.state in answerable)
    ]
