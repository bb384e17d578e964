"""Two people of one organisation work on the same return in the same moment, each on a connection of their own."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.models import ProgressUpdate
from audit.actors import SYSTEM
from audit.models import Entry
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Role, User
from returns.models import Return
from returns.services.drafting import RowDraft, save_return
from returns.services.opening import open_and_close_returns
from returns.services.submitting import submit_return
from tests.actions.core.test_races import at_once, refusals, whole
from tests.cast import AT, SINCE, Cast
from tests.factories import ActionFactory
from tests.returns.returns import (
    IN_TIME,
    OPENS,
    open_return,
    request_returns,
    row,
    row_of,
    save,
    submitted_return,
)

pytestmark = pytest.mark.django_db(transaction=True)


def second_spoc(cast: Cast) -> User:
    other = create_user(actor=SYSTEM, email="second.spoc@example.org", name="Second SPOC", at=OPENS)
    grant_membership(
        actor=SYSTEM,
        user=other,
        partnership=cast.yorkshire,
        organisation=cast.bradford_district,
        role=Role.SPOC,
        starts_on=SINCE,
        alternate=True,
        at=OPENS,
    )
    return other


def saving(report: Return, actor: User, *rows: RowDraft, **sections: str) -> Callable[[], Any]:
    return lambda: save_return(
        actor=actor, report=report, rows=rows, commentaries=[], sections=sections, version=1, at=IN_TIME
    )


def test_two_spocs_save_the_same_return_at_once(cast: Cast) -> None:
    """What only one of them wrote is kept, and of what both wrote the second is told."""
    both, first, second = (
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}") for number in (1, 2, 3)
    )
    report, other = open_return(cast), second_spoc(cast)
    outcomes = at_once(
        saving(report, cast.bradford_spoc, row(both, 0, narrative="One."), row(first, 0), risks="None."),
        saving(report, other, row(both, 0, narrative="Other."), row(second, 0), training="Two courses."),
    )
    assert sorted(len(saved.conflicts) for saved in outcomes) == [0, 1]
    assert row_of(report, both).narrative in ("One.", "Other.")
    assert row_of(report, first).narrative == row_of(report, second).narrative != ""
    report.refresh_from_db()
    assert (report.risks, report.training, report.version) == ("None.", "Two courses.", 3)
    assert whole(cast)


def test_a_return_is_submitted_twice_at_once(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report, other = open_return(cast), second_spoc(cast)
    version = save(cast, report, row(action)).report.version
    (refused,) = refusals(
        at_once(
            *(
                lambda person=person: submit_return(actor=person, report=report, version=version, at=IN_TIME)
                for person in (cast.bradford_spoc, other)
            )
        )
    )
    assert refused.code == "state"
    assert ProgressUpdate.objects.filter(action=action, submitted_at=IN_TIME).count() == 1
    assert Entry.objects.filter(verb="return.submitted").count() == 1
    assert whole(cast)


def test_one_saves_while_the_other_submits(cast: Cast) -> None:
    """Either the words came first and the other reads the return again, or they are refused in words."""
    action = ActionFactory(cast=cast, in_progress=True)
    report, other = open_return(cast), second_spoc(cast)
    version = save(cast, report, row(action)).report.version
    (refused,) = refusals(
        at_once(
            saving(report, other, row(action, 1, narrative="Newer.")),
            lambda: submit_return(actor=cast.bradford_spoc, report=report, version=version, at=IN_TIME),
        )
    )
    report.refresh_from_db()
    assert (refused.code, report.state) in (("conflict", "open"), ("state", "submitted"))
    assert whole(cast)


def test_two_workers_open_and_close_at_once(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", lead=cast.leeds_district, owner=cast.leeds_spoc)
    request_returns(cast)
    outcomes = at_once(*[lambda: open_and_close_returns(actor=SYSTEM, at=AT)] * 2)
    assert sum(len(each.opened) for each in outcomes) == Return.objects.count() == 2
    assert sum(len(each.missed) for each in outcomes) == 2
    assert Entry.objects.filter(verb="return.opened").count() == 2
    assert Entry.objects.filter(verb="return.missed").count() == 2
    assert whole(cast)


def test_a_return_is_submitted_as_it_closes(cast: Cast) -> None:
    """The day decides, not who came first: given in time, it is never missed."""
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    assert report.closes_on < AT.date()
    at_once(
        lambda: submitted_return(cast, report, action), lambda: open_and_close_returns(actor=SYSTEM, at=AT)
    )
    report.refresh_from_db()
    assert report.state in ("submitted", "missed")
    assert (report.submitted_at is None) == (report.state == "missed")
    assert whole(cast)
