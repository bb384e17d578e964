"""What an allocation or an update says must make sense; what does not is named at its field."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actions.actions.services import allocate_action
from actions.core.states import State
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress


def test_an_allocated_action_keeps_its_first_due_date(cast: Cast) -> None:
    action = ActionFactory(cast=cast, allocated=True, due=date(2020, 9, 30))
    assert (action.due, action.original_due) == (date(2020, 9, 30), date(2020, 9, 30))
    with pytest.raises(ValidationError) as refused:
        allocate_action(
            actor=cast.manager,
            action=action,
            lead=cast.bradford_district,
            owner=cast.bradford_spoc,
            due=date(2020, 12, 31),
            at=AT,
        )
    assert set(refused.value.message_dict) == {"due"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"due": None}, "due"),
        ({"due": date(2019, 12, 31)}, "due"),
        ({"owner": "stranger"}, "owner"),
        ({"owner": "former_spoc"}, "owner"),
        ({"owner": "auditor"}, "owner"),
        ({"owner": "leicestershire_manager"}, "owner"),
        ({"alternate": "observer"}, "alternate"),
        ({"lead": "city_council"}, "lead"),
        ({"starts_on": date(2020, 10, 1)}, "__all__"),
        ({"alternate": "bradford_spoc"}, "__all__"),
    ],
)
def test_an_allocation_that_cannot_work_names_the_field(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    people = {key: getattr(cast, value) if isinstance(value, str) else value for key, value in fields.items()}
    facts = {"lead": cast.bradford_district, "owner": cast.bradford_spoc, "due": date(2020, 9, 30)} | people
    with pytest.raises(ValidationError) as refused:
        allocate_action(actor=cast.manager, action=action, at=AT, **facts)
    assert field in refused.value.message_dict
    action.refresh_from_db()
    assert action.state == State.AWAITING_ALLOCATION


def test_an_owner_who_could_not_see_a_sensitive_action_is_refused(cast: Cast) -> None:
    action = ActionFactory(
        cast=cast,
        unallocated=True,
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Named recipients only.",
        area=None,
    )
    with pytest.raises(ValidationError) as refused:
        allocate_action(
            actor=cast.manager,
            action=action,
            lead=cast.police,
            owner=cast.leeds_spoc,
            due=date(2020, 9, 30),
            at=AT,
        )
    assert "could not view" in refused.value.message_dict["owner"][0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rag": ""}, "rag"),
        ({"rag": "purple"}, "rag"),
        ({"rag": "red"}, "reason"),
        ({"rag": "amber", "reason": "Late."}, "path_to_green"),
        ({"rag": "green", "percent": 101}, "percent"),
        ({"rag": "green", "narrative": "  "}, "narrative"),
        ({"rag": "green", "narrative": "x" * 4001}, "narrative"),
        ({"state": "not_started", "rag": "green"}, "rag"),
        ({"state": "not_started", "percent": 5}, "percent"),
        ({"state": "complete", "rag": "green"}, "state"),
        ({"rag": "green", "period": date(2020, 6, 2)}, "period"),
        ({"rag": "green", "period": date(2020, 7, 1)}, "period"),
        ({"rag": "green", "period": date(2020, 3, 1)}, "period"),
    ],
)
def test_an_update_that_makes_no_sense_names_the_field(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(ValidationError) as refused:
        submit_progress(
            **{"actor": cast.bradford_spoc, "action": action, "narrative": "Said so.", "at": AT, **fields}
        )
    assert field in refused.value.message_dict
    assert action.updates.count() == 1


def test_an_update_is_corrected_once_by_another(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    wrong = action.updates.get()
    facts = {
        "actor": cast.bradford_spoc,
        "action": action,
        "narrative": "Three of five.",
        "rag": "green",
        "at": AT,
    }
    submit_progress(**facts, percent=60, corrects=wrong)
    wrong.refresh_from_db()
    assert wrong.narrative == "Two of five teams are briefed."
    assert wrong.corrected_by.narrative == "Three of five."
    with pytest.raises(ValidationError) as refused:
        submit_progress(**facts, corrects=wrong)
    assert "corrects" in refused.value.message_dict
