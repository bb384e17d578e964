"""The triage page: each count opens exactly its rows."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from actions.actions.services import edit_action
from actions.update_requests.services import request_update
from desk.escalations.services import acknowledge
from desk.triage.queries import lines_of, returns_of_last_period
from returns.models import Return
from tests.actions.waits.waiting import waits
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, EvidenceFactory, QuestionFactory
from tests.permissions.notices import escalated_action
from tests.permissions.returns import still_open
from tests.returns import returns


def test_each_count_opens_its_rows(cast: Cast, signed_in: Any, django_assert_max_num_queries: Any) -> None:
    late = ActionFactory(cast=cast, in_progress=True, ref="WY20-01", due=date(2020, 6, 1))
    asked = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    request_update(actor=cast.manager, action=asked, question="How far?", due_on=TODAY, at=AT)
    waits(cast, asked, actor=cast.manager)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-03")
    edit_action(actor=cast.manager, action=late, title="Late", at=AT)
    QuestionFactory(cast=cast, action=asked)
    EvidenceFactory(action=asked, expires_on=date(2020, 6, 30))
    settled = escalated_action(cast)
    acknowledge(actor=cast.gold, subject=settled, words="Next week.", until=date(2020, 6, 30), at=AT)
    client = signed_in("manager")
    page = client.get(reverse("desk:triage"))
    numbers = {line.label: line.number for line in page.context["lines"]}
    assert numbers == {
        "Late": 2,
        "Update missing": 1,
        "Update requested": 1,
        "Slipping": 0,
        "RAG mismatch": 2,
        "Waiting on a partner": 1,
        "Waiting too long": 0,
        "Not allocated": 1,
        "Owner left": 0,
    }
    assert (
        'Remind the owners<span class="govuk-visually-hidden"> of late actions</span>'
        in page.content.decode()
    )
    open_rows = page.context["open_rows"]
    assert [row.number for row in open_rows] == [1, 1, 1]
    assert [client.get(row.address).context["pages"].total for row in open_rows] == [1, 1, 1]
    for line in page.context["lines"]:
        opened = client.get(line.address)
        assert opened.context["pages"].total == line.number, line.label
        if line.remind_address and line.number:
            assert len(client.get(line.remind_address).context["possible"]) == line.number, line.label
    assert lines_of(plan=cast.plan, user=cast.manager, on=TODAY) == page.context["lines"]


def test_the_returns_that_are_not_in_are_reminded_together(cast: Cast, signed_in: Any) -> None:
    leeds = {"lead": cast.leeds_district, "owner": cast.leeds_spoc, "area": cast.leeds}
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", **leeds)
    still_open(cast)
    report = Return.objects.get(organisation=cast.leeds_district)
    returns.save(cast, report, returns.row(action), actor=cast.leeds_spoc)
    returns.submit(cast, report, actor=cast.leeds_spoc)
    client = signed_in("manager")
    page = client.get(reverse("desk:triage"))
    body = page.content.decode()
    assert "<strong>1 of 2 in</strong>" in body
    assert "Remind Bradford District" in body
    period = returns_of_last_period(plan=cast.plan, user=cast.manager, on=TODAY)
    assert period is not None
    assert client.get(period.address).context["pages"].total == 2
    missing = client.get(period.missing_address).context["pages"]
    assert [str(row) for row in missing] == ["Bradford District, May 2020"]
    sent = client.post(period.remind_address, {"message": ""})
    assert urlsplit(sent.url).path == reverse("returns:return", args=[missing.page[0].pk])
    assert "You can send another from 26 June 2020" in client.get(reverse("desk:triage")).content.decode()


def test_a_plan_that_the_manager_does_not_run_is_not_there(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    assert client.get(f"{reverse('desk:triage')}?plan={cast.leicestershire_plan.pk}").status_code == 404
    empty = signed_in("leicestershire_manager").get(reverse("desk:triage"))
    assert empty.status_code == 200
    assert (
        "No returns have been opened yet" in empty.content.decode()
        or "No plan is live" in empty.content.decode()
    )


def test_returns_are_listed_by_their_last_period_first(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    still_open(cast)
    client = signed_in("manager")
    page = client.get(reverse("returns:return-list"))
    assert [(link.label, link.number, link.is_current) for link in page.context["quick"]] == [
        ("Last period", 1, True),
        ("Late", 1, False),
        ("Not in", 1, False),
        ("Submitted", 0, False),
        ("All", 1, False),
    ]
    for link in page.context["quick"]:
        assert client.get(link.href).context["pages"].total == link.number
    wrong = client.get(f"{reverse('returns:return-list')}?period=2019-13-01")
    assert wrong.status_code == 422
