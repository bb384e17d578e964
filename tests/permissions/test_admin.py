"""The admin site by one rule for each kind of record: who gets in, and what staff may do there."""

import copy
import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from actions.assurance.services import assure_action
from actions.evidence.services import add_evidence
from audit.actors import SYSTEM
from audit.admin import ReadOnlyAdmin
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
# What staff may do with each kind of record beyond looking; nothing where it is not named.
MAY = {
    "partners.apiclient": set(),
    "actions.plan": set(),
    "actions.action": set(),
    "actions.progressupdate": set(),
    "actions.evidence": set(),
    "actions.assurance": set(),
    "actions.boardrating": set(),
    "actions.closureproposal": set(),
    "actions.datechange": set(),
    "actions.milestone": set(),
    "actions.dependency": set(),
    "actions.question": set(),
    "returns.return": set(),
    "returns.returnrow": set(),
    "returns.returncommentary": set(),
    "returns.returnfigure": set(),
    **{
        f"programme.{name}": set()
        for name in (
            *("trainingprogramme", "grantfund", "grantlimit", "channelpanel", "memorandum"),
            *("framework", "frameworkitem", "grade", "measure", "term"),
        )
    },
    **{
        f"meetings.{name}": set()
        for name in ("meeting", "agendaitem", "attendance", "minute", "decision", "arising")
    },
    "inspections.inspection": set(),
    "inspections.recommendation": set(),
    "inspections.ownstatus": set(),
    "inspections.registerstatus": set(),
    "inspections.actionlink": set(),
    "inspections.response": set(),
    "inspections.publishedresponse": set(),
    "desk.digest": set(),
    "desk.heartbeat": set(),
    "desk.jobrun": set(),
    "audit.ledger": set(),
    "audit.entry": set(),
    "audit.checkpoint": set(),
}
# Whose rows staff see only by a membership of their own: the work and the ledgers.
BUSINESS = {
    label
    for label in MAY
    if label.startswith(("actions.", "returns.", "inspections.", "meetings.", "programme.", "audit."))
}
SITE_PAGES = [
    *("", "login/", "logout/", "password_change/", "password_change/done/", "jsi18n/", "autocomplete/"),
]


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
    send_digests(actor=SYSTEM, at=AT)
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
        address(model, "add"),
        *(address(model, page, pk) for page in ("change", "delete", "history")),
    ]


def test_every_kind_of_record_in_the_admin_site_is_listed_here() -> None:
    assert set(MAY) == set(MODELS)


def test_only_this_products_own_records_are_in_the_admin_site() -> None:
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    assert {label.split(".")[0] for label in MODELS} <= ours


def test_every_address_of_the_admin_site_is_walked() -> None:
    """The rules below name the pages of a record; a new kind of page has to be added to them."""
    known = {"changelist", "add", "history", "delete", "change"}
    for route in routes():
        if not route.is_admin:
            continue
        short = route.path.removeprefix("admin/")
        label, _, rest = short.partition("/")
        model = rest.partition("/")[0]
        if f"{label}.{model}" in MODELS:
            page = route.name.rpartition("_")[2]
            assert page in known or route.name == "admin:", route
        else:
            site = {"r/<path:content_type_id>/<path:object_id>/", "^(?P<app_label>", "(?P<url>.*)$"}
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
def test_an_administrator_looks_and_does_what_is_named(
    label: str, stocked: Cast, db: None, clients: dict[str, Client]
) -> None:
    model, may, client = MODELS[label], MAY[label], clients["administrator"]
    listing = client.get(address(model, "changelist"))
    assert listing.status_code == 200
    assert client.get(address(model, "add")).status_code == (200 if "add" in may else 403)
    if label in BUSINESS:
        assert model._base_manager.exists() or label == "audit.checkpoint"
        assert listing.context["cl"].result_count == 0
    row = model._base_manager.first()
    if row is None:
        return
    status = client.get(address(model, "change", row.pk)).status_code
    # A record that staff may not see is, to the admin site, not there: it leads back to the front page.
    assert status == (302 if label in BUSINESS else 200)
    entries = Entry.objects.count()
    removal = client.get(address(model, "delete", row.pk)).status_code
    assert removal == (200 if "delete" in may else 403)
    for page, named in (("add", "add"), ("change", "change"), ("delete", "delete")):
        if named not in may:
            args = [] if page == "add" else [row.pk]
            assert client.post(address(model, page, *args), {"post": "yes"}).status_code == 403, page
    assert Entry.objects.count() == entries
    assert model._base_manager.filter(pk=row.pk).exists()


