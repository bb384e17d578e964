"""Every address, method and role against the permission matrix, by a real request for each."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.models import Action, Dependency, Evidence
from actions.services import add_evidence, assure_action, edit_action
from partners.models import User
from tests import cast as stage
from tests.actions.dates import ask, milestone
from tests.actions.waiting import waits
from tests.api.clients import System, system_of
from tests.cast import AT, Cast
from tests.permissions import inspections
from tests.permissions.matrix import CLIENTS, INSIDE, MATRIX, OUTSIDE, STATES, Cell
from tests.permissions.routes import Route, routes

ROUTES = {route.key: route for route in routes() if not route.is_admin}
IN_STATE = {
    "draft": lambda cast: stage.unallocated(cast, draft=True),
    "awaiting_allocation": stage.unallocated,
    "in_progress": stage.under_way,
    "awaiting_assurance": stage.submitted,
    "complete": lambda cast: (
        assure_action(actor=cast.auditor, action=stage.submitted(cast), note="Seen.", at=AT).action
    ),
}


def on_leeds(cast: Cast, action: Action) -> Dependency:
    """The action waits on Leeds District, whose SPOC sees it in any case."""
    return waits(cast, action, actor=cast.manager, organisation=cast.leeds_district)


# What is asked about the action in play, where the address names a request.
ASKED: dict[str, Callable[[Cast, Action], Any]] = {
    "actions:closure-decide": stage.proposed,
    "actions:closure-retract": stage.proposed,
    "actions:date-change-decide": lambda cast, action: ask(actor=cast.bradford_spoc, action=action),
    "actions:date-change-withdraw": lambda cast, action: ask(actor=cast.bradford_spoc, action=action),
    "actions:milestone-edit": milestone,
    "actions:dependency-answer": on_leeds,
    "actions:dependency-end": on_leeds,
}
SAID = {"narrative": "Two more teams are briefed.", "rag": "green", "percent": 60}


class Scene:
    """The action in play, with an update and a piece of evidence where its state has them."""

    def __init__(self, cast: Cast, route: Route) -> None:
        self.cast = cast
        self.route = route
        self.action: Action = IN_STATE[STATES.get(route.key, "in_progress")](cast)
        self.evidence = self._evidence() if "evidence_pk" in route.parameters else None
        self.request = ASKED[route.key](cast, self.action) if route.key in ASKED else None
        self.found: dict[str, Any] = {}
        if route.key.startswith("inspections:") or route.key in inspections.API:
            path = route.path.removeprefix("api/v1/")
            self.found = inspections.in_play(cast, self.action, route.key, path)

    def _evidence(self) -> Evidence:
        file = SimpleUploadedFile("list.csv", b"team,briefed\nEast,yes\n", content_type="text/csv")
        return add_evidence(
            actor=self.cast.bradford_spoc, action=self.action, title="Briefing list", file=file, at=AT
        )

    def let_the_council_in(self) -> None:
        self.action.refresh_from_db()
        supporting = [*self.action.supporting.all(), self.cast.wakefield_council]
        edit_action(actor=self.cast.manager, action=self.action, supporting=supporting, at=AT)

    def address(self) -> str:
        of_a_plan = self.route.path.startswith(("plans/", "api/v1/plans/"))
        update = self.action.updates.first() if "update_id" in self.route.parameters else None
        known: dict[str, Any] = {
            "pk": self.cast.plan.pk if of_a_plan else self.action.pk,
            "pillar_pk": self.cast.identify.pk,
            "evidence_pk": self.evidence and self.evidence.pk,
            "request_pk": self.request and self.request.pk,
            "milestone_pk": self.request and self.request.pk,
            "dependency_pk": self.request and self.request.pk,
            "update_id": update and update.pk,
            "partnership_pk": self.cast.yorkshire.pk,
            "sequence": 1,
            "uidb36": "1",
            "key": "not-a-key",
        } | self.found
        given = {name: known[name] for name in self.route.parameters}
        fixed = dict(zip(("kind",), self.route.fixed, strict=False))
        return reverse(self.route.name, kwargs=given | fixed)


class Players:
    """One test client for each role, made when it first plays."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.known: dict[str, tuple[Client, dict[str, str]]] = {}
        # The pages about a password are for those who have one.
        User.objects.filter(kind=User.Kind.USER).update(password=make_password("correct horse battery"))

    def send(self, role: str, method: str, address: str) -> int:
        if role not in self.known:
            self.known[role] = self._player(role)
        client, headers = self.known[role]
        cache.clear()  # sign-in pages count requests, and this is about who asks, not how often
        given: dict[str, Any] = {"headers": headers}
        if method == "POST":
            programs = address.startswith("/api/")
            # A page's form is never quite empty: it always carries its token.
            given |= (
                {"data": SAID, "content_type": "application/json"}
                if programs
                else {"data": {"csrfmiddlewaretoken": "x"}}
            )
        response = getattr(client, method.lower())(address, **given)
        if response.streaming:
            b"".join(response)  # a file is closed once it was sent
        return int(response.status_code)

    def _player(self, role: str) -> tuple[Client, dict[str, str]]:
        if role == "anonymous":
            return Client(), {}
        if role in CLIENTS:
            return Client(), self._system(role).headers()
        person = self.cast.person("wakefield_contact" if role == "supporter" else role)
        person.refresh_from_db()
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client, {}

    def _system(self, role: str) -> System:
        council, city = self.cast.wakefield_council, self.cast.city_council
        scopes = {
            "reader": ["actions:read"],
            "writer": ["updates:write"],
            "reviewer": ["recommendations:read"],
            "foreign": list(settings.OAUTH2_PROVIDER["SCOPES"]),
        }
        return system_of(self.cast, city if role == "foreign" else council, role, scopes=scopes[role])


