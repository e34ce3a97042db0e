"""An OpenID provider on this machine that knows one person and signs her in without a question."""

import contextlib
import json
import time
from http.server import BaseHTTPRequestHandler
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlencode, urlparse

from app_server import answering
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "embedlab"


@contextlib.contextmanager
def running_provider(email="ada@example.org"):
    """Yield the provider's address; its discovery document lies where OpenID says."""
    key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
    nonces = {}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            path, query = urlparse(self.path).path, parse_qs(urlparse(self.path).query)
            issuer = f"http://{self.headers['Host']}"
            if path == "/authorize":
                code = token_urlsafe()
                nonces[code] = query["nonce"][0]
                self.redirect(query["redirect_uri"][0], code=code, state=query["state"][0])
            elif path == "/end":
                self.redirect(query["post_logout_redirect_uri"][0])
            elif path == "/keys":
                self.send({"keys": [key.as_dict(private=False)]})
            else:
                self.send(discovery(issuer))

        def do_POST(self):
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            issuer, now = f"http://{self.headers['Host']}", int(time.time())
            said = {"iss": issuer, "aud": CLIENT, "sub": "1", "email": email, "iat": now, "exp": now + 600}
            said["nonce"] = nonces.pop(asked["code"][0])
            token = jwt.encode({"alg": "RS256", "kid": "1"}, said, key)
            self.send({"access_token": token_urlsafe(), "token_type": "Bearer", "expires_in": 600, "id_token": token})

        def send(self, content):
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def redirect(self, address, **query):
            self.send_response(302)
            self.send_header("Location", f"{address}?{urlencode(query)}" if query else address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with answering(Answers) as address:
        yield address


def discovery(issuer):
    """What a provider says of itself."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "end_session_endpoint": f"{issuer}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }


def secrets_for(provider, site):
    """The file ``.streamlit/secrets.toml`` of a server that signs people in here."""
    return (
        "[auth]\n"
        f'redirect_uri = "{site}/oauth2callback"\n'
        f'cookie_secret = "{token_urlsafe(32)}"\n'
        f'client_id = "{CLIENT}"\n'
        'client_secret = "a secret of the tests"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
