"""What changed, told to who may see it, in the order of the ledger."""

from exchange.services.changes.cursors import Cursor, read_cursor
from exchange.services.changes.following import Followed, follow, present
from exchange.services.changes.items import Change, Subject, plain

__all__ = ["Change", "Cursor", "Followed", "Subject", "follow", "plain", "present", "read_cursor"]
