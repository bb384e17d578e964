"""What the list of actions shows at the address that a figure leads to, and rows enough to fill it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

from actions.models import Action
from actions.views.listing import listed
from partners.policies import reading_rights_once
from tests.cast import TODAY


def copies(action: Action, refs: Iterable[str], **fields: Any) -> list[Action]:
    """Rows like this one, for lists that only have to be long: nothing else of them is made."""
    columns = Action.objects.filter(pk=action.pk).values().get()
    del columns["id"]
    return Action.objects.bulk_create(Action(**columns | {"ref": ref} | fields) for ref in refs)


def rows_behind(href: str, user: Any) -> list[Action]:
    """Every row, of all pages, as the view reads the address: without the page around them."""
    url = urlsplit(href)
    assert url.path == reverse("actions:action-list"), href
    with reading_rights_once():
        found = listed(user, QueryDict(url.query), TODAY)
        assert not found.errors, href
        return list(found.rows)
