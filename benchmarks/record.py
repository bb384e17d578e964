"""What is measured: listing, searching, recording, exporting and verifying, each against the bare work under it."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import transaction
from django.test import Client

from actions.models import Action, Pillar, Plan
from actions.services import allocate_action, create_action, create_plan, edit_action, save_pillar
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import Item, append_many, verify, writing
from audit.verify import canonical
from partners.models import Organisation, Role
from partners.services import create_partnership, create_user, grant_membership, save_reference

AT = datetime(2026, 4, 1, 9, tzinfo=ZoneInfo("Europe/London"))
FEW, MANY = 100, 10_000
Compare = Callable[[str, Callable[[], object], str, Callable[[], object]], None]


def run(compare: Compare) -> None:
    call_command("migrate", verbosity=0)
    small, large = Stage("Small", FEW), Stage("Large", MANY)
    _listing(compare, small, large)
    _searching(compare, small, large)
    _recording(compare, small)
    _exporting(compare, large)
    _verifying(compare, large)


class Stage:
    """A partnership with a plan of so many actions and a manager who sees them all."""

    def __init__(self, name: str, number: int) -> None:
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
        self.first = self._first()
        self._more(number - 1)
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.manager)

    def _first(self) -> Action:
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

    def _more(self, number: int) -> None:
        """Fill the plan in bulk, as an import does."""
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


def _get(stage: Stage, path: str) -> bytes:
    response: Any = stage.client.get(path)
    assert response.status_code == 200, response.status_code
    return b"".join(response.streaming_content) if response.streaming else response.content


def _listing(compare: Compare, small: Stage, large: Stage) -> None:
    compare(
        f"action list, {MANY:,} actions",
        lambda: _get(large, "/actions/?sort=due"),
        f"the same page, {FEW} actions",
        lambda: _get(small, "/actions/?sort=due"),
    )
    compare(
        f"plan page, {MANY:,} actions",
        lambda: _get(large, f"/plans/{large.plan.pk}/"),
        f"the same page, {FEW} actions",
        lambda: _get(small, f"/plans/{small.plan.pk}/"),
    )


def _searching(compare: Compare, small: Stage, large: Stage) -> None:
    compare(
        f"search that finds {MANY:,} actions and ranks the newest",
        lambda: _get(large, "/search/?q=sentence"),
        f"the same page, {FEW} actions",
        lambda: _get(small, "/search/?q=sentence"),
    )


def _recording(compare: Compare, stage: Stage) -> None:
    titles = iter(range(10**6))

    def edit() -> None:
        edit_action(actor=stage.manager, action=stage.first, title=f"Title {next(titles)}", at=AT)

    def save() -> None:
        with transaction.atomic():
            row = Action.objects.select_for_update().get(pk=stage.first.pk)
            Action.objects.filter(pk=row.pk).update(priority=row.priority)

    compare("one edit: checked, saved, recorded", edit, "lock one row and update one field", save)


def _exporting(compare: Compare, stage: Stage) -> None:
    columns = ["ref", "title", "state", "rag", "percent", "due", "lead__name", "owner__name"]

    def bare() -> None:
        writer = csv.writer(io.StringIO())
        writer.writerows(Action.objects.filter(plan=stage.plan).values_list(*columns).iterator())

    compare(
        f"CSV export of {MANY:,} actions",
        lambda: _get(stage, "/actions/export.csv"),
        "csv.writer over eight columns",
        bare,
    )


def _verifying(compare: Compare, stage: Stage) -> None:
    ledger = stage.partnership.ledger

    def check() -> None:
        assert verify(ledger=ledger).ok

    def hash_only() -> None:
        for entry in Entry.objects.filter(ledger=ledger).iterator():
            hashlib.sha256(canonical(entry.content(ledger.name))).hexdigest()

    compare(f"verify a ledger of {MANY:,} entries and its rows", check, "hash every entry", hash_only)
