"""The query parameters of the action list, described from the filters themselves."""

from typing import Any

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from actions.filters import DEFAULT_SORT, SORTS, ActionFilter

ORDERING = "ordering"
NOTES = {
    "q": "Words that stand in the reference, the title or the description; all of them must.",
    "plan": "Id of a plan.",
    "pillar": "Name of a pillar.",
    "area": "Id of a district, or `none`.",
    "lead": "Id of the lead organisation, or `none`.",
    "owner": "Id of the owner's account, `me` for your own, `none`, or `gone` for those who left.",
    "mou_area": "Id of an MOU area, or `none`.",
    "state": "One or more states; repeat the parameter. `open` and `closed` stand for several.",
    "rag": "One or more declared ratings; repeat the parameter. `none` is not rated.",
    "source": "Words in the source; between quotation marks, the whole of it; or `none`.",
    "computed": "One or more ratings that the dates give; repeat the parameter.",
    "rag_differs": "Declared `better` or `worse` than the dates say, or `any` of both; undeclared counts as green.",
    "part": "`parents` are delivered by districts, `parts` are one district's part of them, `whole` are neither.",
    "overdue": "`yes` for actions whose due date has passed and that are not done.",
    "stale": "`yes` for actions of which nothing was heard for longer than the plan's cadence and seven days.",
    "waiting": (
        "`yes` for actions that wait on a partner, `no` for the others; of what is waited for, `unanswered` is not "
        "acknowledged, `late` past the day it was wanted by; `declined` is refused with nothing said since."
    ),
    "waiting_on": "Id of the organisation that is waited on; `waiting` is then asked of that organisation.",
    "evidence": "`expiring` within 28 days, `expired`, or `none` for actions without any.",
    "retest": "Complete actions that are to be tested again: `due`, or with a day `set`, due or not.",
    "publication": "Publication decision.",
    "moved": (
        "How often the due date moved: `any` (all that have one of their own, which an action delivered by districts "
        "has not), `no`, `yes` once or more, `again` more than once, `later` stands later than first set."
    ),
    "due_from": "Due on this day or later.",
    "due_to": "Due on this day or earlier.",
    "marking": "Security marking.",
}


def filter_parameters() -> list[OpenApiParameter]:
    orders = [f"{sign}{key}" for key in SORTS for sign in ("", "-")]
    return [
        *(_described(name, part) for name, part in ActionFilter.base_filters.items()),
        OpenApiParameter(
            ORDERING,
            enum=orders,
            default=DEFAULT_SORT,
            description="Column to order by; a minus sign turns it round. What has no value comes last.",
        ),
    ]


def _described(name: str, part: django_filters.Filter) -> OpenApiParameter:
    choices = [str(value) for value, _ in part.extra.get("choices", [])]
    extra: dict[str, Any] = {"description": NOTES.get(name, str(part.label)), "enum": choices or None}
    if isinstance(part, django_filters.MultipleChoiceFilter):
        return OpenApiParameter(name, type=OpenApiTypes.STR, many=True, explode=True, style="form", **extra)
    if isinstance(part, django_filters.DateFilter):
        return OpenApiParameter(name, type=OpenApiTypes.DATE, **extra)
    longest = {"maxLength": part.extra["max_length"]} if "max_length" in part.extra else {}
    return OpenApiParameter(name, type={"type": "string", "minLength": 1, **longest}, **extra)
