"""Rights come from memberships that run on the day, and from nothing else."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from partners import policies
from partners.accounts.services.users import change_user
from partners.memberships.services import grant_membership
from partners.models import Area, Board, Membership, MouArea, Organisation, Partnership, Responsibility, Role
from partners.organisations.services import save_reference
from partners.policies import Rights, rights_of
from tests.cast import AT, EARLIER, PEOPLE, SINCE, TODAY, Cast

FIRST, LAST = date(2020, 5, 4), date(2020, 8, 31)


def give(cast: Cast, role: str, starts_on: date = FIRST, ends_on: date | None = LAST) -> Membership:
    return grant_membership(
        actor=cast.administrator,
        user=cast.stranger,
        partnership=cast.yorkshire,
        organisation=cast.wakefield_council,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        at=AT,
    )


@pytest.mark.parametrize(
    ("on", "runs"),
    [
        (date(2020, 5, 3), False),
        (FIRST, True),
        (date(2020, 6, 19), True),
        (LAST, True),
        (date(2020, 9, 1), False),
    ],
)
def test_a_membership_runs_from_its_first_day_to_its_last(cast: Cast, on: date, runs: bool) -> None:
    give(cast, Role.SPOC)
    rights = rights_of(cast.stranger, on)
    assert rights.has(Role.SPOC, cast.yorkshire.pk) is runs
    assert Membership.objects.running(on).filter(user=cast.stranger).exists() is runs
    assert (Role.SPOC in cast.stranger.role_names(on)) is runs


def test_a_membership_of_one_day_runs_on_that_day(cast: Cast) -> None:
    give(cast, Role.OBSERVER, starts_on=TODAY, ends_on=TODAY)
    assert rights_of(cast.stranger, TODAY).has(Role.OBSERVER, cast.yorkshire.pk)


def test_a_membership_without_a_last_day_goes_on(cast: Cast) -> None:
    give(cast, Role.OBSERVER, ends_on=None)
    assert rights_of(cast.stranger, date(2040, 1, 1)).has(Role.OBSERVER, cast.yorkshire.pk)


def test_rights_depend_on_role_partnership_and_organisation(cast: Cast) -> None:
    give(cast, Role.PARTNER_CONTACT)
    grant_membership(
        actor=cast.administrator,
        user=cast.stranger,
        partnership=cast.leicestershire,
        organisation=cast.city_council,
        role=Role.AUDITOR,
        starts_on=SINCE,
        at=AT,
    )
    rights = rights_of(cast.stranger, TODAY)
    assert rights.partnerships() == {cast.yorkshire.pk, cast.leicestershire.pk}
    assert rights.partnerships(Role.AUDITOR) == {cast.leicestershire.pk}
    assert rights.organisations(Role.PARTNER_CONTACT, Role.SPOC) == {cast.wakefield_council.pk}
    assert not rights.has(Role.AUDITOR, cast.yorkshire.pk)
    assert policies.audited_partnerships(rights) == {cast.leicestershire.pk}


def test_nobody_and_a_closed_account_have_no_rights(cast: Cast) -> None:
    assert rights_of(AnonymousUser(), TODAY) == Rights(user_id=None)
    closed = change_user(actor=cast.administrator, user=cast.manager, is_active=False, at=AT)
    assert rights_of(closed, TODAY) == Rights(user_id=None)


def test_staff_status_grants_no_right_over_the_work(cast: Cast) -> None:
    assert cast.administrator.is_staff
    assert rights_of(cast.administrator, TODAY).grants == ()


REFERENCE = {"bradford_spoc", "leeds_spoc", "manager", "gold", "auditor", "wakefield_contact"}


@pytest.mark.parametrize("person", PEOPLE)
def test_reference_rows_are_open_to_those_who_see_their_partnerships_work(cast: Cast, person: str) -> None:
    area = MouArea(partnership=cast.yorkshire, name="Training")
    save_reference(actor=SYSTEM, row=area, at=EARLIER)
    duty = Responsibility(mou_area=area, organisation=cast.police, kind="leads")
    save_reference(actor=SYSTEM, row=duty, at=EARLIER)
    board = Board(partnership=cast.yorkshire, name="Silver", tier="Silver")
    save_reference(actor=SYSTEM, row=board, at=EARLIER)
    user = cast.person(person)
    for model in (Area, Organisation, Board, MouArea, Responsibility, Membership):
        rows = list(model.objects.visible_to(user, TODAY))
        there = {row.partnership_id for row in rows}
        if person == "leicestershire_manager":
            assert there <= {cast.leicestershire.pk}, model
        else:
            assert there == ({cast.yorkshire.pk} if person in REFERENCE else set()), model


@pytest.mark.parametrize("person", PEOPLE)
def test_a_partnership_exists_for_its_members(cast: Cast, person: str) -> None:
    names = {row.name for row in Partnership.objects.visible_to(cast.person(person), TODAY)}
    mine = {
        "leicestershire_manager": {"Leicestershire"},
        "administrator": set(),
        "stranger": set(),
        "former_spoc": set(),
    }
    assert names == mine.get(person, {"West Yorkshire"})


@pytest.mark.parametrize(
    ("person", "partnership", "may"),
    [
        ("administrator", "yorkshire", True),
        ("administrator", "leicestershire", True),
        ("manager", "yorkshire", True),
        ("manager", "leicestershire", False),
        ("leicestershire_manager", "yorkshire", False),
        ("gold", "yorkshire", False),
        ("auditor", "yorkshire", False),
        ("bradford_spoc", "yorkshire", False),
        ("stranger", "yorkshire", False),
    ],
)
def test_reference_data_is_its_partnerships_manager_s_and_the_administrators(
    cast: Cast, person: str, partnership: str, may: bool
) -> None:
    pk = getattr(cast, partnership).pk
    assert (not policies.why_not_edit_reference(cast.person(person), pk, TODAY)) is may


def test_a_closed_administrators_account_edits_nothing(cast: Cast) -> None:
    closed = change_user(actor=SYSTEM, user=cast.administrator, is_active=False, at=AT)
    assert policies.why_not_edit_reference(closed, cast.yorkshire.pk, TODAY)
    assert policies.why_not_administer(closed)


def test_the_system_has_no_rights_of_memberships_and_may_edit_everything() -> None:
    assert rights_of(SYSTEM, TODAY) == Rights(user_id=None)
    assert policies.why_not_edit_reference(SYSTEM, None, TODAY) == ""


def test_a_row_of_no_partnership_is_nobodys_but_the_administrators(cast: Cast) -> None:
    assert policies.why_not_edit_reference(cast.manager, None, TODAY)
    assert not policies.why_not_edit_reference(cast.administrator, None, TODAY)


def test_a_page_asks_for_rights_once_and_a_change_every_time(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as reading, policies.reading_rights_once():
        before = [rights_of(cast.manager, TODAY) for _ in range(3)]
        assert rights_of(cast.gold, TODAY) != before[0]
    assert (len(reading), before) == (2, [rights_of(cast.manager, TODAY)] * 3)
    give(cast, Role.SPOC)
    assert rights_of(cast.stranger, TODAY).has(Role.SPOC, cast.yorkshire.pk)
