"""Addresses looked up by their first segment, where Django would try hundreds of routes one after another."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.functional import cached_property

Routes = Iterable[URLPattern | URLResolver]


def by_segment(route: str, included: tuple[Any, str | None, str | None]) -> "SegmentResolver":
    """Return what `path(route, include(...))` returns, which finds an address sooner."""
    urlconf, app_name, namespace = included
    return SegmentResolver(RoutePattern(route), urlconf, app_name=app_name, namespace=namespace)


class SegmentResolver(URLResolver):
    """Resolve an address among the routes that begin with its first segment, or with a parameter."""

    def resolve(self, path: str) -> ResolverMatch:
        match = self.pattern.match(str(path))
        if not match:
            return super().resolve(path)
        segment = match[0].partition("/")[0]
        return self._parts.get(segment, self._rest).resolve(path)

    @cached_property
    def _parts(self) -> dict[str | None, URLResolver]:
        return {segment: self._part(segment) for segment in _segments(self.url_patterns)}

    @cached_property
    def _rest(self) -> URLResolver:
        return self._part(None)

    def _part(self, segment: str | None) -> URLResolver:
        return _resolver_like(self, list(_beginning_with(segment, self.url_patterns)))


def _resolver_like(resolver: URLResolver, routes: list[URLPattern | URLResolver]) -> URLResolver:
    return URLResolver(
        resolver.pattern, routes, resolver.default_kwargs, resolver.app_name, resolver.namespace
    )


def _first_segment(route: URLPattern | URLResolver) -> str | None:
    """Return what an address begins with, or None where that is a parameter."""
    segment, slash, _ = str(route.pattern).partition("/")
    is_whole = bool(slash) or isinstance(route, URLPattern)
    return segment if is_whole and isinstance(route.pattern, RoutePattern) and "<" not in segment else None


def _has_no_prefix(route: URLPattern | URLResolver) -> TypeGuard[URLResolver]:
    return isinstance(route, URLResolver) and not str(route.pattern)


def _segments(routes: Routes) -> Iterator[str]:
    for route in routes:
        if _has_no_prefix(route):
            yield from _segments(route.url_patterns)
        elif (segment := _first_segment(route)) is not None:
            yield segment


def _beginning_with(segment: str | None, routes: Routes) -> Iterator[URLPattern | URLResolver]:
    """Yield the routes for addresses that begin with a segment; None is one that no route names."""
    for route in routes:
        if _has_no_prefix(route):
            if inner := list(_beginning_with(segment, route.url_patterns)):
                yield _resolver_like(route, inner)
        elif _first_segment(route) in (segment, None):
            yield route
