"""Endpoints that are on their way out say so: Deprecation (RFC 9745) and Sunset (RFC 8594)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecated:
    """Since when an endpoint should not be used for anything new, from when it may be gone, and where that is explained."""

    since: date
    sunset: date | None = None
    link: str = ""

    def headers(self) -> dict[str, str]:
        found = {"Deprecation": f"@{_midnight(self.since)}"}
        if self.sunset:
            found["Sunset"] = http_date(_midnight(self.sunset))
        if self.link:
            found["Link"] = f'<{self.link}>; rel="deprecation"'
        return found


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
