"""Permissions on the records around the plan: which rows a user views, and why they may not change one."""

from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy

from partners.policies import SEES_EVERYTHING, SEES_THE_WORK, Rights, Role
from standards.marking import Marking
from web.language import lazy_text

MANAGERS_ONLY = gettext_lazy("You can view this record but not change it. Ask the programme manager.")
OWN_ONLY = lazy_text(
    "You can only record this for your own organisation. Ask the programme manager to record it for another."
)
MANAGERS_PUBLISH = lazy_text("Only the programme manager can decide on publication.")
NO_ACCESS = lazy_text("You do not have access to the programme. Ask the programme manager.")
REPORTING = (Role.SPOC, Role.PARTNER_CONTACT)
OFFICE = (Role.OPCC_OFFICER,)
Roles = Collection[Role]


def visible_records(
    rights: Rights, organisation_paths: Sequence[str], prefix: str = "", *, viewers: Roles = ()
) -> Q:
    """List rule: everything for managers, boards and auditors; for others what is OFFICIAL, or their organisation's.

    Args:
        viewers: other roles that view records of this kind.
        prefix: the path to the records, such as `event__`; empty for the rows themselves.
    """
    open_to_them = Q(**{f"{prefix}marking": Marking.OFFICIAL})
    own = rights.organisations(*REPORTING)
    for path in organisation_paths:
        open_to_them |= Q(**{f"{prefix}{path}__in": own})
    partnership = f"{prefix}partnership__in"
    return Q(**{partnership: rights.partnerships(*SEES_EVERYTHING)}) | (
        Q(**{partnership: rights.partnerships(*REPORTING, *viewers)}) & open_to_them
    )


def why_not_manage(rights: Rights, partnership_id: int, *, keepers: Roles = ()) -> str:
    """Object rule: the programme manager keeps the records of the partnership, and other roles those of some kinds."""
    may = partnership_id in rights.partnerships(Role.PROGRAMME_MANAGER, *keepers)
    return "" if may else str(MANAGERS_ONLY)


def why_not_report(rights: Rights, partnership_id: int, organisations: Collection[int | None]) -> str:
    """Object rule for what organisations report: the programme manager, and people of one of these organisations."""
    if not why_not_manage(rights, partnership_id):
        return ""
    if partnership_id not in rights.partnerships(*REPORTING):
        return str(MANAGERS_ONLY)
    return "" if not rights.organisations(*REPORTING).isdisjoint(organisations) else OWN_ONLY


def why_not_publish(rights: Rights, partnership_id: int) -> str:
    """Object rule: the programme manager decides on publication."""
    return MANAGERS_PUBLISH if why_not_manage(rights, partnership_id) else ""


def why_not_see_programme(rights: Rights, *, viewers: Roles = OFFICE) -> str:
    """Return why the user may not view the programme at all, or the records of other roles' kinds."""
    return "" if rights.partnerships(*SEES_THE_WORK, *viewers) else NO_ACCESS


def partnerships_to_record_in(rights: Rights, *, reported: bool, keepers: Roles = ()) -> set[int]:
    """List rule: where the user may add a record; `reported` for what organisations report."""
    roles = (Role.PROGRAMME_MANAGER, *keepers, *(REPORTING if reported else ()))
    return rights.partnerships(*roles)


def why_not_record_any(rights: Rights, *, reported: bool, keepers: Roles = ()) -> str:
    """Return why the user may add no record of this kind at all."""
    may = partnerships_to_record_in(rights, reported=reported, keepers=keepers)
    return "" if may else str(MANAGERS_ONLY)
