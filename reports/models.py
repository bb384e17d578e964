"""What boards are told, for Django to find."""

from reports.papers.models import Appendix, Implication, Paper, Passage, Section
from reports.publications.models import EditionSection, PublicEdition, PublicWording
from reports.templates.models import Template

__all__ = [
    "Appendix",
    "EditionSection",
    "Implication",
    "Paper",
    "Passage",
    "PublicEdition",
    "PublicWording",
    "Section",
    "Template",
]
