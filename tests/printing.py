"""Pages asked for by tests that read only part of the answer: what is not read need not be worked out."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from django.template import Template
from django.test.signals import template_rendered


@contextmanager
def without_context() -> Iterator[None]:
    """Print pages as production does: the test environment copies the context of each part of them for `.context`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
        yield


@contextmanager
def with_context_of_pages_alone() -> Iterator[None]:
    """Keep for `.context` what a page is printed from, not what each of its hundreds of parts is."""
    printing = ContextVar("printing", default=False)

    def render(template: Template, context: Any) -> str:
        if printing.get():
            return template.nodelist.render(context)
        token = printing.set(True)
        try:
            template_rendered.send(sender=template, template=template, context=context)
            return template.nodelist.render(context)
        finally:
            printing.reset(token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@contextmanager
def without_content() -> Iterator[None]:
    """Answer with the context that a page would be printed from, and an empty page."""

    def render(template: Template, context: Any) -> str:
        template_rendered.send(sender=template, template=template, context=context)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield
