"""A table of 25 rows on a screen, and on many sheets of paper. What else is wrong with a page on paper, tests/stories/test_accessibility.py says."""

import re
from typing import Any

from tests.actions.core.opening import copies
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.stories.browser_walk import BrowserWalk
from tests.stories.printing import printed, squeezed
from tests.stories.test_accessibility import only_on_sqlite
from tests.support.browser import NewPage

# What a laptop of 1280 by 720 shows.
SCREEN = 720


@only_on_sqlite
def test_a_long_table_is_two_screens_high_and_keeps_its_rows_whole_and_its_header_on_each_sheet(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    title = "Brief every neighbourhood team, its partners and the officers who stand in for them"
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-001", title=title)
    copies(first, [f"WY20-{number:03}" for number in range(2, 26)])
    walk = BrowserWalk(live_server.url, new_page, cast)
    page = walk.page_of("manager")
    page.goto("/actions/")
    assert page.locator("tbody").bounding_box()["height"] <= 2 * SCREEN  # type: ignore[index]
    page.emulate_media(media="print")
    rows = page.locator("tbody tr").filter(has_text="WY20-0")
    heads = [squeezed(text) for text in page.locator("thead th:visible").all_inner_texts()]
    lasts = [squeezed(row.locator("td:visible").last.inner_text()) for row in rows.all()]
    assert len(lasts) == 25
    page.emulate_media(media="null")
    sheets = [squeezed(sheet.text) for sheet in printed(page)]
    holding = [sheet for sheet in sheets if "WY200" in sheet]
    assert len(holding) > 1
    for sheet in holding:
        refs = re.findall(r"WY200\d\d", sheet)
        assert "".join(heads) in sheet
        assert sheet.count(squeezed(title)) == len(refs)
        assert sheet.rpartition(refs[-1])[2].count(lasts[-1]) >= 1
    page.evaluate("document.querySelector('main').prepend(document.createElement('div'))")
    for height in range(0, 160, 16):
        page.evaluate(f"document.querySelector('main > div').style.height = '{height}px'")
        assert squeezed(printed(page)[-1].text) != "OFFICIAL"
