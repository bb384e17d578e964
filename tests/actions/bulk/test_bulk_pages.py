"""The pages that change many actions: ticked or all that match, a look at what becomes of each, one confirmation."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.actions.services import edit_action
from actions.bulk import services as bulk
from actions.models import Action, DateChange, UpdateRequest
from audit.models import Entry
from tests.actions.core.opening import copies
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from web.screening import KEEP

DATE = {"new_due_day": "30", "new_due_month": "10", "new_due_year": "2020"}
BECAUSE = "The district was split in two."


def page(name: str = "", **query: Any) -> str:
    parameters = {"scope": "all"} | query | ({"change": name} if name else {})
    return reverse("actions:action-bulk", query=parameters)


def confirm(client: Client, address: str, preview_page: Any, **changes: Any) -> Any:
    preview = preview_page.context["form"]["preview"].value()
    return client.post(address, {"preview": preview, "reason": BECAUSE} | changes)


def refs(outcomes: Any) -> list[str]:
    return sorted(outcome.action.ref for outcome in outcomes)


def test_all_that_match_the_filter_are_changed_and_nothing_else(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies(
        ActionFactory(cast=cast, allocated=True, ref="WY20-01"),
        [f"WY20-{number:02}" for number in range(2, 28)],
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-90")
    client = signed_in("manager")
    listed = client.get(reverse("actions:action-list", query={"state": "not_started"})).content.decode()
    assert "Change all 27 actions that match the filter" in listed
    assert '<input type="hidden" name="state" value="not_started">' in listed
    query = {"state": "not_started"}
    assert "27 actions selected" in client.get(page(**query)).content.decode()
    address = page("date", **query)
    assert client.get(address).status_code == 200
    assert "This takes" not in client.get(address).content.decode()
    monkeypatch.setattr("actions.bulk.views.PER_SECOND", 8)
    assert "This takes up to 5 seconds" in client.get(address).content.decode()
    response = client.post(address, DATE)
    assert "This takes up to 5 seconds" in response.content.decode()
    assert len(response.context["possible"]) == 27
    assert not DateChange.objects.exists()
    assert "30 October 2020: the board will decide" in response.content.decode()
    done = confirm(client, address, response)
    assert done.status_code == 302
    assert done.url == reverse("actions:action-list", query=query)
    assert [str(message) for message in get_messages(done.wsgi_request)] == [
        "27 actions: new due date requested."
    ]
    assert DateChange.objects.open().filter(new_due=date(2020, 10, 30), reason=BECAUSE).count() == 27
    entries = Entry.objects.filter(verb="action.date_requested")
    assert entries.count() == 27
    assert entries.values_list("request_id", flat=True).distinct().count() == 1


def test_only_what_is_ticked_is_changed(cast: Cast, signed_in: Any) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    client = signed_in("manager")
    assert f'name="action" value="{first.pk}"' in client.get(reverse("actions:action-list")).content.decode()
    address = page("pillar", scope="ticked", action=first.pk)
    response = client.post(address, {"pillar": "Safeguard"})
    assert (response.context["possible"][0].current, response.context["possible"][0].new) == (
        "Identify",
        "Safeguard",
    )
    assert confirm(client, address, response).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.pillar, second.pillar) == (cast.safeguard, cast.identify)


def test_many_are_allocated_at_once_and_the_way_leads_back(cast: Cast, signed_in: Any) -> None:
    """From My work all of them, or ticked in the list and back to what still awaits allocation."""
    rows = [ActionFactory(cast=cast, unallocated=True, ref=f"WY20-0{number}") for number in range(1, 4)]
    client = signed_in("manager")
    listing = reverse("actions:action-list", query={"state": "awaiting_allocation"})
    link = re.search(r'href="([^"]+)">\s*Allocate them together', client.get("/").content.decode())
    assert link
    assert "3 actions" in client.get(unescape(link[1])).content.decode()
    assert client.get(listing).status_code == 200
    query = {"scope": "ticked", "state": "awaiting_allocation", "action": [row.pk for row in rows[:2]]}
    address = reverse("actions:action-bulk", query=query | {"change": "allocate"})
    assert "Allocate actions" in client.get(reverse("actions:action-bulk", query=query)).content.decode()
    assert client.get(address).status_code == 200
    due = {"due_day": "30", "due_month": "9", "due_year": "2020"}
    response = client.post(address, {"owner": cast.bradford_spoc.pk, "alternate": cast.gold.pk} | due)
    assert {(each.current, each.new) for each in response.context["possible"]} == {
        ("Bradford District; Nobody; No date", "Bradford District; Bradford spoc; 30 September 2020")
    }
    done = confirm(client, address, response)
    assert (done.status_code, done.url) == (302, listing)
    html = client.get(done.url).content.decode()
    assert "2 actions: allocated." in html
    assert '<a class="govuk-notification-banner__link" href="/">Go to My work</a>' in html
    for row, owner in zip(rows, (cast.bradford_spoc, cast.bradford_spoc, None), strict=True):
        row.refresh_from_db()
        assert row.owner == owner
    assert (rows[0].due, rows[0].original_due, rows[0].alternate, rows[0].state) == (
        *(date(2020, 9, 30), date(2020, 9, 30)),
        *(cast.gold, "not_started"),
    )
    assert Entry.objects.filter(verb="action.allocated", note=BECAUSE).count() == 2
    assert "actions together" not in client.get("/").content.decode()


def test_allocating_uses_what_an_action_has_and_says_what_it_lacks(cast: Cast, signed_in: Any) -> None:
    """One has its lead and a date from the plan's file, one has neither, one is allocated already."""
    ready = ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    Action.objects.filter(pk=ready.pk).update(due=date(2020, 12, 31))
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", lead=None)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    client, address = signed_in("manager"), page("allocate")
    response = client.post(address, {"owner": cast.bradford_spoc.pk})
    assert [(each.action.ref, each.new) for each in response.context["possible"]] == [
        ("WY20-01", "Bradford District; Bradford spoc; 31 December 2020")
    ]
    assert [(each.action.ref, each.problem) for each in response.context["refused"]] == [
        ("WY20-02", "This action has no lead organisation. Choose one above."),
        ("WY20-03", "This action is already allocated to Bradford spoc."),
    ]
    chosen = {"owner": cast.bradford_spoc.pk, "lead": cast.leeds_district.pk}
    response = client.post(address, chosen)
    assert response.context["refused"][0].problem == "This action has no due date. Enter one above."
    assert client.post(address, {}).status_code == 422


