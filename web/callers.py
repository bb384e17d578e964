"""Where a request comes from: one rule for sign-in, the limits and the log."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

IPV6_NETWORK = 64


def address_of(request: Any) -> str:
    """Return the caller's IP address, without a port; empty where the server names none.

    Each proxy adds the address it was asked from at the right of `X-Forwarded-For`, so only the last TRUSTED_PROXIES of
    them were written by proxies of ours. Whatever stands before them the caller may have made up. Where a proxy of ours
    wrote no address there, its own counts.
    """
    hops = _forwarded(request)[-settings.TRUSTED_PROXIES :] if settings.BEHIND_PROXY else []
    return (_address(hops[0]) if hops else "") or _address(request.META.get("REMOTE_ADDR", ""))


def network_of(request: Any) -> str:
    """Return what a caller is counted by: their address; of IPv6 the network, as one line has 2 to the 64 addresses."""
    address = address_of(request)
    if ":" not in address:
        return address
    return str(ip_network((address, IPV6_NETWORK), strict=False))


def _forwarded(request: Any) -> list[str]:
    """Return the entries of the header. Several lines of it reach the application as one, and empty ones do not count."""
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return [entry.strip() for entry in entries if entry.strip()]


def _address(text: str) -> str:
    """Return an address in its one form: no port, no brackets, no zone, IPv4 inside IPv6 as IPv4; empty for any other text."""
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
