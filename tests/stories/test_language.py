"""Every page in a made-up language: what is neither a message nor data is not marked for translation (decision 25)."""

import re
from pathlib import Path
from typing import Any

from django.test import Client

from partners.models import User
from tests.stories.browser_walk import grouped_by_visitor
from tests.stories.pages import World
from tests.stories.test_accessibility import VISITS, only_on_sqlite, world  # noqa: F401
from tests.support.confirming import confirm
from tests.support.pseudo_language import pseudo_language, texts_outside, words_of_rows

# What is recorded and what programs read stays in English: papers and publications, the ledger, the API and its scopes.
IN_ENGLISH = (
    "api:",
    *("reports:paper", "reports:edition", "reports:publication", "reports:template"),
    *("partners:ledger", "partners:client", "partners:token"),
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
def test_no_text_of_a_page_is_unmarked(world: World, tmp_path: Path, settings: Any) -> None:  # noqa: F811
    with pseudo_language(tmp_path, settings):
        assert outside_of_pages(world) == {}
