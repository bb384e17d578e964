"""Permissions in this app: the list rule and the object rule of each kind of row, side by side.

Rights come only from memberships that are current on the day. Staff status only opens the admin site.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from audit.actors import Reader
from web.language import lazy_text


class Role(TextChoices):
    SPOC = "spoc", gettext_lazy("District SPOC")
    PARTNER_CONTACT = "partner_contact", gettext_lazy("Partner contact")
    PROGRAMME_MANAGER = "programme_manager", gettext_lazy("Programme manager")
    BOARD_MEMBER = "board_member", gettext_lazy("Board member")
    AUDITOR = "auditor", gettext_lazy("Auditor")
    OPCC_OFFICER = "opcc_officer", gettext_lazy("OPCC officer")
    OBSERVER = "observer", gettext_lazy("Observer")


SEES_EVERYTHING = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)
SEES_THE_WORK = (*SEES_EVERYTHING, Role.SPOC, Role.PARTNER_CONTACT)
PRIVILEGED = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR, Role.OPCC_OFFICER)
# One administrator alone grants none of these.
NEEDS_APPROVAL = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)
CAN_OWN = (Role.SPOC, Role.PARTNER_CONTACT, Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)


class Account(Reader, Protocol):
    """An account and its memberships, which give it rights."""

    memberships: Any


class MembershipRow(Protocol):
    """The columns of a membership that decide who may grant and end it."""

    partnership_id: int
    user_id: int
    role: str


class ClientRow(Protocol):
    """The column of an API client that decides who may change it."""

    @property
    def partnership_id(self) -> int: ...


class ChangeRow(Protocol):
    """The column of a request to change somebody's access that decides who may withdraw it."""

    requested_by_id: int


class TokenRow(Protocol):
    """The column of an access token that decides who may revoke it."""

    user_id: int


@dataclass(frozen=True)
class Grant:
    role: str
    partnership_id: int
    organisation_id: int
    in_sandbox: bool = False


@dataclass(frozen=True)
class Rights:
    """Rights that a user's current memberships give on one day."""

    user_id: int | None
    grants: tuple[Grant, ...] = ()

    def partnerships(self, *roles: str) -> set[int]:
        """Return the ids of the partnerships in which the user has one of the roles (any role by default)."""
        return {grant.partnership_id for grant in self.grants if not roles or grant.role in roles}

    def organisations(self, *roles: str) -> set[int]:
        """Return the ids of the organisations for which the user has one of the roles (any role by default)."""
        return {grant.organisation_id for grant in self.grants if not roles or grant.role in roles}

    def has(self, role: str, partnership_id: int) -> bool:
        return partnership_id in self.partnerships(role)


def running(on: date) -> Q:
    """Return the filter for memberships that are current on the day; the last day counts."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


def running_within(first: date, last: date | None) -> Q:
    """Return the filter for memberships that are current on any day of a period; None means no last day."""
    ends_later = Q(ends_on=None) | Q(ends_on__gte=first)
    return ends_later if last is None else ends_later & Q(starts_on__lte=last)


# Rights already loaded by a request that only reads; None while something may change.
_cached_rights: ContextVar[dict[tuple[int, date], Rights] | None] = ContextVar("cached_rights", default=None)


# True while emails are written: nothing in a sandbox is worth an email.
_excludes_sandboxes: ContextVar[bool] = ContextVar("rights_exclude_sandboxes", default=False)


@contextmanager
def outside_sandboxes() -> Iterator[None]:
    """Ignore memberships in sandboxes inside this context, so that nobody sees a sandbox. For reading only."""
    token = _excludes_sandboxes.set(True)
    try:
        yield
    finally:
        _excludes_sandboxes.reset(token)


@contextmanager
def reading_rights_once() -> Iterator[None]:
    """Load each user's rights only once inside this context, which must not change any."""
    known = _cached_rights.get()
    token = _cached_rights.set({} if known is None else known)
    try:
        yield
    finally:
        _cached_rights.reset(token)


def rights_of(user: Reader, on: date) -> Rights:
    """Return the user's rights on the day; an anonymous or deactivated user and the system have none."""
    if not getattr(user, "is_active", False):
        return Rights(user_id=None)
    account = cast("Account", user)
    known = _cached_rights.get()
    if known is None:
        return _rights_of(account, on)
    key = (account.pk, on)
    if key not in known:
        known[key] = _rights_of(account, on)
    return known[key]


def rights_to_act(user: Reader, on: date) -> Rights:
    """Return the rights by which a user may change something on the day: none while the past is read."""
    rights = rights_of(user, on)
    return Rights(user_id=rights.user_id) if clock.stopped_at() else rights


