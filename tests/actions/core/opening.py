"""What the list of actions shows at the address that a figure leads to, and rows enough to fill it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from actions.lists.views.listing import list_actions
from actions.models import Action
from partners.policies import reading_rights_once
from tests.cast import TODAY
from tests.support.rendering import without_content


def copies(action: Action, refs: Iterable[str], **fields: Any) -> list[Action]:
    """Rows like this one, for lists that only have to be long: nothing else of them is made."""
    columns = Action.objects.filter(pk=action.pk).values().get()
    del columns["id"]
    return Action.objects.bulk_create(Action(**columns | {"ref": ref} | fields) for ref in refs)


def listed_actions(client: Client, query: Any = "") -> list[Action]:
    """The rows on a page of the list, as the view gives them to it: the page is not printed."""
    query_string = query if isinstance(query, str) else urlencode(query, doseq=True)
    with without_content():
        response = client.get(f"{reverse('actions:action-list')}?{query_string}")
    assert response.status_code == 200, response.context["form"].errors
    return [action for action, *_ in response.context["rows"]]


def rows_behind(href: str, user: Any) -> list[Action]:
    """Every row, of all pages, as the view reads the address: without the page around them."""
    url = urlsplit(href)
    assert url.path == reverse("actions:action-list"), href
    with reading_rights_once():
        action_list = list_actions(user, QueryDict(url.query), TODAY)
        assert not action_list.errors, href
        return list(action_list.rows)
