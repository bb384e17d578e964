"""The guard that a GET never writes is itself under test: a guard that lets everything through looks just like peace."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from rest_framework.test import APIClient

from tests.support.guards import Watch, WriteOnGetError, table_written


@login_not_required
def writes(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_content_type WHERE 1 = 0")
    return HttpResponse("written")


urlpatterns = [path("writes/", writes)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("client", [Client(), APIClient()], ids=["pages", "api"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_that_writes_fails_its_test(client: Client, method: str, get_guard: Watch) -> None:
    with pytest.raises(WriteOnGetError, match="wrote to django_content_type"):
        getattr(client, method)("/writes/")
    assert len(get_guard.offences) == 1
    get_guard.offences.clear()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_post_may_write(client: Client, get_guard: Watch) -> None:
    assert client.post("/writes/").status_code == 200
    assert get_guard.offences == []


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "audit_entry" VALUES (1)', "audit_entry"),
        ("INSERT OR REPLACE INTO x VALUES (1)", "x"),
        ('update "actions_action" set a = 1', "actions_action"),
        ('DELETE FROM "x"', "x"),
        ('SELECT 1 FROM "x" FOR UPDATE', None),
        ("SAVEPOINT a", None),
    ],
)
def test_writing_statements_are_recognised(sql: str, table: str | None) -> None:
    assert table_written(sql) == table
