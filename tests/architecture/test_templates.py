"""What a template names in one block is gone in the next: an address kept there would print as nothing, without a word."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.source import APPS, ROOT

PARTS = re.compile(r"{%\s*(.*?)\s*%}|{{\s*(.*?)\s*}}", re.DOTALL)
NAMED = re.compile(r"\bas (\w+)$")
USED = re.compile(r"""{%\s*(?:extends|include)\s+["'](\w+)/""")
TEXT = re.compile(r'"[^"]*"|\'[^\']*\'')


def lost_names(source: str) -> set[tuple[str, str]]:
    """Return each name that is used in a block, with that block, though it is set in another one only."""
    blocks: list[str] = []
    blocks_of: dict[str, set[str]] = {}
    used: set[tuple[str, str, tuple[str, ...]]] = set()
    for tag, printed in PARTS.findall(
        re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    ):
        if tag.startswith("block "):
            blocks.append(tag.split()[1])
        elif re.match(r"endblock\b", tag):
            blocks.pop()
        elif match := NAMED.search(tag):
            blocks_of.setdefault(match[1], set()).add(blocks[-1] if blocks else "")
        words = set(
            re.findall(r"(?<![\w.])([a-z_]\w*)(?!\w*=)", TEXT.sub("", printed or tag.partition(" ")[2]))
        )
        used |= {(word, blocks[-1] if blocks else "", tuple(blocks)) for word in words}
    return {
        (name, where)
        for name, where, around in used
        if name in blocks_of and not blocks_of[name] & {"", *around}
    }


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_uses_what_another_block_named(path: Path) -> None:
    assert lost_names(path.read_text(encoding="utf-8")) == set()


def test_every_moment_for_machines_is_to_the_second() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    moments = re.findall(r'<time datetime="([^"]*)"', sources)
    assert moments
    assert [each for each in moments if not re.fullmatch(r"{{ [\w.]+\|machine_time }}", each)] == []


def test_the_search_finds_a_lost_name_and_nothing_else() -> None:
    sound = '{% block a %}{% url "x" as back %}{{ back }}{% endblock %}'
    assert lost_names(sound + '{% block b %}<a href="{{ back }}">{% endblock %}') == {("back", "b")}
    assert (
        lost_names(sound + '{% block b %}{% url "x" as back %}{{ back }}{% include "back" %}{% endblock %}')
        == set()
    )


def rooms_above(room: str, source: str) -> set[str]:
    """Return the apps whose templates are used though they are above the template's own app, or any app for a shared one."""
    apps = set(USED.findall(source)) & set(APPS)
    above = APPS[: APPS.index(room)] if room in APPS else APPS
    return {app for app in apps - {"web"} if app in above}


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_uses_one_of_a_higher_app(path: Path) -> None:
    room = path.relative_to(ROOT / "templates").parts[0]
    assert rooms_above(room, path.read_text(encoding="utf-8")) == set()


def test_only_django_and_web_give_their_tags_to_every_template() -> None:
    builtins = [name for engine in settings.TEMPLATES for name in engine["OPTIONS"].get("builtins", [])]
    assert {name.split(".")[0] for name in builtins} == {"django", "web"}


def test_a_template_that_uses_a_higher_app_is_found() -> None:
    source = (
        '{% extends "base.html" %}{% include "inspections/findings/_of_action.html" with links=links only %}'
    )
    assert rooms_above("actions", source) == rooms_above("components", source) == {"inspections"}
    assert rooms_above("inspections", source) == rooms_above("desk", source) == set()
