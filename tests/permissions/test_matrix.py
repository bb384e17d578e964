"""Every address, method and role against the permission matrix, by a real request for each.

One route alone: `pytest tests/permissions/test_matrix.py -k actions:plan-edit`. Routes that need the same things in play
share a scene (`scenery`), and whatever a request changes is undone after it.
"""

import copy
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.actions.services import edit_action
from actions.assurance.services import assure_action
from actions.evidence.services import add_evidence
from actions.models import Action, DateChange, Dependency, Evidence
from tests.actions.dates.dates import ask, milestone
from tests.actions.waits.waiting import waits
from tests.cast import AT, Cast, cast_snapshot
from tests.factories import ActionFactory, ClosureProposalFactory, QuestionFactory
from tests.permissions import (
    access,
    action_api,
    calendar,
    exchange,
    inspections,
    meetings,
    notices,
    programme,
    reports,
    returns,
    saved_views,
    setup,
    suffixes,
)
from tests.permissions.matrix import CLIENTS, INSIDE, MATRIX, OPCC, OTHER, OUTSIDE, PEOPLE, STATES, Cell
from tests.permissions.players import Players
from tests.permissions.routes import Route, routes
from tests.support.harness import DATABASE
from tests.support.html_forms import forms_to
from tests.support.module_fixtures import ModuleState, module_fixture

WRITING = ("POST", "PATCH")
STALE = f'"{"0" * 64}"'
WITHOUT_RIGHTS = ("stranger", "observer", "former_spoc", "administrator")
# What is chosen on its first page stands in the address; its second is in tests/web/test_unsaved.py.
# The other asks for a plan only until there is one.
WITHOUT_FORM = {"actions:hand-over", "importing:setup-partnership"}
ROUTES = {route.key: route for route in routes() if not route.is_admin}
IN_STATE = {
    "draft": lambda cast: ActionFactory(cast=cast, unallocated=True, draft=True),
    "awaiting_allocation": lambda cast: ActionFactory(cast=cast, unallocated=True),
    "in_progress": lambda cast: ActionFactory(cast=cast, in_progress=True),
    "awaiting_assurance": lambda cast: ActionFactory(cast=cast, awaiting_assurance=True),
    "complete": lambda cast: (
        assure_action(
            actor=cast.auditor, action=ActionFactory(cast=cast, awaiting_assurance=True), note="Seen.", at=AT
        ).action
    ),
}


def on_leeds(cast: Cast, action: Action) -> Dependency:
    """The action waits on Leeds District, whose SPOC sees it in any case."""
    return waits(cast, action, actor=cast.manager, organisation=cast.leeds_district)


def later_date(cast: Cast, action: Action) -> DateChange:
    return ask(actor=cast.bradford_spoc, action=action)


# What is asked about the action in play, where the address names a request.
ASKED: dict[str, Callable[[Cast, Action], Any]] = {
    "actions:closure-decide": lambda cast, action: ClosureProposalFactory(cast=cast, action=action),
    "actions:closure-retract": lambda cast, action: ClosureProposalFactory(cast=cast, action=action),
    "actions:date-change-decide": later_date,
    "actions:date-change-withdraw": later_date,
    "actions:milestone-edit": milestone,
    "actions:dependency-answer": on_leeds,
    "actions:dependency-end": on_leeds,
    "actions:question-answer": lambda cast, action: QuestionFactory(cast=cast, action=action),
}

# What else an address names, made beside the action in play: the values in the address, by name.
FOUND: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    **access.FOUND,
    **action_api.FOUND,
    **calendar.FOUND,
    **exchange.FOUND,
    **meetings.FOUND,
    **reports.FOUND,
    **notices.FOUND,
    **programme.FOUND,
    **returns.FOUND,
    **saved_views.FOUND,
    **setup.FOUND,
    **suffixes.FOUND,
}


