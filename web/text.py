"""Long text with an enforced limit."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models


class LongText(models.TextField):
    """Text of several paragraphs, whose limit is validated on the model too; Django's own only limits the form."""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        self.validators.append(MaxLengthValidator(max_length))
