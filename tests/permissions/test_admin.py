"""The admin site by one rule for each kind of record: who gets in, and what staff may do there."""

import copy
import html
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from actions.assurance.services import assure_action
from actions.evidence.services import add_evidence
from audit.actors import SYSTEM
from audit.models import Entry
from desk.notices.services.sending import send_digests
from desk.worker import enqueue_due_jobs
from inspections.findings.services.register import record_register_status
from meetings.attendance.services import Attendee, record_attendance
from meetings.decisions.services import record_decision
from meetings.models import Arising
from partners.clients.services.clients import create_client
from partners.models import (
    ApiClient,
    Board,
    BoardSeat,
    Membership,
    MouArea,
    OrganisationAlias,
    Partnership,
    Responsibility,
)
from partners.organisations.services import save_reference
from returns.services.drafting import CommentaryDraft
from returns.services.figures import FigureDraft, figure_lines
from tests import cast as stage
from tests.actions.board_ratings.factories import BoardRatingFactory
from tests.actions.dates.dates import slipping
from tests.actions.waits.waiting import supported, waits
from tests.cast import AT, PEOPLE, TODAY, Cast, cast_snapshot
from tests.factories import ActionFactory, ClosureProposalFactory, QuestionFactory
from tests.inspections.findings.stage import linked
from tests.inspections.letters import letters
from tests.permissions import meetings
from tests.permissions.recognising import Known
from tests.permissions.routes import routes
from tests.permissions.thrift import Thrift
from tests.programme import factories as records
from tests.returns.returns import IN_TIME, open_return, save
from tests.returns.returns import row as said_of
from tests.support.module_fixtures import ModuleState, module_fixture

MODELS = {model._meta.label_lower: model for model in admin.site._registry}
OF_THE_SERVICE = {"desk.heartbeat", "desk.jobrun"}
WITHOUT_ROWS = {"audit.checkpoint", "desk.heartbeat"}
# Whose rows staff see only by a membership of their own: the work and the ledgers.
BUSINESS = {
    label
    for label in MODELS
    if label.startswith(("actions.", "returns.", "inspections.", "meetings.", "programme.", "audit."))
}
SITE_PAGES = ["", "login/", "logout/", "partnership/"]


def at_home() -> tuple[Cast, dict[str, Client]]:
    cast = cast_snapshot.restore()
    clients = {name: Client() for name in ("anonymous", *PEOPLE)}
    for name in PEOPLE:
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        clients[name].force_login(cast.person(name), backend=backend)
    return cast, clients


module_state = module_fixture(at_home)


def stock(cast: Cast) -> Cast:
    """At least one row of every kind."""
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    records.stock(cast)
    add_evidence(actor=cast.bradford_spoc, action=action, title="Rota", url="https://example.org/r", at=AT)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    ClosureProposalFactory(cast=cast, action=other)
    QuestionFactory(cast=cast, action=other)
    BoardRatingFactory(cast=cast, action=other)
    waits(cast, supported(cast, "WY20-09"))
    slipping(cast)
    _findings(cast)
    enqueue_due_jobs(at=AT)
    seat = _meeting(cast)
    training = save_reference(
        actor=cast.manager, row=MouArea(partnership=cast.yorkshire, name="Training"), at=AT
    )
    commentary = CommentaryDraft(mou_area=training.pk, text="Two courses.")
    report = open_return(cast)
    (line, *_) = figure_lines(actor=cast.bradford_spoc, report=report, on=IN_TIME.date())
    figures = [FigureDraft(key=line.key, values={"eligible": 80, "completed": 60})]
    save(cast, report, said_of(other), commentaries=[commentary], figures=figures)
    for row in (
        seat,
        Board(partnership=cast.yorkshire, name="Silver", tier="Silver"),
        Responsibility(mou_area=training, organisation=cast.police, kind="leads"),
        OrganisationAlias(partnership=cast.yorkshire, organisation=cast.police, name="WYP"),
    ):
        save_reference(actor=cast.manager, row=row, at=AT)
    create_client(actor=cast.manager, organisation=cast.police, name="System", scopes=["actions:read"], at=AT)
    return cast


