"""Screening of any text whatever: it answers, its offsets are right, and what may be kept gives nothing away."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.screening import Kind, screen

IDENTIFIERS = (
    *("NC 00 00 00 A", "999 000 0018", "2020/0000000D", "99ZZ/1234/20", "born on 3 May 1985", "nn@gmail.com"),
    *("07700 900123", "+44 (0)113 496 0123", "AB49 CDE", "WF99 9ZZ"),
)
PIECES = (
    *IDENTIFIERS,
    *"0123456789",
    *"ABab(/.,@-+: \n\t\u00a0\u200b\u0661\uff21\u00df\u0130",
    "custody record ",
    "DOB ",
    "+44",
    "(0)",
)
# The first telephone number of a country costs the reading of its plan.
unhurried = settings(deadline=None)
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@unhurried
@given(texts)
def test_findings_are_where_they_say_and_apart(text: str) -> None:
    findings = screen(text)
    for finding in findings:
        assert text[finding.start : finding.end] == finding.excerpt
        assert finding.excerpt
    assert all(one.end <= other.start for one, other in pairwise(findings))


@unhurried
@given(texts)
def test_screening_again_finds_the_same(text: str) -> None:
    assert screen(text) == screen(text)


@unhurried
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("; ".join))
def test_nothing_is_left_when_the_findings_are_removed(text: str) -> None:
    """The writer who takes out what was found is not asked the same question about what remains beside it."""
    for finding in reversed(screen(text)):
        text = f"{text[: finding.start]}; removed ;{text[finding.end :]}"
    assert screen(text) == []


@unhurried
@given(
    st.sampled_from(IDENTIFIERS),
    st.text(alphabet="abc xyz.\n", max_size=20),
    st.text(alphabet="abc xyz.\n", max_size=20),
)
def test_an_identifier_is_detected_among_any_words(identifier: str, before: str, after: str) -> None:
    assert identifier in [each.excerpt for each in screen(f"{before} ; {identifier} ; {after}")]


@unhurried
@given(st.integers(0, 999))
def test_the_mask_is_the_same_for_every_sensitive_action(last: int) -> None:
    (finding,) = screen(f"07700 900{last:03}")
    assert finding.masked == "a telephone number (12 characters)"
    assert str(last) not in repr(finding).replace("(12 characters) at 0", "")


@pytest.mark.parametrize(
    "piece", ["0", "01 ", "0113 49 ", "a", "a@a.", "AB12 ", "born on the ", "+1-", "(0", " ", "DOB"]
)
def test_long_texts_made_to_be_slow_are_answered(piece: str) -> None:
    """A pattern that went back over what it had read would not come back from these at all."""
    assert screen(piece * (20_000 // len(piece))) == []


def test_a_row_is_read_after_many_empty_ones() -> None:
    assert [each.kind for each in screen("0113 49 " * 2_000 + "; 07700 900123")] == [Kind.TELEPHONE]


def test_ten_figures_at_random_are_seldom_an_nhs_number() -> None:
    rolls = random.Random(55)
    matches = sum(bool(screen(f"{rolls.randrange(10**10):010}")) for _ in range(2_000))
    assert matches <= 120
