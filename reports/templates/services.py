"""Adding and arranging the templates of a board's papers. Each change is a new version."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor
from audit.versions import stale
from partners.changing.services import adding, changing
from partners.models import Board
from reports.templates import policies
from reports.templates.models import Template
from reports.templates.shipped import LAYOUTS

FIELDS = frozenset(
    {
        *("report_of", "purpose", "recommendation", "contact", "includes_sensitive", "two_voices"),
        *("sections", "implications", "appendices"),
    }
)


def add_template(*, actor: Actor, board: Board, layout: str, at: datetime, name: str = "") -> Template:
    """Give a board a template, from one of the layouts that are shipped.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `layout` or `name`.
    """
    if layout not in LAYOUTS:
        raise ValidationError({"layout": gettext("Select a layout from the list.")})
    start = LAYOUTS[layout]
    with adding(actor=actor, ledger_id=board.partnership.ledger_id, at=at) as addition:
        addition.forbid(policies.why_not_manage(addition.rights, board.partnership_id))
        template = Template(
            board=board, name=name.strip() or str(start.name), sections=[*start.sections], **start.fields
        )
        addition.add("template.added", template)
    return template


def arrange_template(
    *, actor: Actor, template: Template, at: datetime, version: int | None = None, **fields: Any
) -> Template:
    """Make the next version of a template. Papers that use an earlier version keep it.

    Args:
        version: of the template, as the actor saw it.
        fields: any of FIELDS.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `conflict` when somebody arranged it meanwhile.
    """
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"this service cannot set {', '.join(sorted(unknown))}")
    with changing(actor=actor, row=template, at=at, verb="template.replaced", version=version) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        if not change.row.is_current:
            raise stale(change.row, -1) or ValidationError("", code="conflict")
        following = Template(
            board=change.row.board, name=change.row.name, number=change.row.number + 1, is_current=True
        )
        for name in FIELDS:
            setattr(following, name, fields.get(name, getattr(change.row, name)))
        change.row.is_current = False
        # Only one version may be current, also while this is being saved.
        change.row.save(update_fields=["is_current"])
        change.add("template.arranged", following)
    return following
