"""Every address of the site, read from the URL configuration."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """An address: its name with its namespace, and where one name serves several, what tells them apart."""

    name: str
    path: str
    fixed: tuple[str, ...] = ()
    parameters: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return "/".join((self.name, *self.fixed))

    @property
    def is_admin(self) -> bool:
        return self.path.startswith("admin/")


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], namespace: str = "", above: str = ""
) -> Iterator[Route]:
    for pattern in patterns:
        path = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, path)
        else:
            fixed = tuple(str(value) for value in pattern.default_args.values())
            parameters = frozenset(pattern.pattern.regex.groupindex) | frozenset(
                getattr(pattern.pattern, "converters", {})
            )
            yield Route(f"{namespace}{pattern.name or ''}", path, fixed, parameters)
