"""Sets of pillars that a new plan can begin with."""

from dataclasses import dataclass

from django.utils.translation import gettext

from web.language import lazy_text


@dataclass(frozen=True)
class PillarSet:
    """Pillars in their order, with what people call the set and where it comes from."""

    label: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.names)}"


PILLAR_SETS = {
    # Work-streams of the West Yorkshire Prevent Business Plan 2019/20.
    "police": PillarSet(lazy_text("Police business plan"), ("Identify", "Safeguard", "Manage Risk")),
    # The objectives of Prevent in CONTEST, June 2018 (Cm 9608), paragraph 98.
    "contest": PillarSet(
        lazy_text("Objectives of the CONTEST strategy of 2018"),
        (
            "Tackle the causes of radicalisation",
            "Safeguard and support those at risk",
            "Enable disengagement",
        ),
    ),
    # The themes of the Prevent duty guidance for England and Wales, in force since 31 December 2023.
    "duty": PillarSet(
        lazy_text("Themes of the Prevent duty guidance of 2023"),
        ("Leadership and partnership", "Capabilities", "Reducing permissive environments"),
    ),
}


def pillar_choices() -> list[tuple[str, str]]:
    """Return the sets for a form, in the language of the service."""
    return [
        *((key, str(pillars)) for key, pillars in PILLAR_SETS.items()),
        ("", gettext("None: take the pillars from a file, or add them by hand")),
    ]
