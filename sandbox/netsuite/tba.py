"""Token-based authentication: OAuth 1.0a, HMAC-SHA256 only. Source: notes, section 2.2."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request

from sandbox.kit.clock import MovedClock
from sandbox.netsuite.credentials import Keys

TIMESTAMP_WINDOW_S = 300
_PAIR = re.compile(r'\s*([A-Za-z0-9_]+)\s*=\s*"([^"]*)"\s*(?:,|$)')


def enc(text: str) -> str:
    """RFC 5849 percent-encoding."""
    return quote(text, safe="-._~")


def header_parameters(header: str) -> dict[str, str]:
    """`OAuth a="1", b="2"` -> decoded pairs."""
    return {name: unquote(value) for name, value in _PAIR.findall(header.partition(" ")[2])}


def base_string(method: str, url: str, query: list[tuple[str, str]], oauth: dict[str, str]) -> str:
    signed = [(k, v) for k, v in oauth.items() if k not in ("oauth_signature", "realm")] + query
    pairs = sorted((enc(name), enc(value)) for name, value in signed)
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), enc(url), enc(parameters)))


def signature(text: str, consumer_secret: str, token_secret: str) -> str:
    key = f"{enc(consumer_secret)}&{enc(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class Tba:
    def __init__(self, keys: Keys, clock: MovedClock) -> None:
        self._keys, self._clock = keys, clock
        self._nonces: dict[str, float] = {}

    def refusal(self, request: Request) -> str | None:
        """Why this request is refused, or None."""
        oauth = header_parameters(request.headers["authorization"])
        keys = self._keys
        now = self._clock.now().timestamp()
        timestamp, nonce = oauth.get("oauth_timestamp", ""), oauth.get("oauth_nonce", "")
        if oauth.get("oauth_signature_method") != "HMAC-SHA256":
            return "signature method"
        if oauth.get("oauth_version", "1.0") != "1.0":
            return "version"
        if oauth.get("realm", "").upper().replace("-", "_") != keys.account.upper().replace("-", "_"):
            return "realm"
        if oauth.get("oauth_consumer_key") != keys.consumer_key or oauth.get("oauth_token") != keys.token_id:
            return "consumer key or token"
        if not timestamp.isdigit() or abs(int(timestamp) - now) > TIMESTAMP_WINDOW_S:
            return "timestamp"
        if len(nonce) < 6:
            return "nonce"
        if not self._signed(request, oauth):
            return "signature"
        return None if self._fresh(nonce, now) else "nonce used before"

    def _signed(self, request: Request, oauth: dict[str, str]) -> bool:
        query = parse_qsl(request.url.query, keep_blank_values=True)
        for url in self._addresses(request):
            text = base_string(request.method, url, query, oauth)
            right = signature(text, self._keys.consumer_secret, self._keys.token_secret)
            if hmac.compare_digest(right, oauth.get("oauth_signature", "")):
                return True
        return False

    def _addresses(self, request: Request) -> list[str]:
        """The URL as the caller may have signed it: its public host cannot be seen on loopback."""
        slug = self._keys.account.lower().replace("_", "-")
        host = request.headers.get("host", "")
        public = [f"https://{slug}.{part}.netsuite.com" for part in ("suitetalk.api", "restlets.api", "app")]
        raw = request.scope.get("raw_path") or request.url.path.encode()
        paths = {raw.decode("ascii").partition("?")[0], request.url.path}
        roots = (f"http://{host}", f"https://{host}", *public)
        return [root + path for root in roots for path in paths]

    def _fresh(self, nonce: str, now: float) -> bool:
        if len(self._nonces) > 10_000:
            self._nonces = {known: until for known, until in self._nonces.items() if until > now}
        if nonce in self._nonces:
            return False
        self._nonces[nonce] = now + 2 * TIMESTAMP_WINDOW_S
        return True
