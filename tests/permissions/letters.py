"""The rows of the permission matrix for section 55, responses and letters, and what stands in play at their addresses.

The letter is about the report whose finding the action in play answers. Until it is published it is not there for those
who do not see everything.
"""

from typing import Any

from inspections.models import PublishedResponse, Recommendation
from tests.cast import Cast
from tests.inspections.letters import letters

PAGES = """
#                                   an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
inspections:section55         GET   302 404 404 404 404 404 404 : 403 403 403 200 200 403 op=200
inspections:section55         POST  302 404 404 404 404 404 404 : 403 403 403 422 422 403 op=422
inspections:section55         OTHER 302 405
inspections:comments-invite   GET   302 404 404 404 404 404 404 : 403 403 403 200 200 403 op=200
inspections:comments-invite   POST  302 404 404 404 404 404 404 : 403 403 403 422 422 403 op=422
inspections:comments-invite   OTHER 302 405
inspections:comments-record   GET   302 404 404 404 404 404 404 : 403 403 403 200 200 403 op=200
inspections:comments-record   POST  302 404 404 404 404 404 404 : 403 403 403 422 422 403 op=422
inspections:comments-record   OTHER 302 405
inspections:response-desk     GET   302 403 403 403 403 200 403 : 403 403 403 200 200 200 op=200
inspections:response-desk     POST  302 405
inspections:response-desk     OTHER 302 405
inspections:response-edit     GET   302 404 404 404 404 404 404 : 403 403 403 200 200 403 op=200
inspections:response-edit     POST  302 404 404 404 404 404 404 : 403 403 403 422 422 403 op=422
inspections:response-edit     OTHER 302 405
inspections:letter-create     GET   302 404 404 404 404 404 404 : 403 403 403 403 403 403 op=200
inspections:letter-create     POST  302 404 404 404 404 404 404 : 403 403 403 403 403 403 op=422
inspections:letter-create     OTHER 302 405
inspections:letter            GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200 op=200
inspections:letter            POST  302 405
inspections:letter            OTHER 302 405
inspections:letter-edit       GET   302 404 404 404 404 404 404 : 404 404 404 403 403 403 op=200
inspections:letter-edit       POST  302 404 404 404 404 404 404 : 404 404 404 403 403 403 op=422
inspections:letter-edit       OTHER 302 405
inspections:letter-approve    GET   302 404 404 404 404 404 404 : 404 404 404 403 403 403 op=200
inspections:letter-approve    POST  302 404 404 404 404 404 404 : 404 404 404 403 403 403 op=422
inspections:letter-approve    OTHER 302 405
inspections:letter-publish    GET   302 404 404 404 404 404 404 : 404 404 404 403 403 403 op=200
inspections:letter-publish    POST  302 404 404 404 404 404 404 : 404 404 404 403 403 403 op=422
inspections:letter-publish    OTHER 302 405
inspections:letter-despatch   GET   302 404 404 404 404 404 404 : 403 403 403 403 403 403 op=200
inspections:letter-despatch   POST  302 404 404 404 404 404 404 : 403 403 403 403 403 403 op=422
inspections:letter-despatch   OTHER 302 405
inspections:letter-correct    GET   302 404 404 404 404 404 404 : 403 403 403 403 403 403 op=200
inspections:letter-correct    POST  302 404 404 404 404 404 404 : 403 403 403 403 403 403 op=422
inspections:letter-correct    OTHER 302 405
inspections:letter-pdf        GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200 op=200
inspections:letter-pdf        POST  302 405
inspections:letter-pdf        OTHER 302 405
inspections:letter-docx       GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200 op=200
inspections:letter-docx       POST  302 405
inspections:letter-docx       OTHER 302 405
"""

API = """
#                         an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:letter-list  GET      401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:letter-list  POST     401 405
api:letter-list  OTHER    401 405
api:letter       GET      401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:letter       POST     401 405
api:letter       OTHER    401 405
api:letter-pdf   GET      401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:letter-pdf   POST     401 405
api:letter-pdf   OTHER    401 405
api:letter-docx  GET      401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:letter-docx  POST     401 405
api:letter-docx  OTHER    401 405
"""

# The addresses that ask for a letter before it is published.
DRAFT = {"inspections:letter-edit", "inspections:letter-approve"}
APPROVED = {"inspections:letter-publish"}


def scenery(key: str) -> str:
    """What `in_play` depends on besides the beginning of the path."""
    return "draft" if key in DRAFT else "approved" if key in APPROVED else ""


def letter_in_play(cast: Cast, row: Recommendation, key: str) -> PublishedResponse:
    """Return the letter about the finding's report, published unless the address asks for an earlier state."""
    letters.respond(cast, row)
    letter = letters.drafted(cast, row.inspection, actor=cast.opcc_director)
    if key in DRAFT:
        return letter
    letter = letters.approved(cast, letter, actor=cast.opcc_officer)
    return letter if key in APPROVED else letters.published(cast, letter)


def in_play(cast: Cast, row: Recommendation, key: str, path: str) -> dict[str, Any]:
    """Return what an address holds that stands for a letter."""
    return {"pk": letter_in_play(cast, row, key).pk} if path.startswith("letters/") else {}
