"""A page on paper: A4, nothing cut off at the right, no addresses, no controls, ratings in black words."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

from tests.stories.pages import Visit

# A4 in points, to the nearest.
SHORT, LONG = 595, 842
# From so many columns on, a table is printed on sheets on their side.
WIDE = 7
# The smallest words are of 8 points; a browser that makes a page smaller to fit the sheet makes these smaller too.
SMALLEST = 7.5
# How wide a letter of Arial is on the average, in parts of its size.
LETTER = 0.45
# What a page is made of, as it is printed.
SHOWN = """() => {
  const isSeen = element => element.getClientRects().length > 0 && element.checkVisibility({visibilityProperty: true})
  const seen = selector => [...document.querySelectorAll(selector)].filter(isSeen)
  const black = 'rgb(0, 0, 0)', none = 'rgba(0, 0, 0, 0)'
  return {
    text: document.body.innerText + seen('input, textarea').map(field => field.value).join(' '),
    cells: seen('th, td').map(cell => cell.innerText),
    controls: seen('button, .govuk-button, nav a, header a, footer a, .moj-filter, input[type=checkbox][name=action]')
      .concat(seen('input, select, textarea').filter(field => !field.closest('form[method=post]')))
      .map(control => control.outerHTML.slice(0, 120)),
    tags: seen('.govuk-tag').filter(tag => {
      const look = getComputedStyle(tag)
      return look.color !== black || look.backgroundColor !== none || look.borderTopStyle !== 'solid'
        || look.borderTopColor !== black
    }).map(tag => tag.textContent),
    narrow: seen('main dl, main table').filter(
      part => part.offsetWidth < 0.3 * part.closest('main').offsetWidth && !part.parentElement.closest('dl, table')
    ).map(part => part.textContent.slice(0, 80)),
    columns: Math.max(0, ...seen('tr').map(row => row.children.length)),
  }
}"""


def is_for_paper(visit: Visit) -> bool:
    """Nobody prints what answers a form, or a reference of a hundred sheets that programmers read on a screen."""
    return visit.then is None and visit.status == 200 and visit.route != "api:docs"


@dataclass(frozen=True)
class Words:
    """Words of one line as they are printed: where they begin, and how large they are, in points."""

    text: str
    left: float
    size: float

    @property
    def right(self) -> float:
        return self.left + len(self.text) * self.size * LETTER


def words_of(sheet: PageObject) -> tuple[str, list[Words]]:
    """Return the sheet's text and the places of its words. Both are read at once: reading takes as long as printing."""
    words: list[Words] = []

    def hear(text: str, cm: Any, tm: Any, _font: Any, size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        size = abs(size * tm[3] * cm[3])
        words.extend(Words(line.strip(), x, size) for line in text.splitlines() if line.strip())

    return sheet.extract_text(visitor_text=hear), words


def printed(page: Page) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def misprints(page: Page) -> Iterator[str]:
    """What is wrong with the page on paper."""
    page.emulate_media(media="print")
    on_paper = page.evaluate(SHOWN)
    page.emulate_media(media="null")
    yield from (f"{what}: {each}" for what in ("controls", "tags", "narrow") for each in on_paper[what])
    sheets, texts = printed(page), []
    for number, sheet in enumerate(sheets, 1):
        sheet_text, words = words_of(sheet)
        texts.append(sheet_text)
        yield from (f"sheet {number}: {problem}" for problem in misprints_of_sheet(sheet, words))
    if on_paper["columns"] >= WIDE and sheets[0].mediabox.width < sheets[0].mediabox.height:
        yield f"{on_paper['columns']} columns on an upright sheet"
    text = squeezed("".join(texts))
    yield from (f"not printed: {cell!r}" for cell in on_paper["cells"] if squeezed(cell) not in text)
    # An address that is no word of the page was printed behind a link.
    on_screen = squeezed(on_paper["text"])
    yield from (
        f"{part} is printed" for part in ("http", "/actions/") if text.count(part) > on_screen.count(part)
    )


def misprints_of_sheet(sheet: PageObject, words_on_sheet: list[Words]) -> Iterator[str]:
    """What does not fit the sheet, and what was made smaller to fit."""
    width, height = float(sheet.mediabox.width), float(sheet.mediabox.height)
    if max(abs(min(width, height) - SHORT), abs(max(width, height) - LONG)) > 2:
        yield f"{width} by {height}"
    for words in words_on_sheet:
        if words.left < 0 or words.right > width:
            yield f"{words.text!r} from {words.left:.0f} to {words.right:.0f} of {width:.0f}"
        if words.size < SMALLEST:
            yield f"{words.text!r} has {words.size:.1f} points"
