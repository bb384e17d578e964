"""People who ask thousands of times: who a session's is, is read once and not at every request.

Whatever a request changes of it is not there at the next one, as where a request is undone.
"""

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from partners.models import User
from web.sessions import EXTENDED_AT


class Known:
    """The sessions of signed-in test clients, and whose they are."""

    def __init__(self, clients: Iterable[Client]) -> None:
        cookies = [client.cookies.get(settings.SESSION_COOKIE_NAME) for client in clients]
        keys = [cookie.value for cookie in cookies if cookie]
        self.sessions = {key: SessionStore(key).load() for key in keys}
        users = {session["_auth_user_id"] for session in self.sessions.values()}
        self.users = {user.pk: user for user in User.objects.filter(pk__in=users)}

    @contextmanager
    def recognised(self) -> Iterator[None]:
        def load(store: SessionStore) -> dict[str, Any]:
            record = self.sessions.get(store.session_key)
            # Used just now, or every request after the first minute would store that the session is used.
            just_now = {EXTENDED_AT: int(timezone.now().timestamp())}
            return record | just_now if record else load_from_database(store)

        def get_user(backend: ModelBackend, user_id: int) -> Any:
            record = self.users.get(user_id)
            return copy.copy(record) if record else get_from_database(backend, user_id)

        load_from_database, get_from_database = SessionStore.load, ModelBackend.get_user
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SessionStore, "load", load)
            patch.setattr(ModelBackend, "get_user", get_user)
            yield
