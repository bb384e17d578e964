"""The pages of a wait on a partner: named, answered in two clicks, ended; and the waits wherever the action is shown."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import assure_action, submit_action
from actions.history.services import timeline_of
from actions.models import Action, Dependency
from tests.actions.waits.waiting import answered, declined, ended, fresh, supported, waits
from tests.cast import AT, PEOPLE, Cast
from tests.factories import ActionFactory


def add(action: Action) -> str:
    return reverse("actions:dependency-add", args=[action.pk])


def answer(row: Dependency) -> str:
    return reverse("actions:dependency-answer", args=[row.action_id, row.pk])


def end(row: Dependency) -> str:
    return reverse("actions:dependency-end", args=[row.action_id, row.pk])


def words(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def wait_form(cast: Cast, action: Action, **fields: Any) -> dict[str, Any]:
    return {
        "version": fresh(action).version,
        "organisation": cast.wakefield_council.pk,
        "needed": "The list of schools",
        "since": "2020-06-01",
        "needed_by": "2020-06-30",
    } | fields


def test_the_owner_names_what_the_action_waits_for(cast: Cast, signed_in: Any) -> None:
    action, client = supported(cast), signed_in("bradford_spoc")
    page = words(client, reverse("actions:action", args=[action.pk]))
    assert add(action) in page
    assert 'href="#waiting"' not in page
    response = client.post(add(action), wait_form(cast, action), follow=True)
    html = response.content.decode()
    assert "Waiting on Wakefield Council for 18 days" in html
    assert "Waiting on Wakefield Council for “The list of schools” since 1 June 2020" in html
    row = Dependency.objects.get()
    assert end(row) in html
    assert answer(row) not in html


def test_the_owner_chooses_among_the_supporters_and_the_manager_among_all(cast: Cast, signed_in: Any) -> None:
    action = supported(cast, supporting=[cast.wakefield_council])
    page = words(signed_in("bradford_spoc"), add(action))
    assert "Wakefield Council" in page
    assert "Leeds District" not in page
    assert "ask the programme manager" in page
    page = words(signed_in("manager"), add(action))
    assert "Leeds District" in page
    assert ">Bradford District<" not in page
    assert "Leicester City Council" not in page


def test_with_nobody_to_name_the_page_says_whom_to_ask(cast: Cast, signed_in: Any) -> None:
    assert "Ask the programme manager" in words(
        signed_in("bradford_spoc"), add(ActionFactory(cast=cast, in_progress=True))
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organisation": ""}, "organisation"),
        ({"needed": ""}, "needed"),
        ({"since": "2020-06-20"}, "since"),
        ({"since": "2020-03-31"}, "since"),
        ({"needed_by": "2020-05-31"}, "needed_by"),
        ({"needed_by": "soon"}, "needed_by"),
    ],
)
def test_each_error_is_at_its_field(cast: Cast, signed_in: Any, changes: dict[str, Any], field: str) -> None:
    action = supported(cast)
    response = signed_in("bradford_spoc").post(add(action), wait_form(cast, action, **changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert not Dependency.objects.exists()


def test_a_stale_form_keeps_what_was_typed_and_says_what_happened(cast: Cast, signed_in: Any) -> None:
    action = supported(cast)
    form_data = wait_form(cast, action)
    waits(cast, action, organisation=cast.leeds_district, needed="Two rooms")
    response = signed_in("bradford_spoc").post(add(action), form_data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "The list of schools" in page
    assert "Two rooms" in page


def test_an_action_that_is_not_under_way_waits_for_nothing(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    page = words(signed_in("manager"), add(action), status=409)
    assert "awaiting allocation" in page
    assert add(action) not in words(signed_in("manager"), reverse("actions:action", args=[action.pk]))


def test_the_partner_answers_from_its_own_work_in_two_clicks(cast: Cast, signed_in: Any) -> None:
    row = waits(cast, supported(cast))
    client = signed_in("wakefield_contact")
    assert answer(row) in words(client, "/")
    page = words(client, answer(row))
    assert "The list of schools" in page
    form_data = {"accept": "yes", "expected_on": "2020-07-03", "answer": "From the registry."}
    response = client.post(answer(row), form_data)
    assert response.status_code == 302
    row = fresh(row)
    assert (row.state, str(row.expected_on), row.answer) == (
        "acknowledged",
        "2020-07-03",
        "From the registry.",
    )
    assert answer(row) not in words(client, "/")


def test_a_decline_needs_a_reason(cast: Cast, signed_in: Any) -> None:
    row, client = waits(cast, supported(cast)), signed_in("wakefield_contact")
    for form_data, field in (
        ({}, "accept"),
        ({"accept": "no"}, "answer"),
        ({"accept": "no", "answer": "No.", "expected_on": "2020-07-01"}, "expected_on"),
        ({"accept": "yes", "expected_on": "2020-06-18"}, "expected_on"),
    ):
        response = client.post(answer(row), {"csrfmiddlewaretoken": "x", **form_data})
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {field}
    assert client.post(answer(row), {"accept": "no", "answer": "No such list."}).status_code == 302
    assert fresh(row).state == "declined"


def test_an_acknowledged_wait_can_only_be_declined(cast: Cast, signed_in: Any) -> None:
    row, client = answered(cast, waits(cast, supported(cast))), signed_in("wakefield_contact")
    page = words(client, answer(row))
    assert 'value="no"' in page
    assert 'value="yes"' not in page
    response = client.post(answer(row), {"accept": "yes"})
    assert response.status_code == 409
    assert "acknowledged by Wakefield contact on 19 June 2020 at 10:00am" in response.content.decode()
    assert client.post(answer(row), {"accept": "no", "answer": "Lost."}).status_code == 302


def test_a_closed_wait_says_who_closed_it(cast: Cast, signed_in: Any) -> None:
    row = ended(cast, waits(cast, supported(cast)))
    for client, address in ((signed_in("wakefield_contact"), answer(row)), (signed_in("manager"), end(row))):
        for response in (client.get(address), client.post(address, {"accept": "yes", "met": "yes"})):
            assert response.status_code == 409
            assert (
                "Bradford spoc closed this request on 19 June 2020 as received" in response.content.decode()
            )


def test_it_came_or_is_no_longer_needed(cast: Cast, signed_in: Any) -> None:
    row, client = waits(cast, supported(cast)), signed_in("bradford_spoc")
    response = client.post(end(row), {"met": "no"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"ending"}
    page = client.post(end(row), {"met": "yes", "ending": "By post."}, follow=True).content.decode()
    assert "Waiting on Wakefield Council for 18 days" not in page
    assert "1 closed request" in page
    assert "By post." in page
    assert fresh(row).state == "met"


def test_a_declined_one_is_settled_on_its_own_page(cast: Cast, signed_in: Any) -> None:
    row, client = declined(cast, waits(cast, supported(cast))), signed_in("bradford_spoc")
    page = words(client, end(row))
    assert "declined: close the request" in page
    assert add(row.action) in page
    assert client.post(end(row), {"met": "no", "ending": "We ask the schools."}).status_code == 302
    page = words(client, reverse("actions:action", args=[row.action_id]))
    assert "Resolved another way" in page
    assert end(row) not in page


@pytest.mark.parametrize("person", PEOPLE)
def test_each_link_is_shown_only_to_those_who_can_open_it(cast: Cast, signed_in: Any, person: str) -> None:
    row = waits(cast, supported(cast))
    client = signed_in(person)
    response = client.get(reverse("actions:action", args=[row.action_id]))
    page = response.content.decode() if response.status_code == 200 else ""
    for address in (add(row.action), answer(row), end(row)):
        assert (address in page) == (client.get(address).status_code == 200), address


def test_a_wait_of_another_action_is_not_found(cast: Cast, signed_in: Any) -> None:
    row, other = waits(cast, supported(cast)), supported(cast, "WY20-02")
    for name, who in (("dependency-answer", "wakefield_contact"), ("dependency-end", "manager")):
        assert signed_in(who).get(reverse(f"actions:{name}", args=[other.pk, row.pk])).status_code == 404


def test_the_timeline_tells_the_wait_from_end_to_end(cast: Cast) -> None:
    action = supported(cast)
    row = waits(cast, action)
    answered(cast, row, answer="From the registry.")
    declined(cast, row)
    ended(cast, row, met=False, ending="We ask the schools.")
    waits(cast, action, organisation=cast.leeds_district, needed="Two rooms")
    submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=AT)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    events = [(event.title, event.text) for event in timeline_of(action=action)]
    assert events[:2] == [
        ("No longer waiting on a partner", "The action was closed."),
        ("Assured and complete", "Seen."),
    ]
    assert events[3:8] == [
        ("Waiting on a partner", "Two rooms"),
        ("No longer waiting on a partner", "We ask the schools."),
        ("Declined by the partner", "We hold no such list."),
        ("Acknowledged by the partner", "From the registry."),
        ("Waiting on a partner", "The list of schools"),
    ]
    lines = timeline_of(action=action)[3].lines
    assert lines == ["Waiting on Leeds District for “Two rooms” since 1 June 2020"]


def test_lists_exports_and_the_api_show_it_beside_the_rag(cast: Cast, signed_in: Any) -> None:
    action = supported(cast)
    waits(cast, action)
    waits(cast, action, organisation=cast.leeds_district, since=None)
    supported(cast, "WY20-02")
    client = signed_in("manager")
    page = words(client, reverse("actions:action-list"))
    assert "Waiting on Wakefield Council for 18 days" in page
    assert "Waiting on Leeds District since today" in page
    export = client.get(reverse("actions:action-export", kwargs={"kind": "csv"}))
    table = b"".join(export.streaming_content).decode("utf-8-sig")
    assert "Wakefield Council; Leeds District,2020-06-01" in table
    one, other = client.get(reverse("api:action-list")).json()["results"]
    assert (one["waiting_since"], other["waiting_since"]) == ("2020-06-01", None)
    assert [partner["name"] for partner in one["waiting_on"]] == ["Wakefield Council", "Leeds District"]
    assert other["waiting_on"] == []


@pytest.mark.parametrize("route", ["actions:action-list", "actions:plan-waiting", "api:action-list"])
def test_many_waits_cost_no_more_queries_than_few(cast: Cast, signed_in: Any, route: str) -> None:
    client = signed_in("manager")
    address = reverse(route, args=[cast.plan.pk] if route == "actions:plan-waiting" else [])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    waits(cast, supported(cast, "A-1"))
    few = queries()
    for number in range(2, 7):
        action = supported(cast, f"A-{number}")
        waits(cast, action)
        answered(cast, waits(cast, action, organisation=cast.leeds_district), actor=cast.leeds_spoc)
    assert queries() == few
