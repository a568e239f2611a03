"""Runs the image's command with the credentials that a ~/.aws can give. IAM Identity Center is a small server here."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import REGION, free_port
from deployment import TEMPLATE_FILES
from test_service import await_answer, image, start  # noqa: F401 (a fixture)

HOUR = 3600


class IdentityCenter(ThreadingHTTPServer):
    """Renews tokens (SSO OIDC, CreateToken) and gives credentials for them (SSO Portal, GetRoleCredentials)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.renewals = []
        self.tokens = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.renewals.append(asked["refreshToken"])
        number = len(self.server.renewals)
        self.reply({"accessToken": f"renewed-{number}", "expiresIn": HOUR, "refreshToken": f"refresh-{number}", "tokenType": "Bearer"})

    def do_GET(self):
        self.server.tokens.append(self.headers["x-amz-sso_bearer_token"])
        expiration = int((time.time() + HOUR) * 1000)
        self.reply({"roleCredentials": {"accessKeyId": "any", "secretAccessKey": "any", "sessionToken": "any", "expiration": expiration}})

    def reply(self, body):
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture
def identity_center():
    server = IdentityCenter()
    yield server
    server.shutdown()
    server.server_close()


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@pytest.fixture
def home(tmp_path):
    """A home in which "aws sso login" ran almost an hour ago."""
    cache = tmp_path / "home" / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (tmp_path / "home" / ".aws" / "config").write_text(
        "[profile me]\nsso_session = us\nsso_account_id = 123456789012\nsso_role_name = css\n"
        "[sso-session us]\nsso_region = us-west-2\nsso_start_url = https://us.awsapps.com/start\n"
        "sso_registration_scopes = sso:account:access\n"
    )
    token = {
        "accessToken": "of-the-login",
        "expiresAt": utc(time.time() + 60),
        "refreshToken": "refresh-0",
        "clientId": "client",
        "clientSecret": "secret",
        "registrationExpiresAt": utc(time.time() + 24 * HOUR),
        "region": "us-west-2",
        "startUrl": "https://us.awsapps.com/start",
    }
    (cache / f"{hashlib.sha1(b'us').hexdigest()}.json").write_text(json.dumps(token))
    return tmp_path / "home"


def run(image, tmp_path, moto, identity_center, port):  # noqa: F811
    moto.client("cloudformation").create_stack(StackName="cssLocal", TemplateBody=TEMPLATE_FILES["local"].read_text())
    moto.client("ecs").create_cluster(clusterName="default")
    environment = {
        "AWS_REGION": REGION,
        "AWS_PROFILE": "me",
        "AWS_ENDPOINT_URL_ECS": moto.endpoint,
        "AWS_ENDPOINT_URL_SQS": moto.endpoint,
        "AWS_ENDPOINT_URL_SSO": identity_center.address,
        "AWS_ENDPOINT_URL_SSO_OIDC": identity_center.address,
        "CSS_QUEUE": "css_queue",
        "CSS_STORE": "memory",
    }
    return start(image, tmp_path, port, environment, credentials={})


def test_a_token_of_identity_center_is_renewed_and_written(image, home, moto, identity_center, tmp_path):  # noqa: F811
    port = free_port()
    with run(image, tmp_path, moto, identity_center, port) as css:
        await_answer(css, port, "/readyz", lambda status, _: status == 200)

    assert identity_center.renewals[0] == "refresh-0"
    assert all(each.startswith("renewed-") for each in identity_center.tokens)
    (token,) = (home / ".aws" / "sso" / "cache").iterdir()
    written = json.loads(token.read_text())
    number = written["accessToken"].removeprefix("renewed-")  # the clients of ECS and SQS renew apart
    assert int(number) >= 1 and written["refreshToken"] == f"refresh-{number}"
    assert token.stat().st_mode & 0o077 == 0, "only its owner can read it"
