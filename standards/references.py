"""References of actions as plans write them, such as WY20-07, REC 4, 1.1(a) and R1 & R2."""

import re

from standards.characters import typed_characters

PATTERN = r"^[A-Za-z0-9(\[][A-Za-z0-9 ./()\[\]&_-]*\Z"
ALLOWED = "letters, digits, spaces, brackets, full stops, hyphens, slashes, underscores and ampersands"


def plain_reference(text: str) -> str:
    """Return a reference with plain hyphens and single spaces, as it is saved and looked up."""
    return " ".join(typed_characters(text).split())


def is_reference(text: str) -> bool:
    """Return whether a plain text can be an action's reference."""
    return re.match(PATTERN, text) is not None


def sort_key(text: str) -> list[tuple[int, str]]:
    """Return what orders references as people count: WY20-9 before WY20-10."""
    parts: list[str] = []
    for letter in text:
        if parts and parts[-1].isdigit() == letter.isdigit():
            parts[-1] += letter
        else:
            parts.append(letter)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
