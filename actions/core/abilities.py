from dataclasses import dataclass


@dataclass(frozen=True)
class Ability:
    """A thing to do: its words, the route that does it, and whether pressing the button is all it takes.

    `more` are the further ids in the address.
    """

    text: str
    route: str
    posts: bool = False
    more: int | None = None
