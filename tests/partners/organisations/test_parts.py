"""Seats of a board, other names of an organisation and responsibilities of an MOU area, on the pages of the set-up."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from audit.services import verify
from partners.models import Board, BoardSeat, MouArea, Organisation, OrganisationAlias, Responsibility
from partners.organisations.services import save_reference
from tests.cast import AT, Cast

SignIn = Callable[[str], Client]


@pytest.fixture
def manager(signed_in: SignIn) -> Client:
    return signed_in("manager")


def create(cast: Cast, kind: str, **query: Any) -> str:
    return reverse("partners:reference-create", args=[cast.yorkshire.pk, kind], query=query or None)


def edit(cast: Cast, kind: str, row: Any) -> str:
    return reverse("partners:reference-edit", args=[cast.yorkshire.pk, kind, row.pk])


def board(cast: Cast, name: str = "Gold") -> Board:
    return save_reference(
        actor=cast.manager, row=Board(partnership=cast.yorkshire, name=name, tier=name), at=AT
    )


def test_somebody_takes_a_seat_leaves_it_and_another_takes_over(cast: Cast, manager: Client) -> None:
    gold = board(cast)
    add = create(cast, "seats", boards=gold.pk)
    assert add in manager.get(edit(cast, "boards", gold)).content.decode()
    assert manager.get(add).context["form"]["board"].value() == gold.pk
    chair = {"board": gold.pk, "organisation": cast.police.pk, "post": "Chair", "starts_on": "2019-04-01"}
    response = manager.post(add, chair)
    assert response["Location"] == edit(cast, "boards", gold)
    seat = BoardSeat.objects.get()
    assert Entry.objects.filter(verb="boardseat.created", actor_label="Manager").count() == 1
    body = manager.get(response["Location"]).content.decode()
    assert edit(cast, "seats", seat) in body
    assert "1 April 2019" in body
    del chair["board"]
    manager.post(edit(cast, "seats", seat), chair | {"ends_on": "2020-03-31"})
    later = chair | {"board": gold.pk, "organisation": cast.opcc.pk, "starts_on": "2020-04-01"}
    manager.post(add, later | {"succeeds": seat.pk})
    assert BoardSeat.objects.get(succeeds=seat).starts_on == date(2020, 4, 1)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_seat_stays_on_its_board(cast: Cast, manager: Client) -> None:
    gold, silver = board(cast), board(cast, "Silver")
    row = BoardSeat(board=gold, organisation=cast.police, post="Chair")
    seat = save_reference(actor=cast.manager, row=row, at=AT)
    page = edit(cast, "seats", seat)
    assert "board" not in manager.get(page).context["form"].fields
    manager.post(page, {"board": silver.pk, "organisation": cast.police.pk, "post": "Deputy chair"})
    seat.refresh_from_db()
    assert (seat.board, seat.post) == (gold, "Deputy chair")


@pytest.mark.parametrize(
    ("kind", "field", "message"),
    [
        ("seats", "board", "Select board"),
        ("seats", "organisation", "Select organisation"),
        ("other-names", "organisation", "Select organisation"),
        ("responsibilities", "mou_area", "Select MOU area"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    cast: Cast, manager: Client, kind: str, field: str, message: str
) -> None:
    response = manager.post(create(cast, kind), {"name": "WYP", "post": "Chair", "kind": "leads"})
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]


def test_another_name_and_a_responsibility_are_added_and_removed(cast: Cast, manager: Client) -> None:
    manager.post(
        create(cast, "other-names", organisations=cast.police.pk),
        {"organisation": cast.police.pk, "name": "WYP"},
    )
    alias = OrganisationAlias.objects.get(name="WYP")
    assert (
        edit(cast, "other-names", alias)
        in manager.get(edit(cast, "organisations", cast.police)).content.decode()
    )
    listing = reverse("partners:reference-list", args=[cast.yorkshire.pk, "organisations"])
    assert edit(cast, "organisations", cast.police) in manager.get(listing, {"q": "wyp"}).content.decode()
    area = save_reference(actor=cast.manager, row=MouArea(partnership=cast.yorkshire, name="Training"), at=AT)
    row = {"mou_area": area.pk, "organisation": cast.police.pk, "kind": "leads"}
    manager.post(create(cast, "responsibilities"), row)
    assert Responsibility.objects.get().mou_area == area
    for kind, each in (("other-names", alias), ("responsibilities", Responsibility.objects.get())):
        manager.post(edit(cast, kind, each), {"remove": "yes"})
    assert not OrganisationAlias.objects.filter(pk=alias.pk).exists()
    assert not Responsibility.objects.exists()


def test_no_page_shows_or_points_at_another_partnership(cast: Cast, signed_in: SignIn) -> None:
    """Not even an administrator's, who may open the pages of both."""
    client = signed_in("administrator")
    theirs = Board(partnership=cast.leicestershire, name="Leicestershire Gold", tier="Gold")
    save_reference(actor=cast.administrator, row=theirs, at=AT)
    seat = BoardSeat(board=theirs, organisation=cast.city_council, post="Foreign chair")
    save_reference(actor=cast.administrator, row=seat, at=AT)
    mine = board(cast)
    add = create(cast, "seats", boards=theirs.pk)
    form = client.get(add).context["form"]
    assert theirs not in form.fields["board"].queryset
    assert seat not in form.fields["succeeds"].queryset
    assert not form["board"].value()
    sent = {"organisation": cast.police.pk, "post": "Chair"}
    assert client.post(add, sent | {"board": theirs.pk}).status_code == 422
    assert client.post(add, sent | {"board": mine.pk, "succeeds": seat.pk}).status_code == 422
    foreign = {"board": mine.pk, "organisation": cast.city_council.pk, "post": "Chair"}
    assert client.post(add, foreign).status_code == 422
    assert client.get(edit(cast, "seats", seat)).status_code == 404
    assert client.post(edit(cast, "seats", seat), {"remove": "yes"}).status_code == 404
    for search in ("", "Foreign"):
        listing = reverse("partners:reference-list", args=[cast.yorkshire.pk, "seats"])
        assert "Foreign chair" not in client.get(listing, {"q": search}).content.decode()


