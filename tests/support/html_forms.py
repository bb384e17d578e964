"""The forms of a page as a browser reads them: where each is sent, and what it would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit


@dataclass
class Form:
    address: str
    method: str
    values: dict[str, Any] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    """The names of the boxes that a person types text into."""

    @property
    def target(self) -> str:
        return urlsplit(self.address).path

    def add(self, name: str, value: str) -> None:
        if name in self.values:
            before = self.values[name]
            self.values[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            self.values[name] = value


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.box = self.select = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name, kind = attributes.get("name", ""), attributes.get("type", "text")
        if tag == "form":
            self.form = Form(
                urljoin(self.address, attributes.get("action", "")), attributes.get("method", "get").lower()
            )
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "textarea":
            self.box, self.text = name, []
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.form.add(self.select, attributes.get("value", ""))
        elif tag == "input" and kind in ("radio", "checkbox"):
            if "checked" in attributes:
                self.form.add(name, attributes.get("value", "on"))
        elif tag == "input" and kind not in ("file", "submit"):
            self.form.add(name, attributes.get("value", ""))
            if kind == "text":
                self.form.typed.append(name)

    def handle_data(self, data: str) -> None:
        if self.box:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.form is not None:
            self.form.add(self.box, "".join(self.text).removeprefix("\n"))
            self.form.typed.append(self.box)
            self.box = ""


def forms_of(html: str, address: str) -> list[Form]:
    """Return the forms of a page that are posted, by its HTML and its address."""
    reader = _Reader(address)
    reader.feed(html)
    return [form for form in reader.forms if form.method == "post"]


def forms_to(address: str, response: Any) -> list[Form]:
    """Return the forms of an answer that are posted to the path of the address."""
    path = urlsplit(address).path
    return [form for form in forms_of(response.content.decode(), address) if form.target == path]
