"""Papers on the page of their meeting, for those who may read them."""

from datetime import date
from typing import Any

from django.urls import reverse

from reports.papers.queries import papers_by_board
from reports.papers.services.drafting import abandon_paper
from tests.cast import AT, Cast
from tests.meetings.factories import MinuteFactory, steering_board
from tests.reports.factories import PaperFactory, issued_paper


def test_a_paper_is_linked_under_its_agenda_item(cast: Cast, signed_in: Any) -> None:
    item = MinuteFactory(cast=cast).item
    paper = PaperFactory(cast=cast, meeting=item.meeting, item=item, title="Plan at a glance")
    other = PaperFactory(cast=cast, meeting=item.meeting, title="Late paper")
    page, link = (
        reverse("meetings:meeting", args=[item.meeting_id]),
        reverse("reports:paper", args=[paper.pk]),
    )
    response = signed_in("manager").get(page)
    [entry] = response.context["agenda"]
    assert [(each.title, each.href, each.state) for each in entry.papers] == [
        ("Plan at a glance", link, "Draft")
    ]
    assert [each.title for each in response.context["papers"]] == ["Late paper"]
    assert f'href="{link}">Plan at a glance</a>' in response.content.decode()
    assert "Plan at a glance" not in signed_in("leeds_spoc").get(page).content.decode()
    abandon_paper(actor=cast.manager, paper=other, reason="Not needed.", at=AT)
    assert "Late paper" not in signed_in("manager").get(page).content.decode()


def test_periods_of_its_cadence_without_a_paper_stand_beside_the_board(cast: Cast, signed_in: Any) -> None:
    paper, board = issued_paper(cast), steering_board(cast)
    PaperFactory(cast=cast, title="A draft is not sent")
    [told] = papers_by_board(cast.gold, date(2020, 12, 31))
    assert (told.board, list(told.papers), told.without) == (board, [paper], ["July to September 2020"])
    assert papers_by_board(cast.leicestershire_manager, date(2020, 12, 31)) == []
    page = signed_in("gold").get(reverse("reports:paper-list")).content.decode()
    assert "Papers by board" in page
    assert "Quarterly" in page
