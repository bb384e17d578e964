"""An action that waits on a partner, at each stage of the wait."""

from datetime import date, timedelta
from typing import Any

from actions.models import Action, Dependency
from actions.waits.services import answer_dependency, close_dependency, request_dependency
from tests.cast import AT, Cast
from tests.factories import ActionFactory

JUNE = date(2020, 6, 1)
LATER = AT + timedelta(hours=1)
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only"}


def supported(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    """Bradford's action under way, which the council and Leeds support."""
    arguments = {"supporting": [cast.wakefield_council, cast.leeds_district]} | fields
    return ActionFactory(cast=cast, in_progress=True, ref=ref, **arguments)


def waits(cast: Cast, action: Action, **fields: Any) -> Dependency:
    arguments: dict[str, Any] = {
        "actor": cast.bradford_spoc,
        "organisation": cast.wakefield_council,
        "needed": "The list of schools",
        "since": JUNE,
        "at": AT,
    }
    return request_dependency(action=action, **arguments | fields)


def answered(cast: Cast, dependency: Dependency, **fields: Any) -> Dependency:
    arguments = {"actor": cast.wakefield_contact, "accept": True, "answer": "", "at": AT}
    return answer_dependency(dependency=dependency, **arguments | fields)


def declined(cast: Cast, dependency: Dependency, **fields: Any) -> Dependency:
    return answered(cast, dependency, accept=False, answer="We hold no such list.", **fields)


def ended(cast: Cast, dependency: Dependency, **fields: Any) -> Dependency:
    arguments = {"actor": cast.bradford_spoc, "met": True, "ending": "", "at": AT}
    return close_dependency(dependency=dependency, **arguments | fields)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def refusal(error: Any) -> dict[str, list[str]]:
    return error.value.message_dict  # type: ignore[no-any-return]


def waiting_on_both(cast: Cast, action: Action) -> None:
    """Its council has not answered and is late, its other partner declined, and one wait ended."""
    long_need = "The list-of-every-school-with-its-designated-safeguarding-lead and its address. " * 3
    rooms = {"organisation": cast.leeds_district, "needed": "Two rooms", "actor": cast.manager}
    ended(cast, waits(cast, action, **rooms), ending="Booked for July.")
    waits(cast, action, actor=cast.manager, needed=long_need, needed_by=date(2020, 6, 10))
    declined(cast, waits(cast, action, **rooms), actor=cast.leeds_spoc)


def in_dependency_state(cast: Cast, state: str) -> Dependency:
    row = waits(cast, supported(cast))
    if state == "acknowledged":
        return answered(cast, row)
    if state == "declined":
        return declined(cast, row)
    return ended(cast, row, met=state == "met", ending="Found elsewhere.") if state != "requested" else row
