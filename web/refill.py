"""Put the values of an unsaved form back into the forms of a page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

Values = Mapping[str, Sequence[str]]
Attributes = dict[str, str | None]
# Files cannot be restored, passwords must not be, and buttons have no value until someone selects them.
SKIPPED_TYPES = frozenset({"file", "password", "submit", "button", "image", "reset"})
TICKED = frozenset({"checkbox", "radio"})


class Refill(HTMLParser):
    """A page with the values of `posts` in the forms that post to their addresses.

    Attributes:
        html: the page; only the values of controls change.
        main: where the content of the page's `main` begins; None if there is no `main`.
        filled: the paths for which the page has a form.
        shows_values: whether a visible control got a value.
        absent: the values of each post for which the page has no control.

    Args:
        html: the page.
        path: the address of the page, to which a form without an action posts.
        posts: the values of each field, by the path that they were posted to.
        text_only: leave choices and hidden values as the page has them.
    """

    def __init__(self, html: str, *, path: str, posts: Mapping[str, Values], text_only: bool = False) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self.main: int | None = None
        self.absent: dict[str, dict[str, list[str]]] = {
            post: {name: list(values) for name, values in fields.items()} for post, fields in posts.items()
        }
        self.filled: set[str] = set()
        self.shows_values = False
        self._path, self._posts, self._text_only = path, posts, text_only
        self._lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._edits: list[tuple[int, int, str]] = []
        self._form: str | None = None
        self._names: dict[str, int] = {}
        self._select: str | None = None
        self._text: tuple[int, str] | None = None
        self.feed(html)
        self.close()
        self._apply()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "main" and self.main is None:
            self.main = self._end()
        elif tag == "form":
            self._begin_form(attributes)
        elif self._form is not None and (handle := CONTROLS.get(tag)):
            handle(self, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text:
            start, value = self._text
            # A browser ignores the first line end in a textarea.
            self._edits.append((start, self._start(), "\n" + escape(value)))
            self._text = None

    def _begin_form(self, attributes: Attributes) -> None:
        target = urlsplit(urljoin(self._path, attributes.get("action") or "")).path
        posts = (attributes.get("method") or "").lower() == "post" and target in self._posts
        self._form, self._names = target if posts else None, {}
        if posts:
            self.filled.add(target)

    def _input(self, attributes: Attributes) -> None:
        name, kind = attributes.get("name") or "", (attributes.get("type") or "text").lower()
        values = self._values(name)
        if self._text_only and kind in (*TICKED, "hidden"):
            self._take(name)
        elif kind in TICKED:
            self._take(name, attributes.get("value") or "on")
            self._mark("input", attributes, "checked", (attributes.get("value") or "on") in values)
        elif kind in SKIPPED_TYPES:
            self._take(name)
        elif (value := self._next(name)) is not None:
            self.shows_values |= kind != "hidden"
            self._replace("input", {**attributes, "value": value})

    def _textarea(self, attributes: Attributes) -> None:
        if (value := self._next(attributes.get("name") or "")) is not None:
            self.shows_values = True
            self._text = (self._end(), value)

    def _begin_select(self, attributes: Attributes) -> None:
        self._select = "" if self._text_only else attributes.get("name") or ""

    def _option(self, attributes: Attributes) -> None:
        if self._select and self._select in self._posts[self._form or ""]:
            value = attributes.get("value") or ""
            self._take(self._select, value)
            self._mark("option", attributes, "selected", value in self._values(self._select))

    def _button(self, attributes: Attributes) -> None:
        self._take(attributes.get("name") or "")

    def _details(self, attributes: Attributes) -> None:
        self._replace("details", {**attributes, "open": None})

    def _values(self, name: str) -> Sequence[str]:
        return self._posts[self._form or ""].get(name, ())

    def _next(self, name: str) -> str | None:
        """Return the value of the form's next control of this name: several share one in their order."""
        values, place = self._values(name), self._names.get(name, 0)
        self._names[name] = place + 1
        if place >= len(values):
            return None
        self._take(name, values[place])
        return values[place]

    def _take(self, name: str, value: str | None = None) -> None:
        """Record that the page shows one value, or all values, of a field."""
        absent = self.absent[self._form or ""]
        if value is not None and value in absent.get(name, ()):
            absent[name].remove(value)
        if value is None or not absent.get(name):
            absent.pop(name, None)

    def _mark(self, tag: str, attributes: Attributes, mark: str, marked: bool) -> None:
        self.shows_values |= marked
        if marked != (mark in attributes):
            others = {name: value for name, value in attributes.items() if name != mark}
            self._replace(tag, others | ({mark: None} if marked else {}))

    def _replace(self, tag: str, attributes: Attributes) -> None:
        words = (name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items())
        self._edits.append((self._start(), self._end(), f"<{' '.join((tag, *words))}>"))

    def _start(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _end(self) -> int:
        return self._start() + len(self.get_starttag_text() or "")

    def _apply(self) -> None:
        parts, place, shift = [], 0, 0
        for start, end, text in self._edits:
            parts += [self.html[place:start], text]
            place = end
            if self.main is not None and end <= self.main:
                shift += len(text) - (end - start)
        self.html = "".join((*parts, self.html[place:]))
        self.main = None if self.main is None else self.main + shift


CONTROLS: dict[str, Callable[[Refill, Attributes], None]] = {
    "input": Refill._input,
    "textarea": Refill._textarea,
    "select": Refill._begin_select,
    "option": Refill._option,
    "button": Refill._button,
    "details": Refill._details,
}


def words_of(values: Values) -> Iterator[str]:
    """Yield text that a person typed, not what the page itself sent, such as numbers, codes and tokens."""
    for each in values.values():
        yield from (value for value in each if len(value.split()) > 1)
