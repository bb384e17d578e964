"""Set-up of a new service: the steps, and who may take them."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from actions.models import Plan
from audit.actors import SYSTEM
from partners.accounts.services.users import create_user
from partners.models import Partnership
from partners.partnerships.services import create_partnership
from tests.cast import AT, Cast
from tests.support.task_queue import run_tasks

SETUP = "/setup/"


@pytest.mark.django_db
def test_the_first_administrator_is_led_to_the_set_up_and_adds_a_partnership() -> None:
    client = Client()
    client.force_login(
        create_user(actor=SYSTEM, email="first@example.org", name="Administrator", is_staff=True, at=AT),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert client.get("/")["Location"] == SETUP
    assert "Enter the name of the partnership" in client.post(SETUP, {"name": ""}).content.decode()
    answer = client.post(SETUP, {"name": "Northshire & Elm"})
    partnership = Partnership.objects.get()
    assert answer["Location"] == reverse("importing:people-import", args=[partnership.pk])
    assert partnership.slug == "northshire-elm"
    assert client.get("/").status_code == 200


def test_an_administrator_adds_another_partnership(cast: Cast, signed_in: Any) -> None:
    client = signed_in("administrator")
    client.post(SETUP, {"name": "West: Yorkshire"})
    assert Partnership.objects.get(name="West: Yorkshire").slug == "west-yorkshire-2"
    assert "already exists" in client.post(SETUP, {"name": "West Yorkshire"}).content.decode()


def test_people_without_a_password_are_invited_once_and_again_on_request(cast: Cast, signed_in: Any) -> None:
    client, page = signed_in("manager"), reverse("importing:setup-partnership", args=[cast.yorkshire.pk])
    assert client.get("/").status_code == 200
    invitations = reverse("importing:setup-invitations", args=[cast.yorkshire.pk])
    assert "Send invitations</button>" in client.get(page).content.decode()
    client.post(invitations)
    run_tasks()
    first = len(mail.outbox)
    assert cast.bradford_spoc.email in {message.to[0] for message in mail.outbox}
    body = client.get(page).content.decode()
    assert "Send invitations</button>" not in body
    assert "Send invitations again</button>" in body
    client.post(invitations)
    run_tasks()
    assert len(mail.outbox) == first
    client.post(invitations, {"again": "yes"})
    run_tasks()
    assert len(mail.outbox) == 2 * first


def test_a_manager_without_a_plan_adds_the_first_with_pillars_from_a_set(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    Plan.objects.filter(partnership=cast.yorkshire).update(state=Plan.State.CLOSED)
    page = reverse("importing:setup-partnership", args=[cast.yorkshire.pk])
    assert "Reducing permissive environments" in client.get(page).content.decode()
    form = {"title": "Plan 2021/22", "pillar_set": "contest"}
    for name, year in (("starts_on", 2021), ("ends_on", 2022)):
        form |= {f"{name}_day": "1", f"{name}_month": "4", f"{name}_year": str(year)}
    answer = client.post(page, form)
    plan = Plan.objects.get(title="Plan 2021/22")
    assert answer["Location"] == reverse("importing:plan-import", args=[plan.pk])
    assert [pillar.name for pillar in plan.pillars.order_by("order")] == [
        "Tackle the causes of radicalisation",
        "Safeguard and support those at risk",
        "Enable disengagement",
    ]


def test_an_administrator_sees_that_the_manager_adds_the_plan(cast: Cast, signed_in: Any) -> None:
    other = create_partnership(actor=SYSTEM, name="Northshire", slug="northshire", at=AT)
    body = (
        signed_in("administrator")
        .get(reverse("importing:setup-partnership", args=[other.pk]))
        .content.decode()
    )
    assert "The programme manager does this after signing in" in body
    assert "Add plan</button>" not in body