class Scene:
    """The action in play, with an update and a piece of evidence where its state has them."""

    def __init__(self, cast: Cast, route: Route) -> None:
        self.cast = cast
        self.action: Action = IN_STATE[STATES.get(route.key, "in_progress")](cast)
        self.evidence = self._evidence() if "evidence_pk" in route.parameters else None
        self.request = ASKED[route.key](cast, self.action) if route.key in ASKED else None
        self.ids = FOUND[route.key](cast, self.action) if route.key in FOUND else {}
        if has_findings(route):
            self.ids = inspections.in_play(cast, self.action, route.key, path_of(route))

    def _evidence(self) -> Evidence:
        file = SimpleUploadedFile("list.csv", b"team,briefed\nEast,yes\n", content_type="text/csv")
        return add_evidence(
            actor=self.cast.bradford_spoc, action=self.action, title="Briefing list", file=file, at=AT
        )

    def let_the_council_in(self) -> None:
        action = Action.objects.get(pk=self.action.pk)
        supporting = [*action.supporting.all(), self.cast.wakefield_council]
        edit_action(actor=self.cast.manager, action=action, supporting=supporting, at=AT)

    def address(self, route: Route) -> str:
        update = self.action.updates.first() if "update_id" in route.parameters else None
        known: dict[str, Any] = {
            "pk": self.cast.plan.pk if path_of(route).startswith("plans/") else self.action.pk,
            "pillar_pk": self.cast.identify.pk,
            "evidence_pk": self.evidence and self.evidence.pk,
            "request_pk": self.request and self.request.pk,
            "milestone_pk": self.request and self.request.pk,
            "dependency_pk": self.request and self.request.pk,
            "question_pk": self.request and self.request.pk,
            "update_id": update and update.pk,
            "partnership_pk": self.cast.yorkshire.pk,
            "sequence": 1,
            "uidb36": "1",
            "key": "not-a-key",
            "token": "not-a-token",
        } | self.ids
        arguments = {name: known[name] for name in route.parameters}
        fixed = dict(zip(("kind",), route.fixed, strict=False))
        return reverse(route.name, kwargs=arguments | fixed)


def path_of(route: Route) -> str:
    return route.path.removeprefix("api/v1/")


def has_findings(route: Route) -> bool:
    return route.key.startswith(("inspections:", "importing:recommendation-")) or route.key in inspections.API


def scenery(route: Route) -> tuple[str, ...]:
    """What tells one scene from another: the routes that agree in it are asked about on the same one."""
    return (
        STATES.get(route.key, "in_progress"),
        "evidence" if "evidence_pk" in route.parameters else "",
        _where(ASKED.get(route.key)),
        _where(FOUND.get(route.key)),
        inspections.scenery(route.key, path_of(route)) if has_findings(route) else "",
    )


def _where(build: Any) -> str:
    """Two builders may bear one name, or none."""
    return f"{build.__module__}:{inspect.unwrap(build).__code__.co_firstlineno}" if build else ""


def cast_and_players() -> tuple[Cast, Players]:
    cast = cast_snapshot.restore()
    return cast, Players(cast)


module_state = module_fixture(cast_and_players)


@pytest.fixture
def players(module_state: ModuleState) -> Players:
    known: Players = module_state.base[1]
    return known


@pytest.fixture
def scene(key: str, module_state: ModuleState) -> Scene:
    """What is in play at an address of the route; asked for before `db`, so that it outlasts the test."""
    assert key in MATRIX, f"{key} is not in tests/permissions/matrix.py"
    route = ROUTES[key]
    current: Scene = module_state.switch_to(
        scenery(route), lambda: Scene(copy.deepcopy(module_state.base[0]), route)
    )
    return current


@pytest.fixture
def empty_stage(module_state: ModuleState) -> None:
    module_state.clear()


@pytest.fixture
def cast(empty_stage: None, db: None, module_state: ModuleState) -> Cast:
    return copy.deepcopy(module_state.base[0])


def by_scenery(keys: Iterable[str]) -> list[Any]:
    return [pytest.param(key, marks=pytest.mark.module_state(scenery(ROUTES[key]))) for key in sorted(keys)]


