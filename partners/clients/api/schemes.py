"""Schemes of the Authorization header, which may be written in capitals or small letters (RFC 9110, section 11.1)."""


def credential(header: str, scheme: str) -> str | None:
    """Return what stands behind the scheme in an Authorization header, or None when the header has another scheme.

    Args:
        scheme: its name in small letters.
    """
    name, _, text = header.partition(" ")
    return text.strip() if name.lower() == scheme else None
