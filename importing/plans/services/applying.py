"""Carrying out an import: all of it, in one transaction, or none of it."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions.core.states import State
from actions.models import Action, Plan, ProgressUpdate
from actions.plans.services import create_plan, save_pillar
from audit.clock import london_date
from audit.models import Ledger
from audit.services import Item, append_many, writing
from audit.state import state_of, states_of
from importing.plans.services.comparing import CHANGED, CREATED
from importing.plans.services.contents import Outcome, Preview, RowChange
from importing.plans.services.previewing import compare_file, read_file
from importing.plans.services.screening import require_reason
from partners.models import Partnership

MOVED_ON = "The plan was changed since this preview was made. Look at what the import would do now, then confirm again."
APART = {"supporting", "progress"}
BATCH = 200


def apply_import(
    *,
    actor: Any,
    partnership: Partnership,
    plan_title: str,
    data: bytes,
    filename: str,
    at: datetime,
    sheet: str = "",
    expected: str = "",
) -> Preview:
    """Import a file into a plan, as `preview_import` says, and return what was done.

    An import that would change nothing writes nothing, not even to the ledger.

    Args:
        expected: the digest of the preview that was confirmed; empty where none was shown.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
        ValidationError: code `rejected` with every problem when any row cannot be applied; code `conflict` when the
            import would no longer do what was confirmed; code `personal_data` for cells kept without a reason.
    """
    file = read_file(actor=actor, partnership=partnership, data=data, filename=filename, sheet=sheet, at=at)
    with writing(partnership.ledger_id) as ledger:
        preview = compare_file(actor=actor, partnership=partnership, plan_title=plan_title, file=file, at=at)
        if not preview.can_be_applied:
            raise ValidationError([ValidationError(str(p), code="rejected") for p in preview.problems])
        if expected and preview.digest != expected:
            raise ValidationError(MOVED_ON, code="conflict")
        require_reason(found=preview.personal)
        if preview.changes_anything:
            _Import(actor, at, ledger, preview).run()
    return preview


class _Import:
    """One import being carried out, in a number of queries that does not grow with its rows."""

    def __init__(self, actor: Any, at: datetime, ledger: Ledger, preview: Preview) -> None:
        self.actor, self.at, self.ledger, self.preview = actor, at, ledger, preview
        self.on = london_date(at)
        self.items: list[Item] = []
        self.supporting: dict[int, list[Any]] = {}
        self.updates: list[tuple[ProgressUpdate, str]] = []

    def run(self) -> None:
        self._open_plan()
        made = self._create([row for row in self.preview.rows if row.outcome == Outcome.CREATED])
        changed = self._change([row for row in self.preview.rows if row.outcome == Outcome.UPDATED])
        self._set_supporting([action.pk for action, _, _ in changed])
        self._record(made, changed)

    def _open_plan(self) -> None:
        plan = self.preview.plan
        if plan._state.adding:
            self.preview.plan = create_plan(
                actor=self.actor,
                partnership=self.preview.partnership,
                title=plan.title,
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
                at=self.at,
            )
        for pillar in self.preview.new_pillars:
            pillar.plan = self.preview.plan
            save_pillar(actor=self.actor, pillar=pillar, at=self.at)

    def _create(self, rows: list[RowChange]) -> list[tuple[Action, RowChange]]:
        made = []
        for row in rows:
            action = Action(partnership=self.preview.partnership, plan=self.preview.plan, ref=row.ref)
            self._set(action, row)
            made.append((action, row))
        Action.objects.bulk_create([action for action, _ in made], batch_size=BATCH)
        for action, row in made:
            self._note_related(action, row)
        return made

    def _change(self, rows: list[RowChange]) -> list[tuple[Action, RowChange, dict[str, Any]]]:
        actions = [row.action for row in rows if row.action is not None]
        before = states_of(actions)
        for action, row in zip(actions, rows, strict=True):
            self._set(action, row)
            action.version += 1
            self._note_related(action, row)
        if actions:
            Action.objects.bulk_update(actions, sorted(_written(rows)), batch_size=BATCH)
        return list(zip(actions, rows, before, strict=True))

    def _set(self, action: Action, row: RowChange) -> None:
        for change in row.changes:
            if change.name not in APART:
                setattr(action, change.name, change.value)
        if row.allocates:
            action.state = State.NOT_STARTED
            action.original_due, action.allocated_on = action.due, self.on
        action.clean_fields(exclude=[f.name for f in action._meta.concrete_fields if f.is_relation])
        action.clean()

    def _note_related(self, action: Action, row: RowChange) -> None:
        """Keep for later what lives in tables of its own: supporting organisations and progress."""
        organisations = row.new("supporting")
        if organisations is not None:
            self.supporting[action.pk] = organisations
        if text := row.new("progress"):
            update = ProgressUpdate(
                action=action,
                period=_period(self.preview.plan, self.on),
                state=action.state,
                narrative=text,
                percent=action.percent,
                author=self.actor,
                submitted_at=self.at,
                imported=True,
            )
            update.clean_fields(exclude=["action", "author"])
            self.updates.append((update, self._where(row)))

    def _set_supporting(self, changed: list[int]) -> None:
        through = Action.supporting.through
        stale = [pk for pk in changed if pk in self.supporting]
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
        self, made: list[tuple[Action, RowChange]], changed: list[tuple[Action, RowChange, dict[str, Any]]]
    ) -> None:
        for action, row in made:
            self.items.append(Item(verb=CREATED, target=action, note=self._where(row)))
        for action, row, before in changed:
            self.items.append(Item(verb=CHANGED, target=action, before=before, note=self._where(row)))
        for update, where in self.updates:
            self.items.append(Item(verb="progress.imported", target=update, note=where))
        plan = self.preview.plan
        self.items.append(
            Item(verb="plan.imported", target=plan, before=state_of(plan), note=self._summary())
        )
        append_many(actor=self.actor, ledger=self.ledger, at=self.at, items=self.items)

    def _where(self, row: RowChange) -> str:
        """Where in the file a change comes from; a due date given in words is kept as printed."""
        printed = f"; due as printed: {row.due_phrase}" if row.due_phrase and row.action is None else ""
        return f"{self.preview.filename}, sheet {self.preview.sheet}, row {row.number}{printed}"

    def _summary(self) -> str:
        counts = ", ".join(f"{name} {number}" for name, number in self.preview.counts.items())
        return f"{self.preview.filename}, SHA-256 {self.preview.sha256}, sheet {self.preview.sheet}: {counts}"


def _written(rows: list[RowChange]) -> set[str]:
    names = {change.name for row in rows for change in row.changes} - APART
    if any(row.allocates for row in rows):
        names |= {"state", "original_due", "allocated_on"}
    return names | {"version"}


def _period(plan: Plan, on: date) -> date:
    return plan.period_of(on)
