"""What can be done with a ledger: write entries, sign its head, verify it, write it out."""

from audit.services.checkpoints import SigningKeyError, checkpoint, has_foreign_checkpoint, public_key
from audit.services.entries import Item, append, append_many
from audit.services.exporting import export_lines
from audit.services.ledgers import NotWritingError, system_ledger, writing
from audit.services.reads import delete_old_reads, record_reads
from audit.services.verification import Problem, Verdict, verify

__all__ = [
    "Item",
    "NotWritingError",
    "Problem",
    "SigningKeyError",
    "Verdict",
    "append",
    "append_many",
    "checkpoint",
    "delete_old_reads",
    "export_lines",
    "has_foreign_checkpoint",
    "public_key",
    "record_reads",
    "system_ledger",
    "verify",
    "writing",
]
