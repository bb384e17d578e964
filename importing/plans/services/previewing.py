"""What an import would do, without doing it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Upper

from actions.core import policies
from actions.core.policies import MANAGERS_ONLY
from actions.models import Action, Plan
from audit.clock import london_date
from importing.plans.services.comparing import Comparison, Recorded
from importing.plans.services.contents import Preview, RowChange
from importing.plans.services.directory import Directory, longest
from importing.plans.services.rows import PlanRow, read_rows
from importing.plans.services.screening import personal_names, require_plain_name
from importing.plans.services.specification import PLAN
from partners.models import Partnership
from partners.policies import rights_of
from standards.dates import plan_period
from web.tables import Problem, Table, TableError, read_table


def preview_import(
    *,
    actor: Any,
    partnership: Partnership,
    plan_title: str,
    data: bytes,
    filename: str,
    at: datetime,
    sheet: str = "",
) -> Preview:
    """Compare a file with a plan and say, row by row, what an import would create, update, leave and keep.

    A blank cell says nothing: it never empties a field. Actions that are not in the file are listed and left alone.
    Owner and dates are set until an action is allocated, its markings when it is created; what was edited or
    reported in the app is kept. Nothing is written.

    Args:
        plan_title: of a plan of this partnership, in any case; a new one is opened when none bears it, for the
            financial years it names.
        sheet: the sheet to read; the first with a plan's header when empty.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `file` when it cannot be read at all, by `plan` when the title names neither a
            plan nor a year, or the plan is closed. What is wrong with single cells is in the preview's problems.
    """
    file = read_file(actor=actor, partnership=partnership, data=data, filename=filename, sheet=sheet, at=at)
    return compare_file(actor=actor, partnership=partnership, plan_title=plan_title, file=file, at=at)


@dataclass(frozen=True)
class PlanFile:
    """A plan's table, and the file it was read from."""

    table: Table
    name: str
    sha256: str


def read_file(
    *, actor: Any, partnership: Partnership, data: bytes, filename: str, sheet: str, at: datetime
) -> PlanFile:
    """Read a plan's table. This is the slow half of an import and needs no lock.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
    """
    _require_manager(actor, partnership, london_date(at))
    require_plain_name(filename=filename)
    return PlanFile(_table(data, filename, sheet), filename, hashlib.sha256(data).hexdigest())


def compare_file(
    *, actor: Any, partnership: Partnership, plan_title: str, file: PlanFile, at: datetime
) -> Preview:
    """Compare what was read with what is recorded.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
    """
    on = london_date(at)
    _require_manager(actor, partnership, on)
    plan, table = _plan(partnership, plan_title), file.table
    directory = Directory(partnership=partnership, plan=plan, on=on)
    actions = Action.objects.visible_to(actor, on).filter(partnership=partnership)
    recorded = Recorded.of(_actions_of(actions, plan), partnership.ledger_id)
    read = read_rows(table=table, directory=directory, recorded=recorded.actions)
    rows = [Comparison(table, directory, recorded, row).result() for row in read.actions]
    _reject_repeated(table, read.actions, rows, _elsewhere(actions, plan, read.actions))
    for row in rows:
        row.problems += [problem for problem in table.problems if problem.row == row.number]
    named = {row.ref.casefold() for row in rows}
    return Preview(
        partnership=partnership,
        plan=plan,
        filename=file.name,
        sha256=file.sha256,
        sheet=table.sheet,
        header_row=table.header_row,
        not_imported=table.not_imported,
        notes=read.notes,
        warnings=[*table.warnings, *(str(warning) for row in read.actions for warning in row.warnings)],
        new_pillars=directory.new_pillars,
        rows=rows,
        not_in_file=[action for ref, action in recorded.actions.items() if ref not in named],
        problems=_in_order(read.problems, table.problems, *(row.problems for row in rows)),
        personal=[
            *personal_names(table=table, pillars=directory.new_pillars),
            *(cell for row in rows for cell in row.personal),
        ],
    )


def _require_manager(actor: Any, partnership: Partnership, on: date) -> None:
    if not policies.may_manage(rights_of(actor, on), partnership.pk):
        raise PermissionDenied(MANAGERS_ONLY)


def _plan(partnership: Partnership, title: str) -> Plan:
    title = " ".join(title.split())
    plan: Plan | None = Plan.objects.filter(partnership=partnership, title__iexact=title).first()
    if plan is not None:
        if plan.state == Plan.State.CLOSED:
            raise ValidationError(
                {"plan": f"The plan \u201c{plan}\u201d is closed, so nothing can be imported into it."}
            )
        return plan
    if len(title) > longest(model=Plan, field="title"):
        raise ValidationError({"plan": "The title of the plan is too long."})
    period = plan_period(title)
    if period is None:
        raise ValidationError(
            {
                "plan": f"There is no plan called \u201c{title}\u201d, and its title names no financial year such as "
                "2019/20. Create the plan on the Plans page first, or name the year."
            }
        )
    return Plan(partnership=partnership, title=title, starts_on=period[0], ends_on=period[1])


def _table(data: bytes, filename: str, sheet: str) -> Table:
    if len(data) > settings.IMPORT_MAX_BYTES:
        most = f"{settings.IMPORT_MAX_BYTES / 1024**2:g} MB"
        raise ValidationError({"file": f"The file is larger than {most}, the most that can be imported."})
    try:
        return read_table(data, filename, PLAN, sheet)
    except TableError as fault:
        raise ValidationError({"file": str(fault)}) from fault


def _actions_of(actions: Any, plan: Plan) -> Iterable[Action]:
    if plan._state.adding:
        return []
    rows: Iterable[Action] = (
        actions.filter(plan=plan)
        .select_related("plan", "pillar", "area", "lead", "owner", "mou_area")
        .prefetch_related("supporting")
        .order_by("pk")
    )
    return rows


def _elsewhere(actions: Any, plan: Plan, rows: list[PlanRow]) -> dict[str, str]:
    """References of the file that other plans of the partnership use, with the plan's title."""
    refs = {row.ref.upper() for row in rows}
    others = actions if plan._state.adding else actions.exclude(plan=plan)
    found = others.annotate(key=Upper("ref")).filter(key__in=refs).values_list("ref", "plan__title")
    return {ref.casefold(): title for ref, title in found}


def _reject_repeated(
    table: Table, read: list[PlanRow], rows: list[RowChange], elsewhere: dict[str, str]
) -> None:
    first: dict[str, int] = {}
    for plan_row, row in zip(read, rows, strict=True):
        ref = row.ref.casefold()
        if not ref:
            continue
        if ref in elsewhere:
            message = (
                f"is an action of the plan \u201c{elsewhere[ref]}\u201d; a reference is never used twice"
            )
            row.problems.append(table.problem(plan_row.row, "ref", message))
        if ref in first:
            message = f"is the reference of row {first[ref]} too"
            row.problems.append(table.problem(plan_row.row, "ref", message))
        first.setdefault(ref, row.number)


def _in_order(*found: Iterable[Problem]) -> list[Problem]:
    """Every problem once, in the order in which a person meets them in the sheet."""
    every = {problem: None for problems in found for problem in problems}
    return sorted(every, key=lambda problem: (problem.row, len(problem.letter), problem.letter))
