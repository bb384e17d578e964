"""Reference data: areas, organisations and their aliases, boards, MOU areas and responsibilities."""

from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from audit.state import model_of, state_of
from audit.versions import stale_record
from partners import policies
from partners.organisations.boards import Board, BoardSeat, MouArea, Responsibility
from partners.organisations.models import Area, Organisation, OrganisationAlias
from partners.partnerships.models import Partnership

Reference = Area | Organisation | OrganisationAlias | Board | BoardSeat | MouArea | Responsibility
Row = TypeVar("Row", Area, Organisation, OrganisationAlias, Board, BoardSeat, MouArea, Responsibility)


def save_reference(
    *, actor: Actor, row: Row, at: datetime, note: str = "", version: int | None = None
) -> Row:
    """Create or change one row of reference data; an unchanged row writes nothing.

    Args:
        row: the row as it should be; new when it has no id.
        version: the version of the row that the actor changes (audit.versions); None does not compare.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        StaleError: the row was changed since.
        ValidationError: keyed by field; also when a row would move to another partnership.
    """
    with writing(_ledger_id(row)) as ledger:
        forbid(
            policies.why_not_edit_reference(
                actor, row.partnership_id, london_date(at), gettext("change reference data")
            )
        )
        before = None
        if row.pk is not None:
            stored = model_of(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
            if stored.partnership_id != row.partnership_id:
                raise ValidationError({"partnership": gettext("You cannot move this to another partnership")})
            if problem := stale_record(stored, version):
                raise problem
            before = state_of(stored)
        row.full_clean()
        if before is not None and before == state_of(row):
            return row
        row.save(force_insert=before is None)
        verb = f"{row._meta.model_name}.{'created' if before is None else 'changed'}"
        append(actor=actor, ledger=ledger, at=at, verb=verb, target=row, before=before, note=note)
    return row


def remove_reference(*, actor: Actor, row: Reference, at: datetime, note: str = "") -> None:
    """Remove a row of reference data that nothing refers to.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: when other records refer to the row.
    """
    in_use = ValidationError(
        gettext("You cannot remove “{row}” because other records use it").format(row=row), code="in_use"
    )
    with writing(_ledger_id(row)) as ledger:
        forbid(
            policies.why_not_edit_reference(
                actor, row.partnership_id, london_date(at), gettext("change reference data")
            )
        )
        if _is_joined(row):
            raise in_use
        before = state_of(row)
        verb = f"{row._meta.model_name}.removed"
        append(
            actor=actor, ledger=ledger, at=at, verb=verb, target=row, before=before, note=note, removed=True
        )
        try:
            row.delete()
        except ProtectedError as error:
            raise in_use from error


def _is_joined(row: Reference) -> bool:
    """Return whether a many-to-many relation of a higher app uses this row; its deletion would not be recorded."""
    joins = [relation for relation in row._meta.related_objects if relation.many_to_many]
    return any(getattr(row, str(join.get_accessor_name())).exists() for join in joins)


def _ledger_id(row: Reference) -> int:
    return Partnership.objects.values_list("ledger_id", flat=True).get(pk=row.partnership_id)
