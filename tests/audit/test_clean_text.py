"""Text is cleaned where rows are validated, whichever door it came through."""

from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from audit.models import Tracked
from standards.text import clean_line, clean_text

MODELS = [model for model in apps.get_models() if issubclass(model, Tracked)]
TEXTS = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if isinstance(field, models.CharField | models.TextField)
]


@pytest.mark.parametrize(("model", "field"), TEXTS, ids=str)
def test_every_text_field_of_every_model_is_cleaned(model: Any, field: Any, db: None) -> None:
    row = model(**{field.attname: "multi\ufffe agency\x0bwork\x00\ud800"})
    # The text may be no choice, slug or address; it is cleaned all the same.
    with suppress(ValidationError):
        row.clean_fields(exclude=[other.name for other in model._meta.fields if other != field])
    expected = "multi agency\nwork" if isinstance(field, models.TextField) else "multi agency work"
    assert getattr(row, field.attname) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00\x07\x1b\x7f\x85\x9fb", "ab"),
        ("a\ufffeb\uffffc\ufdd0d\ufdefe\U0001fffef\U0010ffffg", "abcdefg"),
        ("a\ud83db\udc00c", "abc"),
        ("a\r\nb\rc\vd\fe\u2028f\u2029g", "a\nb\nc\nd\ne\nf\n\ng"),
        ("tab\tand\nline, \u00a0 \u200b \u00ad \U0001f54a \ue000 \ufffd", "tab\tand\nline, \u00a0 \u200b \u00ad \U0001f54a \ue000 \ufffd"),
    ],
)  # fmt: skip
def test_characters_no_file_can_hold_are_removed_and_others_stay(text: str, expected: str) -> None:
    assert clean_text(text) == expected
    assert clean_text(expected) == expected
    assert clean_text(text).encode()


def test_a_line_stays_one_line() -> None:
    assert clean_line("first\vsecond\r\nthird\u2028fourth\ufffe") == "first second third fourth"
