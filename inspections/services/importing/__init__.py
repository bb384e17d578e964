"""Importing findings from the table they are kept in: read, compare with what is recorded, apply what changed."""

from inspections.services.importing.applying import apply_import
from inspections.services.importing.contents import Preview, RowChange
from inspections.services.importing.previewing import preview_import

__all__ = ["Preview", "RowChange", "apply_import", "preview_import"]
