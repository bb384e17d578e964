"""Saved views: a question to the action list under a name, shared, watched; and what is new in them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.actions.services import create_action, edit_action
from actions.assurance.services import assure_action
from actions.lists.filters import filter_pairs, rows_of
from actions.models import Action, SavedView, Watch
from actions.saved_views.services import (
    News,
    change_view,
    create_view,
    delete_view,
    mark_notified,
    mark_viewed,
    news,
    stop_watching,
    watch_view,
)
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, submit_progress

OPEN = [("state", "open")]


def saved(cast: Cast, owner: str = "bradford_spoc", **fields: Any) -> SavedView:
    facts = {"partnership": cast.yorkshire, "name": "Open ones", "query": OPEN, "at": AT} | fields
    return create_view(actor=cast.person(owner), **facts)


def page_of(view: SavedView, name: str = "saved-view") -> str:
    return reverse(f"actions:{name}", args=[view.pk])


def save_at(query: str) -> str:
    return f"{reverse('actions:saved-view-create')}?{query}"


# Keeping and sharing ------------------------------------------------------------------------------------------


def test_a_list_is_saved_and_opened_again(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    query = f"state=open&plan={cast.plan.pk}&sort=-due"
    assert (
        save_at(f"{query}&page=1".replace("&page=1", "")).replace("&", "&amp;")
        in client.get(f"{reverse('actions:action-list')}?{query}").text
    )
    made = client.post(save_at(f"{query}&page=7&colour=red"), {"name": " Mine "}, follow=True)
    view = SavedView.objects.get()
    assert (made.status_code, view.name, view.owner, view.shared) == (200, "Mine", cast.bradford_spoc, False)
    assert dict(view.query) == {"state": "open", "plan": str(cast.plan.pk), "sort": "-due"}
    listed = client.get(reverse("actions:action-list"))
    address = f"{reverse('actions:action-list')}?{view.query_string}"
    assert address.replace("&", "&amp;") in listed.text
    assert [row for row, *_ in client.get(address).context["rows"]] == [action]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=brief&page=2&nonsense=1&state=", [("q", "brief")]),
        ("state=open&state=open&state=complete", [("state", "open"), ("state", "complete")]),
        ("owner=me&owner=none", [("owner", "none")]),
        ("due_from_day=1&due_from_month=6&due_from_year=2020", 3),
        ("due_to=2020-06-30", [("due_to", "2020-06-30")]),
        ("sort=-due", [("sort", "-due")]),
        ("sort=colour", []),
        ("q=+", []),
    ],
)
def test_only_parameters_of_the_filter_are_stored(db: None, query: str, expected: Any) -> None:
    pairs = filter_pairs(QueryDict(query))
    assert len(pairs) == expected if isinstance(expected, int) else pairs == expected


@pytest.mark.parametrize("query", ["", "state=nonsense", "colour=red"])
def test_a_view_without_valid_filters_is_not_saved(cast: Cast, signed_in: Any, query: str) -> None:
    answer = signed_in("bradford_spoc").post(save_at(query), {"name": "Mine"}, follow=True)
    assert "Filter or sort the list first" in answer.text
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter a name for this view"),
        ("x" * 81, "80 characters or fewer"),
        ("Open ones", "You already have a view with this name"),
        ("Call 07700 900123", "Why it must stay"),
    ],
)
def test_a_view_needs_a_name_of_its_own(cast: Cast, signed_in: Any, name: str, message: str) -> None:
    saved(cast)
    page = signed_in("bradford_spoc").post(save_at("state=open"), {"name": name})
    assert (page.status_code, message in page.text) == (422, True)
    assert SavedView.objects.count() == 1


def test_a_view_of_ones_own_is_nobody_elses(cast: Cast, signed_in: Any) -> None:
    view = saved(cast)
    assert signed_in("manager").get(page_of(view)).status_code == 404
    assert "Open ones" not in signed_in("manager").get(reverse("actions:action-list")).text


def test_a_shared_view_shows_each_reader_their_own_rows(cast: Cast, signed_in: Any) -> None:
    view = saved(cast, query=[("owner", "me")], name="Mine", shared=True)
    mine = ActionFactory(cast=cast, in_progress=True)
    theirs = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", owner=cast.leeds_spoc)
    sensitive = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Leads only."}
    hidden = ActionFactory(cast=cast, in_progress=True, ref="WY20-03", **sensitive)
    assert set(rows_of(view, user=cast.bradford_spoc, on=TODAY) or ()) == {mine, hidden}
    assert set(rows_of(view, user=cast.leeds_spoc, on=TODAY) or ()) == {theirs}
    assert "Mine" in signed_in("leeds_spoc").get(reverse("actions:action-list")).text
    for outsider in ("leicestershire_manager", "former_spoc", "observer", "stranger", "administrator"):
        assert signed_in(outsider).get(page_of(view)).status_code == 404, outsider
        assert not SavedView.objects.visible_to(cast.person(outsider), TODAY).exists()


def test_its_maker_renames_shares_and_deletes_it(cast: Cast, signed_in: Any) -> None:
    view, client = saved(cast), signed_in("bradford_spoc")
    assert client.post(page_of(view, "saved-view-edit"), {"name": "Ours", "shared": "on"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.shared) == ("Ours", True)
    assert client.post(page_of(view, "saved-view-delete")).status_code == 302
    assert not SavedView.objects.exists()
    verbs = Entry.objects.filter(target_type="actions.savedview").values_list("verb", flat=True)
    assert list(verbs.order_by("sequence")) == ["view.saved", "view.changed", "view.deleted"]
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_the_manager_takes_back_what_is_shared_and_others_do_not(cast: Cast, signed_in: Any) -> None:
    view = saved(cast, shared=True)
    for person in (cast.leeds_spoc, cast.gold, cast.auditor, cast.leicestershire_manager):
        with pytest.raises(PermissionDenied):
            change_view(actor=person, view=view, name="Taken", shared=False, at=AT)
        with pytest.raises(PermissionDenied):
            delete_view(actor=person, view=view, at=AT)
    done = signed_in("manager").post(page_of(view, "saved-view-edit"), {"name": "Open ones"})
    assert done.headers["Location"] == reverse("actions:action-list")  # it is no longer theirs to see
    with pytest.raises(PermissionDenied):
        delete_view(actor=cast.manager, view=view, at=AT)


def test_a_user_without_actions_has_no_views(cast: Cast) -> None:
    for person in ("observer", "stranger", "former_spoc", "administrator", "leicestershire_manager"):
        with pytest.raises(PermissionDenied):
            saved(cast, person)


# News ---------------------------------------------------------------------------------------------------------


def watched(cast: Cast, who: str = "bradford_spoc", query: Sequence[tuple[str, str]] = OPEN) -> Watch:
    view = saved(cast, who, query=query)
    return watch_view(actor=cast.person(who), view=view, at=AT)


def fresh(user: Any, on: date = TODAY, since: str = "notified_mark") -> News:
    (only,) = news(user=user, on=on, since=since)
    return only


def refs(items: Any) -> list[str]:
    return [each.action.ref for each in items]


def test_nothing_is_new_at_first(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    watched(cast)
    assert not fresh(cast.bradford_spoc)


def test_additions_closures_and_changes_by_others_are_shown(cast: Cast) -> None:
    changed = ActionFactory(cast=cast, in_progress=True)
    closed = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    watched(cast)
    edit_action(actor=cast.manager, action=changed, title="Another title", at=AT)
    assure_action(actor=cast.auditor, action=closed, note="Seen.", at=AT)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-04")
    changes = fresh(cast.bradford_spoc)
    assert (refs(changes.entered), refs(changes.left), refs(changes.changed)) == (
        ["WY20-04"],
        ["WY20-02"],
        ["WY20-01"],
    )
    assert (changes.changed[0].changes, changes.changed[0].authors) == (("Details changed",), ("Manager",))
    assert changes.left[0].changes == ("Assured and complete",)


def test_my_own_edits_are_never_news(cast: Cast) -> None:
    """Not what I changed, not what left my view by my hand, not what I added; but what others did to the same."""
    mine = ActionFactory(cast=cast, in_progress=True)
    gone = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    watched(cast, "manager", [("state", "in_progress"), ("state", "awaiting_allocation")])
    edit_action(actor=cast.manager, action=mine, title="Another title", at=AT)
    pillar = {"pillar": cast.identify, "ref": "WY20-05", "title": "New"}
    create_action(actor=cast.manager, plan=cast.plan, at=AT, **pillar)
    assert gone.state == "awaiting_assurance"
    assert not fresh(cast.manager)
    submit_progress(
        actor=cast.bradford_spoc,
        action=mine,
        at=AT,
        rag="green",
        percent=60,
        narrative="More teams.",
    )
    changes = fresh(cast.manager)
    assert (refs(changes.changed), changes.changed[0].authors) == (["WY20-01"], ("Bradford spoc",))


def test_changes_by_passing_time_are_shown(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 30))
    watched(cast, query=[("overdue", "yes")])
    assert not fresh(cast.bradford_spoc, date(2020, 6, 30))
    late = fresh(cast.bradford_spoc, date(2020, 7, 1))
    assert (refs(late.entered), late.entered[0].changes) == (["WY20-01"], ())


def test_a_change_is_shown_once(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    watched(cast)
    edit_action(actor=cast.manager, action=action, title="Another title", at=AT)
    mailed_news = news(user=cast.bradford_spoc, on=TODAY)
    edit_action(actor=cast.manager, action=Action.objects.get(), title="A third", at=AT)
    mark_notified(actor=SYSTEM, news=mailed_news)
    assert refs(fresh(cast.bradford_spoc).changed) == ["WY20-01"]  # what came between is still to be told
    mark_notified(actor=SYSTEM, news=news(user=cast.bradford_spoc, on=TODAY))
    assert not fresh(cast.bradford_spoc)
    assert refs(fresh(cast.bradford_spoc, since="viewed_mark").changed) == ["WY20-01"]  # a mail is not a look


def test_a_mail_on_its_way_takes_no_later_look_back(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    watched(cast)
    edit_action(actor=cast.manager, action=action, title="Another title", at=AT)
    mailed = news(user=cast.bradford_spoc, on=TODAY)
    edit_action(actor=cast.manager, action=Action.objects.get(), title="A third", at=AT)
    mark_viewed(actor=cast.bradford_spoc, news=fresh(cast.bradford_spoc, since="viewed_mark"), at=AT)
    mark_notified(actor=SYSTEM, news=mailed)
    assert not fresh(cast.bradford_spoc)


def test_changes_of_actions_now_hidden_are_not_shown(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    watched(cast, "leeds_spoc")
    sensitive = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Leads only."}
    edit_action(actor=cast.manager, action=action, at=AT, **sensitive)
    assert not fresh(cast.leeds_spoc)


def test_a_leaver_is_shown_nothing(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    watched(cast)
    membership = cast.bradford_spoc.memberships.get()
    membership.ends_on = TODAY - timedelta(days=1)
    membership.save(update_fields=["ends_on"])
    assert news(user=cast.bradford_spoc, on=TODAY) == []


def test_a_view_of_deleted_choices_says_so_and_shows_nothing(cast: Cast, signed_in: Any) -> None:
    """Not that everything left it."""
    ActionFactory(cast=cast, in_progress=True)
    watch = watched(cast, query=[("pillar", "Identify")])
    cast.identify.name = "Recognise"
    cast.identify.save(update_fields=["name"])
    assert news(user=cast.bradford_spoc, on=TODAY) == []
    assert "that you cannot use" in signed_in("bradford_spoc").get(page_of(watch.view)).text


def test_nobody_marks_for_another(cast: Cast) -> None:
    watched(cast)
    changes = fresh(cast.bradford_spoc)
    with pytest.raises(PermissionDenied):
        mark_viewed(actor=cast.manager, news=changes, at=AT)
    with pytest.raises(PermissionDenied):
        mark_notified(actor=cast.manager, news=[changes])


def test_a_view_of_too_much_is_not_watched(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("actions.saved_views.services.MOST_WATCHED", 1)
    for ref in ("WY20-01", "WY20-02"):
        ActionFactory(cast=cast, unallocated=True, ref=ref)
    with pytest.raises(ValidationError, match="Narrow it"):
        watched(cast)
    assert not Watch.objects.exists()


def test_the_page_tells_the_news_until_it_is_seen(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    view = saved(cast)
    client.post(page_of(view, "saved-view-watch"))
    assert "No changes since you last looked." in client.get(page_of(view)).text
    edit_action(actor=cast.manager, action=action, title="Another title", at=AT)
    page = client.get(page_of(view))
    assert "Details changed (Manager)" in page.text
    form_data = {"digest": page.context["news"].digest}
    edit_action(actor=cast.manager, action=Action.objects.get(), title="A third title", at=AT)
    late = client.post(page_of(view, "saved-view-viewed"), form_data)
    assert (late.status_code, "There are newer changes" in late.text) == (409, True)
    form_data = {"digest": late.context["news"].digest}
    assert client.post(page_of(view, "saved-view-viewed"), form_data).status_code == 302
    assert "No changes since you last looked." in client.get(page_of(view)).text
    assert not fresh(cast.bradford_spoc)  # who looked needs no mail
    client.post(page_of(view, "saved-view-watch"), {"stop": "yes"})
    assert not Watch.objects.exists()


def test_watching_twice_is_watching_once(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    watch = None
    watch = watched(cast)
    edit_action(actor=cast.manager, action=action, title="Another title", at=AT)
    again = watch_view(actor=cast.bradford_spoc, view=watch.view, at=AT)
    assert (again, refs(fresh(cast.bradford_spoc).changed)) == (watch, ["WY20-01"])
    stop_watching(actor=cast.bradford_spoc, view=watch.view)
    stop_watching(actor=cast.bradford_spoc, view=watch.view)
    assert news(user=cast.bradford_spoc, on=TODAY) == []


def test_much_news_costs_no_more_queries_than_little(cast: Cast) -> None:
    watched(cast)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert fresh(cast.bradford_spoc)
        return len(queries)

    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    little = cost()
    for number in range(2, 7):
        ActionFactory(cast=cast, unallocated=True, ref=f"WY20-0{number}")
    assert cost() == little
