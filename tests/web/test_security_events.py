"""Each event of the table is in the log when somebody does what it stands for, and no secret of theirs is."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from actions.evidence.services import add_evidence, scan_stored_files
from actions.models import Action
from audit.actors import SYSTEM
from audit.security_events import BY_VERB, EVENTS, log_event
from desk.calendar.services.links import create_link, revoke_link
from exchange.webhooks.services.registering import (
    change_address,
    register_webhook,
    remove_webhook,
    rotate_secret,
)
from importing.engine.services.flow import apply_import
from partners.access_reviews.services.schedule import review_access
from partners.accounts.four_eyes import FACTOR
from partners.approvals.services import request_access
from partners.clients.services.clients import change_scopes
from partners.clients.services.secrets import end_secret
from partners.memberships.services import end_membership, grant_membership
from partners.models import ApiClient, User
from partners.tokens.services import create_token, revoke_token
from tests.api.clients import System, replace_secret, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.importing.people.test_people_import import ROWS, request
from tests.partners.second_factor.test_second_factor import PASSWORD, add_app, code_of, sign_in, with_password
from tests.reports.factories import issued_paper, published_edition
from tests.support.clamd import EICAR, running_scanner
from tests.support.secret_log import SecretWatch
from tests.support.task_queue import run_tasks
from web.logs import JsonFormatter, RequestIdFilter, SecretAddressFilter
from web.uploads import check

ROOT = Path(__file__).parents[2]
# Verbs of people, roles and secrets that are no security events, each with its reason.
OTHER_VERBS = {
    "webhook.paused": "the receiver does not answer",
    "webhook.resumed": "goes on as before",
    "webhook.replayed": "sends again what was sent",
    "webhook.skipped": "gives up one message",
}
NEW_PASSWORD, WRONG_PASSWORD = "entirely different words 7", "the wrong words of Bradford"


@contextmanager
def whole_log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Log everything at the lowest level, as the service would, and give the events so far."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    for each in (RequestIdFilter(), SecretAddressFilter()):
        handler.addFilter(each)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


class Acts:
    """People who do everything that the table names, each event once or more, and the secrets that they get."""

    def __init__(self, cast: Cast, action: Action, council: System, settings: Any, folder: Path) -> None:
        self.cast, self.action, self.council, self.settings, self.folder = (
            cast,
            action,
            council,
            settings,
            folder,
        )
        self.spoc = with_password(cast.bradford_spoc)
        self.person = Client()
        self.secrets: dict[str, str] = {"password": PASSWORD, "client secret": council.secret}
        self.webhook: Any = None

    def sign_in(self) -> None:
        self.person = sign_in(self.spoc)
        self.secrets["session"] = self.person.cookies["sessionid"].value
        self.secrets["form token"] = self.person.cookies["csrftoken"].value

    def sign_in_failed(self) -> None:
        Client().post("/accounts/login/", {"login": self.spoc.email, "password": WRONG_PASSWORD})
        Client().post("/accounts/login/", {"login": WRONG_PASSWORD, "password": self.spoc.email})
        self.secrets["wrong password"] = WRONG_PASSWORD

    def sign_in_blocked(self) -> None:
        for _ in range(6):
            Client().post("/accounts/login/", {"login": self.cast.gold.email, "password": WRONG_PASSWORD})

    def factor_changed(self) -> None:
        self.secrets["app"], codes = add_app(self.person)
        self.secrets |= {f"recovery code {code}": code for code in codes}

    def factor_failed(self) -> None:
        client = sign_in(self.spoc)
        assert client.post("/accounts/code/", {"code": "000000"}).status_code == 200
        self.secrets["code"] = code_of(self.secrets["app"], steps=1)
        client.post("/accounts/code/", {"code": self.secrets["code"]})
        self.person = client

    def password_changed(self) -> None:
        Client().post("/accounts/password/reset/", {"email": self.cast.gold.email})
        run_tasks()
        link = re.search(r"https?://\S+/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
        assert link
        self.secrets["link"] = link[0].rstrip("/").rpartition("/")[2]
        client = Client()
        page = client.get(link[0], follow=True)
        body = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        client.post(page.request["PATH_INFO"], body, follow=True)
        self.secrets["new password"] = NEW_PASSWORD

    def account_changed(self) -> None:
        """Importing people opens their accounts; one is closed."""
        apply_import(**request(self.cast, *ROWS))
        assert User.objects.filter(email="ash@force.example").exists()

    def imported(self) -> None:
        """Done by the act before."""

    def role_changed(self) -> None:
        row = grant_membership(
            actor=self.cast.administrator,
            user=self.cast.stranger,
            partnership=self.cast.yorkshire,
            organisation=self.cast.wakefield_council,
            role="partner_contact",
            starts_on=AT.date(),
            at=AT,
        )
        end_membership(actor=self.cast.administrator, membership=row, ends_on=AT.date(), at=AT)

    def secret_created(self) -> None:
        spoc, until = self.spoc, AT.date() + timedelta(days=30)
        self.token, self.secrets["access token"] = create_token(
            actor=spoc, name="Script", scopes=["actions:read"], expires_on=until, at=AT
        )
        self.link, self.secrets["calendar link"] = create_link(actor=spoc, name="Diary", at=AT)
        self.secret, self.secrets["second client secret"] = replace_secret(
            actor=self.cast.administrator, client=self.council.client, at=AT, former_until=until
        )
        self.webhook, self.secrets["webhook key"] = register_webhook(
            actor=self.cast.manager, client=self.council.client, url="https://127.0.0.1/hook", at=AT
        )
        _, self.secrets["second webhook key"] = rotate_secret(
            actor=self.cast.manager, webhook=self.webhook, overlap=timedelta(days=1), at=AT
        )

    def token_issued(self) -> None:
        self.council.get("/actions/")
        self.secrets["bearer"] = self.council.token

    def access_widened(self) -> None:
        client = ApiClient.objects.get(pk=self.council.client.pk)
        scopes = [*client.scopes.split(), "evidence:read"]
        change_scopes(actor=self.cast.administrator, client=client, scopes=scopes, at=AT)
        change_address(actor=self.cast.manager, webhook=self.webhook, url="https://127.0.0.1/new", at=AT)

    def secret_ended(self) -> None:
        Client().get(f"/calendar/{self.secrets['calendar link']}.ics")
        Client().get("/api/v1/actions/", headers={"authorization": f"Bearer {self.secrets['access token']}"})
        revoke_token(actor=self.spoc, token=self.token, at=AT)
        revoke_link(actor=self.spoc, link=self.link, at=AT)
        end_secret(actor=self.cast.administrator, secret=self.secret, at=AT)
        remove_webhook(actor=self.cast.manager, webhook=self.webhook, at=AT)

    def refused(self) -> None:
        Client().get("/api/v1/actions/", headers={"authorization": f"Bearer {self.secrets['access token']}"})
        basic = {"grant_type": "client_credentials", "client_id": "x", "client_secret": WRONG_PASSWORD}
        assert Client().post("/oauth/token/", basic).status_code == 401

    def limited(self) -> None:
        assert Client().post("/accounts/login/", {"login": "x" * 70_000}).status_code == 413

    def file_sent(self) -> None:
        evidence = add_evidence(
            actor=self.spoc,
            action=self.action,
            title="Attendance",
            file=ContentFile(b"Attended: Ada\n", "a.txt"),  # type: ignore[arg-type]
            at=AT,
        )
        self.stored = Path(evidence.file.path)
        answer = self.person.get(reverse("actions:evidence-download", args=[self.action.pk, evidence.pk]))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)

    def file_refused(self) -> None:
        with pytest.raises(ValidationError):
            check(ContentFile(b"#!/bin/sh\n", "note.txt"), limit=1000)

    def quarantined(self) -> None:
        self.stored.write_bytes(EICAR)
        with running_scanner(self.folder) as (_, address):
            self.settings.CLAMD_ADDRESS = address
            scan_stored_files(actor=SYSTEM, at=AT)
        self.settings.CLAMD_ADDRESS = ""

    def published(self) -> None:
        published_edition(self.cast, issued_paper(self.cast))

    def session_ended(self) -> None:
        self.person.post(reverse("partners:sessions-end-others"))

    def access_reviewed(self) -> None:
        """The quarter's review opens by itself."""
        review_access(actor=SYSTEM, at=AT)

    def approval(self) -> None:
        """A lost factor is replaced by two administrators."""
        request_access(
            actor=self.cast.administrator, kind=FACTOR, email=self.spoc.email, reason="Telephone lost", at=AT
        )

    def sign_out(self) -> None:
        self.person.post("/accounts/logout/")


