"""What the change feed tells to whom: gained, changed, lost, and never more than the reader sees."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.actions.services import create_action, edit_action
from actions.models import Action
from exchange.changes.services.cursors import Cursor, read_cursor
from exchange.changes.services.following import follow, present
from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.links import unlink_action
from meetings.decisions.services import record_decision
from meetings.meetings.services import save_item
from partners.memberships.services import end_membership, grant_membership
from partners.models import Role
from standards.marking import Marking
from tests.cast import AT, EARLIER, PEOPLE, SINCE, TODAY, Cast
from tests.exchange.changes.reading import changes, end, entries, facts_of, pages
from tests.factories import ActionFactory, submit_progress
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings.stage import linked
from tests.meetings.factories import MinuteFactory

SENSITIVE = {
    "marking": Marking.OFFICIAL_SENSITIVE,
    "handling_instruction": "For the lead and its supporters only.",
}


def edited(cast: Cast, action: Action, **fields: Any) -> Action:
    return edit_action(actor=cast.manager, action=Action.objects.get(pk=action.pk), at=AT, **fields)


def report_progress(action: Action) -> None:
    row = Action.objects.get(pk=action.pk)
    submit_progress(actor=row.owner, action=row, narrative="Three of five.", rag="green", percent=60, at=AT)


# Visibility --------------------------------------------------------------------------------------------------


def test_an_action_is_gained_changed_and_lost(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    contact = cast.wakefield_contact
    assert [change for change in changes(contact) if change.action] == []
    start = end(contact)
    edited(cast, action, supporting=[cast.wakefield_council])
    gained = changes(contact, start)
    assert facts_of(gained) == [("action.edited", "gained", "WY20-01")]
    assert (gained[0].subject.visible, gained[0].version) == (True, action.version + 1)
    start = end(contact)
    report_progress(action)
    assert facts_of(changes(contact, start)) == [
        ("progress.submitted", "gained", "update"),
        ("action.reported", "changed", "WY20-01"),
    ]
    start = end(contact)
    edited(cast, action, supporting=[])
    report_progress(action)
    (lost,) = changes(contact, start)
    assert (lost.verb, lost.kind, lost.subject.id) == ("action.edited", "lost", str(action.pk))
    assert (lost.subject.ref, lost.subject.visible, lost.version) == ("", False, None)


def test_a_newly_sensitive_action_is_hidden_in_earlier_changes_too(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    spoc = cast.leeds_spoc
    before = [change for change in changes(spoc) if change.action]
    assert {change.subject.ref for change in before if change.subject.type == "action"} == {"WY20-01"}
    edited(cast, action, **SENSITIVE)
    report_progress(action)
    after = [change for change in changes(spoc) if change.action]
    assert [change.kind for change in after][len(before) :] == ["lost"]
    assert {
        (change.subject.ref, change.subject.visible, change.action.ref) for change in after if change.action
    } == {("", False, "")}
    edited(cast, action, marking=Marking.OFFICIAL, handling_instruction="")
    assert facts_of(changes(spoc))[-1] == ("action.edited", "gained", "WY20-01")


def test_changes_while_hidden_stay_out(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, **SENSITIVE)
    edited(cast, action, marking=Marking.OFFICIAL, handling_instruction="")
    assert [change.verb for change in changes(cast.leeds_spoc) if change.action] == ["action.edited"]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_feed_follows_the_visibility_of_pages(cast: Cast, name: str) -> None:
    """Of actions that nobody hid or showed since, the feed tells those the lists tell, and of each every entry."""
    for number, fields in enumerate(({}, SENSITIVE, {"supporting": [cast.wakefield_council]}), start=1):
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}", **fields)
    person = cast.person(name)
    visible_ids = {str(pk) for pk in Action.objects.visible_to(person, TODAY).values_list("pk", flat=True)}
    expected = {
        sequence
        for pk in visible_ids
        for sequence in entries(cast, target_type="actions.action", target_id=pk)
    }
    action_changes = [change for change in changes(person) if change.subject.type == "action"]
    assert {change.position for change in action_changes} == expected
    assert {
        change.subject.id for change in changes(person) if change.action and change.action.ref
    } <= visible_ids | {change.subject.id for change in changes(person) if change.subject.type == "update"}
    if name in {"observer", "former_spoc", "administrator", "stranger"}:
        assert changes(person) == []


def test_an_auditor_follows_the_whole_ledger_of_their_partnership(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    assert [change.position for change in changes(cast.auditor)] == entries(cast)
    types = {change.subject.type for change in changes(cast.auditor)}
    assert {"membership", "partnership", "plan", "organisation"} <= types
    assert "membership" not in {change.subject.type for change in changes(cast.manager)}


def test_nothing_crosses_partnerships_but_for_who_works_in_both(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    here, there = cast.yorkshire.pk, cast.leicestershire.pk
    assert {change.partnership_id for change in changes(cast.manager)} == {here}
    assert {change.partnership_id for change in changes(cast.leicestershire_manager)} == {there}
    start = end(cast.manager)
    grant_membership(
        actor=cast.administrator,
        user=cast.manager,
        partnership=cast.leicestershire,
        organisation=cast.city_council,
        role=Role.BOARD_MEMBER,
        starts_on=SINCE,
        at=AT,
    )
    page = follow(actor=cast.manager, on=TODAY, after=start, size=100)
    assert page.reach_changed
    assert {change.partnership_id for change in page.changes} == {there}
    create_action(
        actor=cast.leicestershire_manager,
        plan=cast.leicestershire_plan,
        pillar=cast.leicestershire_plan.pillars.get(),
        ref="LE20-01",
        title="Meet the faith forum",
        lead=cast.city_council,
        at=AT,
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-77")
    changes_read = changes(cast.manager, page.cursor)
    assert {(change.partnership_id, change.subject.ref) for change in changes_read} == {
        (here, "WY20-77"),
        (there, "LE20-01"),
    }
    assert len(changes_read) == 2


# Findings ----------------------------------------------------------------------------------------------------


def test_a_finding_appears_and_disappears_with_its_link(cast: Cast) -> None:
    contact = cast.wakefield_contact
    row = RecommendationFactory(cast=cast)
    shared = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    start = end(contact)
    link = linked(cast, row, shared)
    assert ("link", "gained") in {(change.subject.type, change.kind) for change in changes(contact, start)}
    assert ("recommendation", "changed") in {
        (change.subject.type, change.kind) for change in changes(contact, start)
    }
    start = end(contact)
    unlink_action(actor=cast.manager, link=link, reason="Linked by mistake.", at=AT)
    (lost,) = [change for change in changes(contact, start) if change.subject.type == "link"]
    assert (lost.kind, lost.subject.visible) == ("lost", False)


def test_an_inspection_that_becomes_sensitive_is_lost(cast: Cast) -> None:
    report = InspectionFactory(cast=cast)
    RecommendationFactory(cast=cast, inspection=report, lead=cast.wakefield_council)
    for person in (cast.wakefield_contact, cast.leeds_spoc):
        assert {"inspection", "recommendation"} <= {change.subject.type for change in changes(person)}
    starts = {person: end(person) for person in (cast.wakefield_contact, cast.leeds_spoc)}
    report.refresh_from_db()
    save_inspection(actor=cast.manager, inspection=report, at=AT, **SENSITIVE)
    for person, start in starts.items():
        assert [(change.subject.type, change.kind) for change in changes(person, start)] == [
            ("inspection", "lost")
        ]
        assert "recommendation" not in {change.subject.type for change in changes(person)}
        assert not any(
            change.subject.visible for change in changes(person) if change.subject.type == "inspection"
        )


def test_a_token_without_the_scope_for_findings_follows_none(cast: Cast) -> None:
    RecommendationFactory(cast=cast)
    ActionFactory(cast=cast, in_progress=True)
    types = {change.subject.type for change in changes(cast.manager, scopes=["actions:read"])}
    assert "action" in types
    assert not types & {"inspection", "recommendation"}
    types = {change.subject.type for change in changes(cast.manager, scopes=["recommendations:read"])}
    assert {"inspection", "recommendation"} <= types
    assert not types & {"action", "update", "plan", "organisation"}
    assert changes(cast.auditor, scopes=[]) == []


def test_meetings_are_followed_by_who_sees_them(cast: Cast) -> None:
    minute = MinuteFactory(cast=cast)
    private = {"is_private": True, "private_reason": "Contracts"}
    save_item(actor=cast.manager, item=minute.item, at=AT, **private)
    here = {"actor": cast.manager, "at": AT}
    record_decision(minute=minute, effect="note", wording="Noted.", **here)
    types = {"meeting", "minute", "decision"}
    scope = {"scopes": ["meetings:read"]}
    assert types <= {change.subject.type for change in changes(cast.manager, **scope)}
    assert {change.subject.type for change in changes(cast.leeds_spoc, **scope)} == {"meeting"}
    assert changes(cast.wakefield_contact, **scope) == []
    without = {change.subject.type for change in changes(cast.manager, scopes=["actions:read"])}
    assert not types & without


# The cursor --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "most"), [(1, 2000), (3, 2000), (100, 1), (100, 7), (2, 5)])
def test_small_pages_tell_what_one_large_page_tells(cast: Cast, size: int, most: int) -> None:
    ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", supporting=[cast.wakefield_council])
    for person in (cast.auditor, cast.wakefield_contact):
        read_pages = list(pages(person, size=size, most=most))
        assert all(len(page.changes) <= size for page in read_pages)
        assert [change for page in read_pages for change in page.changes] == changes(person)


def test_the_cursor_comes_back_with_an_empty_page_and_the_work_is_bounded(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    page = follow(actor=cast.wakefield_contact, on=TODAY, after=None, size=100, most=4)
    assert (page.more, page.cursor.positions) == (True, {cast.yorkshire.pk: 4})
    last = end(cast.wakefield_contact)
    again = follow(actor=cast.wakefield_contact, on=TODAY, after=last, size=100)
    assert (again.changes, again.more, again.cursor) == ([], False, last)
    assert present(actor=cast.wakefield_contact, on=TODAY).cursor == last
    nobody = follow(actor=cast.stranger, on=TODAY, after=last, size=100)
    assert (nobody.changes, nobody.cursor.positions) == ([], last.positions)


def test_a_changed_reach_is_reported_until_the_reader_has_moved_on(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    contact, start = cast.wakefield_contact, end(cast.wakefield_contact)
    membership = contact.memberships.get()
    end_membership(actor=cast.administrator, membership=membership, ends_on=date(2020, 6, 18), at=EARLIER)
    report_progress(Action.objects.get())
    for _ in range(2):
        page = follow(actor=contact, on=TODAY, after=start, size=100)
        assert (page.changes, page.reach_changed) == ([], True)
    assert not follow(actor=contact, on=TODAY, after=page.cursor, size=100).reach_changed
    grant_membership(
        actor=cast.administrator,
        user=contact,
        partnership=cast.yorkshire,
        organisation=cast.wakefield_council,
        role=Role.PARTNER_CONTACT,
        starts_on=TODAY,
        at=AT,
    )
    # The position of a partnership is kept while one has no part in it, so nothing of the gap is missed.
    later = follow(actor=contact, on=TODAY, after=page.cursor, size=100)
    assert later.reach_changed
    assert [change.verb for change in later.changes if change.action] == [
        "progress.submitted",
        "action.reported",
    ]


@pytest.mark.parametrize(
    "word",
    [
        *("", "x", "é", "\x00", "bm9wZQ", "W10", "bnVsbA", "TmFO", "WzEse30sIiJd" * 500),
        *("WzEseyJhIjoxfSwiIl0", "WzEseyIxIjotMX0sIiJd", "WzEseyIxIjp0cnVlfSwiIl0", "WzIse30sIiJd"),
        *("WzEse30sMV0", "WzEsW10sIiJd"),
    ],
)
def test_an_invalid_cursor_is_refused(word: str) -> None:
    with pytest.raises(ValidationError, match="no cursor"):
        read_cursor(word=word)


def test_a_cursor_is_read_as_it_was_written_and_one_ahead_of_the_ledger_is_refused(cast: Cast) -> None:
    cursor = Cursor({3: 0, 12: 2**40}, "abc")
    assert read_cursor(word=str(cursor)) == cursor
    with pytest.raises(ValidationError, match="ahead of the record"):
        follow(actor=cast.manager, on=TODAY, after=Cursor({cast.yorkshire.pk: 10**6}), size=1)


def test_a_page_costs_the_same_for_few_entries_and_many(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert not follow(actor=cast.wakefield_contact, on=TODAY, after=None, size=500).more
        return len(queries)

    report = InspectionFactory(cast=cast)
    linked(
        cast,
        RecommendationFactory(cast=cast, inspection=report),
        ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council]),
    )
    few = cost()
    for number in range(2, 8):
        row = RecommendationFactory(cast=cast, inspection=report, number=str(number))
        linked(
            cast,
            row,
            ActionFactory(
                cast=cast, in_progress=True, ref=f"WY20-0{number}", supporting=[cast.wakefield_council]
            ),
        )
    assert cost() == few
