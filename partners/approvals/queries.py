"""What a request would change, in words."""

from datetime import date, timedelta

from django.conf import settings

from audit.actors import Reader
from partners.approvals.models import ChangeRequest
from partners.memberships.models import Membership
from partners.organisations.models import Organisation
from partners.policies import Role

YES_OR_NO = {True: "Yes", False: "No"}
LABELS = {
    "email": "New email address",
    "name": "New job title",
    "is_staff": "Administrator",
    "is_active": "Active",
}
# How long one approval of a person's own change keeps them from approving one of the approver's.
MUTUAL_DAYS = 90


def details_of(change: ChangeRequest) -> list[tuple[str, str]]:
    """Return the labels and values of what would change."""
    values = change.values
    if change.kind == ChangeRequest.Kind.FACTOR:
        return [("What happens", "All passkeys, the authenticator app and the recovery codes are removed")]
    if change.kind == ChangeRequest.Kind.SIGN_ON:
        return [("Issuer", values["issuer"]), ("Subject", values["subject"])]
    last = values.get("ends_on")
    if change.kind == ChangeRequest.Kind.LAST_DAY:
        membership = Membership.objects.select_related("organisation").get(pk=values["membership"])
        return [
            ("Role", membership.capacity),
            ("Organisation", str(membership.organisation)),
            ("Partnership", str(change.partnership)),
            ("First day", _day(membership.starts_on)),
            ("New last day", _day(last)),
        ]
    if change.kind == ChangeRequest.Kind.MEMBERSHIP:
        return [
            ("Role", Role(values["role"]).label + (", alternate" if values["alternate"] else "")),
            ("Organisation", str(Organisation.objects.get(pk=values["organisation"]))),
            ("Partnership", str(change.partnership)),
            ("First day", _day(values["starts_on"])),
            ("Last day", _day(last)),
        ]
    return [(LABELS[name], YES_OR_NO.get(value, str(value))) for name, value in sorted(values.items())]


def _day(value: date | str | None) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day:%-d %B %Y}" if day else "None"


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
    return (
        f"{change.user} approved a change that you requested for yourself. Two administrators cannot approve each "
        "other's changes to themselves. Ask a third one."
    )


def last_day(on: date) -> date:
    """Return the last day on which a request made on the day can be decided."""
    return on + timedelta(days=settings.APPROVAL_DAYS)