def test_another_owner_for_what_is_not_allocated_leads_to_allocating_it(cast: Cast, signed_in: Any) -> None:
    """Neither an owner alone nor a date alone can allocate it: the way out is on the page."""
    ActionFactory(cast=cast, unallocated=True)
    client, query = signed_in("manager"), {"state": "awaiting_allocation"}
    response = client.post(page("owner", **query), {"owner": cast.bradford_spoc.pk})
    body = unescape(response.content.decode())
    assert "This action is not allocated yet. Choose to allocate" in body
    assert f'href="{page(**query).partition("/bulk/")[2]}">Choose another change</a>' in body
    offered = client.get(page(**query)).context["form"].fields["change"].choices
    assert offered[0] == ("allocate", "Allocate actions")


def test_allocating_is_offered_where_something_awaits_it_alone(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    assert "Allocate actions" not in client.get(page()).content.decode()
    assert client.get(page("allocate")).status_code == 422
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    assert signed_in("bradford_spoc").get(page("allocate")).status_code == 403


def test_rows_that_cannot_change_are_named_and_left_out_on_request(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    client, address = signed_in("manager"), page("update")
    form_data = {"due_on_day": "3", "due_on_month": "7", "due_on_year": "2020"}
    response = client.post(address, form_data)
    body = response.content.decode()
    assert (refs(response.context["possible"]), refs(response.context["refused"])) == (
        ["WY20-01"],
        ["WY20-02"],
    )
    assert "This action is awaiting assurance, so it cannot be reported on." in body
    unsaid = confirm(client, address, response)
    assert unsaid.status_code == 422
    assert "Confirm: leave out the action that cannot be changed" in unsaid.content.decode()
    assert BECAUSE in unsaid.content.decode()
    assert not UpdateRequest.objects.exists()
    assert confirm(client, address, unsaid, leave_out="on").status_code == 302
    assert UpdateRequest.objects.get().question == BECAUSE


def test_a_preview_without_changes_has_no_confirmation(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    response = signed_in("manager").post(page("date"), DATE)
    assert "None of these actions can be changed" in response.content.decode()
    assert 'name="preview"' not in response.content.decode()


def test_a_row_changed_meanwhile_stops_the_change_and_is_named(cast: Cast, signed_in: Any) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    client, address = signed_in("manager"), page("pillar")
    response = client.post(address, {"pillar": "Safeguard"})
    edit_action(actor=cast.manager, action=second, title="Brief every team", at=AT)
    stale = confirm(client, address, response)
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "Changes since you last looked" in body
    assert "Title changed from" in body
    assert BECAUSE in body
    assert not Action.objects.filter(pillar=cast.safeguard).exists()
    assert confirm(client, address, stale).status_code == 302
    assert Action.objects.filter(pillar=cast.safeguard, pk__in=[first.pk, second.pk]).count() == 2


def test_a_row_hidden_meanwhile_stops_the_bulk_change(cast: Cast, signed_in: Any) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", area=None)
    client, address = signed_in("bradford_spoc"), page("date")
    response = client.post(address, DATE)
    sensitive = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}
    Action.objects.filter(pk=second.pk).update(lead=cast.police, owner=cast.manager, **sensitive)
    stale = confirm(client, address, response)
    assert stale.status_code == 409
    assert "You no longer have access to 1 of the actions" in stale.content.decode()
    assert refs(stale.context["possible"]) == [first.ref]
    assert not DateChange.objects.exists()


def test_bad_input_keeps_what_was_typed(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client, address = signed_in("manager"), page("date")
    wrong = client.post(address, DATE | {"new_due_month": "13"})
    assert wrong.status_code == 422
    assert 'value="13"' in wrong.content.decode()
    response = client.post(address, DATE)
    long = "x" * 2001
    for reason, words in (("", "Enter the reason"), (long, "Reason must be 2000 characters or fewer")):
        refused = confirm(client, address, response, reason=reason)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert long in refused.content.decode()
    assert refused.context["possible"][0].new.startswith("30 October 2020")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", DATE),
        ("pillar", {"pillar": "Safeguard"}),
        ("update", {"due_on_day": "3", "due_on_month": "7", "due_on_year": "2020"}),
    ],
)
def test_personal_data_in_the_reason_is_asked_about(
    cast: Cast, signed_in: Any, name: str, value: dict[str, str]
) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client, address = signed_in("manager"), page(name)
    response = client.post(address, value)
    words = "Ring the parents on 07700 900123."
    question = confirm(client, address, response, reason=words)
    body = unescape(question.content.decode())
    assert question.status_code == 422
    assert "contains a telephone number: 07700 900123" in body
    assert 'href="#id_reason"' in body
    assert body.count(f'name="{KEEP}"') == 1
    before = Entry.objects.count()
    assert (
        confirm(client, address, question, reason=words, **{KEEP: "The school's own number."}).status_code
        == 302
    )
    assert Entry.objects.count() > before


@pytest.mark.parametrize("preview", ["", "nonsense", "bm9uc2Vuc2U:forged"])
def test_a_confirmation_of_what_was_not_shown_is_refused(cast: Cast, signed_in: Any, preview: str) -> None:
    ActionFactory(cast=cast, in_progress=True)
    refused = signed_in("manager").post(page("date"), {"preview": preview, "reason": BECAUSE})
    assert refused.status_code == 422
    assert "The preview has expired" in refused.content.decode()


def test_a_preview_cannot_be_confirmed_by_another_user(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    response = signed_in("manager").post(page("date"), DATE)
    assert confirm(signed_in("bradford_spoc"), page("date"), response).status_code == 422


def test_unusable_selections_are_explained(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = [ActionFactory(cast=cast, allocated=True, ref=f"WY20-0{number}") for number in range(1, 4)]
    client = signed_in("manager")
    for query, words in (
        ({"scope": "ticked"}, "Select at least one action"),
        ({"state": "complete"}, "Select at least one action"),
        ({"state": "nonsense"}, "correct the filter"),
    ):
        refused = client.get(page(**query))
        assert (refused.status_code, words in refused.content.decode()) == (422, True), query
    monkeypatch.setattr("actions.bulk.views.MOST", 2)
    assert "Narrow the filter to 2 actions or fewer" in client.get(page()).content.decode()
    assert client.get(page(scope="ticked", action=actions[0].pk)).status_code == 200
    for pk in ("999999", "x", "9" * 30):
        assert client.get(page(scope="ticked", action=pk)).status_code == 404


def test_bulk_changes_by_role(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    assert len(signed_in("manager").get(page()).context["form"].fields["change"].choices) == 5
    spoc = signed_in("bradford_spoc")
    assert spoc.get(page()).context["form"].fields["change"].choices == [("date", "Request a new due date")]
    for name in ("owner", "pillar", "publication", "update"):
        assert spoc.get(page(name)).status_code == 403
    assert spoc.get(page("nonsense")).status_code == 422
    auditor = signed_in("auditor")
    assert auditor.get(page()).status_code == 403
    assert "Change all" not in auditor.get(reverse("actions:action-list")).content.decode()


def test_an_owner_and_a_publication_decision_for_all(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    for name, value in (
        ("owner", {"owner": cast.leeds_spoc.pk}),
        ("publication", {"publication": "withhold", "exemption": "s31"}),
    ):
        response = client.post(page(name), value)
        assert confirm(client, page(name), response).status_code == 302
    action = Action.objects.get()
    assert (action.owner, action.publication, action.exemption) == (cast.leeds_spoc, "withhold", "s31")
    assert client.post(page("publication"), {"publication": "withhold"}).status_code == 422


def test_the_boxes_cost_the_list_nothing(cast: Cast, signed_in: Any) -> None:
    copies(
        ActionFactory(cast=cast, in_progress=True, ref="WY20-01"),
        [f"WY20-0{number}" for number in range(2, 9)],
    )
    counts = []
    for who in ("manager", "auditor"):
        client = signed_in(who)
        client.get(reverse("actions:action-list"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("actions:action-list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert bulk.MOST == 500
