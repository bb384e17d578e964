"""Importing a plan from the spreadsheet it is kept in: read, compare with what is recorded, apply what changed."""

from actions.services.importing.applying import apply_import
from actions.services.importing.contents import FieldChange, Kept, Outcome, Preview, RowChange
from actions.services.importing.previewing import preview_import
from actions.services.importing.screening import personal_data, require_plain_name, require_reason
from actions.services.importing.specification import PLAN
from actions.services.importing.unchanged import reads_as
from actions.services.importing.uploads import Upload, forget_upload, keep_upload, kept_upload, renew_upload

__all__ = [
    "PLAN",
    "FieldChange",
    "Kept",
    "Outcome",
    "Preview",
    "RowChange",
    "Upload",
    "apply_import",
    "forget_upload",
    "keep_upload",
    "kept_upload",
    "personal_data",
    "preview_import",
    "reads_as",
    "renew_upload",
    "require_plain_name",
    "require_reason",
]
