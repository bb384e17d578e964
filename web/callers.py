"""Who sent a request: the account that acts, and the network address for sign-in, rate limits and the log."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest

if TYPE_CHECKING:
    from audit.actors import Actor

IPV6_NETWORK = 64


def actor_of(request: HttpRequest) -> "Actor":
    """Return the signed-in account that acts; the sign-in middleware has turned visitors away."""
    return cast("Actor", request.user)


def address_of(request: Any) -> str:
    """Return the caller's IP address without a port; empty if unknown.

    Each proxy appends the address of its client to `X-Forwarded-For`, so only the last TRUSTED_PROXIES entries can be
    trusted: the caller may have invented the others. Without such an entry, the proxy's own address counts.
    """
    hops = _forwarded(request)[-settings.TRUSTED_PROXIES :] if settings.BEHIND_PROXY else []
    return (_address(hops[0]) if hops else "") or _address(request.META.get("REMOTE_ADDR", ""))


def network_of(request: Any) -> str:
    """Return the key for counting a caller: the IPv4 address, or the IPv6 /64 network that one line has to itself."""
    address = address_of(request)
    if ":" not in address:
        return address
    return str(ip_network((address, IPV6_NETWORK), strict=False))


def _forwarded(request: Any) -> list[str]:
    """Return the entries of the header, without empty ones. Repeated headers arrive joined into one."""
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return [entry.strip() for entry in entries if entry.strip()]


def _address(text: str) -> str:
    """Return a normalised address (no port, brackets or zone; IPv4-mapped IPv6 as IPv4), or an empty string."""
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)
