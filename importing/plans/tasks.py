"""Imports of actions that take long, as the workers run them."""

from functools import partial
from typing import Any

from django_tasks import task

from actions.models import Plan
from audit import clock
from importing.engine.tasks import run_long
from importing.plans.services.importer import PlanImporter
from partners.models import User


@task()
def import_actions(
    *, target: int, key: str, rows: int, seconds: int, options: dict[str, Any], **arguments: Any
) -> dict[str, Any]:
    """Import the file of a token, or undo an import, for the user who confirmed it.

    Args:
        key, rows, seconds: what the page of the progress reads from the queue (`importing.engine.services.running`).
        arguments: as for `run_long`.
    """
    return run_long(find=partial(_find, target), **arguments)


def _find(pk: int, actor: User) -> tuple[PlanImporter, Plan]:
    plan = Plan.objects.visible_to(actor, clock.today()).select_related("partnership").get(pk=pk)
    return PlanImporter(partnership=plan.partnership, plan_title=plan.title), plan
