"""Runs the image's command as a process: with the simulator and etcd, and on the queue of the local template."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import CREDENTIALS, REGION, free_port
from deployment import COMPOSE, DEPLOY, ROOT, TEMPLATE_FILES
from test_container import entrypoint, image_environment

TASK = "arn:aws:ecs:us-west-2:123456789012:task/default/0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="session")
def image():
    """A folder with the image's files, laid out by the script that the Dockerfile uses."""
    folder = DEPLOY / "target" / "image"
    subprocess.run([DEPLOY / "docker" / "assemble", folder], check=True)
    return folder


class Running:
    """A process and its output."""

    def __init__(self, command, log, environment=None, folder=None):
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=folder)

    def await_text(self, pattern):
        found = re.search(pattern, self.log.read_text())
        end = time.monotonic() + 120
        while not found:
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()[-4000:]
            time.sleep(0.1)
            found = re.search(pattern, self.log.read_text())
        return found

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def clean_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CSS_"))}


def start(image, tmp_path, port, environment, credentials=CREDENTIALS):
    """Starts the image's entrypoint in its environment, with other folders for the image and the home."""
    home = str(tmp_path / "home")
    command = [each.replace("/app/", f"{image}/").replace("/home/css", home) for each in entrypoint()]
    assert any(str(image) in each for each in command)
    (tmp_path / "work").mkdir()
    of_image = {name: value.replace("/home/css", home) for name, value in image_environment().items()}
    whole = {**clean_environment(), **of_image, **credentials, **environment, "CSS_BIND": f"127.0.0.1:{port}"}
    return Running(command, tmp_path / "css.log", whole, tmp_path / "work")


def ask(port, path):
    """Status and body of an answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return 0, ""


def await_answer(css, port, path, accepts):
    end = time.monotonic() + 90
    answer = ask(port, path)
    while not accepts(*answer):
        assert css.process.poll() is None and time.monotonic() < end, (answer, css.log.read_text()[-4000:])
        time.sleep(0.2)
        answer = ask(port, path)
    return answer[1]


def test_the_images_command_serves_the_simulated_ecs_from_etcd(image, tmp_path):
    etcd_port, peer_port, port = free_port(), free_port(), free_port()
    etcd_url, peer_url = f"http://127.0.0.1:{etcd_port}", f"http://127.0.0.1:{peer_port}"
    # The compose file's own flags, with this test's addresses.
    flags = [each for each in COMPOSE["services"]["etcd"]["command"][1:] if "-urls=" not in each and "-dir=" not in each]
    etcd_command = [
        ROOT / "examples" / "run",
        "etcd",
        *flags,
        f"--data-dir={tmp_path / 'etcd'}",
        f"--listen-client-urls={etcd_url}",
        f"--advertise-client-urls={etcd_url}",
        f"--listen-peer-urls={peer_url}",
        f"--initial-advertise-peer-urls={peer_url}",
        f"--initial-cluster=css={peer_url}",
    ]
    class_path = f"{image}/css/*:{image}/lib/*"
    simulator_command = ["java", "-cp", class_path, "io.clusterstate.simulator.SimulatorMain", "--tasks", "40"]
    simulator_log = ROOT / "examples" / "simulator" / "src" / "test" / "resources" / "logback.xml"
    simulator_command.insert(1, f"-Dlogback.configurationFile={simulator_log}")
    with (
        Running(etcd_command, tmp_path / "etcd.log"),
        Running(simulator_command, tmp_path / "simulator.log", folder=tmp_path) as simulator,
    ):
        ecs = simulator.await_text(r"(?m)^ECS +(http\S+)$").group(1)
        sqs = simulator.await_text(r"(?m)^SQS +(http\S+)$").group(1)
        environment = {
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_ECS": ecs,
            "AWS_ENDPOINT_URL_SQS": sqs,
            "CSS_ETCD_ENDPOINT": f"127.0.0.1:{etcd_port}",
            "CSS_QUEUE": "css_queue",
        }
        before = snapshot(image)
        with start(image, tmp_path, port, environment) as css:
            await_answer(css, port, "/readyz", lambda status, _: status == 200)

            assert ask(port, "/healthz")[0] == 200
            assert ask(port, "/v1/ping")[0] == 200
            assert ask(port, "/metrics")[0] == 200
            assert len(json.loads(ask(port, "/v1/tasks")[1])["items"]) >= 40
            assert css.end() in (0, 143)
            for line in css.log.read_text().splitlines():
                json.loads(line)

        # With a read-only root, css may write only to /tmp.
        assert list((tmp_path / "work").iterdir()) == [] and not (tmp_path / "home").exists()
        assert snapshot(image) == before


def snapshot(folder):
    return {path: path.stat().st_mtime for path in Path(folder).rglob("*")}


def test_the_mirror_receives_what_the_local_stacks_rule_sends(image, moto, tmp_path):
    moto.client("cloudformation").create_stack(
        StackName="cssLocal", TemplateBody=TEMPLATE_FILES["local"].read_text()
    )
    moto.client("ecs").create_cluster(clusterName="default")
    port = free_port()
    environment = {
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL_ECS": moto.endpoint,
        "AWS_ENDPOINT_URL_SQS": moto.endpoint,
        "CSS_QUEUE": "css_queue",
        "CSS_STORE": "memory",
    }
    with start(image, tmp_path, port, environment) as css:
        await_answer(css, port, "/readyz", lambda status, _: status == 200)
        assert json.loads(ask(port, "/v1/tasks")[1])["items"] == []

        moto.client("events").put_events(
            Entries=[
                {
                    "Source": "aws.ecs",
                    "DetailType": "ECS Task State Change",
                    "Resources": [TASK],
                    "Detail": json.dumps(task()),
                }
            ]
        )

        answer = await_answer(css, port, "/v1/tasks", lambda status, body: TASK in body)
        (item,) = json.loads(answer)["items"]
        assert item["entity"]["taskARN"] == TASK and item["entity"]["lastStatus"] == "RUNNING"
        assert css.end() in (0, 143)


def task():
    """
    The detail of an event (ECS Developer Guide, "Task state change events"), shortened. Its time is now, since a mirror asks
    ECS about an unknown task in an event from before its load.
    """
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    return {
        "clusterArn": "arn:aws:ecs:us-west-2:123456789012:cluster/default",
        "taskArn": TASK,
        "taskDefinitionArn": "arn:aws:ecs:us-west-2:123456789012:task-definition/web:1",
        "containers": [
            {
                "containerArn": TASK.replace(":task/", ":container/") + "/1",
                "taskArn": TASK,
                "name": "web",
                "lastStatus": "RUNNING",
                "networkInterfaces": [],
            }
        ],
        "cpu": "256",
        "memory": "512",
        "launchType": "FARGATE",
        "group": "service:web",
        "createdAt": now,
        "startedAt": now,
        "updatedAt": now,
        "desiredStatus": "RUNNING",
        "lastStatus": "RUNNING",
        "overrides": {"containerOverrides": [{"name": "web"}]},
        "version": 3,
    }
