"""The calendar: what is wanted of somebody, day by day, in their own calendar program, under a secret address."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar, Event

from actions.actions.services import edit_action
from actions.milestones.services import add_milestone
from actions.models import Pillar, Plan
from actions.plans.services import create_plan, save_pillar
from actions.update_requests.services import request_update
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import system_ledger, verify
from desk.calendar.services.links import create_link, revoke_link
from desk.models import CalendarLink
from partners.accounts.services.users import change_user
from tests import cast as stage
from tests.actions.dates.dates import ask
from tests.cast import AT, EARLIER, LONDON, Cast
from tests.factories import ActionFactory

AUGUST, SEPTEMBER = date(2020, 8, 3), date(2020, 9, 30)


def link_of(user: Any, name: str = "Outlook") -> tuple[CalendarLink, str]:
    return create_link(actor=user, name=name, at=AT)


def address(secret: str) -> str:
    return reverse("desk:calendar-feed", args=[secret])


def feed_of(user: Any) -> Any:
    return Client().get(address(link_of(user)[1]))


def events(response: Any) -> dict[str, Event]:
    """The events of a feed by their keys, read as a calendar program would."""
    assert response.status_code == 200
    read = Calendar.from_ical(response.content)
    assert isinstance(read, Calendar)
    assert read.errors == []
    events_by_uid = {str(event["UID"]): event for event in read.events}
    assert len(events_by_uid) == len(read.events)
    return {uid.removesuffix("@testserver"): event for uid, event in events_by_uid.items()}


def titles(user: Any) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(feed_of(user)).values()]


# What is in it ------------------------------------------------------------------------------------------------


def test_the_due_date_of_an_action_of_mine_is_a_whole_day_that_leads_to_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, title="Brief the teams")
    (event,) = events(feed_of(cast.bradford_spoc)).values()
    assert event["SUMMARY"] == "Due: WY20-01 Brief the teams"
    assert (event.start, event.end) == (SEPTEMBER, SEPTEMBER + timedelta(days=1))
    assert event["URL"] == f"http://testserver{reverse('actions:action', args=[action.pk])}"
    assert (event["TRANSP"], event["CLASS"]) == ("TRANSPARENT", "PRIVATE")
    assert event.stamp == datetime(2020, 6, 19, tzinfo=stage.LONDON)  # nothing changed since the day began


def test_dates_of_other_people_are_not_in_it(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    for person in (cast.leeds_spoc, cast.auditor, cast.manager, cast.leicestershire_manager):
        assert events(feed_of(person)) == {}


def test_open_milestones_of_my_actions_are_in_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, title="Brief the teams")
    add_milestone(actor=cast.bradford_spoc, action=action, title="Half of them", due=AUGUST, at=AT)
    calendar_events = events(feed_of(cast.bradford_spoc))
    assert [(event["SUMMARY"], event.start) for event in calendar_events.values()] == [
        ("Milestone: Half of them (WY20-01 Brief the teams)", AUGUST),
        ("Due: WY20-01 Brief the teams", SEPTEMBER),
    ]


def test_a_decision_asked_of_me_is_in_it_and_leads_to_its_page(cast: Cast) -> None:
    change = ask(
        actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True, title="Brief the teams")
    )
    (event,) = events(feed_of(cast.manager)).values()
    assert event["SUMMARY"] == "Approve or reject a new due date for WY20-01: Brief the teams"
    page = reverse("actions:date-change-decide", args=[change.action_id, change.pk])
    assert event["URL"] == f"http://testserver{page}"
    assert str(event["DESCRIPTION"]).endswith(f"\nhttp://testserver{page}")


def test_a_task_due_with_its_action_is_listed_once(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 18), title="Brief the teams")
    (event,) = events(feed_of(cast.bradford_spoc)).values()
    assert event["SUMMARY"] == "Due: WY20-01 Brief the teams"
    assert "overdue" in str(event["DESCRIPTION"]).lower()


def test_updates_of_several_actions_are_one_day_for_each_plan(cast: Cast) -> None:
    year = {"starts_on": date(2020, 4, 1), "ends_on": date(2021, 3, 31), "at": EARLIER}
    plan_fields = {"partnership": cast.yorkshire, "title": "Second plan", "state": Plan.State.LIVE}
    other = create_plan(actor=cast.manager, **year, **plan_fields)
    pillar = save_pillar(actor=cast.manager, pillar=Pillar(plan=other, name="Other"), at=EARLIER)
    first = [ActionFactory(cast=cast, in_progress=True, ref=ref) for ref in ("WY20-01", "WY20-02")]
    cast.plan = other
    second = [
        ActionFactory(cast=cast, in_progress=True, ref=ref, pillar=pillar) for ref in ("WY20-03", "WY20-04")
    ]
    for action in (*first, *second):
        request_fields = {"due_on": date(2020, 7, 3), "question": "What is left?"}
        request_update(actor=cast.manager, action=action, at=AT, **request_fields)
    july = [event for event in events(feed_of(cast.bradford_spoc)).values() if event.start.month == 7]
    assert [str(event["SUMMARY"]) for event in july] == ["Update 2 actions you were asked about"] * 2
    assert {str(event["URL"]).rpartition("plan=")[2] for event in july} == {
        str(first[0].plan_id),
        str(other.pk),
    }


def test_the_page_and_the_calendar_agree(cast: Cast, signed_in: Any, monkeypatch: Any) -> None:
    """Every line of My work with a day is a day of the calendar: the same day, and the same page or action."""
    ActionFactory(cast=cast, allocated=True, ref="WY20-02", due=date(2020, 7, 1))
    ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(days=14))
    for person in ("bradford_spoc", "manager"):
        page = signed_in(person).get(reverse("desk:my-work"))
        days = {event.start for event in events(feed_of(cast.person(person))).values()}
        lines = page.context["tasks"]
        assert lines
        assert {task.due for task in lines if task.due} <= days


def test_only_the_reference_of_a_sensitive_action_is_shown(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, title="Brief the source handlers")
    add_milestone(actor=cast.bradford_spoc, action=action, title="Secret step", due=AUGUST, at=AT)
    action.refresh_from_db()
    ask(actor=cast.bradford_spoc, action=action, reason="A secret reason.")
    action.refresh_from_db()
    edit_action(
        actor=cast.manager,
        action=action,
        at=AT,
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Secret handling.",
    )
    assert titles(cast.bradford_spoc) == ["Milestone: WY20-01", "Due: WY20-01"]
    assert titles(cast.manager) == ["Approve or reject a new due date for WY20-01"]
    for person in (cast.bradford_spoc, cast.manager):
        text = Client().get(address(create_link(actor=person, name="Other", at=AT)[1])).content.decode()
        assert "ecret" not in text
        assert "source" not in text


# Whose it is --------------------------------------------------------------------------------------------------


def test_rights_are_those_of_today(cast: Cast) -> None:
    """Who left keeps the address; there is nothing at it, in a calendar that is still one."""
    ActionFactory(cast=cast, in_progress=True, owner=cast.bradford_spoc)
    secret = link_of(cast.bradford_spoc)[1]
    assert len(events(Client().get(address(secret)))) == 1
    membership = cast.bradford_spoc.memberships.get()
    membership.ends_on = date(2020, 6, 18)
    membership.save(update_fields=["ends_on"])
    response = Client().get(address(secret))
    assert events(response) == {}
    assert Calendar.from_ical(response.content).subcomponents


def test_a_revoked_link_leads_nowhere_at_once_and_for_good(cast: Cast, signed_in: Any) -> None:
    (link, secret), (_, other) = link_of(cast.bradford_spoc), link_of(cast.bradford_spoc, "Telephone")
    client = signed_in("bradford_spoc")
    answer = client.post(reverse("desk:calendar-revoke", args=[link.pk]), follow=True)
    assert "“Outlook” revoked" in answer.text
    assert Client().get(address(secret)).status_code == 404
    assert Client().get(address(other)).status_code == 200
    again = client.post(reverse("desk:calendar-revoke", args=[link.pk]), follow=True)
    assert "already revoked" in again.text


@pytest.mark.parametrize("secret", ["A" * 43, "0123456789_-" + "b" * 31])
def test_a_forged_link_leads_nowhere(cast: Cast, secret: str) -> None:
    link_of(cast.bradford_spoc)
    assert Client().get(address(secret)).status_code == 404


def test_the_stored_digest_of_a_link_opens_nothing(cast: Cast) -> None:
    link, secret = link_of(cast.bradford_spoc)
    assert secret not in str(CalendarLink.objects.values())
    assert Client().get(f"/calendar/{link.digest[:43]}.ics").status_code == 404
    assert Client().get(f"/calendar/{link.digest}.ics").status_code == 404


def test_the_calendar_of_a_closed_account_is_not_there(cast: Cast) -> None:
    secret = link_of(cast.bradford_spoc)[1]
    change_user(actor=cast.administrator, user=cast.bradford_spoc, is_active=False, at=AT)
    assert Client().get(address(secret)).status_code == 404


def test_nobody_sees_or_revokes_the_link_of_another(cast: Cast, signed_in: Any) -> None:
    link, secret = link_of(cast.bradford_spoc)
    assert signed_in("manager").post(reverse("desk:calendar-revoke", args=[link.pk])).status_code == 404
    assert (
        "Outlook"
        not in signed_in("manager")
        .get(reverse("desk:calendar"))
        .text.partition("Links in use")[2]
        .partition("Create a link")[0]
    )
    with pytest.raises(PermissionDenied):
        revoke_link(actor=cast.manager, link=link, at=AT)
    assert Client().get(address(secret)).status_code == 200


# The page -----------------------------------------------------------------------------------------------------


def test_the_address_is_shown_once(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    page = client.post(reverse("desk:calendar"), {"name": "  Outlook\tat work "})
    link = CalendarLink.objects.get()
    assert (page.status_code, link.name, link.user) == (200, "Outlook at work", cast.bradford_spoc)
    link_address = page.context["address"]
    assert link_address in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert Client().get(link_address).status_code == 200
    again = client.get(reverse("desk:calendar")).text
    assert ".ics" not in again
    assert "Outlook at work" in again


@pytest.mark.parametrize(
    ("name", "message"), [("", "Enter a name for the link"), ("x" * 61, "60 characters or fewer")]
)
def test_a_link_needs_a_name(cast: Cast, signed_in: Any, name: str, message: str) -> None:
    page = signed_in("bradford_spoc").post(reverse("desk:calendar"), {"name": name})
    assert (page.status_code, message in page.text) == (422, True)
    assert not CalendarLink.objects.exists()


def test_personal_data_in_a_name_is_asked_about(cast: Cast, signed_in: Any) -> None:
    page = signed_in("bradford_spoc").post(reverse("desk:calendar"), {"name": "Call 07700 900123"})
    assert (page.status_code, "Why it must stay" in page.text) == (422, True)
    assert not CalendarLink.objects.exists()


def test_a_form_sent_twice_makes_one_link(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    for status in (200, 422):
        assert client.post(reverse("desk:calendar"), {"name": "Outlook"}).status_code == status
    link = CalendarLink.objects.get()
    revoke_link(actor=cast.bradford_spoc, link=link, at=AT)
    assert client.post(reverse("desk:calendar"), {"name": "Outlook"}).status_code == 200


def test_links_in_use_are_few(cast: Cast) -> None:
    for number in range(5):
        link_of(cast.bradford_spoc, f"Program {number}")
    with pytest.raises(ValidationError, match="You have 5 links"):
        link_of(cast.bradford_spoc, "One more")
    link_of(cast.manager)


def test_a_calendar_is_a_persons(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        link_of(SYSTEM)


def test_links_are_in_the_ledger_without_their_secrets(cast: Cast) -> None:
    link, secret = link_of(cast.bradford_spoc)
    revoke_link(actor=cast.bradford_spoc, link=link, at=AT)
    made, revoked = Entry.objects.filter(target_type="desk.calendarlink").order_by("sequence")
    assert [made.verb, revoked.verb] == ["calendar.link_created", "calendar.link_revoked"]
    for entry in (made, revoked):
        assert secret not in str(entry.state)
        assert link.digest not in str(entry.state)
    assert verify(ledger=system_ledger()).ok


# The format ---------------------------------------------------------------------------------------------------

AWKWARD = "Zażółć, Åsa; «ÿ» \\n “x” \\" + "naïve " * 20 + "🙂🙂"


def test_any_text_comes_through(cast: Cast) -> None:
    """Commas, semicolons, backslashes, letters of several bytes: escaped, folded at 75 octets, and read back."""
    ActionFactory(cast=cast, in_progress=True, title=AWKWARD)
    response = feed_of(cast.bradford_spoc)
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in response.content.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # no letter is cut in two
    (event,) = events(response).values()
    assert event["SUMMARY"] == f"Due: WY20-01 {AWKWARD}"


def test_no_text_breaks_out_of_its_line(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, title="Brief\r\nEND:VEVENT\nBEGIN:VEVENT\x0b\u2028\x07all")
    (event,) = events(feed_of(cast.bradford_spoc)).values()
    assert event["SUMMARY"] == "Due: WY20-01 Brief END:VEVENT BEGIN:VEVENT all"


def test_the_feed_names_itself_and_forbids_caching(cast: Cast) -> None:
    response = feed_of(cast.bradford_spoc)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    read = Calendar.from_ical(response.content)
    assert (read["VERSION"], read["CALSCALE"], bool(read["PRODID"])) == ("2.0", "GREGORIAN", True)
    assert "METHOD" not in read


def test_its_durations_and_its_time_zone_are_as_the_standard_has_them(cast: Cast) -> None:
    read = Calendar.from_ical(feed_of(cast.bradford_spoc).content)
    assert (read["REFRESH-INTERVAL"].to_ical(), read["X-PUBLISHED-TTL"]) == (b"PT6H", "PT6H")
    (zone,) = read.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/London"
    london = zone.to_tz(lookup_tzid=False)
    for day in (date(2020, 3, 29), date(2020, 10, 25), date(2031, 3, 30), date(2031, 10, 26)):
        for hour in (0, 1, 2, 3, 12):
            # UTC, so that no hour is twice or not at all.
            moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
            assert moment.astimezone(london).utcoffset() == moment.astimezone(LONDON).utcoffset(), moment


def test_a_conditional_get_answers_not_modified(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    secret = link_of(cast.bradford_spoc)[1]
    first = Client().get(address(secret))
    again = Client().get(address(secret), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-store"
    edit_action(actor=cast.manager, action=action, title="Another title", at=AT)
    changed = Client().get(address(secret), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_an_event_keeps_its_name_while_its_day_moves(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    secret = link_of(cast.bradford_spoc)[1]
    before = events(Client().get(address(secret)))
    ask(actor=cast.bradford_spoc, action=action, new_due=date(2020, 7, 31))  # earlier: at once
    after = events(Client().get(address(secret)))
    assert before.keys() == after.keys() == {f"due-{action.pk}"}
    assert date(2020, 7, 31) == after[f"due-{action.pk}"].DTSTART
    assert after[f"due-{action.pk}"].stamp >= before[f"due-{action.pk}"].stamp


def test_many_actions_cost_no_more_queries_than_few(cast: Cast) -> None:
    secret = link_of(cast.bradford_spoc)[1]

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get(address(secret))
        return len(queries)

    def add(ref: str) -> None:
        action = ActionFactory(cast=cast, in_progress=True, ref=ref, due=date(2020, 7, 1))
        add_milestone(
            actor=cast.bradford_spoc,
            action=action,
            title="Step",
            due=date(2020, 6, 1),
            at=datetime(2020, 5, 1, tzinfo=stage.LONDON),
        )

    add("WY20-01")
    few = cost()
    for number in range(2, 7):
        add(f"WY20-0{number}")
    assert cost() == few
