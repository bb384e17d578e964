"""Imports of records that take long, as the workers run them."""

from functools import partial
from typing import Any

from django_tasks import task

from audit import clock
from importing.engine.tasks import run_long
from partners.models import Partnership, User
from programme.overview.catalogue import resource_at
from programme.records.services.importing import RecordsImporter


@task()
def import_records(
    *, target: int, key: str, rows: int, seconds: int, options: dict[str, Any], **arguments: Any
) -> dict[str, Any]:
    """Import the file of a token, or undo an import, for the user who confirmed it.

    Args:
        key, rows, seconds: what the page of the progress reads from the queue (`importing.engine.services.running`).
        arguments: as for `run_long`.
    """
    return run_long(find=partial(_find, target, options), **arguments)


def _find(pk: int, options: dict[str, Any], actor: User) -> tuple[RecordsImporter, Partnership]:
    partnership = Partnership.objects.visible_to(actor, clock.today()).get(pk=pk)
    resource = resource_at(options["room"], options["kind"])
    return RecordsImporter(resource=resource, partnership=partnership), partnership
