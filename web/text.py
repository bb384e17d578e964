"""Long text with a limit that holds."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models


class LongText(models.TextField):
    """A text of several paragraphs. Django's own limits only the form; this one is checked wherever the row is."""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        self.validators.append(MaxLengthValidator(max_length))
