"""A file with problems: organisations added from the preview, and the rows without problems imported alone."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from actions.models import Action
from audit.models import Entry
from partners.models import Organisation
from tests.cast import Cast
from tests.importing.plans.tables import comma_separated

HEADER = ("Ref", "What we will do", "Pillar", "Lead agency", "Supporting", "By when")
FILE = comma_separated(
    [
        HEADER,
        ("1.1", "Brief the teams", "Identify", "Bradford District", "", "30/09/2020"),
        ("1.2", "Visit the schools", "Identify", "Elm Council", "Elm Mosque; Leeds District", "30/09/2020"),
        ("1.3", "Map the practice", "Identify", "Elm Council", "", "31/02/2020"),
    ]
)


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, cast: Cast, data: bytes = FILE) -> HttpResponse:
    file = SimpleUploadedFile("plan.csv", data)
    return client.post(reverse("importing:plan-import", args=[cast.plan.pk]), {"file": file})


def confirm(client: Client, cast: Cast, answer: HttpResponse, **choices: str) -> HttpResponse:
    token = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert token is not None
    address = reverse("importing:plan-import-confirm", args=[cast.plan.pk])
    return client.post(address, {"token": token[1], **choices})


def test_the_preview_offers_to_add_organisations_and_is_shown_again(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    answer = upload(client, cast)
    names = dict(re.findall(r'name="name-(\d)" value="([^"]+)"', answer.content.decode()))
    assert sorted(names.values()) == ["Elm Council", "Elm Mosque"]
    refused = confirm(client, cast, answer, add_organisations="yes")
    assert "Choose the kind of each organisation to add" in refused.content.decode()
    choices = {f"name-{number}": name for number, name in names.items()}
    kinds = {"Elm Council": Organisation.Kind.COUNCIL, "Elm Mosque": Organisation.Kind.COMMUNITY}
    choices |= {f"kind-{number}": kinds[name] for number, name in names.items()}
    again = confirm(client, cast, answer, add_organisations="yes", **choices)
    body = again.content.decode()
    assert re.search(r"Organisations added</dt>\s*<dd[^>]*>\s*Elm", body)
    # What is still wrong is said alone; the good news is among the facts.
    assert "govuk-notification-banner--success" not in body
    assert "1 cell cannot be imported" in body
    assert Organisation.objects.get(name="Elm Council").kind == Organisation.Kind.COUNCIL
    assert Entry.objects.filter(verb="organisation.created", actor_id=str(cast.manager.pk)).count() == 2
    assert not Action.objects.exists()


def test_rows_without_problems_are_imported_and_the_others_later(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    done = confirm(client, cast, upload(client, cast), leave_out="yes")
    assert done.status_code == 302
    assert [action.ref for action in Action.objects.all()] == ["1.1"]
    assert "Rows left out: 2" in client.get(done["Location"]).content.decode()
    assert Entry.objects.get(verb="plan.imported").note.endswith("left out 2")
    again = upload(client, cast).content.decode()
    assert "Import the rows without problems" not in again
    corrected = FILE.replace(b"Elm Council", b"Leeds District").replace(b"Elm Mosque; ", b"")
    confirm(client, cast, upload(client, cast, corrected.replace(b"31/02", b"28/02")), leave_out="yes")


def test_nothing_is_imported_in_part_without_that_choice(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    assert confirm(client, cast, upload(client, cast)).status_code == 409
    assert not Action.objects.exists()


@pytest.mark.parametrize("example", ["template.xlsx", "template.csv", "sample.xlsx", "sample.csv"])
def test_a_template_has_no_rows_and_a_sample_can_be_imported(
    cast: Cast, signed_in: Any, example: str
) -> None:
    client = signed_in("manager")
    page = reverse("importing:plan-import", args=[cast.plan.pk])
    file = client.get(page, {"example": example})
    assert file["Content-Disposition"] == f'attachment; filename="actions-{example}"'
    answer = client.post(page, {"file": SimpleUploadedFile(example, file.content)})
    body = answer.content.decode()
    if example.startswith("template"):
        assert "no rows below it" in body
    else:
        assert answer.status_code == 200, re.findall(r"govuk-table__cell[^>]*>([^<]+)", body)
        assert "Brief every neighbourhood team on referrals" in body


UNUSUAL = comma_separated(
    [
        ("Nr", "Undertaking", "Strand", "Body in charge", "By when", "Notes"),
        ("1.1", "Brief the teams", "Identify", "Bradford District", "30/09/2020", "Seen"),
    ]
)


def test_columns_that_are_not_known_are_chosen_by_hand(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    answer = upload(client, cast, UNUSUAL)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose what the columns are" in body
    assert "Column B: Undertaking" in body
    half = confirm(client, cast, answer, match_columns="yes", **{"column-1": "ref"})
    assert "No column was found for the title" in half.content.decode()
    choices = {"column-2": "title", "column-3": "pillar", "column-4": "lead", "column-6": ""}
    ready = confirm(client, cast, half, match_columns="yes", **choices)
    assert ready.status_code == 200
    assert confirm(client, cast, ready).status_code == 302
    action = Action.objects.get()
    assert (action.ref, action.title, action.lead, action.pillar) == (
        "1.1",
        "Brief the teams",
        cast.bradford_district,
        cast.identify,
    )
    assert str(action.due) == "2020-09-30"


def test_a_known_column_is_left_out_by_hand(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    answer = upload(client, cast, FILE.replace(b"By when", b"Target"))
    again = confirm(
        client, cast, answer, match_columns="yes", **{"column-6": "", "column-4": "", "column-5": ""}
    )
    assert again.status_code == 200
    confirm(client, cast, again)
    assert list(Action.objects.order_by("ref").values_list("due", "lead")) == [(None, None)] * 3
