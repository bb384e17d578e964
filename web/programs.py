"""Programs, known by their first bytes whatever their name: no file from outside may be one, hold one or end in one."""

import re
from collections.abc import Iterator

HEAD = 64
# Windows, Linux, macOS, Java, Android and WebAssembly programs; installers, shortcuts and help files that run commands.
BINARIES = (
    *(b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"dex\n03", b"\x00asm", b"BC\xc0\xde"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
    *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"L\x00\x00\x00\x01\x14\x02\x00", b"ITSF\x03\x00"),
    *(b"!<arch>\ndebian", b"\xed\xab\xee\xdb", b"xar!\x00"),
)
# Packed so that nobody looks into them.
PACKED = (
    *(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\x00\x00\x00\x00", b"\xfd7zXZ\x00"),
    *(b"BZh%d1AY&SY" % level for level in range(1, 10)),
)
WINDOWS = b"MZ"
WINDOWS_HEADER, LONGEST_WINDOWS_HEADER = 0x3C, 64 * 1024
SCRIPT = re.compile(rb"#![ \t]*/|<\?php|<%@|@echo\s+off|\s*<(?:script|hta:)", re.IGNORECASE)
BOM = b"\xef\xbb\xbf"
ZIP = b"PK\x03\x04"
# Where the picture ends, and nothing may follow that could run.
ENDS = {"png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9", "jpeg": b"\xff\xd9"}


def is_program(content: bytes) -> bool:
    """Return whether content begins as a program or script does, or as an archive that hides what is in it.

    Args:
        content: its beginning; 64 KB show the second header by which a Windows program is certain.
    """
    return (
        content.startswith((*BINARIES, *PACKED))
        or bool(SCRIPT.match(content.removeprefix(BOM)))
        or _is_windows_program(content)
    )


def is_program_behind_picture(content: bytes, extension: str) -> bool:
    """Return whether a program or an archive begins where a picture, or a small picture in it, ends."""
    return any(is_program(rest) or rest.startswith(ZIP) for rest in _rests(content, ENDS[extension.lower()]))


def _is_windows_program(content: bytes) -> bool:
    if not content.startswith(WINDOWS) or len(content) < HEAD:
        return False
    at = int.from_bytes(content[WINDOWS_HEADER : WINDOWS_HEADER + 4], "little")
    if at + 2 > len(content):
        # An old program has no second header; one that is cut off here may have it later.
        return at <= LONGEST_WINDOWS_HEADER
    return content[at : at + 2] in (b"PE", b"NE", b"LE", b"LX")


def _rests(content: bytes, end: bytes) -> Iterator[bytes]:
    at = content.find(end)
    while at >= 0:
        at += len(end)
        yield content[at : at + LONGEST_WINDOWS_HEADER]
        at = content.find(end, at)
