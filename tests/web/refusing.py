"""A function for the process that reads files from outside, which has no settings."""

from django.utils.translation import gettext_lazy


def refuse_lazily() -> None:
    raise ValueError(gettext_lazy("Not this file"))