@pytest.fixture
def stocked(module_state: ModuleState) -> Cast:
    """At least one row of every kind; asked for before `db`, so that they outlast the test."""
    stocked: Cast = module_state.switch_to("stocked", lambda: stock(copy.deepcopy(module_state.base[0])))
    return stocked


@pytest.fixture
def empty(module_state: ModuleState) -> None:
    module_state.clear()


@pytest.fixture
def cast(empty: None, db: None, module_state: ModuleState) -> Cast:
    return copy.deepcopy(module_state.base[0])


@pytest.fixture
def clients(module_state: ModuleState) -> dict[str, Client]:
    """Everybody of the cast, signed in."""
    clients: dict[str, Client] = module_state.base[1]
    return clients


def _meeting(cast: Cast) -> BoardSeat:
    """Hold a meeting with a row of every kind, and return a seat of its board that is not saved yet."""
    ids = meetings.arising(cast, ActionFactory(cast=cast, allocated=True, ref="WY20-50"))
    minute = Arising.objects.get(pk=ids["pk"]).minute
    here = {"actor": cast.manager, "at": AT}
    record_decision(minute=minute, effect="note", wording="Noted.", **here)
    attendee = Attendee(cast.police, "Chair", "present")
    record_attendance(meeting=minute.item.meeting, attendees=[attendee], **here)
    return BoardSeat(board=minute.board, organisation=cast.police, post="Chair", starts_on=TODAY)


def _findings(cast: Cast) -> None:
    inspection = letters.drafted(cast).inspection
    row = letters.findings(inspection)[0]
    linked(cast, row, ActionFactory(cast=cast, in_progress=True, ref="WY20-08"))
    record_register_status(actor=cast.auditor, recommendation=row, state="open", as_at=stage.TODAY, at=AT)


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages_of(model: type[Model]) -> list[str]:
    row = model._base_manager.first()
    pk = row.pk if row else 1
    return [
        address(model, "changelist"),
        address(model, "change", pk),
    ]


def test_only_this_products_own_records_are_in_the_admin_site() -> None:
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    assert {label.split(".")[0] for label in MODELS} <= ours


def test_every_address_of_the_admin_site_is_walked() -> None:
    """The rules below name the pages of a record; a new kind of page has to be added to them."""
    known = {"changelist", "change"}
    for route in routes():
        if not route.is_admin:
            continue
        short = route.path.removeprefix("admin/")
        label, _, rest = short.partition("/")
        model = rest.partition("/")[0]
        if f"{label}.{model}" in MODELS:
            page = route.name.rpartition("_")[2]
            assert page in known, route
        else:
            site = {"^(?P<app_label>", "(?P<url>.*)$"}
            assert short in SITE_PAGES or any(short.startswith(each) for each in site), route


