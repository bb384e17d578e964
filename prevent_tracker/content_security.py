"""What browsers may load on the service's pages: its own files, and nothing else."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF


def policy(issuer: str = "") -> dict[str, Any]:
    """Return the policy of the pages.

    Args:
        issuer: the identity provider. The form that begins a sign-in there is redirected to its address.
    """
    parts = urlsplit(issuer)
    provider = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF],
            "font-src": [SELF],
            "connect-src": [SELF],
            # Previews of evidence, in a frame without scripts.
            "frame-src": [SELF],
            "form-action": [SELF, *provider],
            "base-uri": [NONE],
            "object-src": [NONE],
            "frame-ancestors": [NONE],
            "manifest-src": [SELF],
        }
    }
