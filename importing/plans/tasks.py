"""Imports of actions that take long, as the workers run them."""

from typing import Any

from django.core.exceptions import ValidationError
from django_tasks import task

from actions.models import Plan
from audit import clock
from importing.engine.services.reversal import past_imports
from importing.engine.services.running import run_import, run_undo
from importing.engine.services.uploads import open_upload
from importing.plans.services.importer import PlanImporter
from partners.models import User


@task()
def import_actions(
    *, key: str, user: int, target: int, token: str, undo: str, rows: int, reason: str, leave_out: bool
) -> dict[str, Any]:
    """Import the file of a token into a plan, or undo an import into it, for the user who confirmed it.

    Args:
        key: the run's own (`importing.engine.services.running.run_key`).
        undo: the entry of the import to undo; empty to import the file.
        rows: how many rows there are; the page of the progress shows it.
    """
    actor = User.objects.get(pk=user, is_active=True)
    plan = Plan.objects.visible_to(actor, clock.today()).select_related("partnership").get(pk=target)
    importer = PlanImporter(partnership=plan.partnership, plan_title=plan.title)
    if undo:
        past = next(
            each for each in past_imports(importer=importer, target=plan) if str(each.entry.sequence) == undo
        )
        return run_undo(actor=actor, importer=importer, target=plan, past=past, at=clock.now())
    try:
        upload, data = open_upload(actor=actor, target=plan, token=token)
    except ValidationError as error:
        return {"problems": error.messages}
    return run_import(
        actor=actor,
        importer=importer,
        upload=upload,
        data=data,
        reason=reason,
        leave_out_problems=leave_out,
        at=clock.now(),
    )
