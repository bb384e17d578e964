"""A small OpenID Connect provider on loopback, with keys of its own. A test changes what it answers, to break one rule."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)

CLIENT_ID, CLIENT_SECRET = "prevent-tracker", "a secret of the client"
Claims = dict[str, Any]


class IdentityProvider:
    """Whoever comes is signed in as `subject`. The authorization page has one link, back to the service."""

    def __init__(self) -> None:
        self.key, self.kid, self.subject = (
            generate_private_key(SECP256R1()),
            "first",
            "subject-of-the-manager",
        )
        self.claims: Claims = {}  # replace or add claims; None leaves one out
        self.describe: Claims = {}  # replace parts of the description
        self.signing_key: EllipticCurvePrivateKey | str = self.key
        self.algorithm = "ES256"
        self.requests: list[dict[str, str]] = []  # the parameters of each authorization request
        self.codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/tenant/v2.0"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def authorize(self, address: str) -> str:
        """Sign in on the authorization page, and return the address to go back to."""
        request = dict(parse_qsl(urlsplit(address).query))
        self.requests.append(request)
        code = secrets.token_urlsafe(16)
        self.codes[code] = request
        return f"{request['redirect_uri']}?{urlencode({'code': code, 'state': request['state']})}"

    def _id_token(self, request: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": request["nonce"],
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return jwt.encode(claims, self.signing_key, algorithm=self.algorithm, headers={"kid": self.kid})

    def _token(self, form: dict[str, str]) -> tuple[int, Claims]:
        request = self.codes.pop(form.get("code", ""), None)  # a code works once
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            request is None
            or request["code_challenge"] != challenge
            or request["code_challenge_method"] != "S256"
        ):
            return 400, {"error": "invalid_grant"}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self._id_token(request)}

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, Claims]:
        if path.endswith("/.well-known/openid-configuration"):
            description = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            return 200, description | self.describe
        if path.endswith("/keys"):
            jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [jwk | {"kid": "first", "use": "sig", "alg": "ES256"}]}
        return self._token(form) if path.endswith("/token") else (404, {})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path.endswith("/authorize"):
                    back = provider.authorize(self.path).replace("&", "&amp;")
                    page = (
                        f'<!doctype html><html lang="en"><title>Provider</title><a href="{back}">Sign in</a>'
                    )
                    self._send(200, page.encode(), "text/html")
                else:
                    self._send_json(*provider._answer(path, {}))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._send_json(*provider._answer(self.path, dict(parse_qsl(body))))

            def _send_json(self, status: int, answer: Claims) -> None:
                self._send(status, json.dumps(answer).encode(), "application/json")

            def _send(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            log_message: Callable[..., None] = lambda *_: None

        return Handler


def use_provider(settings: Any, provider: IdentityProvider, **others: Any) -> None:
    """Point the settings to the provider."""
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, "Microsoft"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    for name, value in others.items():
        setattr(settings, name, value)
