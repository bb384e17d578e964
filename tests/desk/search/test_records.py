"""Search in the records around the plan: every kind, for those who may view the record, and never what was corrected."""

from typing import Any

import pytest

from desk.search.services.finding import search
from desk.search.services.kinds import Kind
from desk.search.services.records import RECORDS
from desk.search.services.sources import SOURCE_OF
from programme.overview.catalogue import ROOMS
from programme.records.services.records import save_record
from tests.api.asking import results
from tests.api.clients import API, system_of
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.programme import factories

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}
KINDS = {source.kind for source in RECORDS}
PARENTS = {
    "round": Kind.FUNDING_ROUND,
    "fund": Kind.GRANT_FUND,
    "event": Kind.TRAINING_EVENT,
    "programme": Kind.TRAINING_PROGRAMME,
    "profile": Kind.LOCAL_PROFILE,
    "panel": Kind.CHANNEL_PANEL,
    "framework": Kind.FRAMEWORK,
    "item": Kind.FRAMEWORK_ITEM,
    "measure": Kind.MEASURE,
}


def kinds(user: Any, text: str) -> list[str]:
    return [hit.kind.value for hit in search(actor=user, text=text, on=TODAY)[:100]]


@pytest.fixture
def one_of_each(cast: Cast) -> dict[Kind, Any]:
    """A record of each kind, whose note has a word of its own."""
    rows: dict[Kind, Any] = {}

    def add(kind: Kind) -> Any:
        if kind not in rows:
            model = SOURCE_OF[kind].model
            relations = {field.name for field in model._meta.concrete_fields if field.is_relation}
            parents = {name: add(parent) for name, parent in PARENTS.items() if name in relations}
            if "action" in relations:
                parents["action"] = ActionFactory(cast=cast, in_progress=True)
            factory = getattr(factories, f"{model.__name__}Factory")
            rows[kind] = factory(cast=cast, note="A zeppelin was seen.", **parents)
        return rows[kind]

    for each in KINDS:
        add(each)
    return rows


def test_every_kind_is_found_on_the_page_and_by_api(
    cast: Cast, one_of_each: dict[Kind, Any], signed_in: Any
) -> None:
    assert {*kinds(cast.manager, "zeppelin")} == KINDS
    manager = signed_in("manager")
    page = manager.get("/search/", {"q": "zeppelin"})
    tabs = {label: number for label, number, _, _ in page.context["kinds"]}
    by_room = {room.title: len(room.resources) for room in ROOMS}
    assert tabs == {"Everything": len(KINDS), "Actions": 0, "Updates": 0, "Findings": 0, **by_room}
    for source in RECORDS:
        row = one_of_each[source.kind]
        href = f"/programme/{source.resource.room}/{source.resource.slug}/{row.pk}/"
        assert f'href="{href}">' in page.content.decode()
    rows = {row["kind"]: row for row in results(manager.get(f"{API}/search/", {"q": "zeppelin"}))}
    for kind, row in one_of_each.items():
        assert rows[kind.value]["title"] == str(row)
        assert manager.get(rows[kind.value]["links"]["self"]).json()["id"] == row.pk


def test_a_room_or_a_kind_alone_is_listed(cast: Cast, signed_in: Any) -> None:
    factories.GrantFactory(cast=cast, note="Zeppelin")
    event = factories.TrainingEventFactory(cast=cast, note="Zeppelin")
    factories.AttendanceFactory(cast=cast, event=event, note="Zeppelin")
    manager = signed_in("manager")
    for address in ("/search/", f"{API}/search/"):
        for kind, number in (("training", 2), ("grant", 1)):
            response = manager.get(address, {"q": "zeppelin", "kind": kind})
            hits = response.json()["results"] if address != "/search/" else response.context["hits"]
            assert len(hits) == number
    assert b"Grants (1)" in manager.get("/search/", {"q": "zeppelin", "kind": "grant"}).content


def test_a_record_is_found_by_its_name_before_its_texts(cast: Cast) -> None:
    factories.FrameworkFactory(cast=cast, note="Mentions Conkers once.")
    grant = factories.GrantFactory(cast=cast, title="Conkers for all")
    first, second = search(actor=cast.manager, text="conkers", on=TODAY)[:10]
    assert (first.row, second.kind) == (grant, Kind.FRAMEWORK)
    decision = factories.FundingDecisionFactory(cast=cast)
    (hit,) = search(actor=cast.manager, text="wakefield 2019/20", on=TODAY)[:10]
    assert hit.row == decision


def test_a_record_that_was_corrected_is_not_found(cast: Cast) -> None:
    row = factories.AttendanceFactory(cast=cast, note="A zeppelin came.")
    new = save_record(actor=cast.manager, row=row, at=AT, people=14)
    assert [hit.row for hit in search(actor=cast.manager, text="zeppelin", on=TODAY)[:10]] == [new]


def test_only_records_that_a_person_may_view_are_found_and_counted(cast: Cast) -> None:
    factories.AttendanceFactory(cast=cast, note="Zeppelin", **SENSITIVE)
    factories.GrantFactory(cast=cast, note="Zeppelin")
    hidden = ActionFactory(cast=cast, in_progress=True, **SENSITIVE)
    factories.ActionMappingFactory(cast=cast, action=hidden, note="Zeppelin")
    everything = ["action_mapping", "attendance", "grant"]
    kinds_by_person = {
        "manager": everything,
        "auditor": everything,
        "bradford_spoc": everything,
        "leeds_spoc": ["grant"],
        "wakefield_contact": ["grant"],
        "opcc_officer": ["grant"],
        "observer": [],
        "leicestershire_manager": [],
        "stranger": [],
    }
    assert {name: sorted(kinds(cast.person(name), "zeppelin")) for name in kinds_by_person} == kinds_by_person
    numbers = search(actor=cast.leeds_spoc, text="zeppelin", on=TODAY).numbers
    assert (numbers[Kind.ATTENDANCE], numbers[Kind.GRANT]) == (0, 1)


def test_records_need_the_scope_of_the_programme(cast: Cast) -> None:
    grant = factories.GrantFactory(cast=cast, note="Zeppelin")
    both = system_of(cast, cast.wakefield_council, "Both", scopes=["actions:read", "programme:read"])
    actions_only = system_of(cast, cast.wakefield_council, "Actions", scopes=["actions:read"])
    assert [row["id"] for row in results(both.get("/search/", q="zeppelin"))] == [grant.pk]
    assert results(actions_only.get("/search/", q="zeppelin")) == []