def _rights_of(user: Account, on: date) -> Rights:
    day, without_sandboxes = clock.day_of_rights(on), _excludes_sandboxes.get()
    dated = ((first, last, Grant(*row)) for first, last, *row in user.memberships.model.grants_of(user.pk))
    grants = (grant for first, last, grant in dated if first <= day <= (last or day))
    return Rights(
        user_id=user.pk,
        grants=tuple(grant for grant in grants if not (without_sandboxes and grant.in_sandbox)),
    )


# Reference rows: areas, organisations, boards, MOU areas, memberships --------------------------------------


def visible_reference(rights: Rights, partnership_path: str = "partnership") -> Q:
    """List rule: reference rows of the partnerships whose work the user can see."""
    return Q(**{f"{partnership_path}__in": rights.partnerships(*SEES_THE_WORK)})


def why_not_edit_reference(
    user: Reader, partnership_id: int | None, on: date, task: str = lazy_text("change this")
) -> str:
    """Return why the user may not change reference rows; empty for administrators and the programme manager.

    Args:
        partnership_id: the rows' partnership; None where they have none, which leaves administrators.
        task: what the user would do, for the reason.
    """
    if not why_not_administer(user):
        return ""
    if partnership_id is not None and rights_of(user, on).has(Role.PROGRAMME_MANAGER, partnership_id):
        return ""
    return _("Only an administrator or the programme manager can {task}.").format(task=task)


def why_not_set_up(user: Reader, on: date) -> str:
    """Return why the user may not set up any partnership; empty for administrators and programme managers."""
    if not why_not_administer(user) or rights_of(user, on).partnerships(Role.PROGRAMME_MANAGER):
        return ""
    return _("You do not have access to the set-up. Only an administrator and the programme manager do.")


def why_not_administer(user: Reader, task: str = lazy_text("manage accounts and partnerships")) -> str:
    """Return why the user may not manage accounts and partnerships; empty for administrators (staff)."""
    is_system = getattr(user, "actor_type", "") == "system"
    if is_system or (getattr(user, "is_active", False) and getattr(user, "is_staff", False)):
        return ""
    return _("Only an administrator can {task}.").format(task=task)


def why_not_change_account(user: Reader, account: Reader, fields: Collection[str]) -> str:
    """Return why the user may not change these fields of an account; empty for administrators.

    Nobody closes their own account, and nobody changes whether they are an administrator themselves.
    """
    if reason := why_not_administer(user):
        return reason
    if user.pk == account.pk and {"is_staff", "is_active"} & set(fields):
        return _("You cannot close your own account or change whether you are an administrator.")
    return ""


def why_not_change_password(user: Reader, account: Reader) -> str:
    """Return why the user may not set the password of an account; empty for its user and the system."""
    if user.pk == account.pk or getattr(user, "actor_type", "") == "system":
        return ""
    return _("You can only change your own password.")


def why_not_change_factor(user: Reader, account: Reader) -> str:
    """Return why the user may not change the second factor of an account; empty for its user."""
    return "" if user.pk == account.pk else _("You can only change your own second factor.")


def why_not_link_identity(user: Reader, account: Reader) -> str:
    """Return why the user may not change an account's link to the identity provider; empty for its user and the system."""
    if user.pk == account.pk or getattr(user, "actor_type", "") == "system":
        return ""
    return _("You can only link your own account.")


def why_not_end_session(user: Reader, account: Reader) -> str:
    """Return why the user may not end one session of an account; empty for its user."""
    return "" if user.pk == account.pk else _("You can only end your own sessions.")


def why_not_end_sessions(user: Reader, account: Reader) -> str:
    """Return why the user may not end every session of an account; empty for its user and administrators."""
    if not why_not_administer(user):
        return ""
    return why_not_end_session(user, account)


def needs_second_factor(user: Reader, on: date) -> bool:
    """Return whether the user has rights that one password must not open."""
    return getattr(user, "is_staff", False) or bool(rights_of(user, on).partnerships(*PRIVILEGED))


def why_not_grant(user: Reader, membership: MembershipRow, on: date) -> str:
    """Return why the user may not grant or end the membership; whoever may edit reference rows may, except their own."""
    if reason := why_not_edit_reference(user, membership.partnership_id, on, _("grant or end a membership")):
        return reason
    if membership.user_id == user.pk:
        return _(
            "You cannot grant or end your own membership. Ask another administrator or programme manager."
        )
    return ""


def why_not_review(user: Reader, membership: MembershipRow, on: date) -> str:
    """Return why the user may not confirm a membership in a review; an administrator reviews programme managers."""
    if reason := why_not_grant(user, membership, on):
        return reason
    if membership.role == Role.PROGRAMME_MANAGER and why_not_administer(user):
        return _("Only an administrator can review the membership of a programme manager.")
    return ""


