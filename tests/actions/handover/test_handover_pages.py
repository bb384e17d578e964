"""The page that hands over: choose, look, confirm; and where pages say that an owner is gone."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import assure_action
from actions.models import Action
from audit.actors import SYSTEM
from partners.accounts.services.users import change_user
from tests.actions.core.opening import listed_actions, rows_behind
from tests.actions.dates.dates import ask
from tests.actions.handover.handover import leaves, over
from tests.api.clients import system_of
from tests.cast import AT, PEOPLE, Cast
from tests.factories import ActionFactory

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}


def page(cast: Cast) -> str:
    return reverse("actions:hand-over", args=[cast.plan.pk])


def chosen(cast: Cast, outgoing: str = "bradford_spoc", successor: str = "leeds_spoc") -> dict[str, Any]:
    return {"outgoing": cast.person(outgoing).pk, "successor": cast.person(successor).pk}


def confirm(client: Client, cast: Cast, preview_page: Any, **changes: Any) -> Any:
    digest = preview_page.context["form"]["digest"].value()
    return client.post(page(cast), chosen(cast) | {"digest": digest, "note": "Moves to Leeds."} | changes)


def test_choose_look_and_confirm(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, allocated=True, ref="WY20-02"))
    ActionFactory(cast=cast, unallocated=True, ref="WY20-03")
    client = signed_in("manager")
    assert page(cast) in client.get(reverse("actions:plan", args=[cast.plan.pk])).content.decode()
    assert client.get(page(cast)).status_code == 200
    response = client.get(page(cast), chosen(cast))
    assert response.status_code == 200
    body = response.content.decode()
    assert "2 actions and 1 open request" in body
    assert [action.ref for action, _ in response.context["rows"]] == ["WY20-01", "WY20-02"]
    assert "WY20-02: 30 September 2020 to 30 November 2020" in body
    done = confirm(client, cast, response)
    assert done.status_code == 302
    assert [str(message) for message in get_messages(done.wsgi_request)] == [
        "2 actions and 1 open request handed over from Bradford spoc to Leeds spoc."
    ]
    assert set(Action.objects.filter(owner=cast.leeds_spoc).values_list("ref", flat=True)) == {
        "WY20-01",
        "WY20-02",
    }


def test_the_preview_shows_the_successors_role(cast: Cast, signed_in: Any) -> None:
    actions = [ActionFactory(cast=cast, allocated=True, ref=f"WY20-0{number}") for number in range(1, 5)]
    places = [
        (cast.bradford_spoc, None),
        (cast.bradford_spoc, cast.leeds_spoc),
        (cast.gold, cast.bradford_spoc),
        (cast.leeds_spoc, cast.bradford_spoc),
    ]
    for action, (owner, alternate) in zip(actions, places, strict=True):
        Action.objects.filter(pk=action.pk).update(owner=owner, alternate=alternate)
    response = signed_in("manager").get(page(cast), chosen(cast))
    assert [words for _, words in response.context["rows"]] == [
        "Owner",
        "Owner (no alternate)",
        "Alternate",
        "Stays owner (no alternate)",
    ]


def test_people_with_present_or_past_work_are_offered(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    action = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    Action.objects.filter(pk=action.pk).update(owner=cast.former_spoc, alternate=cast.stranger)
    form = signed_in("manager").get(page(cast), {"outgoing": cast.former_spoc.pk}).context["form"]
    assert form["outgoing"].value() == str(cast.former_spoc.pk)
    assert not form.errors
    offered = {label for _, label in form.fields["outgoing"].choices}
    assert offered == {
        "Choose a person",
        "Bradford spoc (Main SPOC, Bradford District)",
        "Former spoc (Alternate SPOC, Bradford District, until 31 March 2020)",
        "Stranger (no role here)",
    }
    assert set(form.fields["successor"].queryset) == {
        *(cast.bradford_spoc, cast.leeds_spoc, cast.manager, cast.gold, cast.wakefield_contact)
    }


def test_an_account_that_is_closed_hands_over_and_takes_nothing(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    change_user(actor=SYSTEM, user=cast.bradford_spoc, is_active=False, at=AT)
    form = signed_in("manager").get(page(cast)).context["form"]
    assert cast.bradford_spoc in form.fields["outgoing"].queryset
    assert cast.bradford_spoc not in form.fields["successor"].queryset


def test_a_page_without_open_work_says_so(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True)
    assert "There is nothing to hand over" in signed_in("manager").get(page(cast)).content.decode()


@pytest.mark.parametrize(
    ("people", "field", "words"),
    [
        (
            ("bradford_spoc", "bradford_spoc"),
            "successor",
            "Choose someone other than the person who hands over.",
        ),
        (
            ("bradford_spoc", "wakefield_contact"),
            "successor",
            "Wakefield contact does not have access to WY20-01",
        ),
        (("bradford_spoc", "auditor"), "successor", "Choose who takes over from the list"),
        (("bradford_spoc", "leicestershire_manager"), "successor", "Choose who takes over from the list"),
        (("leeds_spoc", "gold"), "outgoing", "This person has no open actions or requests."),
        (("leicestershire_manager", "gold"), "outgoing", "This person has no open actions or requests."),
    ],
)
def test_an_impossible_choice_is_an_error_of_its_field(
    cast: Cast, signed_in: Any, people: tuple[str, str], field: str, words: str
) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    form_data = chosen(cast, *people) | {"digest": "x", "note": ""}
    for response in (client.get(page(cast), form_data), client.post(page(cast), form_data)):
        assert response.status_code == 422
        assert words in response.context["form"].errors[field][0]
    assert Action.objects.get().owner == cast.bradford_spoc


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"outgoing": "", "successor": ""},
        {"outgoing": "x", "successor": "9" * 40},
        {"outgoing": "-1", "successor": "1 OR 1=1"},
    ],
)
def test_nonsense_is_refused_in_words(cast: Cast, signed_in: Any, parameters: dict[str, str]) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    posted = client.post(page(cast), parameters)
    assert posted.status_code == 422
    assert set(posted.context["form"].errors) == {"outgoing", "successor"}
    assert client.get(page(cast), parameters).status_code == (422 if parameters else 200)


def test_a_note_that_is_too_long_is_kept_and_refused(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    response = confirm(client, cast, client.get(page(cast), chosen(cast)), note="x" * 2001)
    assert response.status_code == 422
    assert "note" in response.context["form"].errors
    assert "x" * 2001 in response.content.decode()
    assert Action.objects.get().owner == cast.bradford_spoc


def test_more_than_was_shown_is_shown_again_first(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    client = signed_in("manager")
    response = client.get(page(cast), chosen(cast))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    stale = confirm(client, cast, response)
    assert stale.status_code == 409
    assert "changed since you looked at it" in stale.content.decode()
    assert [action.ref for action, _ in stale.context["rows"]] == ["WY20-01", "WY20-02"]
    assert stale.context["form"]["note"].value() == "Moves to Leeds."
    assert not Action.objects.filter(owner=cast.leeds_spoc).exists()
    assert confirm(client, cast, stale).status_code == 302
    assert Action.objects.filter(owner=cast.leeds_spoc).count() == 2


def test_sent_twice_it_is_done_once(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    response = client.get(page(cast), chosen(cast))
    assert confirm(client, cast, response).status_code == 302
    again = confirm(client, cast, response)
    assert again.status_code == 422
    assert "This person has no open actions or requests." in again.content.decode()
    assert Action.objects.get().version == response.context["rows"][0][0].version + 1


def test_the_preview_takes_no_more_queries_for_many(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(cast), chosen(cast)).status_code == 200
        return len(captured)

    ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True, ref="WY20-01"))
    few = queries()
    for number in range(2, 8):
        ask(
            actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}")
        )
    assert queries() == few


# Where pages say that an owner is gone -----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "leeds_spoc", "gold", "auditor"])
def test_the_action_says_that_its_owner_has_left(cast: Cast, signed_in: Any, who: str) -> None:
    address = reverse("actions:action", args=[ActionFactory(cast=cast, awaiting_assurance=True).pk])
    words = "Bradford spoc left on 18 June 2020. This action needs a new owner before it can be assured."
    assert words not in signed_in(who).get(address).content.decode()
    leaves(cast)
    assert words in signed_in(who).get(address).content.decode()


def test_the_auditors_form_is_refused_and_says_why(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    leaves(cast)
    answer = {"version": action.version, "opinion": "assured", "note": "Seen."}
    response = signed_in("auditor").post(reverse("actions:assurance-give", args=[action.pk]), answer)
    assert response.status_code == 409
    assert (
        "Bradford spoc left on 18 June 2020. Allocate the action to a new owner" in response.content.decode()
    )


@pytest.mark.parametrize("who", [name for name in PEOPLE if name not in ("former_spoc", "bradford_spoc")])
def test_lists_counts_exports_and_api_find_the_same_orphans(cast: Cast, signed_in: Any, who: str) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-03", **SENSITIVE)
    ActionFactory(cast=cast, allocated=True, ref="WY20-04", owner=cast.gold, lead=cast.police)
    done = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-05")
    assure_action(actor=cast.auditor, action=done, note="Seen.", at=AT)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-06")
    leaves(cast)
    client = signed_in(who)
    expected = {
        **{name: {"WY20-01", "WY20-02", "WY20-03"} for name in ("manager", "gold", "auditor")},
        "leeds_spoc": {"WY20-01", "WY20-02"},
        "wakefield_contact": {"WY20-02"},
    }.get(who, set())
    assert {action.ref for action in listed_actions(client, {"owner": "gone"})} == expected
    read = client.get(reverse("api:action-list"), {"owner": "gone"}).json()
    assert {row["ref"] for row in read["results"]} == expected
    export = b"".join(client.get(reverse("actions:action-export", kwargs={"kind": "csv"}), {"owner": "gone"}))
    assert {
        ref for ref in (f"WY20-0{number}" for number in range(1, 7)) if ref in export.decode()
    } == expected
    if expected:
        lines = client.get(reverse("actions:plan", args=[cast.plan.pk])).context["lines"]
        count = next(count for count in lines[-1].counts if count.label == "Needs an owner")
        assert count.number == len(expected)
        assert len(rows_behind(count.href, cast.person(who))) == count.number
        over(cast, successor=cast.gold)
        assert rows_behind(count.href, cast.person(who)) == []


def test_a_partners_system_finds_its_own_orphans(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    leaves(cast)
    system = system_of(cast, cast.wakefield_council)
    read = Client().get(reverse("api:action-list"), {"owner": "gone"}, headers=system.headers()).json()
    assert [row["ref"] for row in read["results"]] == ["WY20-02"]
