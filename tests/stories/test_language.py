"""Every page in a made-up language: what is neither a message nor data is not marked for translation (decision 25)."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry
from desk.notices.services.sending import send_digests
from partners.accounts.services.mail import ADDRESS_CHANGED, send
from partners.accounts.services.users import change_user
from partners.clients.services.link_mail import send_mail
from partners.models import SecretLink, User
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory
from tests.stories.browser_walk import grouped_by_visitor
from tests.stories.pages import NONSENSE, SHEET, World
from tests.stories.test_accessibility import VISITS, only_on_sqlite, world  # noqa: F401
from tests.support.confirming import confirm
from tests.support.pseudo_language import pseudo_language, texts_outside, texts_outside_mail, words_of_rows

# What is recorded and what programs read stays in English: papers and publications, the ledger, the API and its scopes.
IN_ENGLISH = (
    "api:",
    *("reports:paper", "reports:edition", "reports:publication", "reports:template"),
    *("partners:ledger", "partners:client", "partners:token"),
)
# The names of the templates of what is sent about accounts.
KINDS_OF_MAIL = sorted(
    path.name.removesuffix("_subject.txt")
    for path in (settings.BASE_DIR / "templates/account/email").glob("*_subject.txt")
)
# What somebody searches for stands on the page as it was typed.
TYPED = re.compile(r"\bq=(\w+)")


def outside_of_pages(world: World) -> dict[str, str]:  # noqa: F811
    """Return each text outside brackets, with a page that has it; pages are opened once for each route."""
    texts: dict[str, str] = {}
    data, client, visitor, opened = words_of_rows(), Client(), None, set()
    for visit in grouped_by_visitor(VISITS):
        if visit.then or visit.route in opened or visit.route.startswith(IN_ENGLISH):
            continue
        opened.add(visit.route)
        if visit.who != visitor:
            client, visitor = Client(), visit.who
            if visitor:
                user = User.objects.get(pk=world.cast.person(visitor).pk)
                client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
                confirm(client, user)
        answer = client.get(visit.address(world), follow=True)
        typed = TYPED.findall(visit.address(world))
        for text in texts_outside(answer.content.decode(), data):
            if text not in typed:
                texts.setdefault(text, str(visit))
    return texts


@only_on_sqlite
def test_no_text_of_a_page_is_unmarked(world: World, tmp_path: Path) -> None:  # noqa: F811
    with pseudo_language(tmp_path):
        assert outside_of_pages(world) == {}


@only_on_sqlite
def test_no_text_of_an_email_is_unmarked(
    world: World,  # noqa: F811
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
def test_no_text_of_a_preview_is_unmarked(
    db: None, cast: Cast, signed_in: Any, tmp_path: Path, file: bytes
) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="1.1", title="Brief the wardens")
    client, address = signed_in("manager"), reverse("importing:plan-import", args=[cast.plan.pk])
    cells = re.split(r"[,\n]", file.decode())
    data = words_of_rows(more=[*cells, "actions.csv", "Column", "Sheet"])
    with pseudo_language(tmp_path):
        answer = client.post(address, {"file": SimpleUploadedFile("actions.csv", file)})
    assert texts_outside(answer.content.decode(), data) == set()