# Changes that two administrators make ----------------------------------------------------------------------


def waits_for_approval(role: str, starts_on: date, on: date) -> bool:
    """Return whether a membership waits for a second administrator."""
    return role in NEEDS_APPROVAL or starts_on < on


def why_not_approve(user: Reader, requested_by: int | None, about: int | None) -> str:
    """Return why the user may not decide on a change; empty for an administrator whom it does not concern."""
    if reason := why_not_administer(user, _("decide on this")):
        return reason
    if user.pk == requested_by:
        return _("You requested this yourself. Another administrator must decide.")
    if user.pk == about:
        return _("This is about your own account. Another administrator must decide.")
    return ""


def why_not_request_access(user: Reader, account: Reader) -> str:
    """Return why the user may not request that a factor is reset or an account linked; empty for administrators."""
    if reason := why_not_administer(user, _("request this")):
        return reason
    return (
        _("You cannot request this for your own account. Ask another administrator.")
        if user.pk == account.pk
        else ""
    )


def why_not_withdraw_change(user: Reader, change: ChangeRow) -> str:
    """Return why the user may not withdraw a request; empty for whoever made it."""
    return (
        "" if user.pk == change.requested_by_id else _("Only the person who requested this can withdraw it.")
    )


def visible_changes(user: Reader, rights: Rights) -> Q:
    """List rule: all for administrators; for auditors those of their partnership's people; for everybody their own requests."""
    if not why_not_administer(user):
        return Q()
    rule = Q(requested_by=rights.user_id)
    # What only auditors see is left out for others: the menu of every page asks this.
    if audited := rights.partnerships(Role.AUDITOR):
        of_people = Q(partnership=None, user__memberships__partnership__in=audited)
        of_administrators = Q(kind="account", values__has_key="is_staff")
        rule |= Q(partnership__in=audited) | of_people | of_administrators
    return rule


def why_not_list_changes(user: Reader, rights: Rights) -> str:
    """Return why the user may not open the list of approvals; empty for administrators, auditors and programme managers."""
    if not why_not_administer(user) or rights.partnerships(Role.AUDITOR, Role.PROGRAMME_MANAGER):
        return ""
    return _("You do not have access to approvals. Only administrators, auditors and programme managers do.")


# The ledger -------------------------------------------------------------------------------------------------


def why_not_audit(rights: Rights) -> str:
    """Return why the user may not read and verify any ledger; empty for an auditor."""
    if rights.partnerships(Role.AUDITOR):
        return ""
    return _("You do not have access to the ledger. Only an auditor does.")


def audited_partnerships(rights: Rights) -> set[int]:
    """List rule: the partnerships whose ledger the user can read and verify."""
    return rights.partnerships(Role.AUDITOR)


def reads_partnerships(rights: Rights) -> set[int]:
    """List rule: the partnerships in which the user can see who read what is OFFICIAL-SENSITIVE."""
    return rights.partnerships(Role.AUDITOR, Role.PROGRAMME_MANAGER)


def why_not_see_reads(rights: Rights) -> str:
    """Return why the user may not see who read what; empty for auditors and programme managers."""
    if reads_partnerships(rights):
        return ""
    return _("You do not have access to the list of readers. Only the auditor and the programme manager do.")


# API clients and personal tokens ----------------------------------------------------------------------------


def visible_clients(rights: Rights, partnership_path: str = "partnership") -> Q:
    """List rule: the clients of the partnerships that the user manages or audits."""
    return Q(**{f"{partnership_path}__in": rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR)})


def visible_tokens(rights: Rights) -> Q:
    """List rule: a person's own tokens."""
    return Q(user=rights.user_id) if rights.user_id is not None else Q(pk__in=[])


def why_not_revoke_token(rights: Rights, token: TokenRow) -> str:
    """Return why the user may not revoke the token; empty for the person who created it."""
    if rights.user_id is not None and token.user_id == rights.user_id:
        return ""
    return _("You can only revoke your own access tokens.")


def why_not_list_clients(rights: Rights) -> str:
    """Return why the user may not open the list of API clients; empty for programme managers and auditors."""
    if rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR):
        return ""
    return _("You do not have access to API clients. Only the programme manager and the auditor do.")


def why_not_register_client(rights: Rights) -> str:
    """Return why the user may not register an API client on the pages; empty for a programme manager."""
    if rights.partnerships(Role.PROGRAMME_MANAGER):
        return ""
    return _("Only the programme manager can register an API client.")


def why_not_change_client(user: Reader, client: ClientRow, on: date) -> str:
    """Return why the user may not change the client, its scopes and secrets; empty as for reference rows."""
    if not why_not_edit_reference(user, client.partnership_id, on):
        return ""
    return _("You can view this API client but not change it. Ask the programme manager.")
