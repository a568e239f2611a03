"""Checks of the image and of the compose file beyond those of hadolint and Compose."""

import json
import os
import re
import shutil
import subprocess

import pytest
from deployment import COMPOSE, COMPOSE_FILE, DEPLOY, DOCKERFILE, ROOT, TEMPLATE_FILES, TEMPLATES, resources

DIGEST = r"@sha256:[0-9a-f]{64}"
PINNED = re.compile(rf"[a-z0-9./-]+:v?\d+\.\d+\.\d+[A-Za-z0-9_.-]*({DIGEST})?")


def instructions():
    """(keyword, arguments) of each instruction."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def stages():
    found = []
    for keyword, arguments in instructions():
        if keyword == "FROM":
            found.append([])
        found[-1].append((keyword, arguments))
    return found


def entrypoint():
    ((_, arguments),) = [each for each in stages()[-1] if each[0] == "ENTRYPOINT"]
    return json.loads(arguments)


def image_environment():
    ((_, arguments),) = [each for each in stages()[-1] if each[0] == "ENV"]
    return dict(each.split("=", 1) for each in arguments.split())


def etcd_in_template():
    (task,) = resources("aws", "AWS::ECS::TaskDefinition").values()
    (etcd,) = [each for each in task["ContainerDefinitions"] if each["Name"] == "etcd"]
    return etcd


def test_the_image_is_built_in_stages_and_runs_on_a_jre():
    first, last = stages()
    assert "-jdk-" in first[0][1] and "-jre-" in last[0][1]
    for stage in (first, last):
        image = [word for word in stage[0][1].split() if not word.startswith("--")][0]
        assert PINNED.fullmatch(image) and re.search(DIGEST, image), f"{image} is not pinned by digest"
    java = [re.search(r":([0-9._]+)-j", stage[0][1]).group(1) for stage in (first, last)]
    assert java[0] == java[1]


def test_the_image_needs_no_emulator_for_another_platform():
    first, last = stages()
    assert "--platform=$BUILDPLATFORM" in first[0][1].split()
    assert "--platform" not in last[0][1]
    assert "RUN" not in [keyword for keyword, _ in last], "a RUN of the last stage runs on the other platform"


def test_pin_gives_every_image_the_digest_of_its_tag(tmp_path):
    shutil.copytree(DEPLOY / "docker", tmp_path / "docker")
    shutil.copytree(DEPLOY / "aws", tmp_path / "aws")
    fake = tmp_path / "bin" / "docker"
    fake.parent.mkdir()
    fake.write_text('#!/bin/bash\n[ "$1 $2 $3" = "buildx imagetools inspect" ] && echo "sha256:$(sha256sum <<<"$4$SALT" | head -c 64)"\n')
    fake.chmod(0o755)
    files = [tmp_path / each.relative_to(DEPLOY) for each in (DOCKERFILE, COMPOSE_FILE, TEMPLATE_FILES["aws"])]

    def pinned(salt):
        environment = {**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}", "SALT": salt}
        done = subprocess.run([tmp_path / "docker" / "pin"], env=environment, check=True, capture_output=True, text=True)
        text = "".join(each.read_text() for each in files)
        assert len(re.findall(DIGEST, text)) == 4  # two stages, etcd in the compose file and in the template
        return done.stdout.splitlines(), text

    once, text = pinned("1")
    assert len(once) == 3 and all(each in text for each in once)
    again, renewed = pinned("2")
    assert [each.split("@")[0] for each in again] == [each.split("@")[0] for each in once]
    assert again != once and all(each in renewed for each in again)
    assert re.sub(DIGEST, "", renewed) == re.sub(DIGEST, "", text), "nothing but digests changes"


def test_pin_refuses_what_is_no_digest(tmp_path):
    shutil.copytree(DEPLOY / "docker", tmp_path / "docker")
    shutil.copytree(DEPLOY / "aws", tmp_path / "aws")
    fake = tmp_path / "bin" / "docker"
    fake.parent.mkdir()
    fake.write_text("#!/bin/bash\necho latest\n")
    fake.chmod(0o755)
    environment = {**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}"}
    done = subprocess.run([tmp_path / "docker" / "pin"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "latest (expected: a digest" in done.stderr
    assert (tmp_path / "docker" / "Dockerfile").read_text() == DOCKERFILE.read_text()


def test_libraries_and_our_own_jars_are_layers_of_their_own_libraries_first():
    copied = [arguments.split()[-1] for keyword, arguments in stages()[-1] if keyword == "COPY"]
    assert copied == ["/app/lib", "/app/css"]


def test_the_image_does_not_run_as_root():
    keywords = [keyword for keyword, _ in stages()[-1]]
    ((_, user),) = [each for each in stages()[-1] if each[0] == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "by number, so that a host can check it"
    assert keywords.index("USER") < keywords.index("ENTRYPOINT")


def test_the_image_tells_its_health_as_the_template_asks_it():
    ((_, check),) = [each for each in stages()[-1] if each[0] == "HEALTHCHECK"]
    command = json.loads(check[check.index("[") :])
    (task,) = resources("aws", "AWS::ECS::TaskDefinition").values()
    (css,) = [each for each in task["ContainerDefinitions"] if each["Name"] == "css"]
    assert css["HealthCheck"]["Command"] == ["CMD", *command]
    assert command[-1] == "http://127.0.0.1:3000/healthz"


def test_the_images_command_is_a_process_of_its_own():
    assert entrypoint()[0] == "java", "no shell, so that SIGTERM reaches it"
    assert entrypoint()[-3:] == [
        "-cp",
        "/app/css/*:/app/lib/*",
        "io.clusterstate.examples.stateserver.StateServer",
    ]


def test_docker_is_sent_what_is_built_and_nothing_else():
    # A .dockerignore named after the Dockerfile takes precedence (Docker, "Dockerfile reference", ".dockerignore").
    ignored = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*" and rules[-2:] == ["**/target", ".git"]


@pytest.mark.parametrize("name", ["css", "etcd"])
def test_a_service_can_change_nothing_but_its_data(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert service["mem_limit"] and service["stop_grace_period"]
    for port in service["ports"]:
        assert port.startswith("127.0.0.1:"), "Docker's published ports pass by the firewall"


def test_css_waits_for_etcds_health():
    assert COMPOSE["services"]["css"]["depends_on"] == {"etcd": {"condition": "service_healthy"}}
    assert COMPOSE["services"]["etcd"]["healthcheck"]["test"][0] == "CMD", "the image has no shell"
    assert COMPOSE["services"]["css"]["build"]["dockerfile"] == DOCKERFILE.relative_to(DEPLOY.parent).as_posix()


def test_css_is_given_the_contracts_environment_and_reads_credentials_only():
    css = COMPOSE["services"]["css"]
    assert {"AWS_REGION", "AWS_PROFILE"} <= set(css["environment"])
    home = [each for each in entrypoint() if each.startswith("-Duser.home=")][0].split("=")[1]
    assert image_environment()["HOME"] == home, "the SDK prefers HOME, which Docker sets to / for a user that it does not know"
    assert css["volumes"] == [f"~/.aws:{home}/.aws:ro"]
    assert css["ports"] == ["127.0.0.1:3000:3000"]


def test_the_tokens_of_identity_center_can_be_written_and_nothing_else_in_the_home():
    both = [each for name in ("docker-compose.yml", "docker-compose.sso.yml") for each in ("-f", COMPOSE_FILE.with_name(name))]
    done = subprocess.run(
        ["docker-compose", *both, "config", "--format", "json"],
        env={**os.environ, "AWS_REGION": "us-west-2", "HOME": "/home/me"},
        capture_output=True,
        text=True,
        check=True,
    )
    volumes = {each["target"]: each for each in json.loads(done.stdout)["services"]["css"]["volumes"]}
    assert set(volumes) == {"/home/css/.aws", "/home/css/.aws/sso/cache"}
    assert volumes["/home/css/.aws"]["read_only"] is True
    cache = volumes["/home/css/.aws/sso/cache"]
    assert cache["source"] == "/home/me/.aws/sso/cache" and "read_only" not in cache
    # Docker would make a missing folder, for root, in a home that css can only read.
    assert not cache.get("bind", {}).get("create_host_path", False)


def test_etcd_is_the_same_here_as_on_aws_and_bounded():
    here = COMPOSE["services"]["etcd"]
    there = etcd_in_template()
    image = TEMPLATES["aws"]["Parameters"]["EtcdImage"]["Default"]
    assert here["image"] == image and PINNED.fullmatch(image)
    tested = (ROOT / "examples" / "etcd-server" / "build-etcd" / "3.6.mod").read_text()
    version = re.search(r"go\.etcd\.io/etcd/server/v3 (v\S+)", tested).group(1)
    assert re.search(r":([^@]+)", image).group(1) == version, "not the version that each run of .ci/run tests"
    assert here["command"] == there["EntryPoint"] + there["Command"]
    flags = dict(each.split("=", 1) for each in there["Command"])
    operations = (ROOT / "docs" / "operations.md").read_text()
    for name in ("--auto-compaction-mode", "--auto-compaction-retention"):
        assert re.findall(rf"`{name}=(\w+)`", operations) == [flags[name]], f"{name} is not that of docs/operations.md"
    assert int(flags["--quota-backend-bytes"]) == 2 * 1024**3
    assert here["volumes"] == ["etcd-data:" + flags["--data-dir"]] and "etcd-data" in COMPOSE["volumes"]
    (mount,) = there["MountPoints"]
    assert mount["ContainerPath"] == flags["--data-dir"]
