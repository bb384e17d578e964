"""What a request would change, in words."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext

from audit.actors import Reader
from partners.approvals.models import ChangeRequest
from partners.memberships.models import Membership
from partners.organisations.models import Organisation
from partners.policies import Role
from web.language import day_text, lazy_text

YES_OR_NO = {True: lazy_text("Yes"), False: lazy_text("No")}
LABELS = {
    "email": lazy_text("New email address"),
    "name": lazy_text("New job title"),
    "is_staff": lazy_text("Administrator"),
    "is_active": lazy_text("Active"),
}
# How long one approval of a person's own change keeps them from approving one of the approver's.
MUTUAL_DAYS = 90


def details_of(change: ChangeRequest) -> list[tuple[str, str]]:
    """Return the labels and values of what would change."""
    values = change.values
    if change.kind == ChangeRequest.Kind.FACTOR:
        return [
            (
                gettext("What happens"),
                gettext("All passkeys, the authenticator app and the recovery codes are removed"),
            )
        ]
    if change.kind == ChangeRequest.Kind.SIGN_ON:
        return [(gettext("Issuer"), values["issuer"]), (gettext("Subject"), values["subject"])]
    last = values.get("ends_on")
    if change.kind == ChangeRequest.Kind.LAST_DAY:
        membership = Membership.objects.select_related("organisation").get(pk=values["membership"])
        return [
            (gettext("Role"), membership.capacity),
            (gettext("Organisation"), str(membership.organisation)),
            (gettext("Partnership"), str(change.partnership)),
            (gettext("First day"), _day(membership.starts_on)),
            (gettext("New last day"), _day(last)),
        ]
    if change.kind == ChangeRequest.Kind.MEMBERSHIP:
        return [
            (gettext("Role"), Role(values["role"]).label + (", alternate" if values["alternate"] else "")),
            (gettext("Organisation"), str(Organisation.objects.get(pk=values["organisation"]))),
            (gettext("Partnership"), str(change.partnership)),
            (gettext("First day"), _day(values["starts_on"])),
            (gettext("Last day"), _day(last)),
        ]
    return [(LABELS[name], YES_OR_NO.get(value, str(value))) for name, value in sorted(values.items())]


def _day(value: date | str | None) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return day_text(day) if day else gettext("None")


def why_mutual(approver: Reader, change: ChangeRequest) -> str:
    """Return why the approver may not decide, when each would approve a change that the other requested for themselves."""
    if change.user_id != change.requested_by_id:
        return ""
    since = change.requested_at - timedelta(days=MUTUAL_DAYS)
    returned = ChangeRequest.objects.filter(
        user=approver.pk,
        requested_by=approver.pk,
        decided_by=change.user_id,
        decided_at__gte=since,
        state=ChangeRequest.State.APPROVED,
    )
    if not returned.exists():
        return ""
    return gettext(
        "{user} approved a change that you requested for yourself. Two administrators cannot "
        "approve each other's changes to themselves. Ask a third one."
    ).format(user=change.user)


def last_day(on: date) -> date:
    """Return the last day on which a request made on the day can be decided."""
    return on + timedelta(days=settings.APPROVAL_DAYS)
