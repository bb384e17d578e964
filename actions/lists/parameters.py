"""The query parameters of the action list, described from the filters themselves."""

from drf_spectacular.utils import OpenApiParameter

from actions.lists.filters import DEFAULT_SORT, SORTS, ActionFilter
from web import parameters

NOTES = {
    "q": "Words that stand in the reference, the title or the description; all of them must.",
    "plan": "Id of a plan, or `live` for all live plans.",
    "pillar": "Name of a pillar.",
    "area": "Id of a district, or `none`.",
    "lead": "Id of the lead organisation, or `none`.",
    "owner": "Id of the owner's account, `me` for your own, `none`, or `gone` for those who left.",
    "mou_area": "Id of an MOU area, or `none`.",
    "state": "One or more states; repeat the parameter. `open` and `closed` stand for several.",
    "rag": "One or more declared ratings; repeat the parameter. `none` is not rated.",
    "source": "Words in the source; between quotation marks, the whole of it; or `none`.",
    "computed": "One or more ratings that the dates give; repeat the parameter.",
    "board_rag": "One or more ratings that a board gave; repeat the parameter. `none` is not rated by a board.",
    "rag_differs": "Declared `better` or `worse` than the dates say, or `any` of both; undeclared counts as green.",
    "part": "`parents` are delivered by districts, `parts` are one district's part of them, `whole` are neither.",
    "overdue": "`yes` for actions whose due date has passed and that are not done.",
    "stale": "`yes` for actions without an update for longer than the plan's cadence and seven days.",
    "update_requested": "`yes` for actions with a request for an update that has not been answered.",
    "waiting": (
        "`yes` for actions that wait on a partner, `no` for the others; of what is waited for, `unanswered` is not "
        "acknowledged, `late` past the day it is needed by; `declined` is refused with nothing said since."
    ),
    "waiting_on": "Id of the partner that actions wait on; `waiting` then applies to that partner.",
    "evidence": "`expiring` within 28 days, `expired`, or `none` for actions without any.",
    "retest": "Complete actions that are to be tested again: `due`, or with a day `set`, due or not.",
    "publication": "Publication decision.",
    "moved": (
        "How often the due date moved: `any` (all that have one of their own, which an action delivered by districts "
        "has not), `no`, `yes` once or more, `again` more than once, `later` is later than first set."
    ),
    "due_from": "Due on this day or later.",
    "due_to": "Due on this day or earlier.",
    "marking": "Security marking.",
}


def filter_parameters() -> list[OpenApiParameter]:
    return parameters.filter_parameters(ActionFilter, NOTES, sorts=SORTS, default=DEFAULT_SORT)
