"""The forms of a page, filled in as a hurried person would, so that tests can read the pages that answer them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.urls import resolve

# What boxes are filled with, by the end of their names; the parts of a date end in these numbers.
DATE = {"_0": "3", "_1": "7", "_2": "2020"}
EMAIL, ADDRESS, NUMBER, TEXT = "new@example.org", "https://example.org/paper", "5", "Brief the wardens"


@dataclass(frozen=True)
class FilledForm:
    """A form with one of its buttons: where it is sent, its hidden fields, what a person fills in, and its files."""

    address: str
    button: dict[str, str]
    hidden: dict[str, Any]
    filled: dict[str, Any]
    files: tuple[str, ...]

    @property
    def view(self) -> str:
        return str(resolve(urlsplit(self.address).path).view_name)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells forms apart: the rows of a list have one each, and those are alike."""
        words = resolve(urlsplit(self.address).path).kwargs.values()
        names = frozenset(name.rstrip("0123456789") for name in self.filled)
        button = tuple((name, value.rstrip("0123456789")) for name, value in self.button.items())
        return self.view, tuple(word for word in words if not str(word).isdigit()), names, button

    @property
    def version(self) -> int | None:
        """The version of the row that the form was opened on."""
        return int(self.hidden["version"][0]) if self.hidden.get("version", [""])[0].isdigit() else None


def filled_forms(page: str, address: str) -> Iterator[FilledForm]:
    """Yield the forms of a page that are posted, once for each button."""
    document = lxml.html.fromstring(page)
    for form in document.forms:
        outside = document.xpath("//button[@form=$id]", id=form.get("id") or "-")
        for button in (*form.iterfind(".//button"), *outside):
            method = button.get("formmethod") or form.method
            if button.get("type", "submit") == "submit" and method.lower() == "post":
                action = urljoin(address, button.get("formaction") or form.get("action") or "")
                name = button.get("name")
                yield _filled(form, action, {name: button.get("value", "")} if name else {})


def _filled(form: Any, address: str, button: dict[str, str]) -> FilledForm:
    hidden: dict[str, list[str]] = {}
    filled: dict[str, Any] = {}
    files: list[str] = []
    for control in form.inputs:
        name, kind = control.name, control.get("type", "text")
        if not name or control.get("disabled") is not None:
            continue
        if kind == "file":
            files.append(name)
        elif kind == "hidden":
            hidden.setdefault(name, []).append(control.value or "")
        elif control.tag == "select":
            options = [option for option in control.value_options if option]
            filled[name] = (not control.multiple and control.value) or (options or [""])[-1]
        elif kind in {"radio", "checkbox"}:
            if control.checked or name not in filled:
                filled[name] = control.get("value", "on")
        else:
            filled[name] = (control.value or "").strip() or _words_for(name, control)
    return FilledForm(address, button, hidden, filled, tuple(files))


def _words_for(name: str, control: Any) -> str:
    if name[-2:] in DATE:
        return DATE[name[-2:]]
    if "email" in name:
        return EMAIL
    if "url" in name:
        return ADDRESS
    is_number = control.get("type") == "number" or control.get("inputmode") in {"numeric", "decimal"}
    return NUMBER if is_number else TEXT
