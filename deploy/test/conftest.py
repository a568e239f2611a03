"""A simulated AWS: moto, on a free port of loopback."""

import os
import socket
import subprocess
import time
from types import SimpleNamespace

import boto3
import pytest

REGION = "us-west-2"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_SESSION_TOKEN": "any"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def moto(tmp_path):
    """Endpoint, environment and clients of an empty simulated AWS."""
    port = free_port()
    log = tmp_path / "moto.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            ["moto_server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, "MOTO_RECORDER_FILEPATH": str(tmp_path / "moto.requests")},
        )
    try:
        await_answer(server, port, log)
        endpoint = f"http://127.0.0.1:{port}"
        yield SimpleNamespace(
            endpoint=endpoint,
            environment={
                **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
                **CREDENTIALS,
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_PAGER": "",
            },
            client=lambda service: boto3.client(
                service,
                endpoint_url=endpoint,
                region_name=REGION,
                aws_access_key_id="any",
                aws_secret_access_key="any",
            ),
        )
    finally:
        server.kill()  # moto has nothing to save, and under load its orderly end takes more than ten seconds
        server.wait()


def await_answer(server, port, log):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("moto does not answer: " + log.read_text())
