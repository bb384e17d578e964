"""Districts, organisations, boards and people of a partnership, on the pages of its set-up."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry
from partners.accounts.services.users import create_user
from partners.models import Area, Board, Membership, Organisation, User
from partners.people.services import add_person
from tests.cast import AT, TODAY, Cast

SignIn = Callable[[str], Client]


def listing(cast: Cast, kind: str) -> str:
    return reverse("partners:reference-list", args=[cast.yorkshire.pk, kind])


def edit(cast: Cast, kind: str, row: Any) -> str:
    return reverse("partners:reference-edit", args=[cast.yorkshire.pk, kind, row.pk])


def people(cast: Cast) -> str:
    return reverse("partners:people", args=[cast.yorkshire.pk])


def send_person(client: Client, cast: Cast, **other: Any) -> Any:
    person = {
        "email": "elm@example.org",
        "organisation": cast.wakefield_council.pk,
        "role": "partner_contact",
        "starts_on": "2020-06-19",
    }
    return client.post(reverse("partners:person-add", args=[cast.yorkshire.pk]), person | other)


def test_a_manager_adds_changes_and_removes_an_organisation(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("manager")
    create = reverse("partners:reference-create", args=[cast.yorkshire.pk, "organisations"])
    wrong = client.post(create, {"name": cast.wakefield_council.name, "kind": "council"})
    assert wrong.status_code == 422
    assert client.post(create, {"name": "Elm Council", "kind": "council"}).status_code == 302
    elm = Organisation.objects.get(name="Elm Council")
    assert elm.partnership == cast.yorkshire
    assert Entry.objects.filter(verb="organisation.created", target_id=str(elm.pk)).exists()
    body = client.get(listing(cast, "organisations"), {"q": "elm coun"}).content.decode()
    assert edit(cast, "organisations", elm) in body
    assert edit(cast, "organisations", cast.wakefield_council) not in body
    client.post(edit(cast, "organisations", elm), {"name": "Elm Borough", "kind": "council"})
    elm.refresh_from_db()
    assert elm.name == "Elm Borough"
    in_use = client.post(edit(cast, "organisations", cast.wakefield_council), {"remove": "yes"}, follow=True)
    assert "because other records use it" in in_use.content.decode()
    client.post(edit(cast, "organisations", elm), {"remove": "yes"})
    assert not Organisation.objects.filter(pk=elm.pk).exists()


def test_what_a_form_offers_is_of_its_own_partnership(cast: Cast, signed_in: SignIn) -> None:
    foreign = Organisation.objects.exclude(partnership=cast.yorkshire).first()
    assert foreign is not None
    client = signed_in("administrator")
    page = edit(cast, "organisations", cast.wakefield_council)
    form = client.get(page).context["form"]
    offered = set(form.fields["parent"].queryset)
    assert foreign not in offered
    assert cast.wakefield_council not in offered
    assert client.get(edit(cast, "organisations", foreign)).status_code == 404
    assert client.get(listing(cast, "users")).status_code == 404


def test_a_district_and_a_board_with_its_last_day(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("manager")
    client.post(
        reverse("partners:reference-create", args=[cast.yorkshire.pk, "districts"]),
        {"name": "Elm", "order": "9"},
    )
    area = Area.objects.get(name="Elm")
    board = {
        "name": "Elm Board",
        "tier": "Bronze",
        "cadence": "quarterly",
        "quorum": "0",
        "area": area.pk,
        "minute_numbering": "yearly",
        "ends_on": "2020-07-31",
    }
    client.post(reverse("partners:reference-create", args=[cast.yorkshire.pk, "boards"]), board)
    assert Board.objects.get(name="Elm Board").ends_on == date(2020, 7, 31)
    assert "31 July 2020" in client.get(listing(cast, "boards")).content.decode()


def test_an_administrator_opens_an_account_with_its_role(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("administrator")
    assert "Enter the job title of the new account" in send_person(client, cast).content.decode()
    assert send_person(client, cast, name="Elm lead").status_code == 302
    user = User.objects.get(email="elm@example.org")
    assert user.memberships.get().organisation == cast.wakefield_council
    body = client.get(people(cast), {"q": "elm lead"}).content.decode()
    assert "elm@example.org" in body
    assert "leeds.spoc@example.org" not in body
    # What is wrong with the role opens no account either.
    again = send_person(client, cast, email="oak@example.org", name="Oak lead", alternate="on")
    assert "Only a SPOC can be an alternate" in again.content.decode()
    assert not User.objects.filter(email="oak@example.org").exists()


def test_a_manager_gives_people_with_accounts_roles_and_ends_them(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("manager")
    refused = send_person(client, cast)
    assert "Only an administrator can open an account." in refused.content.decode()
    send_person(client, cast, email="Leeds.SPOC@example.org")
    membership = Membership.objects.get(user=cast.leeds_spoc, role="partner_contact")
    end = reverse("partners:role-end", args=[cast.yorkshire.pk, membership.pk])
    assert end in client.get(people(cast)).content.decode()
    assert client.post(end, {"ends_on": "2020-06-30"}).status_code == 302
    membership.refresh_from_db()
    assert membership.ends_on == date(2020, 6, 30)
    own = cast.manager.memberships.get()
    assert client.get(reverse("partners:role-end", args=[cast.yorkshire.pk, own.pk])).status_code == 403
    ended = client.get(people(cast), {"show": "ended"}).content.decode()
    assert "former.spoc@example.org" in ended
    assert "Leeds.SPOC@example.org" not in ended


def test_a_role_has_a_last_day_from_the_start_and_it_is_moved_and_removed(
    cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in("manager")
    send_person(client, cast, email="leeds.spoc@example.org", ends_on="2020-06-30")
    membership = Membership.objects.get(user=cast.leeds_spoc, role="partner_contact")
    end = reverse("partners:role-end", args=[cast.yorkshire.pk, membership.pk])
    assert "Change the last day of a role" in client.get(end).content.decode()
    for sent, last_day in (("2020-07-31", date(2020, 7, 31)), ("", None)):
        assert client.post(end, {"ends_on": sent}).status_code == 302
        membership.refresh_from_db()
        assert membership.ends_on == last_day
    assert client.post(end, {"ends_on": ""}).status_code == 422


def test_a_role_that_needs_two_administrators_waits_for_the_other(cast: Cast, signed_in: SignIn) -> None:
    create_user(actor=SYSTEM, email="second@example.org", name="Second", is_staff=True, at=AT)
    client = signed_in("manager")
    answer = client.post(
        reverse("partners:person-add", args=[cast.yorkshire.pk]),
        {
            "email": "leeds.spoc@example.org",
            "organisation": cast.police.pk,
            "role": "board_member",
            "starts_on": "2020-06-19",
        },
        follow=True,
    )
    assert "Another administrator must approve it." in answer.content.decode()
    assert not Membership.objects.filter(user=cast.leeds_spoc, role="board_member").exists()


def test_a_manager_opens_no_account(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Nobody has an account with this address"):
        add_person(
            actor=cast.manager,
            partnership=cast.yorkshire,
            email="nobody@example.org",
            organisation=cast.wakefield_council,
            role="partner_contact",
            starts_on=TODAY,
            at=AT,
        )


def test_the_list_of_people_costs_the_same_for_many(
    cast: Cast, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in("administrator")
    client.get(people(cast))
    with CaptureQueriesContext(connection) as queries:
        client.get(people(cast))
    few = len(queries)
    for number in range(6):
        send_person(client, cast, email=f"elm{number}@example.org", name=f"Elm {number}")
    client.get(people(cast))
    with django_assert_num_queries(few):
        client.get(people(cast))


def test_the_set_up_list_leads_to_the_pages(cast: Cast, signed_in: SignIn) -> None:
    body = signed_in("manager").get(reverse("importing:setup-partnership", args=[cast.yorkshire.pk]))
    for address in (
        people(cast),
        *(listing(cast, kind) for kind in ("organisations", "boards", "districts")),
    ):
        assert f'href="{address}"' in body.content.decode()
