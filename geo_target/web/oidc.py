"""The agency's own sign-in by OpenID Connect; imported only where `[oidc]` is set.

The authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636). The
issuer only says who somebody is: what they may do stays in our database.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.flask_client import FlaskOAuth2App  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from joserfc.errors import JoseError
from requests import RequestException

from geo_target.errors import Fault, GeoTargetError
from geo_target.platform import is_private
from geo_target.settings import Oidc, is_safe_url

#: How long the browser may take at the issuer.
LASTS_S = 600

_TIMEOUT_S = 5
_LEEWAY_S = 60
#: Threads that may wait for the issuer: the other ones go on serving the map.
_AT_ONCE = 3
#: Whoever has just signed in there waits for a turn; whoever only begins comes back.
_WAIT_S = 1
#: Signatures that only the issuer can make; never `none`, never one that shares our secret.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
               "ES256", "ES384", "ES512", "EdDSA", "Ed25519")  # fmt: skip
_SCOPES = {"sub": "openid", "email": "openid email"}
#: Nothing that folding letters or stripping blanks would turn into somebody else's name.
_NAME = re.compile(r"[a-z0-9._-]{2,40}")
#: What Authlib and joserfc raise over an answer that is not as it should be.
_MISHAPS = (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError, AttributeError,
            RuntimeError)  # fmt: skip


class SignOnSecretError(GeoTargetError):
    """The client secret cannot be used."""

    exit_code = 2


class SignOnError(GeoTargetError):
    """Nobody is signed in; `status` is what the page is sent with."""

    def __init__(self, fault: Fault, *, status: int) -> None:
        super().__init__(fault)
        self.status = status


@dataclass(frozen=True)
class Begun:
    """A sign-in that has been sent to the issuer."""

    url: str
    """Where the browser goes."""
    back: str
    """Where the issuer sends it back to."""
    state: str
    nonce: str
    verifier: str


class _Session(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Asks in secret, follows no redirect, and does not wait forever."""

    def request(self, method: str, url: str, **how: Any) -> Any:
        if not is_safe_url(url):
            raise ValueError("an address of the issuer without https")
        return super().request(
            method, url, **how | {"timeout": _TIMEOUT_S, "allow_redirects": False}
        )