def links_of(response: Any) -> list[str]:
    if response.status_code != 200:
        return [response.headers["Location"]] if "Location" in response.headers else []
    return [html.unescape(link) for link in re.findall(r'href="([^"#]+)"', response.content.decode())]


@pytest.mark.module_state("stocked")
@pytest.mark.parametrize("label", sorted(MODELS))
def test_no_page_of_a_record_fails_and_no_link_on_it_does(
    label: str, stocked: Cast, db: None, clients: dict[str, Client]
) -> None:
    """Pages of a record, of one that is not there, and every link the pages show, among them "View on site"."""
    model, client = MODELS[label], clients["administrator"]
    Membership.objects.create(
        user=stocked.administrator,
        partnership=stocked.yorkshire,
        organisation=stocked.opcc,
        role="auditor",
        starts_on=stage.SINCE,
        review_by=stage.TODAY,
    )
    client.raise_request_exception = False
    kind = ContentType.objects.get_for_model(model).pk
    addresses = pages_of(model)
    for pk in ("x", "9" * 25, "%00"):
        addresses += [address(model, "change", pk), f"/admin/r/{kind}/{pk}/"]
    row = model._base_manager.first()
    if row is not None:
        addresses.append(f"/admin/r/{kind}/{row.pk}/")
    failed, links = [], set()
    for page in addresses:
        response = client.get(page)
        if response.status_code >= 500:
            failed.append(f"{page}: {response.status_code}")
        links |= {urljoin(page, link) for link in links_of(response)}
    own = (f"/admin/{label.replace('.', '/')}/", "/admin/r/")
    for link in sorted(link for link in links - set(addresses) if link.startswith(own)):
        response = client.get(link)
        if response.status_code >= 500:
            failed.append(f"{link}: {response.status_code}")
    assert not failed, "\n".join(failed)


@pytest.mark.module_state("stocked")
def test_view_on_site_leads_to_a_page(stocked: Cast, db: None, clients: dict[str, Client]) -> None:
    row = ApiClient.objects.get()
    kind = ContentType.objects.get_for_model(ApiClient).pk
    response = clients["administrator"].get(f"/admin/r/{kind}/{row.pk}/")
    assert (response.status_code, urlsplit(response.headers["Location"]).path) == (
        302,
        row.get_absolute_url(),
    )
    assert clients["manager"].get(row.get_absolute_url()).status_code == 200


def test_read_only_records_say_so_in_one_place() -> None:
    for label, model in MODELS.items():
        page = admin.site.get_model_admin(model)
        assert isinstance(page, ReadOnlyAdmin) == (not MAY[label]), label


@pytest.mark.parametrize("page", SITE_PAGES)
@pytest.mark.parametrize("person", ["stranger", "manager", "gold", "auditor"])
def test_the_sites_own_pages_are_for_administrators(
    cast: Cast, clients: dict[str, Client], person: str, page: str
) -> None:
    assert clients[person].get(f"/admin/{page}").status_code in {302, 403, 405}
    response = Client().get(f"/admin/{page}")
    assert response.status_code in {302, 405}


@pytest.mark.parametrize(
    "page", ["", "partners/", "actions/", "audit/", "password_change/done/", "jsi18n/", "nothing/", "r/1/1/"]
)
def test_an_administrator_never_meets_a_fault(cast: Cast, clients: dict[str, Client], page: str) -> None:
    assert clients["administrator"].get(f"/admin/{page}").status_code in {200, 302, 404}


def test_search_in_the_admin_site_offers_no_hidden_record(cast: Cast, clients: dict[str, Client]) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    query = {
        "term": action.ref,
        "app_label": "actions",
        "model_name": "progressupdate",
        "field_name": "action",
    }
    response = clients["administrator"].get(reverse("admin:autocomplete"), query)
    assert response.status_code in {200, 403}
    assert action.ref.encode() not in response.content


def test_there_is_no_page_for_tokens_groups_or_sign_in_addresses() -> None:
    for name in ("auth_group", "account_emailaddress", "oauth2_provider_accesstoken"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")
    assert ApiClient in admin.site._registry
