"""What boards are told, for Django to find."""

from reports.papers.models import Appendix, Implication, Paper, Passage, Section
from reports.templates.models import Template

__all__ = ["Appendix", "Implication", "Paper", "Passage", "Section", "Template"]
