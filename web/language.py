"""Texts of tables at the top of modules, in the language of the service."""

from typing import cast

from django.utils.translation import gettext_lazy


def lazy_text(text: str) -> str:
    """Mark a text for translation; it is translated each time it is shown.

    Tables of texts are typed as text, and what shows them treats the result as text.
    """
    return cast("str", gettext_lazy(text))
