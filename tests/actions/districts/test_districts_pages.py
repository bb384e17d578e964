"""An action divided among districts, on its pages, in the list and in the counts of the plan."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.actions.services import edit_action
from actions.closing.services import propose_closure
from actions.core.states import State
from actions.districts.services import Part
from actions.models import Action
from partners.models import Area
from standards.marking import Marking
from tests.actions.districts.parts import complete, district, report
from tests.cast import AT, PEOPLE, Cast
from tests.factories import ActionFactory, district_parts
from tests.meetings.factories import board_minute


def page(action: Action, name: str = "action-districts") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def row(area: Area, **changes: Any) -> dict[str, Any]:
    values = {"area": "on", "ref": "", "owner": "", "due_day": "", "due_month": "", "due_year": ""} | changes
    return {
        f"{name}_{area.pk}" if not name.startswith("due_") else f"due_{area.pk}_{name[4:]}": value
        for name, value in values.items()
    }


DUE = {"due_day": "30", "due_month": "10", "due_year": "2020"}


def answer(cast: Cast, action: Action, **changes: Any) -> dict[str, Any]:
    return {
        "version": action.version,
        **row(cast.bradford, owner=cast.bradford_spoc.pk, **DUE),
        **row(cast.leeds, owner=cast.leeds_spoc.pk, **DUE),
    } | changes


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    return content


# The form ------------------------------------------------------------------------------------------------------


def test_the_form_is_filled_in_already_and_makes_the_parts(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True, lead=cast.police, owner=cast.manager)
    client = signed_in("manager")
    assert f'href="{page(action)}"' in text_of(client.get(page(action, "action")))
    form = client.get(page(action)).context["form"]
    filled = {name: form[name].value() for name in form.fields if name.endswith(f"_{cast.leeds.pk}")}
    assert filled == {
        f"area_{cast.leeds.pk}": True,
        f"ref_{cast.leeds.pk}": "WY20-01-LEE",
        f"owner_{cast.leeds.pk}": cast.leeds_spoc.pk,
        f"due_{cast.leeds.pk}": date(2020, 9, 30),
    }
    response = client.post(page(action), answer(cast, action), follow=True)
    assert response.redirect_chain == [(page(action, "action"), 302)]
    assert '<h2 class="govuk-heading-m" id="districts">District actions</h2>' in text_of(response)
    parts = action.children.order_by("ref")
    assert [(part.ref, part.owner, part.due) for part in parts] == [
        ("WY20-01-BRA", cast.bradford_spoc, date(2020, 10, 30)),
        ("WY20-01-LEE", cast.leeds_spoc, date(2020, 10, 30)),
    ]


def test_a_district_that_is_not_ticked_is_left_alone(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    wrong = {f"area_{cast.leeds.pk}": "", f"due_{cast.leeds.pk}_day": "42"}
    response = signed_in("manager").post(page(action), answer(cast, action, **wrong))
    assert response.status_code == 302
    assert [part.area for part in action.children.all()] == [cast.bradford]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"due_day": "31", "due_month": "2"}, "due", "Due date for Leeds"),
        ({"due_day": "", "due_month": "", "due_year": ""}, "due", "Enter a due date for Leeds"),
        ({"due_year": "2019"}, "due", "Enter that date or a later one for Leeds"),
        ({"owner": "99999"}, "owner", "owner for Leeds"),
        ({"owner": "x"}, "owner", "owner for Leeds"),
        ({"ref": "wy20-09"}, "ref", "Enter another reference for Leeds"),
        ({"ref": "not plain!"}, "ref", "Leeds: Use letters"),
        ({"ref": "x" * 25}, "ref", "Reference for Leeds must be 24 characters or fewer"),
        ({"ref": "a\x00b"}, "ref", "Null"),
    ],
)
def test_an_error_names_its_district_and_the_form_keeps_its_text(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str, words: str
) -> None:
    ActionFactory(cast=cast, allocated=True, ref="WY20-09")
    action = ActionFactory(cast=cast, unallocated=True)
    leeds = row(cast.leeds, **{"owner": cast.leeds_spoc.pk, **DUE, **changes})
    bradford = {f"ref_{cast.bradford.pk}": "WY20-MINE"}
    response = signed_in("manager").post(page(action), answer(cast, action, **leeds, **bradford))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {f"{field}_{cast.leeds.pk}"}
    assert words in errors[f"{field}_{cast.leeds.pk}"][0]
    assert f'href="#id_{field}_{cast.leeds.pk}' in text_of(response)
    assert 'value="WY20-MINE"' in text_of(response)
    assert not Action.objects.get(pk=action.pk).by_districts


def test_no_district_is_ticked(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    response = signed_in("manager").post(page(action), {"version": action.version})
    assert response.status_code == 422
    assert "Select at least one district" in text_of(response)


def test_an_owner_who_cannot_see_the_part_is_named_with_the_district(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    wrong = {f"owner_{cast.leeds.pk}": cast.wakefield_contact.pk}
    response = signed_in("manager").post(page(action), answer(cast, action, **wrong))
    assert response.status_code == 422
    assert response.context["form"].errors[f"owner_{cast.leeds.pk}"][0].startswith("Leeds: Wakefield contact")


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    client = signed_in("manager")
    edit_action(actor=cast.manager, action=action, title="Brief every team", at=AT)
    typed = answer(cast, action, **{f"ref_{cast.leeds.pk}": "WY20-01-L"})
    response = client.post(page(action), typed)
    assert response.status_code == 409
    assert 'value="WY20-01-L"' in text_of(response)
    fresh = response.context["form"]["version"].value()
    assert client.post(page(action), typed | {"version": fresh}).status_code == 302


def test_the_parts_of_others_are_added_later(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    craven = district(cast, "Craven")
    client = signed_in("manager")
    assert "Add district actions" in text_of(client.get(page(action, "action")))
    form = client.get(page(action)).context["form"]
    assert [each.name for each in form.rows] == ["Craven"]
    assert client.post(page(action), {"version": action.version, **row(craven)}).status_code == 302
    assert action.children.count() == 3
    assert "Add district actions" not in text_of(client.get(page(action, "action")))
    assert client.get(page(action)).status_code == 409


def test_an_action_that_cannot_be_split_says_why(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    response = client.get(page(action))
    assert response.status_code == 409
    assert "It is in progress." in text_of(response)
    assert client.post(page(action), answer(cast, action)).status_code == 409
    assert page(action) not in text_of(client.get(page(action, "action")))


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_roles_that_may_split_an_action(cast: Cast, signed_in: Any, who: str) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    client = signed_in(who)
    sees = who in ("bradford_spoc", "leeds_spoc", "gold", "auditor")
    status = 200 if who == "manager" else 403 if sees else 404
    assert client.get(page(action)).status_code == status
    expected = 302 if who == "manager" else status
    assert client.post(page(action), answer(cast, action)).status_code == expected


# The pages of the whole and of a part --------------------------------------------------------------------------


def test_the_whole_shows_where_each_district_stands(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    bradford, leeds = action.children.order_by("ref")
    report(bradford, "red", 30)
    complete(cast, leeds)
    response = signed_in("leeds_spoc").get(page(action, "action"))
    parts = [
        (part, computed and computed.rag, late)
        for part, computed, late in response.context["districts"]["parts"]
    ]
    assert parts == [(bradford, "green", False), (leeds, None, False)]
    text = text_of(response)
    assert "worst RAG, the mean percentage and the last due date of its district actions" in text
    for part in (bradford, leeds):
        assert f'href="{page(part, "action")}"' in text
    for words in ("Bradford spoc", "Leeds spoc", "30%", "100%", "30 October 2020"):
        assert words in text


NOT_ON_THE_WHOLE = {
    "bradford_spoc": [
        "progress-create",
        "action-submit",
        "evidence-add",
        "action-date-change",
        "milestone-add",
    ],
    "manager": ["action-allocate", "action-date-change", "milestone-add", "dependency-add"],
    "auditor": ["assurance-give", "action-reopen"],
}


@pytest.mark.parametrize(
    ("who", "name"), [(who, name) for who, names in NOT_ON_THE_WHOLE.items() for name in names]
)
@pytest.mark.parametrize(
    "state", [State.NOT_STARTED, State.IN_PROGRESS, State.AWAITING_ASSURANCE, State.COMPLETE]
)
def test_a_joint_action_does_not_offer_steps_of_its_parts(
    cast: Cast, signed_in: Any, who: str, name: str, state: str
) -> None:
    action = ActionFactory(cast=cast, by_districts=True, lead=cast.bradford_district)
    # As its parts would leave it.
    closed = date(2020, 6, 1) if state == State.COMPLETE else None
    Action.objects.filter(pk=action.pk).update(state=state, closed_on=closed)
    client = signed_in(who)
    assert f'href="{page(action, name)}"' not in text_of(client.get(page(action, "action")))
    assert client.get(page(action, name)).status_code == 409
    response = client.post(page(action, name), {"version": action.version, "note": "Done."})
    assert response.status_code == 409


def test_the_whole_is_proposed_for_withdrawal_and_closed_with_its_parts(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    assert f'href="{page(action, "action-withdraw")}"' in text_of(
        signed_in("manager").get(page(action, "action"))
    )
    proposal = propose_closure(actor=cast.manager, action=action, kind="withdraw", reason="No.", at=AT)
    client = signed_in("gold")
    address = reverse("actions:closure-decide", args=[action.pk, proposal.pk])
    text = text_of(client.get(address))
    assert "WY20-01-BRA" in text
    assert "WY20-01-LEE" in text
    decision = {"approve": "approve", "reason": "Agreed.", "minute": board_minute(cast).pk}
    assert client.post(address, decision).status_code == 302
    assert set(Action.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_the_owner_of_a_part_is_not_offered_the_decision_on_the_joint_action(
    cast: Cast, signed_in: Any
) -> None:
    due = date(2020, 10, 30)
    action = ActionFactory(
        cast=cast, by_districts=True, parts=[Part(cast.bradford, lead=cast.police, owner=cast.gold, due=due)]
    )
    proposal = propose_closure(actor=cast.manager, action=action, kind="withdraw", reason="No.", at=AT)
    client = signed_in("gold")
    address = reverse("actions:closure-decide", args=[action.pk, proposal.pk])
    assert address not in text_of(client.get(page(action, "action")))
    assert address not in text_of(client.get("/"))
    assert client.get(address).status_code == 403


def test_a_part_leads_to_the_whole_and_to_the_other_parts(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    bradford, leeds = action.children.order_by("ref")
    text = text_of(signed_in("bradford_spoc").get(page(bradford, "action")))
    assert "This is the Bradford action of the joint action" in text
    for other in (action, leeds):
        assert f'href="{page(other, "action")}"' in text


def test_parts_and_wholes_out_of_sight_are_not_named(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True, title="Visit the places of worship")
    bradford, leeds = action.children.order_by("ref")
    secret = {"marking": Marking.OFFICIAL_SENSITIVE, "handling_instruction": "Named readers only.", "at": AT}
    edit_action(actor=cast.manager, action=action, **secret)
    edit_action(actor=cast.manager, action=leeds, **secret)
    client = signed_in("bradford_spoc")
    text = text_of(client.get(page(bradford, "action")))
    assert "of a joint action that you do not have access to" in text
    assert leeds.ref not in text
    listed = text_of(client.get(reverse("actions:action-list")))
    assert "District action" in listed
    assert f"{action.ref}<" not in listed
    edit_action(actor=cast.manager, action=action, marking=Marking.OFFICIAL, handling_instruction="", at=AT)
    whole = client.get(page(action, "action"))
    assert [part for part, *_ in whole.context["districts"]["parts"]] == [bradford]
    assert "1 district<" in text_of(client.get(reverse("actions:action-list")))


def test_an_auditor_is_shown_no_reason_against_assuring_a_joint_action(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True, lead=cast.opcc)
    Action.objects.filter(pk=action.pk).update(state=State.AWAITING_ASSURANCE)
    response = signed_in("auditor").get(page(action, "action"))
    assert response.context["why_not_assure"] == ""


# The list, the file, the API and the plan ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "refs"),
    [
        ("parents", ["WY20-01"]),
        ("parts", ["WY20-01-BRA", "WY20-01-LEE"]),
        ("whole", ["WY20-02"]),
        ("", ["WY20-01", "WY20-01-BRA", "WY20-01-LEE", "WY20-02"]),
    ],
)
def test_the_list_is_narrowed_to_wholes_or_parts(
    cast: Cast, signed_in: Any, part: str, refs: list[str]
) -> None:
    ActionFactory(cast=cast, by_districts=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    query = {"part": part} if part else {}
    response = signed_in("manager").get(reverse("actions:action-list"), query)
    assert [action.ref for action, *_ in response.context["rows"]] == refs
    text = text_of(response)
    assert ("2 districts" in text) == ("WY20-01" in refs)
    assert ("Part of <a" in text) == ("WY20-01-BRA" in refs)


def test_a_filter_that_is_not_known_is_refused(cast: Cast, signed_in: Any) -> None:
    response = signed_in("manager").get(reverse("actions:action-list"), {"part": "halves"})
    assert response.status_code == 422


def test_the_list_and_the_page_cost_the_same_for_few_parts_and_many(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = ActionFactory(cast=cast, by_districts=True)
    before = queries(reverse("actions:action-list")), queries(page(few, "action"))
    more = [Part(district(cast, name)) for name in ("Calderdale", "Kirklees", "Wakefield")]
    many = ActionFactory(cast=cast, by_districts=True, parts=[*district_parts(cast), *more], ref="WY20-02")
    district(cast, "Craven")
    assert queries(reverse("actions:action-list")) == before[0]
    assert queries(page(many, "action")) == before[1]


def test_the_counts_of_the_plan_say_how_wholes_and_parts_count(cast: Cast, signed_in: Any) -> None:
    client, plan = signed_in("manager"), reverse("actions:plan", args=[cast.plan.pk])
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    assert "joint action" not in text_of(client.get(plan))
    ActionFactory(cast=cast, by_districts=True)
    response = client.get(plan)
    assert "1 joint action" in text_of(response)
    context = response.context
    assert context["total"] == 4
    for name, number in (("parents", 1), ("parts", 2)):
        assert context[name].number == number
        assert len(client.get(context[name].href).context["rows"]) == number


def test_a_count_of_no_district_actions_is_no_link(cast: Cast, signed_in: Any) -> None:
    """As for somebody who sees a joint action and none of its parts."""
    whole = ActionFactory(cast=cast, unallocated=True)
    Action.objects.filter(pk=whole.pk).update(by_districts=True)
    response = signed_in("manager").get(reverse("actions:plan", args=[cast.plan.pk]))
    assert "1 joint action" in text_of(response)
    assert "district action" not in text_of(response)
    assert 'href=""' not in response.content.decode()


def test_the_api_says_whether_districts_deliver_an_action(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    part = action.children.get(area=cast.leeds)
    client = signed_in("leeds_spoc")
    whole, one = (client.get(reverse("api:action", args=[row.pk])).json() for row in (action, part))
    assert (whole["by_districts"], whole["parent"], whole["owner"]) == (True, None, None)
    assert (one["by_districts"], one["parent"]["ref"]) == (False, "WY20-01")
