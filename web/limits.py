"""How much one caller may ask in a minute, told in the fields of draft-ietf-httpapi-ratelimit-headers-11.

Requests are counted in windows of a minute by the clock, in a cache and never in the database: reading writes nothing.
Where processes share no cache, each counts for itself.
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
WAIT = "You have asked more than {quota} times in a minute. Ask again in {seconds} seconds."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How a caller stands with one limit after this request."""

    policy: str
    quota: int
    used: int
    seconds: int
    """Until the count begins again."""

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.quota

    @property
    def words(self) -> str:
        return WAIT.format(quota=self.quota, seconds=self.seconds)

    def headers(self) -> dict[str, str]:
        left = max(self.quota - self.used, 0)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={left};t={self.seconds}',
        }


def count(request: Any, caller: str) -> Standing:
    """Count one request of a caller against the limit for its kind."""
    reads = request.method in READING
    policy, quota = (
        ("reads", settings.API_READS_PER_MINUTE) if reads else ("writes", settings.API_WRITES_PER_MINUTE)
    )
    window, passed = divmod(int(clock.now().timestamp()), WINDOW)
    used = add(f"{policy}:{caller}:{window}")
    return Standing(policy, quota, used, WINDOW - passed)


def exceeded(standing: Standing) -> Throttled:
    problem = Throttled(detail=standing.words)
    problem.wait = standing.seconds
    return problem


def by_address(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Limit a view that is not an endpoint, and whose callers are not known yet, by their address."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        standing = count(request, f"address:{callers.network_of(request)}")
        if standing.is_exceeded:
            response: HttpResponseBase = problems.respond(request, status=429, detail=standing.words)
            response["Retry-After"] = str(standing.seconds)
        else:
            response = view(request, *args, **kwargs)
        for name, value in standing.headers().items():
            response[name] = value
        return response

    return limited


def add(key: str, amount: int = 1, *, seconds: int = 2 * WINDOW) -> int:
    """Count and return how many there are; where the cache does not answer, nobody is kept waiting for it.

    Args:
        seconds: how long the count is kept after its first one.
    """
    try:
        caches[CACHE].add(key, 0, timeout=seconds)
        return int(caches[CACHE].incr(key, amount))
    except (RedisError, ValueError):
        # A cache that is full may have dropped the count between the two.
        log.warning("Rate limits are not counted: the cache does not answer", exc_info=True)
        return amount
