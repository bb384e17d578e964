"""The partnership whose records an administrator looks at, and a record's fields in words."""

import json
from datetime import date, datetime
from typing import Any

from django.db.models import Field, ManyToManyField, Model
from django.http import HttpRequest
from django.utils.translation import gettext

from audit import clock
from partners.partnerships.models import Partnership, PartnershipQuerySet
from web.language import day_text, moment_text

CHOSEN = "admin_partnership"
"""Key of the session: the id of the partnership that its user chose."""


def partnership_choices() -> PartnershipQuerySet:
    return Partnership.objects.order_by("is_sandbox", "name")


def chosen_partnership(request: HttpRequest) -> Partnership | None:
    """Return the partnership that the user chose; else the first in which they have a role, else the first of all."""
    key = request.session.get(CHOSEN, 0)
    known: dict[int, Partnership | None] = request.__dict__.setdefault("_chosen_partnership", {})
    if key not in known:  # a page asks this for each kind of record
        choices = partnership_choices()
        chosen = choices.filter(pk=key).first()
        known[key] = chosen or choices.visible_to(request.user, clock.today()).first() or choices.first()
    return known[key]


def text_of(field: "Field[Any, Any] | None", value: Any) -> str:
    """Return a value as people read it; empty for nothing."""
    choices = {str(key): str(label) for key, label in getattr(field, "flatchoices", None) or ()}
    if value is None or value in ("", [], {}):
        text = ""
    elif isinstance(value, bool):
        text = gettext("Yes") if value else gettext("No")
    elif isinstance(value, datetime):
        text = moment_text(value)
    elif isinstance(value, date):
        text = day_text(value)
    elif isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False, indent=2)
    else:
        text = choices.get(str(value), str(value))
    return text


def shown_fields(
    model: type[Model], left_out: "set[str]"
) -> "list[Field[Any, Any] | ManyToManyField[Any, Any]]":
    """Return the fields that people fill in, in their order."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [each for each in fields if each.editable and not each.primary_key and each.name not in left_out]
