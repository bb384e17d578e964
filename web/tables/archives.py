"""Spreadsheets as compressed files: refused when they are dangerous to unpack."""

import zipfile

from django.utils.translation import gettext

from web.tables.contents import TableError

MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_PARTS = 2_000


def check_archive(archive: zipfile.ZipFile, damaged: str) -> None:
    """Refuse what is too large, encrypted, or declares entities in any part.

    Args:
        damaged: what to say of a file that no spreadsheet program writes.
    """
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES or len(infos) > MAX_PARTS:
        raise TableError(
            gettext(
                "The workbook is larger than {max_unpacked_bytes} MB once unpacked. Import a smaller "
                "workbook."
            ).format(max_unpacked_bytes=MAX_UNPACKED_BYTES // 1024**2)
        )
    if any(info.flag_bits & 0x1 for info in infos):
        raise TableError(gettext("The workbook is encrypted. Save it without a password."))
    for info in infos:
        part = archive.read(info).replace(b"\0", b"") if info.filename.endswith((".xml", ".rels")) else b""
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise TableError(damaged)
