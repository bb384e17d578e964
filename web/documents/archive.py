"""Office files are archives. Without the time at which they were packed, the same content gives the same bytes."""

from io import BytesIO
from zipfile import ZipFile, ZipInfo


def undated(content: bytes) -> bytes:
    """Return the archive with all its files dated as early as the format allows."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(file, "w") as target:
        for entry in source.infolist():
            copy = ZipInfo(entry.filename)
            copy.compress_type = entry.compress_type
            target.writestr(copy, source.read(entry))
    return file.getvalue()
