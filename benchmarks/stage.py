"""A partnership with a plan of any number of actions."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from actions.actions.services import allocate_action, create_action
from actions.models import Action, Pillar, Plan
from actions.plans.services import create_plan, save_pillar
from audit.actors import SYSTEM
from audit.services import Item, append_many, writing
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Area, Organisation, Role
from partners.organisations.services import save_reference
from partners.partnerships.services import create_partnership

AT = datetime(2026, 4, 1, 9, tzinfo=ZoneInfo("Europe/London"))


class Stage:
    """A partnership with a plan of `number` actions and a manager who sees them all, shared between `districts`."""

    def __init__(self, name: str, number: int, districts: int = 0) -> None:
        self.partnership = create_partnership(actor=SYSTEM, name=name, slug=name.lower(), at=AT)
        self.police = save_reference(
            actor=SYSTEM,
            row=Organisation(
                partnership=self.partnership, name="Police", kind=Organisation.Kind.POLICE_FORCE
            ),
            at=AT,
        )
        self.manager = create_user(actor=SYSTEM, email=f"{name}@example.org", name=f"Manager {name}", at=AT)
        grant_membership(
            actor=SYSTEM,
            user=self.manager,
            partnership=self.partnership,
            organisation=self.police,
            role=Role.PROGRAMME_MANAGER,
            starts_on=AT.date(),
            at=AT,
        )
        self.plan = create_plan(
            actor=self.manager,
            partnership=self.partnership,
            title="Plan",
            starts_on=date(2026, 4, 1),
            ends_on=date(2027, 3, 31),
            state=Plan.State.LIVE,
            at=AT,
        )
        self.pillar = save_pillar(actor=self.manager, pillar=Pillar(plan=self.plan, name="Identify"), at=AT)
        self.areas = [
            save_reference(
                actor=SYSTEM, row=Area(partnership=self.partnership, name=f"District {place}"), at=AT
            )
            for place in range(1, districts + 1)
        ]
        self.first = self._create_first()
        self._create_more(number - 1)
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.manager)

    def _create_first(self) -> Action:
        action = create_action(
            actor=self.manager,
            plan=self.plan,
            ref="A-1",
            title="First",
            pillar=self.pillar,
            lead=self.police,
            at=AT,
        )
        due = date(2026, 9, 30)
        return allocate_action(
            actor=self.manager, action=action, lead=self.police, owner=self.manager, due=due, at=AT
        )

    def _create_more(self, number: int) -> None:
        """Create actions in bulk, as an import does."""
        rows = [self._row(position) for position in range(2, number + 2)]
        with writing(self.partnership.ledger_id) as ledger:
            Action.objects.bulk_create(rows)
            items = [Item(verb="action.created", target=row) for row in rows]
            append_many(actor=self.manager, ledger=ledger, at=AT, items=items)

    def _row(self, position: int) -> Action:
        due = date(2026, 4, 1) + timedelta(days=position % 365)
        return Action(
            partnership=self.partnership,
            plan=self.plan,
            pillar=self.pillar,
            area=self.areas[position % len(self.areas)] if self.areas else None,
            ref=f"A-{position}",
            title=f"Action {position} of the plan",
            description="What will be done, in a sentence or two. " * 3,
            lead=self.police,
            owner=self.manager,
            state="in_progress",
            rag=("red", "amber", "green")[position % 3],
            percent=position % 100,
            allocated_on=AT.date(),
            original_due=due,
            due=due,
        )

    def get(self, path: str) -> bytes:
        """Return the page at this address as the manager reads it."""
        response: Any = self.client.get(path)
        assert response.status_code == 200, response.status_code
        return b"".join(response.streaming_content) if response.streaming else bytes(response.content)
