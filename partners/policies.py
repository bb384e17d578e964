"""Who may do what among the partners: the list rule and the object rule of each kind of row, side by side.

Rights come from memberships that run on the day and from nothing else; staff status opens the admin site only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextChoices

if TYPE_CHECKING:
    from partners.clients.models import ApiClient
    from partners.memberships.models import Membership
    from partners.tokens.models import PersonalToken


class Role(TextChoices):
    SPOC = "spoc", "District SPOC"
    PARTNER_CONTACT = "partner_contact", "Partner contact"
    PROGRAMME_MANAGER = "programme_manager", "Programme manager"
    BOARD_MEMBER = "board_member", "Board member"
    AUDITOR = "auditor", "Auditor"
    OBSERVER = "observer", "Observer"


SEES_EVERYTHING = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)
SEES_THE_WORK = (*SEES_EVERYTHING, Role.SPOC, Role.PARTNER_CONTACT)
CAN_OWN = (Role.SPOC, Role.PARTNER_CONTACT, Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)


@dataclass(frozen=True)
class Grant:
    role: str
    partnership_id: int
    organisation_id: int
    in_sandbox: bool = False


@dataclass(frozen=True)
class Rights:
    """What one user's running memberships grant on one day."""

    user_id: int | None
    grants: tuple[Grant, ...] = ()

    def partnerships(self, *roles: str) -> set[int]:
        """Return the ids of the partnerships in which the user holds one of the roles (any role when none is named)."""
        return {grant.partnership_id for grant in self.grants if not roles or grant.role in roles}

    def organisations(self, *roles: str) -> set[int]:
        """Return the ids of the organisations for which the user holds one of the roles."""
        return {grant.organisation_id for grant in self.grants if not roles or grant.role in roles}

    def has(self, role: str, partnership_id: int) -> bool:
        return partnership_id in self.partnerships(role)


def running(on: date) -> Q:
    """Return the filter for memberships that run on the day; the last day counts."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


def running_within(first: date, last: date | None) -> Q:
    """Return the filter for memberships that run on any day of a period; without a last day it goes on."""
    ends_later = Q(ends_on=None) | Q(ends_on__gte=first)
    return ends_later if last is None else ends_later & Q(starts_on__lte=last)


# Rights asked once already while a page is only being read; nothing is remembered where something may change.
_read_once: ContextVar[dict[tuple[int, date], Rights] | None] = ContextVar("rights_read_once", default=None)


# Set while mail is written: a sandbox is no reason to write to anybody.
_real_alone: ContextVar[bool] = ContextVar("rights_outside_sandboxes", default=False)


@contextmanager
def outside_sandboxes() -> Iterator[None]:
    """Within this, memberships of sandboxes grant nothing, so nothing of a sandbox is found. Reads only."""
    token = _real_alone.set(True)
    try:
        yield
    finally:
        _real_alone.reset(token)


@contextmanager
def reading_rights_once() -> Iterator[None]:
    """Within this, ask for each user's rights once: for what changes nothing."""
    known = _read_once.get()
    token = _read_once.set({} if known is None else known)
    try:
        yield
    finally:
        _read_once.reset(token)


def rights_of(user: Any, on: date) -> Rights:
    """Return the user's rights on the day; an anonymous or deactivated user has none."""
    if not user.is_authenticated or not user.is_active:
        return Rights(user_id=None)
    known = _read_once.get()
    if known is None:
        return _rights_of(user, on)
    key = (user.pk, on)
    if key not in known:
        known[key] = _rights_of(user, on)
    return known[key]


def _rights_of(user: Any, on: date) -> Rights:
    rows = user.memberships.filter(running(on)).order_by()  # every request asks this: spare it the sorting
    if _real_alone.get():
        rows = rows.filter(partnership__is_sandbox=False)
    columns = rows.values_list("role", "partnership_id", "organisation_id", "partnership__is_sandbox")
    return Rights(user_id=user.pk, grants=tuple(Grant(*row) for row in columns))


# Reference rows: areas, organisations, boards, MOU areas, memberships --------------------------------------


def visible_reference(rights: Rights, partnership_path: str = "partnership") -> Q:
    """List rule: reference rows of the partnerships whose work the user may see."""
    return Q(**{f"{partnership_path}__in": rights.partnerships(*SEES_THE_WORK)})


def may_edit_reference(user: Any, partnership_id: int | None, on: date) -> bool:
    """Object rule: administrators (staff) anywhere, a programme manager in their own partnership."""
    if user.actor_type == "system":
        return True
    if not user.is_active:
        return False
    if user.is_staff:
        return True
    return partnership_id is not None and rights_of(user, on).has(Role.PROGRAMME_MANAGER, partnership_id)


def may_administer(user: Any) -> bool:
    """Say whether the user looks after accounts and partnerships themselves."""
    return user.actor_type == "system" or bool(user.is_active and user.is_staff)


def may_grant(user: Any, membership: "Membership", on: date) -> bool:
    """Object rule: reference editors grant and end memberships, never their own."""
    return may_edit_reference(user, membership.partnership_id, on) and membership.user_id != user.pk


# The ledger -------------------------------------------------------------------------------------------------


def audited_partnerships(rights: Rights) -> set[int]:
    """List rule: the partnerships whose ledger the user may read and verify."""
    return rights.partnerships(Role.AUDITOR)


# API clients and personal tokens ----------------------------------------------------------------------------


def visible_clients(rights: Rights, partnership_path: str = "partnership") -> Q:
    """List rule: the clients of the partnerships that the user manages or audits."""
    return Q(**{f"{partnership_path}__in": rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)})


def may_see_client(rights: Rights, client: "ApiClient") -> bool:
    """Object rule: the manager and the auditor see what has access to their partnership, and since when."""
    return client.partnership_id in rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)


def visible_tokens(rights: Rights) -> Q:
    """List rule: a person's own tokens."""
    return Q(user=rights.user_id) if rights.user_id is not None else Q(pk__in=[])


def may_revoke_token(rights: Rights, token: "PersonalToken") -> bool:
    """Object rule: who made a token revokes it."""
    return rights.user_id is not None and token.user_id == rights.user_id
