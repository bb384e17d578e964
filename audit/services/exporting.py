"""Writing a ledger out, line by line, for `audit/verify.py` to check anywhere."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from audit.models import Ledger
from audit.verify import FORMAT, VERSION, instant

CHUNK = 2000


def export_lines(*, ledger: Ledger, at: datetime) -> Iterator[str]:
    """Yield a ledger as JSON lines: a header, every entry up to the present head, the checkpoints up to it.

    The head is read first, and entries never change, so entries added meanwhile are not in this export.

    Args:
        at: the moment of the export, for the header.
    """
    head = Ledger.objects.get(pk=ledger.pk)
    checkpoints = head.checkpoints.filter(sequence__lte=head.sequence).order_by("sequence", "pk")
    yield _line(
        {
            "header": {
                "format": FORMAT,
                "version": VERSION,
                "ledger": head.name,
                "exported_at": instant(at),
                "entries": head.entries.filter(sequence__lte=head.sequence).count(),
                "checkpoints": checkpoints.count(),
                "head": {"sequence": head.sequence, "digest": head.digest},
            }
        }
    )
    entries = head.entries.filter(sequence__lte=head.sequence).order_by("sequence")
    for entry in entries.iterator(chunk_size=CHUNK):
        yield _line({"entry": entry.content(head.name), "digest": entry.digest})
    for made in checkpoints.iterator(chunk_size=CHUNK):
        yield _line({"checkpoint": made.content(head.name), "signature": made.signature})


def _line(value: dict[str, Any]) -> str:
    # Plain JSON, not the canonical form: the auditor must get entries even after tampering.
    return json.dumps(value, separators=(",", ":")) + "\n"
