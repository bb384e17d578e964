"""Writing an import into a plan, inside its transaction."""

from datetime import datetime
from typing import Any

from actions.core.states import State
from actions.models import Action, ProgressUpdate
from actions.plans.services import create_plan, save_pillar
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.models import Ledger
from audit.services import Item, append_many
from audit.state import state_of, states_of
from importing.engine.services.contents import Outcome
from importing.plans.services.comparing import CHANGED, CREATED
from importing.plans.services.contents import ActionChange, PlanPreview

IMPORTED = "plan.imported"
# Fields that are saved in tables of their own.
RELATED_FIELDS = {"supporting", "progress"}
BATCH = 200


class PlanWriter:
    """One import into a plan, written in a number of queries that does not grow with its rows."""

    def __init__(self, actor: Actor, at: datetime, ledger: Ledger, preview: PlanPreview) -> None:
        self.actor, self.at, self.ledger, self.preview = actor, at, ledger, preview
        self.on = london_date(at)
        self.items: list[Item] = []
        self.supporting: dict[int, list[Any]] = {}
        self.updates: list[tuple[ProgressUpdate, str]] = []

    def write(self) -> None:
        """Save the plan, its actions and what belongs to them, and record each of them in the ledger."""
        self._save_plan()
        created = self._create([row for row in self.preview.rows if row.outcome == Outcome.CREATED])
        updated = self._update([row for row in self.preview.rows if row.outcome == Outcome.UPDATED])
        self._save_related([action.pk for action, _, _ in updated])
        self._record(created, updated)

    def _save_plan(self) -> None:
        plan = self.preview.target
        if plan._state.adding:
            self.preview.target = create_plan(
                actor=self.actor,
                partnership=self.preview.target.partnership,
                title=plan.title,
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
                at=self.at,
            )
        for pillar in self.preview.new_pillars:
            pillar.plan = self.preview.target
            save_pillar(actor=self.actor, pillar=pillar, at=self.at)

    def _create(self, rows: list[ActionChange]) -> list[tuple[Action, ActionChange]]:
        created = []
        for row in rows:
            action = Action(
                partnership=self.preview.target.partnership, plan=self.preview.target, ref=row.ref
            )
            self._set(action, row)
            created.append((action, row))
        Action.objects.bulk_create([action for action, _ in created], batch_size=BATCH)
        for action, row in created:
            self._collect_related(action, row)
        return created

    def _update(self, rows: list[ActionChange]) -> list[tuple[Action, ActionChange, dict[str, Any]]]:
        actions = [row.record for row in rows if row.record is not None]
        before = states_of(actions)
        for action, row in zip(actions, rows, strict=True):
            self._set(action, row)
            action.version += 1
            self._collect_related(action, row)
        if actions:
            Action.objects.bulk_update(actions, sorted(_written_fields(rows)), batch_size=BATCH)
        return list(zip(actions, rows, before, strict=True))

    def _set(self, action: Action, row: ActionChange) -> None:
        for change in row.changes:
            if change.name not in RELATED_FIELDS:
                setattr(action, change.name, change.value)
        if row.allocates:
            action.state = State.NOT_STARTED
            action.original_due, action.allocated_on = action.due, self.on
        if row.sets_original_due and row.original_due and action.due:
            action.original_due = row.original_due
            action.moves, action.extensions = 1, int(action.due > row.original_due)
        action.clean_fields(exclude=[f.name for f in action._meta.concrete_fields if f.is_relation])
        action.clean()

    def _collect_related(self, action: Action, row: ActionChange) -> None:
        """Collect the values of other tables: supporting organisations and progress."""
        organisations = row.new_value("supporting")
        if organisations is not None:
            self.supporting[action.pk] = organisations
        if text := row.new_value("progress"):
            update = ProgressUpdate(
                action=action,
                period=self.preview.target.period_of(self.on),
                state=action.state,
                narrative=text,
                percent=action.percent,
                author=account_of(self.actor),
                submitted_at=self.at,
                imported=True,
            )
            update.clean_fields(exclude=["action", "author"])
            self.updates.append((update, self.preview.place(row)))

    def _save_related(self, updated: list[int]) -> None:
        through = Action.supporting.through
        stale = [pk for pk in updated if pk in self.supporting]
        if stale:
            through.objects.filter(action__in=stale).delete()
        rows = [
            through(action_id=pk, organisation_id=organisation.pk)
            for pk, organisations in self.supporting.items()
            for organisation in organisations
        ]
        through.objects.bulk_create(rows, batch_size=BATCH)
        ProgressUpdate.objects.bulk_create([update for update, _ in self.updates], batch_size=BATCH)

    def _record(
        self,
        created: list[tuple[Action, ActionChange]],
        updated: list[tuple[Action, ActionChange, dict[str, Any]]],
    ) -> None:
        for action, row in created:
            self.items.append(Item(verb=CREATED, target=action, note=self.preview.place(row)))
        for action, row, before in updated:
            self.items.append(Item(verb=CHANGED, target=action, before=before, note=self.preview.place(row)))
        for update, place in self.updates:
            self.items.append(Item(verb="progress.imported", target=update, note=place))
        plan = self.preview.target
        self.items.append(Item(verb=IMPORTED, target=plan, before=state_of(plan), note=self.preview.summary))
        append_many(actor=self.actor, ledger=self.ledger, at=self.at, items=self.items)


def _written_fields(rows: list[ActionChange]) -> set[str]:
    names = {change.name for row in rows for change in row.changes} - RELATED_FIELDS
    if any(row.allocates for row in rows):
        names |= {"state", "original_due", "allocated_on"}
    if any(row.sets_original_due for row in rows):
        names |= {"original_due", "moves", "extensions"}
    return names | {"version"}
