"""My work: returns to fill in, to answer and to chase, one line for each."""

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actors import SYSTEM
from desk.my_work.services.lists import my_tasks
from returns.services.opening import open_returns
from returns.services.submitting import question_return
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.returns.returns import CLOSES, DUE, IN_TIME, OPENS, open_return, request_returns, submitted_return

FAR = date(2020, 12, 31)
JUNE_8 = date(2020, 6, 8)


def lines(user: Any, on: date) -> list[tuple[str, str, date | None]]:
    return [(task.title, task.route, task.due) for task in my_tasks(actor=user, on=on)]


def test_one_task_covers_all_the_updates_it_requests(cast: Cast) -> None:
    for number in range(1, 4):
        ActionFactory(cast=cast, allocated=True, ref=f"WY20-0{number}", due=FAR)
    ActionFactory(
        cast=cast, allocated=True, ref="WY20-04", due=FAR, lead=cast.leeds_district, owner=cast.bradford_spoc
    )
    open_return(cast)
    fill, other = lines(cast.bradford_spoc, OPENS.date())
    assert fill == ("Fill in the return for May 2020", "returns:return", DUE)
    assert other[0].startswith("Update WY20-04")
    # After its last day the updates are asked for one by one again.
    assert len(lines(cast.bradford_spoc, date(2020, 6, 13))) == 4


def test_a_late_one_presses_and_is_chased(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True, due=FAR)
    ActionFactory(
        cast=cast, allocated=True, ref="WY20-02", due=FAR, lead=cast.leeds_district, owner=cast.leeds_spoc
    )
    report = open_return(cast)
    assert lines(cast.manager, DUE) == []
    (task,) = my_tasks(actor=cast.manager, on=JUNE_8)
    assert (task.title, task.route, task.due) == (
        "Chase 2 late returns",
        "returns:return-list",
        CLOSES,
    )
    assert task.reason == "From Bradford District, Leeds District"
    (task,) = my_tasks(actor=cast.bradford_spoc, on=JUNE_8)
    assert task.urgency < my_tasks(actor=cast.manager, on=JUNE_8)[0].urgency
    assert task.args == (report.pk,)
    for person in (cast.gold, cast.auditor, cast.former_spoc, cast.observer, cast.leicestershire_manager):
        assert lines(person, JUNE_8) == []


def test_a_question_is_answered_first(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, due=FAR)
    report = submitted_return(cast, open_return(cast), action)
    assert lines(cast.bradford_spoc, AT.date()) == []
    question_return(actor=cast.manager, report=report, question="And the schools?", rows={}, at=AT)
    (task,) = my_tasks(actor=cast.bradford_spoc, on=AT.date())
    assert (task.title, task.args) == ("Answer the question on the return for May 2020", (report.pk,))
    assert lines(cast.manager, AT.date()) == []


def test_the_lines_lead_to_their_pages_and_cost_the_same_for_many(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    request_returns(cast, return_grace=20)
    client = signed_in("manager")

    def cost() -> int:
        open_returns(actor=SYSTEM, plan=cast.plan, at=IN_TIME)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("desk:my-work"))
        for task in page.context["tasks"]:
            assert client.get(task.path).status_code == 200
        return len(captured)

    few = cost()
    ActionFactory(
        cast=cast, in_progress=True, ref="WY20-02", due=FAR, lead=cast.leeds_district, owner=cast.leeds_spoc
    )
    ActionFactory(
        cast=cast,
        in_progress=True,
        ref="WY20-03",
        due=FAR,
        lead=cast.wakefield_council,
        owner=cast.wakefield_contact,
    )
    assert cost() == few
