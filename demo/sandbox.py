"""The sandbox: a partnership of made-up data around today, for trying partners' programs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from django.conf import settings

from actions.actions.services import allocate_action
from actions.models import Action, Plan
from actions.plans.services import change_plan
from actions.update_requests.services import request_update
from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.transactions import atomic
from demo.reading import Row, Tables
from demo.relative import fill_in
from demo.story import Story
from partners.accounts.services.users import change_user
from partners.clients.services.clients import create_client, deactivate_client
from partners.models import ApiClient, Membership, Organisation, Partnership, Role, User
from partners.policies import why_not_administer
from partners.scopes import SCOPES

FOLDER = "sandbox"
ORGANISATION = "Sandbox Borough Council"
SYSTEM_NAME = "Sandbox client"
# Left without an owner by the tables: the client's own.
OWN_ACTION = "SBX-14"
OWN_ACTION_DUE = timedelta(days=35)


@dataclass(frozen=True)
class Sandbox:
    """A sandbox with its client, and the client's secret, which is stored hashed and known here alone."""

    partnership: Partnership
    client: ApiClient
    secret: str


@atomic()
def create_sandbox(
    *, actor: Actor, at: datetime, beside: bool = False, password: str | None = None
) -> Sandbox:
    """Create a sandbox with data around the day of `at`, and a client in it with every scope.

    Its history is dated as its tables say; the client is created at `at`. Earlier sandboxes are closed: their
    clients are stopped, their accounts and plans closed. Their record stays.

    Args:
        beside: leave earlier sandboxes open.
        password: of the sandbox's accounts; without one nobody can sign in to them.

    Raises:
        PermissionDenied: unless the actor is an administrator.
        ReplayError, DemoError: naming the row that a service refused.
    """
    forbid(why_not_administer(actor, "create a sandbox"))
    if not beside:
        _close_earlier(actor, at)
    number = _next_number()
    story = _story(actor, at, number, password)
    # Events of one moment keep the order of the tables.
    for _, run in sorted(story.events(), key=itemgetter(0)):
        run()
    partnership = story.partnership
    council = Organisation.objects.select_related("partnership").get(
        partnership=partnership, name=ORGANISATION
    )
    client, secret = create_client(
        actor=actor, organisation=council, name=SYSTEM_NAME, scopes=sorted(SCOPES), at=at
    )
    _allocate_action_to_client(client, at)
    return Sandbox(partnership, client, secret)


def first_steps(*, sandbox: Sandbox) -> list[str]:
    """Return what a developer needs to start: credentials, addresses and two requests."""
    site, client = settings.SITE_ADDRESS.rstrip("/"), sandbox.client
    return [
        f"{sandbox.partnership} created. All its data is made up.",
        f"Organisation:  {client.organisation}",
        f"Client id:     {client.client_id}",
        f"Client secret: {sandbox.secret}",
        f"Scopes:        all {len(client.scopes.split())}",
        f"API:           {site}/api/v1/ (described at {site}/api/v1/docs/)",
        "Store the secret now: it is not shown again. Request a token, then list your actions:",
        f'  curl --user "{client.client_id}:{sandbox.secret}" --data grant_type=client_credentials {site}/oauth/token/',
        f'  curl --header "Authorization: Bearer $TOKEN" {site}/api/v1/actions/',
    ]


def sandbox_accounts(*, partnership: Partnership) -> list[User]:
    """List the accounts of a sandbox's own people by name, without its client and visitors."""
    members = Membership.objects.filter(partnership=partnership).values("user")
    users = User.objects.filter(pk__in=members, kind=User.Kind.USER, email__startswith=f"{partnership.slug}.")
    return list(users.filter(email__endswith="@sandbox.invalid").order_by("name"))


def _story(actor: Actor, at: datetime, number: int, password: str | None) -> Story:
    fill = partial(fill_in, at=at, number=number)
    row: Row = {
        "slug": f"sandbox-{number}",
        "name": f"Sandbox {number}",
        "created_at": fill("{month-4 09:00}"),
        "sandbox": "yes",
    }
    return Story(row, Tables(FOLDER, fill), lambda _: actor, password)


def _next_number() -> int:
    slugs = Partnership.objects.filter(slug__startswith="sandbox-").values_list("slug", flat=True)
    numbers = (slug.removeprefix("sandbox-") for slug in slugs)
    return max((int(number) for number in numbers if number.isdecimal()), default=0) + 1


def _close_earlier(actor: Actor, at: datetime) -> None:
    """Close every open sandbox: partnerships in the order of their ledgers, then their accounts."""
    earlier = list(Partnership.objects.sandboxes().order_by("ledger_id"))
    for partnership in earlier:
        _close_plans(partnership, at)
        clients = ApiClient.objects.filter(partnership=partnership, is_active=True)
        for client in clients.select_related("partnership").order_by("pk"):
            deactivate_client(actor=actor, client=client, at=at, note="Replaced by a newer sandbox.")
    for partnership in earlier:
        for account in sandbox_accounts(partnership=partnership):
            if account.is_active:
                change_user(actor=actor, user=account, is_active=False, at=at)


def _close_plans(partnership: Partnership, at: datetime) -> None:
    """Close its plans, so that daily jobs skip it. A sandbox that has lost its manager keeps them open."""
    manager = _manager_of(partnership, at)
    if manager is None:
        return
    plans = Plan.objects.filter(partnership=partnership).exclude(state=Plan.State.CLOSED)
    for plan in plans.select_related("partnership"):
        change_plan(actor=manager, plan=plan, state=Plan.State.CLOSED, at=at)


def _manager_of(partnership: Partnership, at: datetime) -> User | None:
    memberships = Membership.objects.running(london_date(at)).filter(
        partnership=partnership, role=Role.PROGRAMME_MANAGER, user__is_active=True
    )
    membership = memberships.select_related("user").order_by("pk").first()
    return membership.user if membership else None


def _allocate_action_to_client(client: ApiClient, at: datetime) -> None:
    """Make the client the owner of an action with an update requested, so that `owner=me` finds one."""
    manager = _manager_of(client.partnership, at)
    action = Action.objects.select_related("partnership", "plan").get(
        partnership=client.partnership, ref=OWN_ACTION
    )
    assert manager is not None
    assert client.user is not None
    action = allocate_action(
        actor=manager,
        action=action,
        lead=client.organisation,
        owner=client.user,
        due=london_date(at) + OWN_ACTION_DUE,
        at=at,
    )
    question = "Made up: how many came?"
    request_update(actor=manager, action=action, question=question, due_on=london_date(at), at=at)