@pytest.mark.module_state("stocked")
@pytest.mark.parametrize("label", sorted(MODELS))
def test_only_administrators_open_pages_of_a_record(
    label: str, stocked: Cast, db: None, clients: dict[str, Client]
) -> None:
    wrong = []
    doors = [(method, page) for page in pages_of(MODELS[label]) for method in ("get", "post")]
    thrift = Thrift()
    with Known(clients.values()).recognised():
        for method, page in doors:
            for name in ("anonymous", *(person for person in PEOPLE if person != "administrator")):
                expected = 302 if name == "anonymous" else 403
                with thrift.of(name, method.upper()):
                    response = getattr(clients[name], method)(page)
                refused = response.status_code == expected or response.headers.get("Location", "").startswith(
                    ("/accounts/login/", "/admin/login/")
                )
                if not refused:
                    wrong.append(f"{method} {page} as {name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.module_state("stocked")
@pytest.mark.parametrize("label", sorted(MODELS))
def test_an_administrator_looks_and_changes_nothing(
    label: str, stocked: Cast, db: None, clients: dict[str, Client]
) -> None:
    model, client = MODELS[label], clients["administrator"]
    listing = client.get(address(model, "changelist"))
    assert listing.status_code == 200
    if label in BUSINESS:
        assert model._base_manager.exists() or label in WITHOUT_ROWS
        assert listing.context["cl"].result_count == 0
    row = model._base_manager.first()
    if row is None:
        return
    entries = Entry.objects.count()
    hidden = label in BUSINESS or label == "partners.apiclient"
    page = address(model, "change", row.pk)
    # Leicestershire comes first, and without a role of theirs nothing else leads an administrator to Yorkshire.
    assert client.get(page).status_code == (404 if hidden or label == "desk.digest" else 200)
    assert client.post(page, {"post": "yes"}).status_code in {403, 404}
    for other in ("add", f"{row.pk}/delete", f"{row.pk}/history"):
        assert client.get(f"{address(model, 'changelist')}{other}/").status_code == 404, other
    assert Entry.objects.count() == entries
    assert model._base_manager.filter(pk=row.pk).exists()


def audit_both(cast: Cast) -> None:
    """Make the administrator an auditor in both partnerships."""
    for partnership, organisation in ((cast.yorkshire, cast.opcc), (cast.leicestershire, cast.city_council)):
        Membership.objects.create(
            user=cast.administrator,
            partnership=partnership,
            organisation=organisation,
            role="auditor",
            starts_on=stage.SINCE,
            review_by=stage.TODAY,
        )


def choose(client: Client, partnership: Partnership) -> None:
    response = client.post(reverse("admin:partnership"), {"partnership": partnership.pk}, follow=True)
    assert f"These are the records of {partnership}" in response.content.decode()


def links_of(response: Any) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="([^"#]+)"', response.content.decode())]


@pytest.mark.module_state("stocked")
@pytest.mark.parametrize("label", sorted(MODELS))
def test_a_record_is_there_in_its_own_partnership_only(
    label: str, stocked: Cast, db: None, clients: dict[str, Client]
) -> None:
    """Neither in the list, nor in a search, nor by its address; and no page or link of it fails."""
    model, client = MODELS[label], clients["administrator"]
    audit_both(stocked)
    if label == "desk.digest":
        send_digests(actor=SYSTEM, at=AT)
    listing = address(model, "changelist")
    choose(client, stocked.yorkshire)
    here = client.get(listing)
    rows = list(here.context["cl"].result_list)
    assert rows or label in WITHOUT_ROWS
    for row in rows[:1]:
        page = address(model, "change", row.pk)
        record = client.get(page)
        assert record.status_code == 200
        own = f"/admin/{label.replace('.', '/')}/"
        for link in {urljoin(listing, link) for link in links_of(here) + links_of(record)}:
            if link.startswith(own):
                assert client.get(link).status_code == 200, link
        assert client.get(record.context["page"] or "/").status_code == 200
        choose(client, stocked.leicestershire)
        for search in ("", "e"):
            others = client.get(listing, {"q": search} if search else {})
            assert (row in others.context["cl"].result_list) is (label in OF_THE_SERVICE)
        assert client.get(page).status_code == (200 if label in OF_THE_SERVICE else 404)
    for pk in ("x", "9" * 25, "%00"):
        assert client.get(address(model, "change", pk)).status_code == 404


def test_a_choice_is_of_the_list(cast: Cast, clients: dict[str, Client]) -> None:
    client = clients["administrator"]
    for wrong in ("", "x", "0", "9" * 25):
        response = client.post(reverse("admin:partnership"), {"partnership": wrong}, follow=True)
        assert "Choose a partnership from the list." in response.content.decode()


@pytest.mark.parametrize("page", SITE_PAGES)
@pytest.mark.parametrize("person", ["stranger", "manager", "gold", "auditor"])
def test_the_sites_own_pages_are_for_administrators(
    cast: Cast, clients: dict[str, Client], person: str, page: str
) -> None:
    for client, answers in ((clients[person], {302, 403, 405}), (Client(), {302, 405})):
        assert client.get(f"/admin/{page}").status_code in answers
        assert client.post(f"/admin/{page}").status_code in answers


@pytest.mark.parametrize(
    "page",
    [
        *("", "partners/", "actions/", "audit/", "nothing/"),
        *("password_change/", "jsi18n/", "autocomplete/", "r/1/1/"),
    ],
)
def test_an_administrator_never_meets_a_fault(cast: Cast, clients: dict[str, Client], page: str) -> None:
    assert clients["administrator"].get(f"/admin/{page}").status_code in {200, 302, 404}


def test_there_is_no_page_for_tokens_groups_or_sign_in_addresses() -> None:
    for name in ("auth_group", "account_emailaddress", "oauth2_provider_accesstoken"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")
    assert ApiClient in admin.site._registry
