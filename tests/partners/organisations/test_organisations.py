"""Areas, organisations and their aliases, boards, MOU areas and responsibilities."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import verify
from partners.models import Area, Board, MouArea, Organisation, OrganisationAlias, Responsibility
from partners.organisations.services import remove_reference, save_reference
from tests.cast import AT, PEOPLE, Cast
from tests.factories import ActionFactory


def entries(cast: Cast) -> int:
    return Entry.objects.filter(ledger=cast.yorkshire.ledger_id).count()


def refused(cast: Cast, row: Any) -> dict[str, list[str]]:
    before = entries(cast)
    with pytest.raises(ValidationError) as error:
        save_reference(actor=cast.manager, row=row, at=AT)
    assert entries(cast) == before
    return error.value.message_dict


def test_a_change_is_recorded_with_who_made_it_and_what_it_was(cast: Cast) -> None:
    cast.leeds.name = "Leeds and Wakefield"
    save_reference(actor=cast.manager, row=cast.leeds, at=AT, note="Districts merged")
    entry = Entry.objects.filter(ledger=cast.yorkshire.ledger_id).latest("sequence")
    assert (entry.verb, entry.actor_label, entry.note) == ("area.changed", "Manager", "Districts merged")
    assert entry.changes == {"name": ["Leeds", "Leeds and Wakefield"]}
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_an_unchanged_row_writes_nothing(cast: Cast) -> None:
    before = entries(cast)
    save_reference(actor=cast.manager, row=Area.objects.get(pk=cast.leeds.pk), at=AT)
    assert entries(cast) == before


@pytest.mark.parametrize("person", [name for name in PEOPLE if name not in {"administrator", "manager"}])
def test_others_cannot_change_or_remove_reference_data(cast: Cast, person: str) -> None:
    actor, before = cast.person(person), entries(cast)
    with pytest.raises(PermissionDenied):
        save_reference(actor=actor, row=Area(partnership=cast.yorkshire, name="Calderdale"), at=AT)
    with pytest.raises(PermissionDenied):
        remove_reference(actor=actor, row=cast.leeds, at=AT)
    assert entries(cast) == before
    assert Area.objects.filter(pk=cast.leeds.pk).exists()


def test_a_row_stays_in_its_partnership(cast: Cast) -> None:
    """Even for an administrator, who may edit both; and not by way of the other partnership's manager."""
    row = Area.objects.get(pk=cast.leeds.pk)
    row.partnership = cast.leicestershire
    for actor in (cast.administrator, cast.leicestershire_manager):
        with pytest.raises(ValidationError) as error:
            save_reference(actor=actor, row=row, at=AT)
        assert set(error.value.message_dict) == {"partnership"}
    assert Area.objects.get(pk=cast.leeds.pk).partnership == cast.yorkshire


def test_names_are_unique_whatever_their_case(cast: Cast) -> None:
    again = Organisation(partnership=cast.yorkshire, name="wakefield COUNCIL", kind="council")
    assert refused(cast, again)
    assert refused(cast, Area(partnership=cast.yorkshire, name="LEEDS"))
    save_reference(
        actor=cast.leicestershire_manager, row=Area(partnership=cast.leicestershire, name="Leeds"), at=AT
    )


def test_an_alias_belongs_to_one_organisation(cast: Cast) -> None:
    alias = OrganisationAlias(
        partnership=cast.yorkshire, organisation=cast.wakefield_council, name="Wakefield MDC"
    )
    save_reference(actor=cast.manager, row=alias, at=AT)
    again = OrganisationAlias(partnership=cast.yorkshire, organisation=cast.police, name="WAKEFIELD mdc")
    assert refused(cast, again)
    foreign = OrganisationAlias(partnership=cast.yorkshire, organisation=cast.city_council, name="City")
    assert set(refused(cast, foreign)) == {"organisation"}


def test_an_organisation_cannot_be_its_own_parent(cast: Cast) -> None:
    cast.bradford_district.parent = cast.police
    save_reference(actor=cast.manager, row=cast.bradford_district, at=AT)
    cast.police.parent = cast.police
    assert set(refused(cast, cast.police)) == {"parent"}
    cast.police.parent = Organisation.objects.get(pk=cast.bradford_district.pk)
    assert set(refused(cast, cast.police)) == {"parent"}


def test_a_board_never_reports_to_itself(cast: Cast) -> None:
    silver = Board(partnership=cast.yorkshire, name="Silver", tier="Silver")
    gold = Board(partnership=cast.yorkshire, name="Gold", tier="Gold")
    for board in (gold, silver):
        save_reference(actor=cast.manager, row=board, at=AT)
    silver.parent = gold
    save_reference(actor=cast.manager, row=silver, at=AT)
    silver.parent = silver
    assert set(refused(cast, silver)) == {"parent"}
    gold.parent = Board.objects.get(pk=silver.pk)
    assert set(refused(cast, gold)) == {"parent"}


@pytest.mark.parametrize("field", ["parent", "area"])
def test_rows_of_another_partnership_are_rejected(cast: Cast, field: str) -> None:
    area = save_reference(
        actor=cast.leicestershire_manager, row=Area(partnership=cast.leicestershire, name="Oadby"), at=AT
    )
    setattr(cast.wakefield_council, field, {"parent": cast.city_council, "area": area}[field])
    assert set(refused(cast, cast.wakefield_council)) == {field}


def test_a_responsibility_joins_rows_of_one_partnership(cast: Cast) -> None:
    training = MouArea(partnership=cast.yorkshire, name="Training")
    save_reference(actor=cast.manager, row=training, at=AT)
    foreign = Responsibility(mou_area=training, organisation=cast.city_council, kind="leads")
    assert set(refused(cast, foreign)) == {"organisation"}
    ours = Responsibility(mou_area=training, organisation=cast.police, kind="leads")
    save_reference(actor=cast.manager, row=ours, at=AT)
    assert refused(cast, Responsibility(mou_area=training, organisation=cast.police, kind="supports"))


def test_an_unused_row_is_removed_and_the_removal_recorded(cast: Cast) -> None:
    row = save_reference(actor=cast.manager, row=Area(partnership=cast.yorkshire, name="Calderdale"), at=AT)
    pk = row.pk
    remove_reference(actor=cast.manager, row=row, at=AT, note="Entered twice")
    entry = Entry.objects.filter(ledger=cast.yorkshire.ledger_id).latest("sequence")
    assert (entry.verb, entry.target_id, entry.state) == ("area.removed", str(pk), None)
    assert entry.changes["name"] == ["Calderdale", None]
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.parametrize("used", ["bradford", "bradford_district", "opcc"])
def test_a_row_in_use_is_not_removed(cast: Cast, used: str) -> None:
    before = entries(cast)
    with pytest.raises(ValidationError) as error:
        remove_reference(actor=cast.manager, row=getattr(cast, used), at=AT)
    assert error.value.code == "in_use"
    assert entries(cast) == before
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_an_organisation_that_only_supports_an_action_is_in_use(cast: Cast) -> None:
    """The join is no row of its own: left to the database it would go with the organisation, past the ledger."""
    partner = Organisation(partnership=cast.yorkshire, name="Kirklees College", kind="education")
    save_reference(actor=cast.manager, row=partner, at=AT)
    action = ActionFactory(cast=cast, unallocated=True, supporting=[partner])
    with pytest.raises(ValidationError) as error:
        remove_reference(actor=cast.manager, row=partner, at=AT)
    assert error.value.code == "in_use"
    assert list(action.supporting.all()) == [partner]
    assert verify(ledger=cast.yorkshire.ledger).ok
