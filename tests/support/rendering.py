"""Cheaper rendering for tests that read only part of an answer: what is not read need not be rendered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from django.template import Template
from django.test.signals import template_rendered


@contextmanager
def without_context() -> Iterator[None]:
    """Render pages as production does: the test environment copies the context of each part of them for `.context`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
        yield


@contextmanager
def with_page_context_only() -> Iterator[None]:
    """Record the context of a page for `.context`, not that of each of its hundreds of parts."""
    rendering = ContextVar("rendering", default=False)

    def render(template: Template, context: Any) -> str:
        if rendering.get():
            return template.nodelist.render(context)
        token = rendering.set(True)
        try:
            template_rendered.send(sender=template, template=template, context=context)
            return template.nodelist.render(context)
        finally:
            rendering.reset(token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@contextmanager
def without_content() -> Iterator[None]:
    """Answer with the context that a page would be rendered from, and an empty page."""

    def render(template: Template, context: Any) -> str:
        template_rendered.send(sender=template, template=template, context=context)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield
