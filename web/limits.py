"""Rate limits for each caller and minute, with the headers of draft-ietf-httpapi-ratelimit-headers-11.

A cache counts requests in windows of one minute; never the database, because reading must not write. Processes that
share no cache count separately.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled

from audit import clock
from web import callers, problems

WINDOW = 60
CACHE = "limits"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WAIT = "You have sent more than {quota} requests in a minute. Try again in {seconds} seconds."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LimitState:
    """State of a caller's limit after this request."""

    policy: str
    quota: int
    used: int
    seconds: int
    """Seconds until the count resets."""

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.quota

    @property
    def message(self) -> str:
        return WAIT.format(quota=self.quota, seconds=self.seconds)

    def headers(self) -> dict[str, str]:
        remaining = max(self.quota - self.used, 0)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={remaining};t={self.seconds}',
        }


def count(request: Any, caller: str) -> LimitState:
    """Count one request of a caller against the limit for its kind."""
    reads = request.method in READING
    policy, quota = (
        ("reads", settings.API_READS_PER_MINUTE) if reads else ("writes", settings.API_WRITES_PER_MINUTE)
    )
    window, passed = divmod(int(clock.now().timestamp()), WINDOW)
    used = add(f"{policy}:{caller}:{window}")
    return LimitState(policy, quota, used, WINDOW - passed)


def throttled(state: LimitState) -> Throttled:
    problem = Throttled(detail=state.message)
    problem.wait = state.seconds
    return problem


def by_address(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Limit a view by network address: its callers are not authenticated yet."""

    @wraps(view)
    def limit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        state = count(request, f"address:{callers.network_of(request)}")
        if state.is_exceeded:
            response: HttpResponseBase = problems.respond(request, status=429, detail=state.message)
            response["Retry-After"] = str(state.seconds)
        else:
            response = view(request, *args, **kwargs)
        for name, value in state.headers().items():
            response[name] = value
        return response

    return limit


def add(key: str, amount: int = 1, *, seconds: int = 2 * WINDOW) -> int:
    """Add to a count and return it; if the cache does not answer, return the amount so that nobody is blocked.

    Args:
        seconds: lifetime of the count, from the first addition.
    """
    try:
        caches[CACHE].add(key, 0, timeout=seconds)
        return int(caches[CACHE].incr(key, amount))
    except (RedisError, ValueError):
        # A full cache may have dropped the count between the two calls.
        log.warning("Rate limits are not counted: the cache does not answer", exc_info=True)
        return amount
