"""Examples of the search in the description of the API."""

from drf_spectacular.utils import OpenApiExample

from actions.core.examples import SITE
from desk.search.services.kinds import Kind

SEARCH_RESULTS = OpenApiExample(
    "Search for an action",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "kind": "action",
                "id": 41,
                "title": "WY20-05 Embed Prevent in safeguarding in every district",
                "excerpt": "Every safeguarding board has Prevent in its procedures",
                "marking": "OFFICIAL",
                "links": {"self": f"{SITE}/api/v1/actions/41/"},
            }
        ],
        "numbers": dict.fromkeys(Kind.values, 0) | {"action": 1},
        "more": False,
    },
)