@pytest.mark.parametrize("key", by_scenery(ROUTES))
def test_every_role_gets_the_answer_of_the_matrix(key: str, scene: Scene, db: None, players: Players) -> None:
    cells, address = without_repetitions(MATRIX[key]), scene.address(ROUTES[key])
    if DATABASE != "sqlite":
        cells = one_of_each_answer(cells)
    wrong = [*_play(players, cells, address, (*OUTSIDE, OPCC))]
    scene.let_the_council_in()
    wrong += _play(players, cells, address, (*INSIDE, *CLIENTS))
    assert not wrong, "\n".join(wrong)


# What an address answers to a method that it does not have, or to somebody whom it does not know.
WITHOUT_VIEW = {302, 401, 405}


def without_repetitions(cells: list[Cell]) -> list[Cell]:
    """Leave out requests that only repeat another.

    The view that answers GET answers HEAD, so of HEAD each status is asked for once, and of GET by every role. An address
    without PUT, PATCH and DELETE answers them alike, so each role sends one of them, and the manager all.
    """
    first: dict[object, Cell] = {}
    for cell in cells:
        request: object = cell
        if cell.method == "HEAD":
            request = cell.method, cell.status
        elif cell.method in OTHER and cell.status in WITHOUT_VIEW and cell.role != "manager":
            request = cell.role, cell.status
        first.setdefault(request, cell)
    return list(first.values())


def one_of_each_answer(cells: list[Cell]) -> list[Cell]:
    """Leave one role for each method and status: SQLite asks every role, and no database decides who may do what.

    HEAD is left out: it sends the statements of GET.
    """
    return list({(cell.method, cell.status): cell for cell in cells if cell.method != "HEAD"}.values())


def _play(players: Players, cells: list[Cell], address: str, roles: tuple[str, ...]) -> Iterator[str]:
    for cell in cells:
        if cell.role in roles:
            got = players.send(cell.role, cell.method, address).status_code
            if got != cell.status:
                yield f"{cell.method} {cell.route} as {cell.role}: {got}, where the matrix says {cell.status}"


# The statuses of a refusal; of these a body changes nothing.
REFUSALS = {403, 404}
# Each body once, and each precondition once.
BODIES = (({"nonsense": 1}, "*"), ([], "*"), ({}, "*"), ("text", "*"), ({}, STALE), ({}, ""))
NONSENSE = {"version": "one", "due": "never", "nonsense": "1"}
WRITES = by_scenery(
    key
    for key, cells in MATRIX.items()
    if key.startswith("api:")
    and any(cell.method in WRITING and cell.status not in {401, 405} for cell in cells)
)


@pytest.mark.parametrize("key", WRITES)
def test_a_write_without_rights_is_refused_before_the_body_is_read(
    key: str, scene: Scene, db: None, players: Players
) -> None:
    """Whoever has no rights gets the same answer whatever they send, with and without an ETag."""
    address, number, wrong = scene.address(ROUTES[key]), 0, []
    scene.let_the_council_in()
    for cell in MATRIX[key]:
        if cell.role not in (*INSIDE, *CLIENTS, *WITHOUT_RIGHTS) or cell.method not in WRITING:
            continue
        if cell.status in REFUSALS or (cell.role in WITHOUT_RIGHTS and cell.status != 405):
            number += 1
            expected = (
                {cell.status} if cell.status in REFUSALS and cell.role not in WITHOUT_RIGHTS else REFUSALS
            )
            for body, etag in BODIES if cell.method == "PATCH" else BODIES[:4]:
                got = players.send(cell.role, cell.method, address, body, etag).status_code
                if got not in expected:
                    wrong.append(f"{cell.method} {key} as {cell.role} with {body!r} and {etag!r}: {got}")
    assert number
    assert not wrong, "\n".join(wrong)


REFUSING_PAGES = by_scenery(
    key
    for key, cells in MATRIX.items()
    if key in ROUTES
    and not ROUTES[key].path.startswith(("api/", "oauth/", "scim/"))
    and any(cell.method == "POST" and cell.status in REFUSALS for cell in cells)
)


