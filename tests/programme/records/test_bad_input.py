"""What cannot be so is refused in words, and the page keeps what was typed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from programme.funding.models import Grant
from programme.overview.catalogue import resource_at
from programme.training.models import Completion
from tests.cast import Cast
from tests.programme.factories import GrantLimitFactory, TrainingProgrammeFactory

FRAME = {
    "source": "Register of the day",
    "basis": "recorded",
    "as_at": "2019-02-04",
    "publication": "undecided",
    "marking": "OFFICIAL",
}
Fields = dict[str, Any]


def more_completed_than_eligible(cast: Cast) -> Fields:
    return {
        "programme": TrainingProgrammeFactory(cast=cast).pk,
        "organisation": cast.bradford_district.pk,
        "period_from": "2019-01-01",
        "period_to": "2019-01-31",
        "eligible": "40",
        "eligible_qualifier": "exactly",
        "completed": "41",
        "completed_qualifier": "exactly",
    }


def over_the_limit_of_its_day(cast: Cast) -> Fields:
    limit = GrantLimitFactory(cast=cast, valid_from=date(2018, 4, 1))
    return {
        "fund": limit.fund.pk,
        "identifier": "360G-example-0009",
        "title": "Youth forum",
        "description": "A forum.",
        "recipient": "Example Trust",
        "recipient_identifier": "GB-CHC-0000000",
        "amount": "6000.01",
        "awarded_on": "2019-01-01",
        "purpose": "Meetings.",
        "state": "awarded",
    }


def marked_secret(cast: Cast) -> Fields:
    return {
        "title": "District profile",
        "level": "district",
        "area": cast.bradford.pk,
        "owner": cast.police.pk,
        "state": "issued",
        "document_marking": "SECRET",
    }


WRONG: dict[str, tuple[tuple[str, str], Callable[[Cast], Fields], str, str]] = {
    "completed": (
        ("training", "completions"),
        more_completed_than_eligible,
        "completed",
        "More people completed this than were eligible.",
    ),
    "grant": (
        ("funding", "grants"),
        over_the_limit_of_its_day,
        "amount",
        "A grant of this fund can be up to £6,000.00 on this day.",
    ),
    "profile": (
        ("profiles", "register"),
        marked_secret,
        "document_marking",
        "A profile marked SECRET or above must not be entered",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_is_refused_in_words_and_nothing_is_lost(cast: Cast, signed_in: Any, name: str) -> None:
    kind, fields_of, field, message = WRONG[name]
    form_data = FRAME | fields_of(cast)
    response = signed_in("manager").post(reverse("programme:record-create", args=kind), form_data)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert message in response.content.decode()
    assert {name: as_sent(form[name].value()) for name in form_data} == {
        name: str(value) for name, value in form_data.items()
    }
    assert not resource_at(*kind).model._default_manager.exists()


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("six thousand", "must be an amount in pounds and pence, like 4,102.95"),
        ("4102.955", "must be an amount in pounds and pence, like 4,102.95"),
        ("12,345,678,901", "is too large"),
    ],
)
def test_an_amount_is_refused_in_words(cast: Cast, signed_in: Any, amount: str, message: str) -> None:
    form_data = FRAME | over_the_limit_of_its_day(cast) | {"amount": amount}
    response = signed_in("manager").post(
        reverse("programme:record-create", args=["funding", "grants"]), form_data
    )
    form = response.context["form"]
    assert form.errors == {"amount": [f"Amount awarded in pounds {message}"]}
    assert form["amount"].value() == amount


@pytest.mark.parametrize("amount", ["£4,102.95", "4102.95", " £ 4,102.95 "])
def test_an_amount_is_read_as_people_write_it(cast: Cast, signed_in: Any, amount: str) -> None:
    form_data = FRAME | over_the_limit_of_its_day(cast) | {"amount": amount}
    client = signed_in("manager")
    client.post(reverse("programme:record-create", args=["funding", "grants"]), form_data)
    grant = Grant.objects.get()
    assert grant.amount == Decimal("4102.95")
    page = client.get(reverse("programme:record-page", args=["funding", "grants", grant.pk])).content.decode()
    assert "4,102.95" in page


def test_thousands_of_people_are_read_as_people_write_them(cast: Cast, signed_in: Any) -> None:
    form_data = FRAME | more_completed_than_eligible(cast) | {"eligible": "5,400", "completed": "1,200"}
    signed_in("manager").post(reverse("programme:record-create", args=["training", "completions"]), form_data)
    row = Completion.objects.get()
    assert (row.completed, row.eligible) == (1200, 5400)


def as_sent(value: Any) -> str:
    """Return what a field shows as it was sent; a date is shown in three boxes."""
    if isinstance(value, list):
        day, month, year = (int(part) for part in value)
        return date(year, month, day).isoformat()
    return str(value)
