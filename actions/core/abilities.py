from dataclasses import dataclass


@dataclass(frozen=True)
class Ability:
    """A thing to do: its words, the route that does it, and whether pressing the button is all it takes.

    `more` is what the address holds besides the action.
    """

    text: str
    route: str
    posts: bool = False
    more: int | None = None
