"""The page of a meeting, with the papers that were written for it."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from meetings.models import Meeting
from meetings.page.views import PaperLink, meeting_context
from reports.papers.models import Paper
from reports.papers.states import PaperState

GONE = (PaperState.ABANDONED, PaperState.CORRECTED)


@require_safe
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meeting: its agenda, attendance, minutes and papers."""

    def papers_of(meeting: Meeting) -> Mapping[int | None, Sequence[PaperLink]]:
        visible = Paper.objects.visible_to(request.user, clock.today())
        papers: dict[int | None, list[PaperLink]] = {}
        for paper in visible.filter(meeting=meeting).exclude(state__in=GONE).defer("content"):
            title = f"{paper.paper_letter}. {paper}" if paper.paper_letter else str(paper)
            link = PaperLink(
                title, reverse("reports:paper", args=[paper.pk]), paper.get_state_display(), paper.marking
            )
            papers.setdefault(paper.item_id, []).append(link)
        return papers

    return render(request, "meetings/page/meeting.html", meeting_context(request, pk, papers_of))
