"""Query parameters of the list of recommendations, described from its filters."""

from drf_spectacular.utils import OpenApiParameter

from inspections.findings.filters import DEFAULT_SORT, SORTS, RecommendationFilter
from web import parameters

NOTES = {
    "q": "Words that stand in the number, the text, the addressee or the inspection's title; all of them must.",
    "inspection": "Id of an inspection.",
    "kind": "Kind of finding.",
    "lead": "Id of the lead organisation, or `none`.",
    "overdue": "`yes` for open recommendations whose deadline has passed.",
    "gap": "`no_live_action` for those still to be answered, begun or done that no live action answers.",
    "disagree": "`yes` for those that the force counts as closed and the register does not, or the other way round.",
    "in_question": "`yes` for those proposed for closure or implemented while an action of theirs is open again.",
    "state": "One or more of the force's own states; repeat the parameter. `open` and `closed` stand for several.",
}


def filter_parameters() -> list[OpenApiParameter]:
    return parameters.filter_parameters(RecommendationFilter, NOTES, sorts=SORTS, default=DEFAULT_SORT)
