"""Runs the first script of the instance, with commands of AWS and of the disk in place of the real ones."""

import os
import subprocess

import pytest
from deployment import TEMPLATES, resources

VOLUME, INSTANCE = "vol-0123456789abcdef0", "i-0123456789abcdef0"
VALUES = {"AWS::Region": "us-west-2", "AWS::StackId": "arn:stack", "EcsCluster": "css", "EtcdVolume": VOLUME}
NVME = f"dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{VOLUME.replace('-', '')}"

# Each writes its line to the log. The variables are the behaviour that a test asks for.
COMMANDS = {
    "curl": 'case $* in *instance-id) echo "$INSTANCE" ;; *) echo token ;; esac',
    "aws": """
        case $* in
          *signal-resource*) exit "${SIGNAL_STATUS:-0}" ;;
          *attach-volume*)
            tries=$(grep -c attach-volume log)
            if [ "$tries" -le "${REFUSALS:-0}" ]; then echo "An error occurred ($REFUSAL) when calling AttachVolume" >&2; exit 254; fi
            [ -z "$DEVICE" ] || { mkdir -p "$(dirname "$DEVICE")" && touch "$DEVICE"; } ;;
        esac""",
    "sleep": "",
    "dnf": "",
    "blkid": 'case $1 in -s) echo the-uuid ;; *) [ -n "$FORMATTED" ] ;; esac',
    "mkfs.xfs": "",
    "mount": 'exit "${MOUNT_STATUS:-0}"',
    "install": "",
}


def script():
    (instance,) = resources("aws", "AWS::EC2::Instance").values()
    separator, lines = instance["UserData"]["Fn::Base64"]["Fn::Join"]
    text = separator.join(line if isinstance(line, str) else line["Fn::Sub"] for line in lines)
    for name, value in VALUES.items():
        text = text.replace(f"${{{name}}}", value)
    return text


@pytest.fixture
def machine(tmp_path):
    """Runs the script in a folder that stands for the instance's root."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "etc" / "ecs").mkdir(parents=True)
    (tmp_path / "log").touch()
    for name, body in COMMANDS.items():
        command = tmp_path / "bin" / name
        command.write_text(f'#!/bin/bash\necho "{name} $*" >>log\n{body}\n')
        command.chmod(0o755)
    text = script()
    for folder in ("/etc/", "/var/lib/", "/dev/disk/", "/dev/xvdf"):
        text = text.replace(folder, folder[1:])
    text = text.replace("-b ", "-e ")  # a test can make no block device

    def run(**behaviour):
        environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "INSTANCE": INSTANCE, "DEVICE": NVME, "FORMATTED": ""}
        done = subprocess.run(
            ["bash", "-c", text], cwd=tmp_path, env={**environment, **behaviour}, capture_output=True, text=True, timeout=60
        )
        log = (tmp_path / "log").read_text().splitlines()
        joined = (tmp_path / "etc" / "ecs" / "ecs.config").exists()
        signals = [line.split("--status ")[1] for line in log if "signal-resource" in line]
        return done, log, signals, joined

    return run


def test_a_new_instance_formats_the_volume_joins_the_cluster_and_signals_once(machine, tmp_path):
    done, log, signals, joined = machine()
    assert done.returncode == 0, done.stderr
    assert joined and signals == ["SUCCESS"]
    assert (tmp_path / "etc" / "ecs" / "ecs.config").read_text() == "ECS_CLUSTER=css\n"
    commands = [line.split()[0] for line in log]
    assert commands.index("mkfs.xfs") < commands.index("mount") < commands.index("install")
    assert (tmp_path / "etc" / "fstab").read_text().startswith("UUID=the-uuid var/lib/css-etcd xfs ")
    (signal,) = [line for line in log if "signal-resource" in line]
    assert f"--stack-name arn:stack --logical-resource-id Instance --unique-id {INSTANCE} " in signal


def test_data_on_the_volume_is_kept(machine):
    done, log, _, joined = machine(FORMATTED="yes")
    assert done.returncode == 0 and joined
    assert not [line for line in log if line.startswith("mkfs")]


def test_the_volume_of_an_older_type_has_another_name(machine):
    done, log, _, joined = machine(DEVICE="dev/xvdf")
    assert done.returncode == 0, done.stderr
    assert joined and "blkid dev/xvdf" in log


def test_a_refused_volume_fails_the_stack_within_its_time(machine):
    done, log, signals, joined = machine(REFUSALS="100000", REFUSAL="UnauthorizedOperation")
    assert done.returncode != 0 and not joined
    assert signals == ["FAILURE"]
    assert "UnauthorizedOperation" in done.stdout, "the log has the reason"
    assert len([line for line in log if "attach-volume" in line]) == 60
    waited = sum(int(line.split()[1]) for line in log if line.startswith("sleep"))
    timeout = TEMPLATES["aws"]["Resources"]["Instance"]["CreationPolicy"]["ResourceSignal"]["Timeout"]
    assert waited < 60 * int(timeout.removeprefix("PT").removesuffix("M")) - 120, "the signal comes before the timeout"


def test_a_passing_refusal_fails_nothing(machine):
    done, _, signals, joined = machine(REFUSALS="59", REFUSAL="UnauthorizedOperation")
    assert done.returncode == 0 and joined and signals == ["SUCCESS"]


def test_an_instance_that_replaces_another_signals_first_and_waits_for_the_volume(machine):
    done, log, signals, joined = machine(REFUSALS="300", REFUSAL="VolumeInUse", FORMATTED="yes")
    assert done.returncode == 0, done.stderr
    assert joined and signals == ["SUCCESS"], "CloudFormation ends the old instance only after the signal"
    commands = [line for line in log if line.startswith("aws ")]
    assert "signal-resource" in commands[1] and "attach-volume" in commands[0] and len(commands) == 302


def test_the_wait_for_the_old_instance_ends_too(machine):
    done, log, _, joined = machine(REFUSALS="100000", REFUSAL="VolumeInUse")
    assert done.returncode != 0 and not joined
    assert len([line for line in log if "attach-volume" in line]) == 720


@pytest.mark.parametrize("behaviour", [{"DEVICE": ""}, {"MOUNT_STATUS": "1"}])
def test_a_volume_that_does_not_show_or_mount_fails_the_stack(machine, behaviour):
    done, _, signals, joined = machine(**behaviour)
    assert done.returncode != 0 and not joined and signals == ["FAILURE"]


def test_a_refused_signal_stops_nothing(machine):
    done, _, _, joined = machine(SIGNAL_STATUS="254")
    assert done.returncode == 0 and joined


def test_the_script_is_sound():
    done = subprocess.run(["shellcheck", "-"], input=script(), text=True, capture_output=True)
    assert done.returncode == 0, done.stdout
