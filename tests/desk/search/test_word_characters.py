"""Characters that word processors put into texts: typographic hyphens and spaces, soft hyphens, accents."""

import pytest

from tests.cast import Cast
from tests.desk.search.test_search import names
from tests.factories import ActionFactory


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("board\u2011level test", ["board-level", "board\u2011level", '"board-level test"']),
        ("on\u00a0Tuesday", ["tuesday", '"on Tuesday"', "on\u00a0tuesday"]),
        ("re\u00adcorded", ["recorded", "re\u00adcorded"]),
        ("caf\u00e9", ["cafe", "caf\u00e9", "cafe\u0301"]),
        ("a plain cafe, board-level, recorded", ["caf\u00e9", "board\u2011level", "re\u00adcorded"]),
    ],
)
def test_word_processors_characters_are_no_hindrance_in_a_text_or_a_search(
    cast: Cast, text: str, queries: list[str]
) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", title="Brief", description=text)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", title="Train", description="something else")
    for query in queries:
        assert names(cast.manager, query) == ["action WY20-01"], query
