"""Schemes of the Authorization header, which are case-insensitive (RFC 9110, section 11.1)."""


def credential(header: str, scheme: str) -> str | None:
    """Return the credentials of an Authorization header, or None if it has another scheme.

    Args:
        scheme: in lower case.
    """
    name, _, text = header.partition(" ")
    return text.strip() if name.lower() == scheme else None
