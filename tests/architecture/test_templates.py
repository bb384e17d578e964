"""What a template names in one block is gone in the next: an address kept there would print as nothing, without a word."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

PARTS = re.compile(r"{%\s*(.*?)\s*%}|{{\s*(.*?)\s*}}", re.DOTALL)
NAMED = re.compile(r"\bas (\w+)$")
TEXT = re.compile(r'"[^"]*"|\'[^\']*\'')


def lost_names(source: str) -> set[tuple[str, str]]:
    """Return each name that is used in a block, with that block, though it is set in another one only."""
    blocks: list[str] = []
    kept: dict[str, set[str]] = {}
    used: set[tuple[str, str, tuple[str, ...]]] = set()
    for tag, printed in PARTS.findall(
        re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    ):
        if tag.startswith("block "):
            blocks.append(tag.split()[1])
        elif tag.startswith("endblock"):
            blocks.pop()
        elif found := NAMED.search(tag):
            kept.setdefault(found[1], set()).add(blocks[-1] if blocks else "")
        words = set(
            re.findall(r"(?<![\w.])([a-z_]\w*)(?!\w*=)", TEXT.sub("", printed or tag.partition(" ")[2]))
        )
        used |= {(word, blocks[-1] if blocks else "", tuple(blocks)) for word in words}
    return {(name, where) for name, where, around in used if name in kept and not kept[name] & {"", *around}}


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_uses_what_another_block_named(path: Path) -> None:
    assert lost_names(path.read_text(encoding="utf-8")) == set()


def test_the_search_finds_a_lost_name_and_nothing_else() -> None:
    kept = '{% block a %}{% url "x" as back %}{{ back }}{% endblock %}'
    assert lost_names(kept + '{% block b %}<a href="{{ back }}">{% endblock %}') == {("back", "b")}
    assert (
        lost_names(kept + '{% block b %}{% url "x" as back %}{{ back }}{% include "back" %}{% endblock %}')
        == set()
    )
