"""The canonical form that a bare Python writes is the RFC 8785 one for everything a ledger may hold."""

import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.verify import NotCanonicalError, canonical

# All of Unicode but lone surrogates, with the controls, quotes and planes where writers differ drawn often.
texts = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\ue000\uffff\U00010000\U0001f54a'),
    )
)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)

# The same examples in every run, however slow the machine.
same_everywhere = settings(deadline=None, derandomize=True, database=None, max_examples=200)


@same_everywhere
@given(values)
def test_both_writers_agree(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # hypothesis draws objects


@same_everywhere
@given(values)
def test_reading_it_back_loses_nothing(value: object) -> None:
    assert json.loads(canonical(value)) == value


def test_names_are_ordered_by_utf_16_as_the_rfc_asks() -> None:
    assert canonical({"\ue000": 1, "\U00010000": 2}) == '{"\U00010000":2,"\ue000":1}'.encode()


@pytest.mark.parametrize(
    "value", [1.5, 1.0, float("nan"), 2**53, -(2**53), {1: "a"}, b"x", {"a": {2}}, "\ud83d"]
)
def test_values_with_several_spellings_are_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical({"deep": [value]} if not isinstance(value, dict) else value)
