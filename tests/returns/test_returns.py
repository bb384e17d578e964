"""When returns open, for whom, until when; and that a missed one is missed."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from actions.actions.services import allocate_action, edit_action
from actions.plans.services import change_plan
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Role
from returns.models import Return
from returns.services.opening import close_returns, open_and_close_returns, open_returns
from tests.cast import AT, LONDON, Cast
from tests.factories import ActionFactory
from tests.returns.returns import (
    CLOSES,
    DUE,
    MAY,
    OPENS,
    REQUESTED_AT,
    open_return,
    request_returns,
    row,
    save,
)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=LONDON)


def at(month: int, day: int, year: int = 2020) -> datetime:
    return moment(date(year, month, day))


def spans(cast: Cast) -> list[tuple[str, date, date]]:
    rows = Return.objects.filter(organisation=cast.bradford_district).order_by("period_start")
    return [(report.period.label, report.due_on, report.closes_on) for report in rows]


def open_all(cast: Cast, when: datetime) -> list[Return]:
    return open_returns(actor=SYSTEM, plan=cast.plan, at=when)


def test_a_return_opens_once_its_period_has_ended(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    request_returns(cast)
    assert open_all(cast, at(5, 31)) == []
    (report,) = open_all(cast, OPENS)
    assert (report.organisation, report.period.label, report.state) == (
        cast.bradford_district,
        "May 2020",
        "open",
    )
    assert (report.due_on, report.closes_on) == (DUE, CLOSES)
    assert Entry.objects.get(verb="return.opened").target_id == str(report.pk)
    assert open_all(cast, OPENS) == []


def test_nothing_opens_without_a_request_for_returns(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    assert open_all(cast, OPENS) == []
    request_returns(cast, state="closed")
    assert open_all(cast, OPENS) == []


def test_which_organisations_get_a_return(cast: Cast) -> None:
    """Who leads an action that is reported on, since before the period ended, and has somebody to fill it in."""
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(
        cast=cast, awaiting_assurance=True, ref="WY20-02", lead=cast.leeds_district, owner=cast.leeds_spoc
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-03", lead=cast.wakefield_council)
    ActionFactory(
        cast=cast, allocated=True, ref="WY20-04", lead=cast.police, owner=cast.manager
    )  # the force has no SPOC of its own
    ActionFactory(cast=cast, allocated=True, ref="WY20-05", lead=cast.opcc, owner=cast.manager)
    request_returns(cast)
    assert [report.organisation for report in open_all(cast, OPENS)] == [cast.bradford_district]


def test_an_organisation_without_actions_in_the_period_gets_no_return(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    request_returns(cast)
    allocate_action(
        actor=cast.manager,
        action=action,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        due=date(2020, 9, 30),
        at=at(6, 1),
    )
    assert open_all(cast, at(6, 2)) == []
    assert [report.period.label for report in open_all(cast, at(7, 1))] == ["June 2020"]


def test_a_new_spoc_gets_a_return_while_others_are_open(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True, ref="WY20-01")
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", lead=cast.police, owner=cast.manager)
    request_returns(cast)
    open_all(cast, OPENS)
    newcomer = create_user(actor=SYSTEM, email="new.spoc@example.org", name="New SPOC", at=OPENS)
    grant_membership(
        actor=SYSTEM,
        user=newcomer,
        partnership=cast.yorkshire,
        organisation=cast.police,
        role=Role.SPOC,
        starts_on=date(2020, 6, 3),
        at=OPENS,
    )
    assert open_all(cast, at(6, 2)) == []
    change_plan(actor=cast.manager, plan=cast.plan, at=at(6, 3), return_day="friday 3", return_grace=0)
    (report,) = open_all(cast, at(6, 12))
    assert (report.organisation, report.due_on, report.closes_on) == (cast.police, DUE, CLOSES)


def test_an_unsubmitted_return_is_missed_and_its_actions_do_not_change(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    save(cast, report, row(action))
    before = (action.version, action.rag, action.last_reported_on, action.updates.count())
    assert close_returns(actor=SYSTEM, plan=cast.plan, at=moment(CLOSES)) == []
    assert [missed.pk for missed in close_returns(actor=SYSTEM, plan=cast.plan, at=at(6, 13))] == [report.pk]
    assert close_returns(actor=SYSTEM, plan=cast.plan, at=at(6, 14)) == []
    report.refresh_from_db()
    action.refresh_from_db()
    assert report.state == "missed"
    assert before == (action.version, action.rag, action.last_reported_on, action.updates.count())
    entry = Entry.objects.get(verb="return.missed")
    assert (entry.actor_type, entry.changes["state"]) == ("system", ["open", "missed"])
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_months_without_the_command_are_caught_up(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    request_returns(cast)
    outcome = open_and_close_returns(actor=SYSTEM, at=at(8, 6))
    assert [report.period.label for report in outcome.opened] == ["May 2020", "June 2020", "July 2020"]
    assert [report.period.label for report in outcome.missed] == ["May 2020", "June 2020"]
    again = open_and_close_returns(actor=SYSTEM, at=at(8, 6))
    assert (again.opened, again.missed) == ([], [])


def test_a_changed_cadence_changes_only_future_returns(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    open_return(cast)
    change_plan(actor=cast.manager, plan=cast.plan, at=at(6, 2), return_day="friday 3", return_grace=0)
    open_and_close_returns(actor=SYSTEM, at=at(7, 1))
    assert spans(cast) == [
        ("May 2020", DUE, CLOSES),
        ("June 2020", date(2020, 7, 17), date(2020, 7, 17)),
    ]


def test_a_quarter_that_has_begun_continues_by_month(cast: Cast) -> None:
    """Nothing is asked twice, and no month is left out."""
    ActionFactory(cast=cast, allocated=True)
    open_return(cast)
    change_plan(actor=cast.manager, plan=cast.plan, at=at(6, 2), cadence="quarterly")
    for when in (at(6, 30), at(7, 1), at(8, 1), at(9, 30), at(10, 1)):
        open_and_close_returns(actor=SYSTEM, at=when)
    assert [label for label, _, _ in spans(cast)] == ["May 2020", "June 2020", "July to September 2020"]
    change_plan(actor=cast.manager, plan=cast.plan, at=at(10, 2), cadence="monthly")
    open_and_close_returns(actor=SYSTEM, at=at(11, 2))
    assert spans(cast)[-1] == ("October 2020", date(2020, 11, 6), date(2020, 11, 13))


def test_two_months_of_a_quarter_are_two_returns(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    request_returns(cast, returns_from=date(2020, 4, 1))
    open_all(cast, at(5, 1))
    change_plan(actor=cast.manager, plan=cast.plan, at=at(5, 4), cadence="quarterly")
    open_and_close_returns(actor=SYSTEM, at=at(7, 1))
    assert [label for label, _, _ in spans(cast)] == ["April 2020", "May 2020", "June 2020"]


def test_no_return_covers_days_after_the_plan(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    request_returns(cast, returns_from=date(2021, 3, 1))
    open_and_close_returns(actor=SYSTEM, at=at(6, 1, 2021))
    assert [label for label, _, _ in spans(cast)] == ["March 2021"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"returns_from": date(2020, 4, 30)}, "would already have closed on 15 May 2020"),
        ({"returns_from": date(2021, 4, 1)}, "Enter a date before the plan ends"),
    ],
)
def test_returns_cannot_start_in_a_closed_period(cast: Cast, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        change_plan(actor=cast.manager, plan=cast.plan, at=AT, **fields)
    assert words in refused.value.message_dict["returns_from"][0]


def test_a_day_that_not_every_month_has_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        change_plan(actor=cast.manager, plan=cast.plan, at=AT, return_day="friday 5")
    assert "fifth working day" in refused.value.message_dict["return_day"][0]


@pytest.mark.parametrize("who", ["bradford_spoc", "gold", "leicestershire_manager"])
def test_only_the_system_and_the_manager_open_and_close_returns(who: str, cast: Cast) -> None:
    for keep in (open_returns, close_returns):
        with pytest.raises(PermissionDenied):
            keep(actor=cast.person(who), plan=cast.plan, at=AT)
        keep(actor=cast.manager, plan=cast.plan, at=AT)


def test_a_reassigned_action_is_in_its_new_leads_return(cast: Cast) -> None:
    """Leeds led nothing in time, so it is asked about the action it took over in the return it has anyway."""
    action = ActionFactory(cast=cast, allocated=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", lead=cast.leeds_district, owner=cast.leeds_spoc)
    request_returns(cast)
    edit_action(actor=cast.manager, action=action, lead=cast.leeds_district, at=REQUESTED_AT)
    assert [report.organisation for report in open_all(cast, OPENS)] == [cast.leeds_district]


def test_the_command_says_what_it_did(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    ActionFactory(cast=cast, allocated=True)
    request_returns(cast)
    call_command("run_returns")
    assert capsys.readouterr().out == "1 return opened, 1 missed\n"
    call_command("run_returns")
    assert capsys.readouterr().out == "No returns to open or close\n"
    assert Return.objects.get(period_start=MAY).state == "missed"
