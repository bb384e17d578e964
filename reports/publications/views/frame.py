"""The frame of the pages of public editions."""

from reports.papers.views.frame import Frame
from reports.publications.models import PublicEdition
from reports.publications.queries import full

EDITIONS = Frame(PublicEdition, full, "edition")
