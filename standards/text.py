"""Text that every database and every file format can store.

Control characters, surrogates and non-characters come with text copied from PDF viewers, Word and old systems. XML
(and so XLSX and DOCX) cannot contain them, and PostgreSQL refuses NUL.
"""

import re

# Line breaks other than \n: of old Macs, Windows, Word and PowerPoint (vertical tab), page breaks, Unicode's own.
_LINE_BREAK = re.compile("\r\n|[\r\v\f\u2028]")
_PARAGRAPH_BREAK = "\u2029"
_PLANES = "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
_UNSTORABLE = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")


def clean_text(text: str) -> str:
    """Return a text with `\\n` for every line break and without what is no character."""
    text = _LINE_BREAK.sub("\n", text).replace(_PARAGRAPH_BREAK, "\n\n")
    return _UNSTORABLE.sub("", text)


def clean_line(text: str) -> str:
    """Return the text of a one-line field: as `clean_text`, with a space for each line break that it replaces."""
    text = _LINE_BREAK.sub(" ", text).replace(_PARAGRAPH_BREAK, " ")
    return _UNSTORABLE.sub("", text)
