"""Papers for boards and ministers as accessible PDF, DOCX and ODT."""

from web.documents.opendocument import odt
from web.documents.paper import Block, Items, Kind, Paper, Part, Picture, Table, control_table, printable
from web.documents.pdf import Unprintable, pdf
from web.documents.word import docx

__all__ = [
    "Block",
    "Items",
    "Kind",
    "Paper",
    "Part",
    "Picture",
    "Table",
    "Unprintable",
    "control_table",
    "docx",
    "odt",
    "pdf",
    "printable",
]