@pytest.fixture(autouse=True)
def secrets_hash_quickly(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.mark.parametrize("key", sorted(ROUTES))
def test_every_role_gets_the_answer_of_the_matrix(key: str, cast: Cast) -> None:
    cells = MATRIX.get(key)
    assert cells, f"{key} is not in tests/permissions/matrix.py"
    scene, players = Scene(cast, ROUTES[key]), Players(cast)
    wrong = [*_play(scene, players, cells, OUTSIDE)]
    scene.let_the_council_in()
    wrong += _play(scene, players, cells, (*INSIDE, *CLIENTS))
    assert not wrong, "\n".join(wrong)


def _play(scene: Scene, players: Players, cells: list[Cell], roles: tuple[str, ...]) -> Iterator[str]:
    # What changes something comes last.
    for cell in sorted(cells, key=lambda cell: cell.method == "POST"):
        if cell.role in roles:
            got = players.send(cell.role, cell.method, scene.address())
            if got != cell.status:
                yield f"{cell.method} {cell.route} as {cell.role}: {got}, where the matrix says {cell.status}"


@pytest.mark.parametrize(
    "key", sorted(key for key in ROUTES if not ROUTES[key].path.startswith(("api/", "oauth/")))
)
def test_no_page_leads_an_unknown_visitor_anywhere_but_to_sign_in(key: str, cast: Cast) -> None:
    address = Scene(cast, ROUTES[key]).address()
    response = Client().get(address)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/accounts/login/"), key


def test_what_is_not_there_looks_like_what_is_foreign(cast: Cast, signed_in: Any) -> None:
    """A 404 must not tell whether somebody else has the row."""
    action = stage.under_way(cast)
    client = signed_in("leicestershire_manager")
    foreign = client.get(reverse("actions:action", args=[action.pk]))
    missing = client.get(reverse("actions:action", args=[action.pk + 1000]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    masked = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert masked.sub(b"", foreign.content) == masked.sub(b"", missing.content)


FORMS = sorted(
    key
    for key, cells in MATRIX.items()
    if key in ROUTES
    and not ROUTES[key].path.startswith(("api/", "oauth/"))
    and any(
        cell.method == "POST" and cell.status in {200, 302, 409, 422}
        for cell in cells
        if cell.role != "anonymous"
    )
)


@pytest.mark.parametrize("key", FORMS)
def test_a_form_without_its_token_is_refused(key: str, cast: Cast) -> None:
    address = Scene(cast, ROUTES[key]).address()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address, {"note": "From another site."}).status_code == 403
