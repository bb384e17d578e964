"""A partner's system finds by words what it may see, as its people do on the page."""

from datetime import date
from typing import Any

from audit.actors import SYSTEM
from desk.search.services.kinds import Kind
from inspections.findings.services.links import link_action
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from tests.api.asking import parameters, problem, results
from tests.api.clients import API, System, council, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory
from tests.meetings.factories import MinuteFactory

__all__ = ["council", "described"]


def hits_of(system: System, q: str, **more: Any) -> list[tuple[str, int]]:
    return [(row["kind"], row["id"]) for row in results(system.get("/search/", q=q, **more))]


def test_visible_rows_are_found_and_can_be_read(
    cast: Cast, council: System, described: dict[str, Any]
) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    body = council.get("/search/", q="five").json()
    validate(described, "SearchResults", body)
    [row] = body["results"]
    assert (row["kind"], row["id"]) == ("update", action.updates.get().pk)
    assert row["title"] == f"WY20-01 {action.title}: update for June 2020"
    assert "five teams are briefed" in row["excerpt"]
    assert (body["numbers"], body["more"]) == (dict.fromkeys(Kind.values, 0) | {"update": 1}, False)
    assert council.http.get(row["links"]["self"], headers=council.headers()).json()["id"] == row["id"]
    assert hits_of(council, "WY20-01", kind="action") == [("action", action.pk)]
    assert hits_of(council, "WY20-02") == []


def test_findings_need_their_own_scope_too(cast: Cast, council: System, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    finding = RecommendationFactory(cast=cast, text="Train every neighbourhood officer.")
    link_action(actor=cast.manager, recommendation=finding, action=action, at=AT)
    both = system_of(cast, cast.wakefield_council, "Both", scopes=["actions:read", "recommendations:read"])
    assert ("recommendation", finding.pk) in hits_of(both, "neighbourhood officer")
    assert hits_of(council, "neighbourhood officer") == []
    page = signed_in("manager").get(f"{API}/search/", {"q": "neighbourhood officer"})
    assert [row["kind"] for row in results(page)] == ["recommendation"]


def test_minutes_need_the_scope_of_meetings(cast: Cast, signed_in: Any) -> None:
    minute = MinuteFactory(cast=cast, text="The zeppelin was discussed.")
    here = {"actor": SYSTEM, "at": AT}
    seat = BoardSeat(board=minute.board, organisation=cast.wakefield_council, post="Chief executive")
    seat.starts_on = date(2020, 1, 1)
    save_reference(row=seat, **here)
    both = system_of(cast, cast.wakefield_council, "Both", scopes=["actions:read", "meetings:read"])
    (row,) = results(both.get("/search/", q="zeppelin"))
    assert (row["kind"], row["id"], row["title"]) == ("minute", minute.pk, minute.citation)
    assert both.http.get(row["links"]["self"], headers=both.headers()).json()["id"] == minute.pk
    actions_only = system_of(cast, cast.wakefield_council, "Actions", scopes=["actions:read"])
    assert hits_of(actions_only, "zeppelin") == []
    item = minute.item
    (row,) = results(signed_in("manager").get(f"{API}/search/", {"q": "proposed for withdrawal"}))
    assert row["kind"] == "agenda_item"
    assert row["links"]["self"].endswith(f"/meetings/{item.meeting_id}/")


def test_a_wrong_question_is_refused(cast: Cast, council: System) -> None:
    for query, wrong in (
        ({}, {"q"}),
        ({"q": "a"}, {"q"}),
        ({"q": "x" * 101}, {"q"}),
        ({"q": "--"}, {"q"}),
        ({"q": "teams", "kind": "plan"}, {"kind"}),
        ({"q": "teams", "page": "2"}, {"page"}),
    ):
        assert parameters(council.get("/search/", **query)) == wrong
    writer = system_of(cast, cast.wakefield_council, "Writer", scopes=["updates:write"])
    problem(writer.get("/search/", q="teams"), 403, "forbidden")
