"""Every page in a made-up language: what is neither a message nor data is not marked for translation (decision 25)."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry
from desk.notices.services.sending import send_digests
from partners.accounts.services.mail import ADDRESS_CHANGED, send
from partners.accounts.services.users import change_user
from partners.clients.services.link_mail import send_mail
from partners.models import SecretLink, User
from partners.scopes import SCOPES
from reports.templates.shipped import LAYOUTS
from tests.cast import LONDON, cast_snapshot
from tests.factories import ActionFactory
from tests.stories.browser_walk import grouped_by_visitor
from tests.stories.pages import NONSENSE, SHEET, Visit, World
from tests.stories.setup_pages import LONG_IMPORTS, PEOPLE
from tests.stories.test_accessibility import VISITS, only_on_sqlite, whole_world
from tests.support.confirming import confirm
from tests.support.filled_forms import ADDRESS, EMAIL, TEXT, FilledForm, filled_forms
from tests.support.module_fixtures import ModuleState, module_fixture, rollback
from tests.support.pseudo_language import pseudo_language, texts_outside, texts_outside_mail, words_of_rows
from tests.support.rendering import without_context

# The description of the API, which is long, is in English; pages for anybody print a paper as it is recorded.
API_DOCS, IN_ENGLISH = "api:docs", {"reports:edition-preview", "reports:publication"}
# The names of the templates of what is sent about accounts.
KINDS_OF_MAIL = sorted(
    path.name.removesuffix("_subject.txt")
    for path in (settings.BASE_DIR / "templates/account/email").glob("*_subject.txt")
)
# What somebody searches for stands on the page as it was typed.
TYPED = re.compile(r"\bq=(\w+)")
FILES = {"importing:people-import": PEOPLE}
# What the forms of the walk add to the record, and what its imports say they did.
ADDED = (
    *(TEXT, EMAIL, ADDRESS, *SCOPES),
    *(words for layout in LAYOUTS.values() for words in layout.fields.values() if isinstance(words, str)),
    *(section["heading"] for layout in LAYOUTS.values() for section in layout.sections),
    *(str(fields["return_value"]) for fields in LONG_IMPORTS.values() if "return_value" in fields),
)


def the_world() -> World:
    return whole_world(cast_snapshot.restore())


module_state = module_fixture(the_world)


@pytest.fixture
def world(module_state: ModuleState, db: None, settings: Any) -> World:
    settings.PUBLICATIONS = True
    return deepcopy(module_state.base)


class Walk:
    """Opens pages, sends their forms, and collects the texts outside brackets, each with where it was read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.data = words_of_rows(more=ADDED)
        self.client, self.visitor = Client(), ""
        self.opened: set[object] = set()
        self.sent: set[object] = set()
        self.conflicts: set[str] = set()
        self.in_english: set[str] = set()
        self.unmarked: dict[str, str] = {}
        self.typed: list[str] = []

    def visit(self, visit: Visit) -> None:
        """Open a page that answers a GET, once for each route and status, and send its forms."""
        if visit.then or visit.route == API_DOCS or (visit.route, visit.status) in self.opened:
            return
        self.opened.add((visit.route, visit.status))
        if visit.who != self.visitor:
            self.sign_in(visit.who)
        address = visit.address(self.world)
        answer = self.client.get(address, follow=True)
        assert answer.status_code == visit.status, visit
        page = answer.content.decode()
        self.typed = TYPED.findall(address)
        self.read(page, visit.route, str(visit))
        self.send_forms(page, answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"])

    def sign_in(self, name: str, client: Client | None = None) -> None:
        self.client, self.visitor = client or Client(), name
        if name:
            user = User.objects.get(pk=self.world.cast.person(name).pk)
            self.client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            confirm(self.client, user)
        if name == "administrator":
            # The pages of the admin site are about the partnership that was chosen there.
            self.client.post(reverse("admin:partnership"), {"partnership": self.world.cast.yorkshire.pk})

    def read(self, page: str, route: str, place: str) -> None:
        if 'lang="en-gb"' in page[:1000]:
            self.in_english.add(route)
            return
        for text in texts_outside(page, self.data):
            if text not in self.typed:
                self.unmarked.setdefault(text, place)

    def send_forms(self, page: str, address: str) -> None:
        """Send each form that was not sent yet, read the page that answers it, and undo what it changed."""
        cookies = self.client.cookies.output(header="")
        for form in filled_forms(page, address):
            if form.key not in self.sent:
                for name, body in self.bodies(form):
                    self.send(form, name, body)
                    self.client.cookies = SimpleCookie(cookies)

    def bodies(self, form: FilledForm) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a form empty and filled in, and one of each app as if the row had changed meanwhile.

        Of further buttons of a form, and of a button alone, one body shows the answer.
        """
        is_first = (form.view, form.key[1]) not in self.sent
        self.sent |= {form.key, (form.view, form.key[1])}
        hidden = form.hidden | form.button
        content = FILES.get(form.view, SHEET)
        files = {name: SimpleUploadedFile("plan.csv", content) for name in form.files}
        yield "filled in", hidden | form.filled | files
        if is_first and (form.filled or form.files):
            yield "empty", hidden
        app = form.view.partition(":")[0]
        if form.version is not None and app not in self.conflicts:
            self.conflicts.add(app)
            yield "too late", hidden | form.filled | {"version": str(form.version + 1)}

    def send(self, form: FilledForm, name: str, body: dict[str, Any]) -> None:
        cache.clear()  # sign-in pages count requests
        with rollback():
            answer = self.client.post(form.address, body, follow=True)
            assert answer.status_code < 500
            if answer.get("Content-Type", "").startswith("text/html") and answer.content:
                page = answer.content.decode()
                self.read(page, form.view, f"{form.view}, sent {name}")
                if answer.status_code == 200 and not answer.redirect_chain:
                    self.send_forms(page, form.address)


FAULTS = ("400.html", "403_csrf.html", "405.html", "429.html", "500.html")


@only_on_sqlite
def test_no_text_of_a_fault_or_of_an_ended_session_is_unmarked(world: World, tmp_path: Path) -> None:
    walk = Walk(world)
    walk.sign_in("bradford_spoc")
    address = reverse("actions:progress-create", args=[world.moving.pk])
    with pseudo_language(tmp_path):
        answer = walk.client.get(address)
        for template in FAULTS:
            walk.read(render_to_string(template, request=answer.wsgi_request), template, template)
        forms = {form.view: form for form in filled_forms(answer.content.decode(), address)}
        form = forms["actions:progress-create"]
        del walk.client.cookies["sessionid"]
        answer = walk.client.post(form.address, form.hidden | form.filled, follow=True)
        walk.read(answer.content.decode(), form.view, "sent after the session ended")
        walk.sign_in("bradford_spoc", walk.client)
        page = walk.client.get(address).content.decode()
        walk.read(page, form.view, "back after the session ended")
    assert TEXT in page
    assert walk.unmarked == {}


@only_on_sqlite
def test_no_text_of_a_page_or_of_what_answers_a_form_is_unmarked(world: World, tmp_path: Path) -> None:
    walk = Walk(world)
    with pseudo_language(tmp_path), without_context():
        for visit in grouped_by_visitor(VISITS):
            walk.visit(visit)
    assert walk.unmarked == {}
    assert walk.in_english == IN_ENGLISH
    assert len(walk.conflicts) > 4


@only_on_sqlite
def test_no_text_of_an_email_is_unmarked(
    world: World,
    tmp_path: Path,
    mailoutbox: list[EmailMessage],
) -> None:
    at = datetime(2020, 7, 31, 7, tzinfo=LONDON)
    user, administrator = world.cast.bradford_spoc, world.cast.administrator
    change_user(actor=administrator, user=user, email="spoc@example.org", at=at)
    (change,) = Entry.objects.filter(target_type=User._meta.label_lower).order_by("-pk")[:1]
    mailoutbox.clear()
    data = words_of_rows(more=["Excel", "bradford.spoc@example.org"])
    with pseudo_language(tmp_path):
        for kind in KINDS_OF_MAIL:
            send(kind=kind, user=user, at=at, about=str(change.pk) if kind == ADDRESS_CHANGED else "Excel")
        send_mail(link=SecretLink.objects.order_by("pk")[0])
        send_digests(actor=SYSTEM, at=at)
    assert len(mailoutbox) > len(KINDS_OF_MAIL) + 1
    unmarked = {text: each.subject for each in mailoutbox for text in texts_outside_mail(each, data)}
    assert unmarked == {}


@only_on_sqlite
@pytest.mark.parametrize("file", [SHEET, NONSENSE], ids=["rows", "problems"])
def test_no_text_of_a_preview_is_unmarked(world: World, tmp_path: Path, file: bytes) -> None:
    ActionFactory(cast=world.cast, in_progress=True, ref="1.1", title=TEXT)
    walk = Walk(world)
    walk.sign_in("manager")
    cells = re.split(r"[,\n]", file.decode())
    data = words_of_rows(more=[*cells, "actions.csv", "Column", "Sheet"])
    address = reverse("importing:plan-import", args=[world.cast.plan.pk])
    with pseudo_language(tmp_path):
        answer = walk.client.post(address, {"file": SimpleUploadedFile("actions.csv", file)})
    assert texts_outside(answer.content.decode(), data) == set()
