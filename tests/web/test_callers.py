"""Where a request comes from, whatever stands in its headers."""

from typing import Any

import pytest
from django.test import RequestFactory

from web import callers

PROXY = "10.0.0.1"


def request(forwarded: str | None = None, remote: str = PROXY) -> Any:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


def test_without_a_proxy_the_header_counts_for_nothing() -> None:
    assert callers.address_of(request("192.0.2.1", remote="198.51.100.7")) == "198.51.100.7"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (None, PROXY),
        ("", PROXY),
        (" , ,", PROXY),
        ("198.51.100.7", "198.51.100.7"),
        ("192.0.2.1, 198.51.100.7", "198.51.100.7"),
        ("192.0.2.1,192.0.2.2,198.51.100.7", "198.51.100.7"),
        ("192.0.2.1, , 198.51.100.7 ,", "198.51.100.7"),
        ("198.51.100.7:51234", "198.51.100.7"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("192.0.2.1, unknown", PROXY),
        ("192.0.2.1, _hidden", PROXY),
        ("192.0.2.1, 999.1.1.1", PROXY),
        ("192.0.2.1, <script>", PROXY),
        ("192.0.2.1, [2001:db8::1", "2001:db8::1"),
        ("192.0.2.1, ::::", PROXY),
        ("x" * 5000, PROXY),
        ("192.0.2.1\x00, 198.51.100.7", "198.51.100.7"),
    ],
)
def test_behind_a_proxy_the_last_address_counts(settings: Any, forwarded: str | None, address: str) -> None:
    settings.BEHIND_PROXY = True
    assert callers.address_of(request(forwarded)) == address


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("198.51.100.7", "198.51.100.7"),  # came in past the outer proxy
        ("192.0.2.1, unknown, 10.0.0.2", PROXY),
    ],
)
def test_behind_two_proxies_the_one_before_the_last_counts(
    settings: Any, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY, settings.TRUSTED_PROXIES = True, 2
    assert callers.address_of(request(forwarded)) == address


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),  # a socket in the file system has no address
    ],
)
def test_callers_are_counted_by_network(remote: str, network: str) -> None:
    assert callers.network_of(request(remote=remote)) == network
