"""An action marked OFFICIAL-SENSITIVE is seen by fewer people at once and everywhere: no page, count, file or name is left.

Every page that needs no more than a plan or a neighbouring action is walked, so a page made later is held to it too.
"""

import copy
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.actions.services import edit_action
from actions.core.states import State
from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from desk.my_work.services.lists import my_actions, my_tasks
from partners.admin_site.admin import BusinessAdmin
from partners.models import User
from tests.actions.core.opening import rows_behind
from tests.cast import AT, PEOPLE, TODAY, Cast, cast_snapshot
from tests.factories import ActionFactory
from tests.permissions.routes import Route, routes
from tests.support.module_fixtures import ModuleState, module_fixture
from tests.support.rendering import without_content, without_context

WORD = "Zebra"
LIST, PLANS = reverse("actions:action-list"), reverse("actions:plan-list")
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}
SEES = {
    "bradford_spoc",
    "manager",
    "gold",
    "auditor",
}  # whose district leads it, and those who see everything
SEES_THE_PLAN = SEES | {"leeds_spoc"}
SECRETS = ["ZB-76", "ZB-77", "ZB-78", "ZB-79"]
NEIGHBOURS = ["WY20-01", "WY20-02", "WY20-03"]


@dataclass(frozen=True)
class World:
    secret: Action
    part: Action  # OFFICIAL, a part of another secret one
    merged: Action  # OFFICIAL, superseded by the secret one
    heir: Action  # OFFICIAL, takes the place of another secret one
    evidence: Evidence

    @property
    def neighbours(self) -> tuple[Action, Action, Action]:
        return self.part, self.merged, self.heir


def supersede(action: Action, by: Action) -> None:
    closed = {"state": State.SUPERSEDED, "closed_on": TODAY, "board_reference": "Gold 1/20", "rag": ""}
    Action.objects.filter(pk=action.pk).update(superseded_by=by, **closed)


def put_up() -> tuple[Cast, World]:
    """Four actions that are not yet marked, all led by Bradford, among three of Leeds that stay OFFICIAL."""
    cast = cast_snapshot.restore()
    late = {"due": date(2020, 5, 1)}
    secret = ActionFactory(
        cast=cast,
        in_progress=True,
        ref="ZB-77",
        title=f"{WORD} visit",
        source=f"{WORD} memo, 1 April 2020",
        **late,
    )
    file = SimpleUploadedFile("rota.csv", b"officer,day\nA,1\n")
    rota = {"title": f"{WORD} rota", "file": file, "expires_on": date(2020, 7, 1)}
    evidence = add_evidence(actor=cast.bradford_spoc, action=secret, at=AT, **rota)
    gone = ActionFactory(cast=cast, in_progress=True, ref="ZB-78", title=f"{WORD} farm")
    _ = ActionFactory(cast=cast, awaiting_assurance=True, ref="ZB-79", title=f"{WORD} zoo")
    leeds = {"area": cast.leeds, "lead": cast.leeds_district, "owner": cast.leeds_spoc}
    whole = ActionFactory(cast=cast, unallocated=True, ref="ZB-76", title=f"{WORD} herd")
    Action.objects.filter(pk=whole.pk).update(by_districts=True)
    whole.refresh_from_db()
    part = ActionFactory(cast=cast, in_progress=True, ref="WY20-01", parent=whole, **leeds)
    merged = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", **leeds)
    heir = ActionFactory(cast=cast, in_progress=True, ref="WY20-03", **leeds)
    supersede(merged, secret)
    supersede(gone, heir)
    for action in (part, merged, heir):
        action.refresh_from_db()
    return cast, World(secret, part, merged, heir, evidence)


module_state = module_fixture(put_up)


@pytest.fixture
def before(module_state: ModuleState) -> None:
    """The actions are not marked yet."""
    module_state.clear()


@pytest.fixture
def marked(module_state: ModuleState) -> None:
    """The actions are marked; asked for before any other fixture, so that it outlasts the test."""
    module_state.switch_to("marked", lambda: mark(module_state.base[0]))


@pytest.fixture
def played(module_state: ModuleState, db: None) -> tuple[Cast, World]:
    return copy.deepcopy(module_state.base)


@pytest.fixture
def cast(played: tuple[Cast, World]) -> Cast:
    return played[0]


@pytest.fixture
def world(played: tuple[Cast, World]) -> World:
    return played[1]


def mark(cast: Cast) -> None:
    for action in Action.objects.filter(title__startswith=WORD):
        edit_action(actor=cast.manager, action=action, at=AT, **SENSITIVE)


def names(content: str) -> set[str]:
    """What of the secret actions a text gives away."""
    return {word for word in (WORD, *SECRETS) if word in content}


def look(client: Client, address: str) -> Any:
    with without_context():
        return client.get(address)


def read(response: Any) -> str:
    data = b"".join(response) if response.streaming else response.content
    return str(data.decode("utf-8", "replace"))


# Lists and counts ---------------------------------------------------------------------------------------------


def rows_at(client: Client, address: str, **query: str) -> list[Any]:
    with without_content():
        return list(client.get(address, query).context["rows"])


