"""Cheaper answers for tests that ask for their statuses alone, thousands of times: what no status hangs on is left out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pytest
from django.template.backends.django import Template as Page
from django.urls import get_resolver

from tests.support.rendering import without_context

REQUESTS = logging.getLogger("django.request")
REQUEST_LOG = logging.getLogger("web.request_log")
REFUSALS = {"403.html", "404.html", "405.html"}


class Thrift:
    """What was printed and looked up so far.

    A page is printed whole for every role that gets it, since printing may fail. The body of an answer to HEAD is
    thrown away, and the page of a refusal is the same at every address: it is printed once for each role.
    """

    def __init__(self) -> None:
        self.printed: set[tuple[str, str]] = set()
        # One address is asked for a hundred times, and what it leads to is looked for in hundreds of patterns.
        self.resolve = lru_cache(maxsize=16)(get_resolver().resolve)

    @contextmanager
    def of(self, role: str, method: str) -> Iterator[None]:
        def render(page: Page, *args: Any, **kwargs: Any) -> Any:
            name = str(page.template.name)
            if method == "HEAD" or (name in REFUSALS and (role, name) in self.printed):
                return ""
            self.printed.add((role, name))
            return printed(page, *args, **kwargs)

        printed = Page.render
        with pytest.MonkeyPatch.context() as patch, without_context():
            patch.setattr(Page, "render", render)
            patch.setattr(get_resolver(), "resolve", self.resolve)
            # A line for each request would cost more than many of them, and bury the one that is wrong.
            patch.setattr(REQUESTS, "warning", lambda *args, **kwargs: None)
            patch.setattr(REQUEST_LOG, "log", lambda *args, **kwargs: None)
            yield
