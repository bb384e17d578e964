"""Who can be reminded of what, and the reminders that nobody has acted on yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext

from actions.core.states import REPORTABLE
from actions.models import Action, Plan, ProgressUpdate
from audit.clock import london_date
from desk.reminders.models import Reminder
from partners.models import Membership, User
from partners.policies import Rights, Role
from returns.models import Return
from returns.services.contents import closed_reason
from web.language import day_text

# Nobody is reminded of the same thing twice within this time.
AGAIN_AFTER = timedelta(days=7)
FILLING_IN = (Role.SPOC, Role.PARTNER_CONTACT)
Subject = Action | Return


@dataclass(frozen=True)
class Candidate:
    """A return or action, the people who would be reminded of it, or why nobody can be now."""

    subject: Subject
    people: Sequence[User]
    refusal: str = ""


def candidates(*, subjects: Sequence[Subject], on: date) -> list[Candidate]:
    """Return who can be reminded of each subject, in their order. Two queries, however many."""
    last = last_reminders(subjects=subjects)
    people = _people([row for row in subjects if isinstance(row, Return)], on)
    return [
        Candidate(subject, who, _refusal(subject, who, last.get((subject._meta.model_name, subject.pk)), on))
        for subject in subjects
        for who in [_owners(subject) if isinstance(subject, Action) else people[subject.organisation_id]]
    ]


def last_reminders(*, subjects: Sequence[Subject]) -> dict[tuple[str | None, int | None], Reminder]:
    """Return the last reminder of each subject that has one, by the name of its model and its id."""
    actions = [row.pk for row in subjects if isinstance(row, Action)]
    reports = [row.pk for row in subjects if isinstance(row, Return)]
    rows = Reminder.objects.filter(Q(action__in=actions) | Q(report__in=reports)).select_related("sent_by")
    last: dict[tuple[str | None, int | None], Reminder] = {}
    for row in rows.order_by("sent_at", "pk"):
        model = Return if row.action_id is None else Action
        last[model._meta.model_name, row.action_id or row.report_id] = row
    return last


def open_reminders(*, rights: Rights) -> list[Reminder]:
    """Return the last reminder of each return and action that the user still has to act on."""
    # On most days there are none, and the question below takes ten times as long.
    if not Reminder.objects.filter(partnership__in=rights.partnerships()).exists():
        return []
    answers = ProgressUpdate.objects.filter(
        action=OuterRef("action"), submitted_at__gt=OuterRef("sent_at"), corrects=None
    )
    own = Q(action__owner=rights.user_id) | Q(action__alternate=rights.user_id)
    needs_update = (
        own & Q(action__state__in=REPORTABLE, action__plan__state=Plan.State.LIVE) & ~Exists(answers)
    )
    organisations = rights.organisations(*FILLING_IN)
    needs_return = Q(report__organisation__in=organisations, report__state__in=["open", "returned"]) & (
        Q(report__submitted_at=None) | Q(report__submitted_at__lt=F("sent_at"))
    )
    rows = Reminder.objects.filter(needs_update | needs_return).select_related(
        *("sent_by", "action__plan", "action__pillar", "report__plan", "report__organisation")
    )
    return list({(row.action_id, row.report_id): row for row in rows.order_by("sent_at", "pk")}.values())


def _owners(action: Action) -> list[User]:
    return [person for person in (action.owner, action.alternate) if person is not None and person.is_active]


def _people(reports: Sequence[Return], on: date) -> dict[int, list[User]]:
    """Return who fills in the returns of each organisation."""
    people: dict[int, list[User]] = {report.organisation_id: [] for report in reports}
    if not people:
        return people
    memberships = Membership.objects.running(on).filter(
        organisation__in=people, role__in=FILLING_IN, user__is_active=True, user__kind=User.Kind.USER
    )
    for row in memberships.select_related("user").order_by("user__name", "pk"):
        if row.organisation_id is not None and row.user not in people[row.organisation_id]:
            people[row.organisation_id].append(row.user)
    return people


def _refusal(subject: Subject, people: Sequence[User], last: Reminder | None, on: date) -> str:
    if isinstance(subject, Return):
        if reason := closed_reason(report=subject, on=on):
            return reason
    elif subject.by_districts or subject.plan.state != Plan.State.LIVE or subject.state not in REPORTABLE:
        return gettext("No update is needed: it is {get_state_display}.").format(
            get_state_display=subject.get_state_display().lower()
        )
    if not people:
        return gettext("There is nobody to remind. Give it an owner or contact first.")
    if last is not None and (day := london_date(last.sent_at)) + AGAIN_AFTER > on:
        again = day + AGAIN_AFTER
        return gettext("{sent_by} sent a reminder on {day}. You can send another from {again}.").format(
            sent_by=last.sent_by, day=day_text(day), again=day_text(again)
        )
    return ""
