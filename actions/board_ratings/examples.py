"""Example requests and responses of a board's ratings of an action."""

from actions.core.examples import SITE, request_example, response_example

RATED = {
    "id": 2,
    "action": {"id": 41, "ref": "WY20-05", "version": 12},
    "rag": "red",
    "reason": "Two districts have not started.",
    "minute": 6,
    "reference": "CONTEST Strategic Steering Board, 12 June 2020, minute 7/2020",
    "recorded_by": {"id": 9, "name": "Gold"},
    "recorded_at": "2020-06-22T09:00:00+01:00",
    "links": {"self": f"{SITE}/board-ratings/2/", "action": f"{SITE}/actions/41/"},
}
RATING = response_example("Rated red by the board", RATED)
NEW_RATING = request_example(
    "Rated red", {"rag": "red", "reason": RATED["reason"], "minute": 6, "version": 11}
)
ENDED = request_example(
    "The rating ends", {"rag": None, "reason": "Every district has started.", "minute": 9, "version": 14}
)
