"""Import of actions into a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.utils.translation import gettext

from actions.core import policies
from actions.models import Action, Plan
from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from importing.engine.services.flow import Importer, ImportFile, sort_problems
from importing.engine.services.organisations import max_length
from importing.engine.services.screening import personal_names
from importing.plans.services.comparing import Comparison, PlanRecord
from importing.plans.services.contents import ActionChange, PlanPreview
from importing.plans.services.directory import Directory
from importing.plans.services.rows import PlanRow, read_rows
from importing.plans.services.specification import PLAN, SAMPLE
from importing.plans.services.writing import IMPORTED, PlanWriter
from partners.models import Partnership
from partners.policies import rights_of
from standards.dates import plan_period
from web.language import lazy_text
from web.tables import Table


@dataclass(frozen=True)
class PlanImporter(Importer[PlanPreview]):
    """Import of actions into a plan of a partnership.

    Owner and dates are imported until an action is allocated, its markings when it is created. What was edited or
    reported in the app since the last import is not changed.

    Args:
        plan_title: of a plan of this partnership, in any case. If there is none, the import creates it, for the
            financial years in its title. A closed plan, and a title without a year, raise a ValidationError keyed
            by `plan`.
    """

    partnership: Partnership
    plan_title: str

    specification = PLAN
    sample = SAMPLE
    # Actions are written in bulk.
    rows_per_second = 150
    verb = IMPORTED
    changed_since_preview = lazy_text(
        "The plan has changed since this preview. Check what the import would do now, then confirm again."
    )

    @property
    def ledger_id(self) -> int:
        return self.partnership.ledger_id

    def why_not_import(self, *, actor: Actor, on: date) -> str:
        return policies.why_not_manage(rights_of(actor, on), self.partnership.pk, "plan")

    def compare(self, *, actor: Actor, file: ImportFile, at: datetime) -> PlanPreview:
        on, table = london_date(at), file.table
        plan = _plan(self.partnership, self.plan_title)
        directory = Directory(partnership=self.partnership, plan=plan, on=on)
        actions = Action.objects.visible_to(actor, on).filter(partnership=self.partnership)
        record = PlanRecord.read(_actions_of(actions, plan), self.ledger_id)
        content = read_rows(table=table, directory=directory, recorded=record.actions)
        rows = [Comparison(table, directory, record, row).result() for row in content.actions]
        _reject_repeated(table, content.actions, rows, _plans_by_ref(actions, plan, content.actions))
        file.add_problems(rows)
        refs = {row.ref.casefold() for row in rows}
        return PlanPreview(
            target=plan,
            **file.facts,
            notes=content.notes,
            warnings=[
                *table.warnings,
                *content.warnings,
                *(str(warning) for row in content.actions for warning in row.warnings),
            ],
            new_pillars=directory.new_pillars,
            unknown_organisations=directory.unknown,
            rows=rows,
            not_in_file=[action for ref, action in record.actions.items() if ref not in refs],
            problems=sort_problems(
                groups=[content.problems, table.problems, *(row.problems for row in rows)]
            ),
            personal=[
                *personal_names(
                    table=table,
                    names=[pillar.name for pillar in directory.new_pillars],
                    noun=gettext("a new pillar"),
                ),
                *(cell for row in rows for cell in row.personal),
            ],
        )

    def write(self, *, actor: Actor, preview: PlanPreview, ledger: Ledger, at: datetime) -> None:
        PlanWriter(actor, at, ledger, preview).write()


def _plan(partnership: Partnership, title: str) -> Plan:
    title = " ".join(title.split())
    plan: Plan | None = Plan.objects.filter(partnership=partnership, title__iexact=title).first()
    if plan is not None:
        if plan.state == Plan.State.CLOSED:
            raise ValidationError(
                {
                    "plan": gettext(
                        "The plan “{plan}” is closed, so nothing can be imported into it."
                    ).format(plan=plan)
                }
            )
        return plan
    if len(title) > max_length(model=Plan, field="title"):
        raise ValidationError({"plan": gettext("The title of the plan is too long.")})
    period = plan_period(title)
    if period is None:
        raise ValidationError(
            {
                "plan": gettext(
                    "There is no plan called “{title}”, and its title names no financial year such as "
                    "2019/20. Create the plan on the Plans page first, or name the year."
                ).format(title=title)
            }
        )
    return Plan(partnership=partnership, title=title, starts_on=period[0], ends_on=period[1])


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


def _plans_by_ref(actions: Any, plan: Plan, rows: list[PlanRow]) -> dict[str, str]:
    """Map references of the file that other plans of the partnership use to the titles of those plans."""
    refs = {row.ref.upper() for row in rows}
    others = actions if plan._state.adding else actions.exclude(plan=plan)
    titles = others.annotate(key=Upper("ref")).filter(key__in=refs).values_list("ref", "plan__title")
    return {ref.casefold(): title for ref, title in titles}


def _reject_repeated(
    table: Table, plan_rows: list[PlanRow], rows: list[ActionChange], other_plans: dict[str, str]
) -> None:
    first: dict[str, int] = {}
    for plan_row, row in zip(plan_rows, rows, strict=True):
        ref = row.ref.casefold()
        if not ref:
            continue
        if ref in other_plans:
            message = gettext(
                "is already used in the plan “{other_plans}”: give the action another reference"
            ).format(other_plans=other_plans[ref])
            row.problems.append(table.problem(plan_row.row, "ref", message))
        if ref in first:
            message = gettext("is also the reference of row {first}").format(first=first[ref])
            if isinstance(plan_row.row.cells["ref"].value, float):
                message = gettext(
                    "is also the reference of row {first}. A spreadsheet shows the number 1.10 as 1.1: format the "
                    "cell as text and enter the reference again"
                ).format(first=first[ref])
            row.problems.append(table.problem(plan_row.row, "ref", message))
        first.setdefault(ref, row.number)
