"""How far the set-up of a partnership has come, and the steps that are left."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext

from actions.models import Action, Plan
from audit.actors import Actor
from audit.policies import forbid
from partners import policies
from partners.accounts.services.invitations import invite, invited_ids
from partners.accounts.services.links import never_signed_in
from partners.models import Membership, Partnership, User
from partners.partnerships.services import create_partnership


@dataclass(frozen=True)
class Progress:
    """What a partnership has.

    Attributes:
        waiting: people who have not chosen a password; `invited` of them have been sent an invitation.
    """

    areas: int
    organisations: int
    boards: int
    people: int
    managers: int
    waiting: int
    invited: int
    plan: Plan | None
    actions: int

    @property
    def is_complete(self) -> bool:
        return bool(self.managers and self.actions and self.waiting == self.invited)


def progress_of(*, actor: Actor, partnership: Partnership, on: date) -> Progress:
    """Count what a partnership has.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
    """
    forbid(policies.why_not_edit_reference(actor, partnership.pk, on, gettext("set up a partnership")))
    running = Membership.objects.running(on).filter(partnership=partnership)
    waiting = list(never_signed_in(users=people_of(partnership=partnership, on=on)))
    plans = Plan.objects.filter(partnership=partnership).exclude(state=Plan.State.CLOSED)
    return Progress(
        areas=partnership.areas.count(),
        organisations=partnership.organisations.count(),
        boards=partnership.boards.count(),
        people=people_of(partnership=partnership, on=on).count(),
        managers=running.filter(role=policies.Role.PROGRAMME_MANAGER).count(),
        waiting=len(waiting),
        invited=len(invited_ids(users=waiting)),
        plan=plans.order_by("-starts_on", "pk").first(),
        actions=Action.objects.filter(partnership=partnership).count(),
    )


def needs_setup(*, actor: Actor, on: date) -> bool:
    """Return whether the actor has nothing but set-up to do: no partnership yet, or no plan in one they manage."""
    managed = policies.rights_of(actor, on).partnerships(policies.Role.PROGRAMME_MANAGER)
    if managed:
        return not Plan.objects.filter(partnership__in=managed).exists()
    return not policies.why_not_administer(actor) and not Partnership.objects.exists()


def people_of(*, partnership: Partnership, on: date) -> QuerySet[User]:
    """Return the people with a role in the partnership now or later."""
    roles = Membership.objects.filter(partnership=partnership).exclude(ends_on__lt=on)
    return User.objects.filter(pk__in=roles.values("user"), kind=User.Kind.USER, is_active=True)


def open_partnership(*, actor: Actor, name: str, at: datetime) -> Partnership:
    """Create a partnership; its short name for commands is made from its name.

    Raises:
        PermissionDenied: unless the actor is an administrator.
        ValidationError: keyed by `name`, when it is taken.
    """
    slug = slugify(name)[:50] or "partnership"
    taken = set(Partnership.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug in taken and not Partnership.objects.filter(name=name).exists():
        slug = next(each for n in range(2, len(taken) + 3) if (each := f"{slug[:46]}-{n}") not in taken)
    return create_partnership(actor=actor, name=name.strip(), slug=slug, at=at)


def invite_people(*, actor: Actor, partnership: Partnership, again: bool, on: date, at: datetime) -> int:
    """Invite the people of a partnership who cannot sign in yet, and return how many invitations were sent.

    Args:
        again: those who were invited before; otherwise those who were not.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
    """
    forbid(policies.why_not_edit_reference(actor, partnership.pk, on, gettext("invite people")))
    waiting = list(never_signed_in(users=people_of(partnership=partnership, on=on)))
    earlier = invited_ids(users=waiting)
    users = [user for user in waiting if (user.pk in earlier) == again]
    return invite(actor=actor, users=users, partnership_id=partnership.pk, at=at) if users else 0
