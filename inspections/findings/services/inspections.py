from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor
from inspections.core import policies
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from partners.changing.services import Addition, adding, changing

# Section 55 has a service of its own.
FIELDS = frozenset(
    {
        *("title", "short_title", "body", "body_kind", "kind", "fieldwork_from", "fieldwork_to"),
        *("published_on", "report_url", "priorities", "opinion", "marking", "handling_instruction"),
    }
)


def save_inspection(
    *, actor: Actor, inspection: Inspection, at: datetime, version: int | None = None, **fields: Any
) -> Inspection:
    """Add an inspection, if it has no id, or change one.

    Args:
        fields: any of FIELDS; `priorities` are the source's own grades, the highest first.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: a publication date in the future, or taken away from a report that a letter
            answers; a grade removed from the scheme while a finding has it; code `conflict` when it changed
            meanwhile.
    """
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"save_inspection cannot set {', '.join(sorted(unknown))}")
    if inspection._state.adding:
        with adding(actor=actor, ledger_id=inspection.partnership.ledger_id, at=at) as addition:
            _set(addition, inspection, fields)
            addition.add("inspection.added", inspection)
        return inspection
    with changing(actor=actor, row=inspection, at=at, verb="inspection.changed", version=version) as change:
        _set(change, change.row, fields)
        _require_publication_date(change.row)
        _require_used_grades(change.row)
    return change.row


def _set(addition: Addition, inspection: Inspection, fields: dict[str, Any]) -> None:
    addition.forbid(policies.why_not_manage(addition.rights, inspection.partnership_id))
    for name, value in fields.items():
        setattr(inspection, name, _grades(value) if name == "priorities" else value)
    if inspection.published_on is not None and inspection.published_on > addition.on:
        raise ValidationError(
            {"published_on": gettext("Enter a publication date that is today or in the past.")}
        )


def _grades(lines: Iterable[str]) -> list[str]:
    """Return the distinct grades in order."""
    return list(dict.fromkeys(grade.strip() for grade in lines))


def _require_publication_date(inspection: Inspection) -> None:
    if inspection.published_on is not None:
        return
    if inspection.letters.exists():
        raise ValidationError(
            {"published_on": gettext("Enter the publication date, because a letter answers this report.")}
        )
    if through := inspection.answers.order_by("pk").first():
        raise ValidationError(
            {
                "published_on": gettext(
                    "Enter the publication date, because the response to this report covers {through}."
                ).format(through=through)
            }
        )


def _require_used_grades(inspection: Inspection) -> None:
    graded = Recommendation.objects.filter(inspection=inspection).exclude(priority="")
    used = set(graded.values_list("priority", flat=True))
    lost = sorted(used - set(inspection.priorities))
    if lost:
        raise ValidationError(
            {
                "priorities": gettext("Keep these grades, because findings use them: {lost}.").format(
                    lost=", ".join(lost)
                )
            }
        )
