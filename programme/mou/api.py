"""The versions of the memorandum in the API, to be read."""

from programme.mou.resources import MEMORANDA
from programme.records.api import endpoints_of

memoranda = endpoints_of(MEMORANDA, "memorandum", "memorandum", many="memoranda")
