"""The table of versions of the memorandum."""

from programme.mou.models import Memorandum
from programme.records.resources import Resource
from web.language import lazy_text

MEMORANDA = Resource(
    model=Memorandum,
    room="mou",
    slug="memoranda",
    fields=("title", "edition", "agreed_on"),
    listed=("title", "edition", "agreed_on"),
    key=("title", "edition"),
    filters=("basis",),
    help=lazy_text("Versions of the memorandum of understanding, and when each was agreed."),
)
RESOURCES = (MEMORANDA,)
