"""A page on paper: A4, nothing cut off at the right, no addresses, no controls, ratings in black words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page
from pypdfium2 import PdfDocument, PdfPage, PdfTextObj
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from tests.stories.pages import Visit

# A4 in points, to the nearest.
SHORT, LONG = 595, 842
# From so many columns on, a table is printed on sheets on their side.
WIDE = 7
# The smallest words are of 8 points; a browser that makes a page smaller to fit the sheet makes these smaller too.
SMALLEST = 7.5
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
    """Words of one line as they are printed: from where to where, and how large they are, in points."""

    text: str
    left: float
    right: float
    size: float


@dataclass(frozen=True)
class Sheet:
    """A printed sheet: its size in points, its text, and the places of its words."""

    width: float
    height: float
    text: str
    words: list[Words]


def printed(page: Page) -> list[Sheet]:
    with PdfDocument(page.pdf(format="A4")) as file:
        return [_sheet(sheet) for sheet in file]


def _sheet(sheet: PdfPage) -> Sheet:
    text_page = sheet.get_textpage()
    words = []
    for part in sheet.get_objects(filter=[FPDF_PAGEOBJ_TEXT], textpage=text_page):
        assert isinstance(part, PdfTextObj)
        if text := part.extract().strip():
            left, _, right, _ = part.get_bounds()
            words.append(Words(text, left, right, part.get_font_size() * abs(part.get_matrix().d)))
    return Sheet(sheet.get_width(), sheet.get_height(), text_page.get_text_bounded(), words)


def squeezed(text: str) -> str:
    """Leave out spaces and hyphens; at the end of a line the reader has a control character for a hyphen."""
    return re.sub(r"[\s\x02-]", "", text)


def misprints(page: Page) -> Iterator[str]:
    """What is wrong with the page on paper."""
    page.emulate_media(media="print")
    on_paper = page.evaluate(SHOWN)
    page.emulate_media(media="null")
    yield from (f"{what}: {each}" for what in ("controls", "tags", "narrow") for each in on_paper[what])
    sheets = printed(page)
    for number, sheet in enumerate(sheets, 1):
        yield from (f"sheet {number}: {problem}" for problem in misprints_of_sheet(sheet))
    if on_paper["columns"] >= WIDE and sheets[0].width < sheets[0].height:
        yield f"{on_paper['columns']} columns on an upright sheet"
    text = squeezed("".join(sheet.text for sheet in sheets))
    yield from (f"not printed: {cell!r}" for cell in on_paper["cells"] if squeezed(cell) not in text)
    # An address that is no word of the page was printed behind a link.
    on_screen = squeezed(on_paper["text"])
    yield from (
        f"{part} is printed" for part in ("http", "/actions/") if text.count(part) > on_screen.count(part)
    )


def misprints_of_sheet(sheet: Sheet) -> Iterator[str]:
    """What does not fit the sheet, and what was made smaller to fit."""
    width, height = sheet.width, sheet.height
    if max(abs(min(width, height) - SHORT), abs(max(width, height) - LONG)) > 2:
        yield f"{width} by {height}"
    for words in sheet.words:
        if words.left < 0 or words.right > width:
            yield f"{words.text!r} from {words.left:.0f} to {words.right:.0f} of {width:.0f}"
        if words.size < SMALLEST:
            yield f"{words.text!r} has {words.size:.1f} points"
