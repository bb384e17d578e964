"""Papers for boards and ministers as accessible PDF and DOCX."""

from web.documents.paper import Block, Kind, Paper, printable
from web.documents.pdf import Unprintable, pdf
from web.documents.word import docx

__all__ = ["Block", "Kind", "Paper", "Unprintable", "docx", "pdf", "printable"]
