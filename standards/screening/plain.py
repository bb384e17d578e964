"""A text in plain figures, letters, spaces and dashes for the patterns, with positions in the original."""

from unicodedata import category, normalize


class Plain:
    """A text with every figure and letter of another width or script's figures made plain, and spaces made single.

    Line ends stay, because an identifier is not looked for across them. Characters that cannot be seen are left out.

    Attributes:
        text: the plain text.
    """

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self._positions: list[int] = []
        before = ""
        for position, character in enumerate(text):
            plain = _PLAIN[character]
            if plain and not plain == before == " ":
                characters.append(plain)
                self._positions.append(position)
                before = plain
        self.text = "".join(characters)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the position in the original text of a part, not empty, of the plain text."""
        return self._positions[start], self._positions[end - 1] + 1


class _Characters(dict[str, str]):
    """Each character's plain form, worked out once; nothing for one that cannot be seen."""

    def __missing__(self, character: str) -> str:
        self[character] = plain = _plain(character)
        return plain


def _plain(character: str) -> str:
    sort = category(character)
    if character == "\t" or sort == "Zs":
        return " "
    if sort == "Pd" or character == "\u2212":
        return "-"
    if sort == "Cf":
        return ""
    if sort == "Nd":
        return str(int(character))
    folded = normalize("NFKC", character)
    return folded if len(folded) == 1 else character


_PLAIN = _Characters()
