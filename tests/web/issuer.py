"""An OpenID Connect issuer of this machine, which can also misbehave."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT = "geo-target"
SECRET = "rahasia-klien-yang-panjang"
#: How long a slow answer takes.
SLOW_S = 0.6


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        return


class Issuer:
    """Answers over HTTP; `misdeed` names what it does wrong, `claims` what it says of people."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._server = make_server("127.0.0.1", 0, self._answer, _Server, _Quiet)
        self.url = f"http://{host}:{self._server.server_port}"
        self.misdeed = ""
        self.claims: dict[str, Any] = {"preferred_username": "viewer"}
        self.asked: list[str] = []
        self.key = key(1)
        self._codes: dict[str, dict[str, str]] = {}
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def agree(self, location: str) -> str:
        """What the browser is sent back to by whoever signs in at `location`."""
        assert location.startswith(f"{self.url}/authorize?")
        query = {name: value for name, [value] in parse_qs(urlsplit(location).query).items()}
        assert (query["client_id"], query["response_type"]) == (CLIENT, "code")
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        form = {k: v[0] for k, v in parse_qs(environ["wsgi.input"].read(length).decode()).items()}
        if self.misdeed == f"slow {path}":
            time.sleep(SLOW_S)
        if self.misdeed == f"redirects {path}":
            start("302 Found", [("Location", f"{self.url}/elsewhere")])
            return [b""]
        if self.misdeed == f"fails {path}":
            start("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"trouble"]
        if path == "/authorize":
            start("200 OK", [("Content-Type", "text/html")])
            asked = f"{self.url}/authorize?{environ['QUERY_STRING']}"
            return [f'<a href="{escape(self.agree(asked))}">OK</a>'.encode()]
        body = json.dumps(self._content(path, form, environ)).encode()
        start("200 OK", [("Content-Type", "application/json")])
        return [b"<html>" if self.misdeed == f"no JSON {path}" else body]

    def _content(self, path: str, form: dict[str, str], environ: dict[str, Any]) -> object:
        if path == "/token":
            return self._token(form, environ.get("HTTP_AUTHORIZATION", ""))
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        return self._description()

    def _description(self) -> object:
        if self.misdeed == "a list":
            return ["issuer"]
        about: dict[str, Any] = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }
        kind, _, name = self.misdeed.partition(": ")
        if kind == "without":
            del about[name]
        elif kind == "open":
            about[name] = "http://issuer.example/x"
        elif kind == "other":
            about[name] = ["none", "HS256"] if "alg" in name else "http://127.0.0.1:9"
        return about

    def _token(self, form: dict[str, str], authorization: str) -> object:
        begun = self._codes.get(form["code"], {})
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == begun["code_challenge"]
        assert base64.b64decode(authorization.split()[1]).decode() == f"{CLIENT}:{SECRET}"
        assert form["redirect_uri"] == begun["redirect_uri"]
        if self.misdeed == "code refused":
            return {"error": "invalid_grant"}
        token = {"access_token": "x", "token_type": "Bearer"}
        return token if self.misdeed == "no ID token" else token | {"id_token": self._signed(begun)}

    def _signed(self, begun: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url, "sub": "someone", "aud": CLIENT, "iat": now, "exp": now + 60,
            "nonce": begun["nonce"],
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.misdeed == "signs nothing":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if self.misdeed == "signs with our secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET.encode()))
        own = key(2) if self.misdeed == "another key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, own)


@cache
def key(_number: int) -> RSAKey:
    """Several keys under one name."""
    return RSAKey.generate_key(2048, {"kid": "one"})


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