# In the order in which they are done: each act finds what those before it left.
ORDER = (
    *(
        "sign_in",
        "sign_in_failed",
        "sign_in_blocked",
        "factor_changed",
        "factor_failed",
        "file_sent",
        "file_refused",
    ),
    *("quarantined", "account_changed", "imported", "role_changed", "secret_created", "token_issued"),
    *(
        "access_widened",
        "secret_ended",
        "refused",
        "limited",
        "published",
        "access_reviewed",
        "approval",
        "session_ended",
        "sign_out",
    ),
    "password_changed",
)


def test_each_event_is_logged_by_its_act_and_no_secret_is(
    cast: Cast,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    assert sorted(ORDER) == sorted(event.name for event in EVENTS)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    cache.clear()
    scopes = ["actions:read", "changes:read", "webhooks:write"]
    council = system_of(cast, cast.wakefield_council, scopes=scopes)
    acts = Acts(cast, ActionFactory(cast=cast, in_progress=True), council, settings, tmp_path)
    with whole_log() as events:
        for name in ORDER:
            with django_capture_on_commit_callbacks(execute=True):
                getattr(acts, name)()
            logged = [event for event in events() if event["logger"] == "security"]
            assert name in {event["event"] for event in logged}, f"{name} is not logged"
    for event in logged:
        kind = next(each for each in EVENTS if each.name == event["event"])
        assert event["level"] == logging.getLevelName(kind.level)
        assert set(kind.fields) <= event.keys(), "the fields of the table"
    text = json.dumps(events())
    assert len(acts.secrets) >= 20
    assert {name: secret for name, secret in acts.secrets.items() if secret in text} == {}
    assert acts.spoc.email not in text


def test_an_event_names_who_and_what_in_numbers(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with whole_log() as events, django_capture_on_commit_callbacks(execute=True):
        end_membership(
            actor=cast.administrator,
            membership=cast.bradford_spoc.memberships.get(),
            ends_on=AT.date() + timedelta(days=1),
            at=AT,
        )
    (event,) = [event for event in events() if event["logger"] == "security"]
    assert event["event"] == "role_changed"
    assert event["actor"] == f"user {cast.administrator.pk}"
    assert event["target"] == f"partners.membership {cast.bradford_spoc.memberships.get().pk}"
    assert event["changed"] == "ends_on"
    with pytest.raises(KeyError):
        log_event("sign_in", account=1)


def test_no_verb_of_people_roles_and_secrets_is_forgotten() -> None:
    """A new kind of secret or role comes with an event, or with the reason that it needs none."""
    kinds = r"\"((?:user|membership|client|token|webhook|calendar|evidence|identity|change|access_review|provisioned_account)\.[a-z_]+)\""
    verbs = set()
    for app in ("partners", "exchange", "desk"):
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                verbs |= set(re.findall(kinds, path.read_text("utf-8")))
    assert sorted(verbs - BY_VERB.keys() - OTHER_VERBS.keys()) == []


def test_a_secret_in_the_log_of_any_test_is_noticed() -> None:
    watch = SecretWatch()
    for text in (PASSWORD, "Cookie: sessionid=" + "a" * 32, "an action"):
        watch.handle(logging.makeLogRecord({"msg": "Said: %s", "args": (text,)}))
    assert len(watch.lines) == 2


def test_the_documents_print_the_table() -> None:
    text = (ROOT / "docs/security/events.md").read_text("utf-8")
    assert [line for line in table() if line not in text] == []


def table() -> list[str]:
    return [
        f"| `{event.name}` | {logging.getLevelName(event.level).lower()} | {event.when} | {', '.join(event.fields)} |"
        for event in EVENTS
    ]
