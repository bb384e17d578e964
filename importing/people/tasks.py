"""Imports of people that take long, as the workers run them."""

from functools import partial
from typing import Any

from django_tasks import task

from audit import clock
from importing.engine.tasks import run_long
from importing.people.services.importer import PeopleImporter
from partners.models import Partnership, User


@task()
def import_people(
    *, target: int, key: str, rows: int, seconds: int, options: dict[str, Any], **arguments: Any
) -> dict[str, Any]:
    """Import the file of a token, or undo an import, for the user who confirmed it.

    Args:
        key, rows, seconds: what the page of the progress reads from the queue (`importing.engine.services.running`).
        arguments: as for `run_long`.
    """
    return run_long(find=partial(_find, target, options), **arguments)


def _find(pk: int, options: dict[str, Any], actor: User) -> tuple[PeopleImporter, Partnership]:
    on = clock.today()
    visible = Partnership.objects.visible_to(actor, on) | Partnership.objects.editable_by(actor, on)
    partnership = visible.distinct().get(pk=pk)
    return PeopleImporter(partnership=partnership, invites=options["invites"]), partnership
