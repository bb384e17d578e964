"""A paper as a download."""

from collections.abc import Callable
from io import BytesIO

from django.http import FileResponse, Http404

from web.documents.opendocument import odt
from web.documents.paper import Paper
from web.documents.pdf import pdf
from web.documents.word import docx
from web.exports import file_name
from web.uploads import TYPES, attachment_response

WRITERS: dict[str, Callable[[Paper], bytes]] = {"pdf": pdf, "docx": docx, "odt": odt}


def paper_response(paper: Paper, *, name: str, file_type: str, stage: str = "") -> FileResponse:
    """Return a paper as a download.

    Args:
        name: in words; the name of the file is made of them.
        stage: such as draft, at the end of the name of the file.

    Raises:
        Http404: for a type that papers are not written in.
        Unprintable: as PDF, when no font has one of its characters.
    """
    if file_type not in WRITERS:
        raise Http404("No such file")
    content = WRITERS[file_type](paper)
    stem = "-".join(file_name(words) for words in (name, stage) if words)
    return attachment_response(BytesIO(content), f"{stem}.{file_type}", TYPES[file_type])