class _Client(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    client_cls = _Session


class SingleSignOn:
    """Conversations with one issuer; one for all threads."""

    def __init__(self, settings: Oidc, secret: str) -> None:
        self._settings = settings
        self._secret = secret
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._spent: dict[str, float] = {}

    def begin(self, back: str) -> Begun:
        """Ask the issuer where to send the browser.

        Raises
        ------
        SignOnError
            ``E-OIDC-ISSUER``, ``E-OIDC-BUSY``.
        """
        with self._asking(_ISSUER):
            made = self._client().create_authorization_url(back)
        return Begun(made["url"], back, made["state"], made["nonce"], made["code_verifier"])

    def finish(self, code: str, begun: Begun) -> str:
        """Name of the account that the issuer vouches for; it may not exist.

        Authlib checks signature, issuer, audience, times and nonce of the ID token.

        Raises
        ------
        SignOnError
            ``E-OIDC-ISSUER``, ``E-OIDC-BUSY``, ``E-OIDC-TOKEN``, ``E-OIDC-CLAIM``.
        """
        with self._asking(_ISSUER, wait_s=_WAIT_S):
            client = self._client()
            token = client.fetch_access_token(begun.back, code=code, code_verifier=begun.verifier)
        with self._asking(_TOKEN, wait_s=_WAIT_S):
            claims = client.parse_id_token(
                token, begun.nonce, claims_options=self._expected(), leeway=_LEEWAY_S
            )
            if claims is None:
                raise ValueError("no ID token")
        return self._name(claims)

    def spend(self, state: str, now: float) -> bool:
        """Whether a state comes back for the first time; `now` in seconds."""
        with self._lock:
            self._spent = {s: until for s, until in self._spent.items() if until > now}
            is_fresh = state not in self._spent
            self._spent[state] = now + LASTS_S
        return is_fresh

    def _client(self) -> _Client:
        """Read the issuer's description anew, so that a new key or address works at once."""
        about = self._description()
        signed_by = about.get("id_token_signing_alg_values_supported", _ALGORITHMS)
        allowed = [name for name in _ALGORITHMS if name in signed_by]
        if not allowed:  # an empty list would mean joserfc's own choice
            raise ValueError("no usable algorithm of signatures")
        ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return _Client(
            None,
            "oidc",
            client_id=self._settings.client_id,
            client_secret=self._secret,
            authorize_url=about["authorization_endpoint"],
            access_token_url=about["token_endpoint"],
            client_kwargs={
                "scope": _SCOPES.get(self._settings.claim, "openid profile"),
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": way,
            },
            jwks_uri=about["jwks_uri"],
            id_token_signing_alg_values_supported=allowed,
        )

    def _description(self) -> dict[str, Any]:
        address = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        with _Session() as session:
            reply = session.request("GET", address, withhold_token=True)
            reply.raise_for_status()
            about: dict[str, Any] = reply.json()
        if about["issuer"] != self._settings.issuer:
            raise ValueError("the description is another issuer's")
        if not is_safe_url(about["authorization_endpoint"]):
            raise ValueError("an address of the issuer without https")
        return about

    def _expected(self) -> dict[str, dict[str, Any]]:
        # Authlib alone takes the issuer from its description, and lets a token for somebody
        # else pass if its `azp` is ours.
        return {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }

    def _name(self, claims: dict[str, Any]) -> str:
        wanted = self._settings
        name = claims.get(wanted.claim)
        is_verified = wanted.claim != "email" or claims.get("email_verified") is True
        if not isinstance(name, str) or not name.isascii() or not is_verified:
            raise SignOnError(_CLAIM, status=403)
        if wanted.domain is not None:  # an address means the same in capitals, a name may not
            name, _, domain = name.lower().rpartition("@")
            if domain != wanted.domain.lower():
                raise SignOnError(_CLAIM, status=403)
        if _NAME.fullmatch(name) is None or not self._holds_required(claims):
            raise SignOnError(_CLAIM, status=403)
        return name

    def _holds_required(self, claims: dict[str, Any]) -> bool:
        if self._settings.required_claim is None:
            return True
        held = claims.get(self._settings.required_claim)
        return self._settings.required_value in (held if isinstance(held, list) else [held])

    @contextmanager
    def _asking(self, otherwise: Fault, *, wait_s: float = 0) -> Iterator[None]:
        """Take a turn at the issuer; whatever it does wrong becomes one of our errors."""
        if not self._turns.acquire(timeout=wait_s):
            raise SignOnError(_BUSY, status=503)
        try:
            yield
        except RequestException as error:
            _log.warning("single sign-on: %s", type(error).__name__)
            raise SignOnError(_ISSUER, status=502) from None
        except _MISHAPS as error:
            _log.warning("single sign-on: %s", type(error).__name__)
            status = 502 if otherwise is _ISSUER else 401
            raise SignOnError(otherwise, status=status) from None
        finally:
            self._turns.release()


def open_single_sign_on(settings: Oidc) -> SingleSignOn:
    """Read the client secret.

    Raises
    ------
    SignOnSecretError
        ``E-OIDC-SECRET`` if there is none, ``E-OIDC-SECRET-OPEN`` if others can read it.
    """
    path = settings.client_secret_file
    try:
        secret = path.read_text(encoding="utf-8-sig").strip()
        is_open = not is_private(path)
    except (OSError, UnicodeDecodeError):
        secret, is_open = "", False
    if not secret:
        raise SignOnSecretError(
            Fault(
                "E-OIDC-SECRET",
                id="berkas rahasia klien tidak ada, kosong, atau tidak dapat dibaca; isi "
                "dengan rahasia dari penyedia akun",
                en="the file of the client secret is missing, empty or cannot be read; write "
                "the secret from the issuer into it",
                file=str(path),
                column="oidc.client_secret_file",
            )
        )
    if is_open:
        raise SignOnSecretError(
            Fault(
                "E-OIDC-SECRET-OPEN",
                id="akun lain di mesin ini dapat membaca rahasia klien; jalankan: chmod 600 "
                "pada berkas ini",
                en="other accounts of this machine can read the client secret; run: chmod 600 "
                "on this file",
                file=str(path),
            )
        )
    return SingleSignOn(settings, secret)


_ISSUER = Fault(
    "E-OIDC-ISSUER",
    id="layanan akun instansi tidak dapat dihubungi atau jawabannya salah; ulangi sebentar "
    "lagi, atau masuk dengan sandi",
    en="the agency's sign-in cannot be reached or answers wrongly; try again in a moment, or "
    "sign in with a password",
)
_BUSY = Fault(
    "E-OIDC-BUSY",
    id="banyak yang sedang masuk; ulangi beberapa detik lagi",
    en="many people are signing in; try again in a few seconds",
)
_TOKEN = Fault(
    "E-OIDC-TOKEN",
    id="bukti dari layanan akun instansi tidak sah; mulai lagi, dan bila terulang hubungi admin",
    en="the proof from the agency's sign-in is not valid; start again, and if it happens "
    "again tell the administrator",
)
_CLAIM = Fault(
    "E-OIDC-CLAIM",
    id="layanan akun instansi tidak menyebut nama yang dapat dipakai di sini, atau cara masuk "
    "Anda belum cukup; hubungi admin",
    en="the agency's sign-in gives no name that can be used here, or your way of signing in "
    "is not enough; tell the administrator",
)
_log = logging.getLogger("geo_target")
