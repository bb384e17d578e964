"""Which network addresses a webhook may use: the public internet, and the networks the settings allow.

A partner's webhook makes this service send a request. Without these checks it could be pointed at what only this service
reaches: a database, a cloud's metadata, a neighbour in the data centre.
"""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 addresses in which an IPv4 address is wrapped (RFC 6052): a gateway would unwrap it.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE = ipaddress.ip_network("::/96")
HTTPS_PORT = 443
NOT_HTTPS = gettext_lazy("Enter an https address, like https://example.org/hooks.")
NO_EXTRAS = gettext_lazy("Leave out user names, passwords and the part after #.")
UNKNOWN_HOST = gettext_lazy("This host name does not exist. Check the address.")
NOT_PUBLIC = gettext_lazy(
    "This address is in a private or reserved network. Enter one on the public internet."
)


@dataclass(frozen=True)
class Target:
    """Where to connect: a checked network address, and the host name its certificate must have."""

    host: str
    port: int
    path: str
    ip: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == HTTPS_PORT else f"{name}:{self.port}"


def target_of(url: str) -> Target:
    """Look up the host and return where to connect.

    Raises:
        ValidationError: no https address, no such host, or one with an address that is not allowed.
    """
    host, port, path = parts_of(url)
    try:
        results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ValidationError(UNKNOWN_HOST) from error
    ips = [str(sockaddr[0]) for _, _, _, _, sockaddr in results]
    if not ips or not all(map(is_allowed, ips)):
        raise ValidationError(NOT_PUBLIC)
    return Target(host, port, path, ips[0])


def parts_of(url: str) -> tuple[str, int, str]:
    """Return host, port and path with query of an https address.

    Raises:
        ValidationError: when it is not https, or has a user name, a password or a fragment.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
    except ValueError as error:
        raise ValidationError(NOT_HTTPS) from error
    if parts.scheme != "https" or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise ValidationError(NOT_HTTPS)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValidationError(NO_EXTRAS)
    return host, port, f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def is_allowed(ip: str) -> bool:
    """Say whether an address is public in each of its forms, or in a network the settings allow."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False  # with a zone, such as fe80::1%eth0
    forms = list(_forms(address))
    if any(form in network for form in forms for network in settings.WEBHOOK_ALLOWED_NETWORKS):
        return True
    return all(_is_public(form) for form in forms)


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_unspecified
        # Former private networks (RFC 3879), which `is_private` leaves out; only IPv6 has them.
        or getattr(address, "is_site_local", False)
    )


def _forms(address: Address) -> Iterator[Address]:
    """Yield the address and what it wraps; an IPv4 address mapped into IPv6 counts as IPv4."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in TRANSLATED or address in COMPATIBLE:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