def test_a_change_meanwhile_is_shown_and_not_undone(cast: Cast, manager: Client) -> None:
    gold = board(cast)
    page = edit(cast, "boards", gold)
    form = {
        "name": "Gold",
        "tier": "Gold",
        "cadence": "quarterly",
        "quorum": "3",
        "minute_numbering": "yearly",
    }
    form["version"] = manager.get(page).context["form"]["version"].value()
    assert manager.post(page, form).status_code == 302
    stale = manager.post(page, form | {"quorum": "5"})
    assert stale.status_code == 409
    assert "Gold was changed since you opened this page" in stale.content.decode()
    assert "Quorum" in stale.content.decode()
    assert Board.objects.get(pk=gold.pk).quorum == 3
    again = form | {"quorum": "5", "version": stale.context["form"]["version"].value()}
    assert manager.post(page, again).status_code == 302
    assert Board.objects.get(pk=gold.pk).quorum == 5


def test_personal_data_in_a_name_needs_a_reason(cast: Cast, manager: Client) -> None:
    form = {"name": "Mosque at WF99 9ZZ", "kind": "community"}
    asked = manager.post(create(cast, "organisations"), form)
    assert "“Name” contains a full postcode: WF99 9ZZ" in asked.content.decode()
    manager.post(create(cast, "organisations"), form | {"keep_personal_data_reason": "Two of that name."})
    assert Organisation.objects.filter(name="Mosque at WF99 9ZZ").exists()
    note = Entry.objects.get(verb="organisation.created", target_label="Mosque at WF99 9ZZ").note
    assert note == "Kept a full postcode (8 characters) in name: Two of that name."
