"""End what lets somebody into an account: sessions, access tokens, calendar links and the secrets of a client."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from oauth2_provider.models import get_access_token_model

from audit.actors import Actor
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies
from partners.accounts.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


def end_access(*, actor: Actor, user: User) -> None:
    """End every session, access token, calendar link and client secret of an account, for good.

    Call it inside `writing(system_ledger())`, before the entry of the change that is its reason.
    """
    user.refresh_from_db(fields=["access_version"])
    user.access_version += 1
    user.save(update_fields=["access_version"])
    get_access_token_model().objects.filter(application__user=user.pk).delete()
    _delete(UserSession.objects.filter(user=user.pk))


def end_sessions(*, actor: Actor, users: Sequence[User], at: datetime) -> None:
    """End every session of these people. Their access tokens and calendar links go on working.

    Raises:
        PermissionDenied: unless the actor is an administrator, or the only one of these people.
    """
    for user in users:
        forbid(policies.why_not_end_sessions(actor, user))
    with writing(system_ledger().pk) as ledger:
        for user in User.objects.select_for_update().filter(pk__in=[user.pk for user in users]):
            before = state_of(user)
            user.session_version += 1
            user.save(update_fields=["session_version"])
            _delete(UserSession.objects.filter(user=user.pk))
            append(actor=actor, ledger=ledger, at=at, verb="user.sessions_ended", target=user, before=before)


def end_session(*, actor: Actor, session: UserSession, at: datetime) -> None:
    """End one session of the actor's own.

    Raises:
        PermissionDenied: the session is another person's.
    """
    user = User.objects.get(pk=session.user_id)
    forbid(policies.why_not_end_session(actor, user))
    with writing(system_ledger().pk) as ledger:
        _delete(UserSession.objects.filter(pk=session.pk))
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="user.session_ended",
            target=user,
            before=state_of(user),
        )


def move_session(*, actor: Actor, user: User, former: str, key: str) -> None:
    """Keep a session of the actor's own among their sessions, under its new key.

    Raises:
        PermissionDenied: the session is another person's.
    """
    forbid(policies.why_not_end_session(actor, user))
    UserSession.objects.filter(user=user.pk, session_key=former).update(session_key=key)


def _delete(sessions: "QuerySet[UserSession]") -> None:
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    sessions.delete()
