"""The language of the service: of its answers, and of texts of tables at the top of modules."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy


class LanguageMiddleware:
    """Set the language of each answer, which is the same for everybody.

    Without a language, Django falls back to it for each text anew. A page has hundreds, and each takes twice as long.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(settings.LANGUAGE_CODE)
        return self.get_response(request)


def lazy_text(text: str) -> str:
    """Mark a text for translation; it is translated each time it is shown.

    Tables of texts are typed as text, and what shows them treats the result as text.
    """
    return cast("str", gettext_lazy(text))
