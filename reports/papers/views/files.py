"""Downloads of papers."""

import logging
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from reports.papers.files import FORMS
from reports.papers.models import Paper
from reports.papers.queries import is_intact, read
from reports.papers.views.frame import PAPERS
from web.documents import Unprintable
from web.uploads import attachment_response

logger = logging.getLogger(__name__)

ALTERED = gettext_lazy(
    "The content of this paper does not match its recorded hash, so it was altered after it was issued."
    " Tell your auditor."
)


@require_safe
def paper_file(request: HttpRequest, pk: int, file: str) -> HttpResponseBase:
    """Download a paper in one of its forms: from the frozen content where it was issued."""
    paper = PAPERS.find(request, pk)
    form = next((form for form in FORMS.values() if form.name(paper) == file), None)
    if form is None:
        raise Http404
    if not is_intact(paper):
        logger.error("The content of paper %s does not match its recorded hash.", paper.pk)
        return PAPERS.refused(request, paper, heading=gettext("This paper was altered"), text=str(ALTERED))
    try:
        data = form.write(paper, read(paper))
    except Unprintable as error:
        return PAPERS.refused(
            request, paper, heading=gettext("This paper cannot be downloaded"), text=str(error)
        )
    response = attachment_response(BytesIO(data), file, form.media_type)
    if form is FORMS["csv"]:
        described = address_of_file(paper, "csvw")
        response["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    return response


def address_of_file(paper: Paper, kind: str) -> str:
    return reverse("reports:paper-file", args=[paper.pk, FORMS[kind].name(paper)])


def files_of(paper: Paper) -> list[tuple[str, str]]:
    """Return the name and address of each form of a paper."""
    return [(form.label, address_of_file(paper, kind)) for kind, form in FORMS.items()]
