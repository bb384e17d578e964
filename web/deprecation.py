"""Headers of deprecated endpoints: Deprecation (RFC 9745) and Sunset (RFC 8594)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecated:
    """When an endpoint was deprecated, when it may be removed, and the address of an explanation."""

    since: date
    sunset: date | None = None
    link: str = ""

    def headers(self) -> dict[str, str]:
        headers = {"Deprecation": f"@{_midnight(self.since)}"}
        if self.sunset:
            headers["Sunset"] = http_date(_midnight(self.sunset))
        if self.link:
            headers["Link"] = f'<{self.link}>; rel="deprecation"'
        return headers


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