def refs(client: Client, **query: str) -> list[str]:
    return sorted(action.ref for action, *_ in rows_at(client, LIST, **{"default": "no"} | query))


@pytest.mark.module_state("before")
def test_it_leaves_the_list_at_once(before: None, cast: Cast, signed_in: Any, world: World) -> None:
    client = signed_in("leeds_spoc")
    assert refs(client) == [*NEIGHBOURS, *SECRETS]
    mark(cast)
    assert refs(client) == NEIGHBOURS


@pytest.mark.parametrize("person", PEOPLE)
def test_roles_that_see_it_in_a_list(
    marked: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    client = signed_in(person)
    secrets = SECRETS if person in SEES else []
    assert refs(client) == ([*NEIGHBOURS, *secrets] if person in SEES_THE_PLAN else [])
    assert refs(client, q=WORD) == secrets
    assert refs(client, source=WORD) == secrets[1:2]
    assert refs(client, marking="OFFICIAL-SENSITIVE") == secrets
    form = client.get(LIST).context["form"]
    owners = {str(label) for _, label in form.fields["owner"].choices}
    assert ("Bradford spoc" in owners) is (person in SEES)
    assert not names(str(form)) - ({WORD} if person in SEES else set())


@pytest.mark.parametrize("person", PEOPLE)
def test_counts_are_of_what_the_reader_sees(
    marked: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    client = signed_in(person)
    number = 7 if person in SEES else 3 if person in SEES_THE_PLAN else 0
    plans = rows_at(client, PLANS)
    assert [counts[0].number for _, counts in plans if number] == [number for _ in plans if number]
    page = client.get(reverse("actions:plan", args=[cast.plan.pk]))
    assert page.status_code == (200 if number else 404)
    if not number:
        return
    assert page.context["total"] == number
    counts = [count for line in page.context["lines"] for count in line.counts if count.number]
    for count in counts:
        assert len(rows_behind(count.href, cast.person(person))) == count.number, count.noun
    assert len(rows_at(client, counts[-1].href)) == counts[-1].number, counts[-1].noun
    bradford = next(cells for row, cells in page.context["matrix"] if row.label == "Bradford")
    assert bradford[-1].total.number == (3 if person in SEES else 0)
    (*_, (total, across)) = page.context["matrix"]
    assert (total.label, across[-1].total.number) == ("Total", number)


# The action itself --------------------------------------------------------------------------------------------


def of_the_action(world: World) -> Iterator[str]:
    """Every address that names the action, with what belongs to it."""
    known = {
        "pk": world.secret.pk,
        "evidence_pk": world.evidence.pk,
        "update_id": world.secret.updates.get().pk,
    }
    for route in routes():
        path = route.path.removeprefix("api/v1/")
        if path.startswith("actions/<") and set(route.parameters) <= known.keys():
            yield reverse(route.name, kwargs={name: known[name] for name in route.parameters})


@pytest.mark.parametrize("person", PEOPLE)
def test_no_address_of_it_answers_who_does_not_see_it(
    marked: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    client = signed_in(person)
    addresses = list(of_the_action(world))
    assert len(addresses) > 15
    for address in addresses:
        if person in SEES:
            with without_content():
                response = client.get(address)
            assert response.status_code != 404, address
            read(response)
        else:
            response = look(client, address)
            if response.status_code == 302:
                # The address of a button leads on to the page above it, whoever asks.
                response = look(client, response["Location"])
            assert response.status_code in (404, 405), address
            assert not names(read(response)), address


@pytest.mark.parametrize("person", PEOPLE)
def test_its_evidence_is_handed_to_those_who_see_it(
    marked: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    address = reverse("actions:evidence-download", args=[world.secret.pk, world.evidence.pk])
    response = signed_in(person).get(address)
    assert response.status_code == (200 if person in SEES else 404)
    read(response)


def test_a_partner_that_supports_it_sees_it_still(
    marked: None, cast: Cast, signed_in: Any, world: World
) -> None:
    edit_action(actor=cast.manager, action=world.secret, supporting=[cast.wakefield_council], at=AT)
    client = signed_in("wakefield_contact")
    assert refs(client) == ["ZB-77"]
    assert client.get(reverse("actions:action", args=[world.secret.pk])).status_code == 200


# Every other page ---------------------------------------------------------------------------------------------


def fillings(route: Route, cast: Cast, neighbours: Iterable[Action]) -> Iterator[dict[str, Any]]:
    """What the address of a route can be filled with, besides the secret action."""
    path = route.path.removeprefix("api/v1/")
    fixed = dict(zip(("kind",), route.fixed, strict=False))
    if not route.parameters:
        yield fixed
    elif route.parameters == {"pk"} and path.startswith("plans/"):
        yield {"pk": cast.plan.pk}
    elif route.parameters == {"pk"} and path.startswith("actions/"):
        yield from ({"pk": action.pk} for action in neighbours)


@pytest.mark.parametrize("person", [name for name in PEOPLE if name not in SEES])
def test_no_other_page_names_it(marked: None, cast: Cast, signed_in: Any, world: World, person: str) -> None:
    client, walked = signed_in(person), 0
    # Who sees none of the neighbours gets the same 404 for each: one of them in turn will do.
    in_turn = cycle(world.neighbours)
    for route in routes():
        if route.is_admin or route.path.startswith(("accounts/", "oauth/", "__")):
            continue
        neighbours = world.neighbours if person in SEES_THE_PLAN else [next(in_turn)]
        for filling in fillings(route, cast, neighbours):
            response = look(client, reverse(route.name, kwargs=filling))
            assert not names(read(response)), route.path
            walked += response.status_code == 200
    assert walked > (15 if person in SEES_THE_PLAN else 5)


def test_those_who_see_it_find_it_named_by_its_neighbours(
    marked: None, cast: Cast, signed_in: Any, world: World
) -> None:
    """So that the test above can fail."""
    client = signed_in("manager")
    for action, ref in zip(world.neighbours, ("ZB-76", "ZB-77", "ZB-78"), strict=True):
        assert ref in read(client.get(reverse("actions:action", args=[action.pk])))


# Files, programs and staff ------------------------------------------------------------------------------------


@pytest.mark.module_state("before")
@pytest.mark.parametrize("person", ["leeds_spoc", *sorted(SEES)])
def test_an_export_has_the_rows_and_marking_its_reader_sees(
    before: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    client, address = signed_in(person), reverse("actions:action-export", kwargs={"kind": "csv"})
    for marked in (False, True):
        if marked:
            mark(cast)
        text = read(client.get(address)).removeprefix("\ufeff")
        secret = marked and person in SEES
        (marking, *_), *_ = csv.reader(io.StringIO(text))
        assert marking == ("OFFICIAL-SENSITIVE" if secret else "OFFICIAL")
        assert bool(names(text)) is (person in SEES or not marked)
        page = client.get(LIST)
        assert page.context["page_marking"] == marking


@pytest.mark.parametrize("person", PEOPLE)
def test_the_api_knows_it_for_those_who_see_it(
    marked: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    client = signed_in(person)
    results = client.get(reverse("api:action-list")).json()["results"]
    secrets = set(SECRETS) if person in SEES else set()
    assert {row["ref"] for row in results if row["ref"].startswith("ZB")} == secrets
    parents = {row["ref"]: row["parent"] for row in results}
    if person in SEES_THE_PLAN:
        assert (parents["WY20-01"] is None) is (person not in SEES)
    for name in ("api:action", "api:update-list"):
        answer = client.get(reverse(name, args=[world.secret.pk]))
        assert answer.status_code == (200 if person in SEES else 404)


@pytest.mark.parametrize("person", PEOPLE)
def test_my_work_wants_nothing_about_it_from_others(
    marked: None, cast: Cast, world: World, person: str
) -> None:
    user = cast.person(person)
    refs = {task.subject.ref for task in my_tasks(actor=user, on=TODAY)}
    owned = {action.ref for action in my_actions(actor=user, on=TODAY)}
    if person not in SEES:
        assert not {ref for ref in refs | owned if ref.startswith("ZB")}
    if person == "bradford_spoc":
        assert "ZB-77" in refs & owned
    if person == "auditor":
        assert "ZB-79" in refs


@pytest.mark.module_state("before")
def test_my_work_has_the_highest_marking_of_its_tasks(
    before: None, cast: Cast, signed_in: Any, world: World
) -> None:
    assert signed_in("bradford_spoc").get("/").context["page_marking"] == "OFFICIAL"
    mark(cast)
    assert signed_in("bradford_spoc").get("/").context["page_marking"] == "OFFICIAL-SENSITIVE"
    assert signed_in("leeds_spoc").get("/").context["page_marking"] == "OFFICIAL"


def test_the_auditors_queue_shows_it_with_its_marking(
    marked: None, cast: Cast, signed_in: Any, world: World
) -> None:
    queue = signed_in("auditor").get(reverse("actions:assurance-queue"))
    assert [row.action.ref for row in queue.context["rows"]] == ["ZB-79"]
    assert queue.context["page_marking"] == "OFFICIAL-SENSITIVE"
    assert signed_in("leeds_spoc").get(reverse("actions:assurance-queue")).status_code == 403


@pytest.mark.parametrize("person", PEOPLE)
def test_staff_see_of_it_what_their_memberships_open(
    marked: None, cast: Cast, signed_in: Any, world: World, person: str
) -> None:
    User.objects.filter(pk=cast.person(person).pk).update(is_staff=True)
    client = signed_in(person)
    for model, page in admin.site._registry.items():
        if isinstance(page, BusinessAdmin) and person not in SEES:
            meta = model._meta
            listing = look(client, reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))
            assert not names(read(listing)), meta.label
    change = "admin:actions_action_change"
    assert client.get(reverse(change, args=[world.secret.pk])).status_code == (200 if person in SEES else 404)
    for action in world.neighbours:
        change_page = read(look(client, reverse(change, args=[action.pk])))
        assert bool(names(change_page)) is (person in SEES and action != world.heir)
