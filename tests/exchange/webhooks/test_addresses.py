"""Where a webhook may lead: nowhere that only this service reaches."""

import ipaddress
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from exchange.webhooks.services.addresses import is_allowed, target_of
from tests.exchange.webhooks.receiving import HOST, names

__all__ = ["names"]
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
NOT_PUBLIC = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *(
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
    ),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *(
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ),
]


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_are_allowed(ip: str) -> None:
    assert is_allowed(ip)


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_private_and_reserved_addresses_are_not(ip: str, names: dict[str, str]) -> None:
    assert not is_allowed(ip)
    names["hidden.example.org"] = ip
    with pytest.raises(ValidationError, match="private or reserved"):
        target_of("https://hidden.example.org/")


def test_one_bad_address_among_good_ones_is_enough(names: dict[str, str]) -> None:
    names[HOST] = "93.184.215.14 10.0.0.1"
    with pytest.raises(ValidationError, match="private or reserved"):
        target_of(f"https://{HOST}/")


def test_settings_allow_a_network_and_no_other(names: dict[str, str], settings: Any) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [
        ipaddress.ip_network("10.1.0.0/16"),
        ipaddress.ip_network("fd00::/64"),
    ]
    assert [
        is_allowed(ip) for ip in ("10.1.2.3", "::ffff:10.1.2.3", "10.2.0.1", "fd00::5", "fd00:0:0:1::5")
    ] == [
        *(True, True, False),
        *(True, False),
    ]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://hooks.example.org/", "https"),
        ("ftp://hooks.example.org/", "https"),
        ("https://", "https"),
        ("https://hooks.example.org:99999/", "https"),
        ("https://[::1/", "https"),
        ("https://hooks.example.org/a b", "https"),
        ("https://hooks.example.org/\r\nHost: x", "https"),
        ("https://höoks.example.org/", "https"),
        ("https://user:secret@hooks.example.org/", "user names"),
        ("https://hooks.example.org/#part", "part after"),
        ("https://nowhere.example.org/", "host name does not exist"),
        ("https://127.0.0.1/", "private or reserved"),
        ("https://[::ffff:127.0.0.1]/", "private or reserved"),
    ],
)
def test_an_unsuitable_address_is_refused(url: str, message: str, names: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=message):
        target_of(url)


def test_the_target_names_where_to_connect(names: dict[str, str]) -> None:
    names[HOST] = "93.184.215.14"
    target = target_of(f"https://{HOST}:8443/in?from=tracker")
    assert (target.ip, target.port, target.path, target.authority) == (
        *("93.184.215.14", 8443, "/in?from=tracker"),
        f"{HOST}:8443",
    )
    assert target_of(f"https://{HOST}").path == "/"