@pytest.mark.parametrize("key", REFUSING_PAGES)
def test_a_form_without_rights_is_refused_before_it_is_read(
    key: str, scene: Scene, db: None, players: Players
) -> None:
    address = scene.address(ROUTES[key])
    scene.let_the_council_in()
    cells = [cell for cell in MATRIX[key] if cell.method == "POST" and cell.role in INSIDE]
    refused = [cell for cell in cells if cell.status in REFUSALS]
    statuses = {cell.role: players.send(cell.role, "POST", address, NONSENSE).status_code for cell in refused}
    assert statuses == {cell.role: cell.status for cell in refused}


@pytest.mark.parametrize(
    "key", by_scenery(key for key in ROUTES if not ROUTES[key].path.startswith(("api/", "oauth/", "scim/")))
)
def test_no_page_leads_an_unknown_visitor_anywhere_but_to_sign_in(
    key: str, scene: Scene, db: None, players: Players
) -> None:
    response = players.send("anonymous", "GET", scene.address(ROUTES[key]))
    if response.status_code == 302:
        # Who follows an old invitation is asked for an address to send a new link to.
        sign_in = "/accounts/password/reset/" if key == "account_invitation" else "/accounts/login/"
        assert response.headers["Location"].startswith(sign_in), key


def test_a_missing_row_looks_like_one_of_another_partnership(cast: Cast, signed_in: Any) -> None:
    """A 404 must not tell whether somebody else has the row."""
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("leicestershire_manager")
    foreign = client.get(reverse("actions:action", args=[action.pk]))
    missing = client.get(reverse("actions:action", args=[action.pk + 1000]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    masked = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert masked.sub(b"", foreign.content) == masked.sub(b"", missing.content)


FORMS = by_scenery(
    key
    for key, cells in MATRIX.items()
    if key in ROUTES
    and not ROUTES[key].path.startswith(("api/", "oauth/", "scim/"))
    # The token in their addresses says who may send them (and RFC 8058 lets mail programs unsubscribe): nobody signs in.
    and key not in {"desk:unsubscribe", "partners:client-secret-claim"}
    and any(
        cell.method == "POST" and cell.status in {200, 302, 409, 422}
        for cell in cells
        if cell.role != "anonymous"
    )
)


@pytest.mark.parametrize("key", FORMS)
def test_a_form_without_its_token_is_refused(key: str, scene: Scene, db: None, players: Players) -> None:
    address = scene.address(ROUTES[key])
    assert players.forger.post(address, {"note": "From another site."}).status_code == 403


def _filled_in_by(key: str) -> str:
    """Return somebody who gets the form of an address and may send it; nobody where it has no page, or is of sign-in."""
    status = {(cell.method, cell.role): cell.status for cell in MATRIX[key] if cell.role in PEOPLE}
    sends = (role for role in PEOPLE if status["POST", role] in {200, 302, 409, 422})
    return next(
        (role for role in sends if status["GET", role] == 200 and not key.startswith(("account_", "mfa_"))),
        "",
    )


FILLED_IN = by_scenery(param.values[0] for param in FORMS if _filled_in_by(str(param.values[0])))


@pytest.mark.parametrize("key", FILLED_IN)
def test_text_typed_before_the_session_ended_is_restored(
    key: str, scene: Scene, db: None, players: Players
) -> None:
    scene.let_the_council_in()
    address, role = scene.address(ROUTES[key]), _filled_in_by(key)
    browser = players.browser(role)
    forms = forms_to(address, browser.get(address))
    assert forms or key in WITHOUT_FORM
    for form in forms:
        form_data = form.values | {name: f"Typed <into> {name}" for name in form.typed}
        del browser.cookies["sessionid"]
        assert browser.post(address, form_data)["Location"].startswith("/accounts/login/")
        players.sign_in(browser, role)
        page = browser.get(address)
        assert "You were signed out" in page.content.decode()
        assert form_data in [after.values | _tokens(form_data) for after in forms_to(address, page)]


def _tokens(form_data: dict[str, Any]) -> dict[str, Any]:
    return {name: form_data[name] for name in ("csrfmiddlewaretoken", "opened_by")}
