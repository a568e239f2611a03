"""Runs the guide's commands, as far as they need neither AWS nor a container engine."""

import base64
import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import pytest
from deployment import DEPLOY, GUIDE, POLICIES, ROOT, TEMPLATE_FILES, TEMPLATES, resolved, resources
from guide import CHAPTERS, blocks, chapters

MARK = re.compile(r"^<!-- ([^\n]*) -->\n```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARKS = {
    "tried: moto",
    "tried: compose",
    "ci: local-without-aws",
    "not tried: needs AWS",
    "not tried: needs a container engine",
}
# The resource types of the AWS template that moto's CloudFormation does not make.
UNKNOWN_TO_MOTO = {"AWS::SQS::QueuePolicy", "AWS::ApiGatewayV2::VpcLink", "AWS::ApiGateway::Stage", "AWS::CloudWatch::Alarm"}


def marked(mark, *titles):
    """The blocks of these chapters with a mark, as a script."""
    found = chapters()
    return "\n".join(
        block for title in titles for each, block in MARK.findall(found[title]) if each == mark
    )


# Version 1 of the AWS CLI ignores AWS_ENDPOINT_URL for SQS.
TO_MOTO = 'aws() { command aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"; }\n'


def run(script, environment, folder=DEPLOY):
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", TO_MOTO + script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_block_of_commands_says_how_it_was_tried():
    text = GUIDE.read_text()
    found = MARK.findall(text)
    assert len(found) == len(re.findall(r"^```bash$", text, flags=re.MULTILINE)), "a block has no mark before it"
    for mark, block in found:
        assert mark in MARKS, mark
        assert block.startswith("# †\n") == mark.startswith("not tried"), block


def test_the_contracts_chapters_are_there():
    titles = list(chapters())
    for title in ["Components", "Prerequisites", "Operations", "Costs", *sum(CHAPTERS.values(), [])]:
        assert title in titles


def test_an_administrator_can_make_the_policies(moto):
    run(marked("tried: moto", "Prerequisites"), moto.environment)
    names = {each["PolicyName"] for each in moto.client("iam").list_policies(Scope="Local")["Policies"]}
    assert names == {"css-install-local", "css-install-aws", "css-push-image", "css-tunnel"}
    assert len(names) == len(POLICIES) - 1  # a process that embeds the library is not installed by this guide


def test_local_from_the_queue_to_its_deletion(moto, folder_for_moto):
    told = run(marked("tried: moto", "Install on a machine of your own"), moto.environment, folder_for_moto)
    assert "CREATE_COMPLETE" in told and "css_queue" in told
    assert len(moto.client("sqs").list_queues()["QueueUrls"]) == 3

    change(folder_for_moto, "local")
    run(marked("tried: moto", "Upgrade a machine of your own"), moto.environment, folder_for_moto)
    run(marked("tried: moto", "Delete from a machine of your own"), moto.environment, folder_for_moto)
    assert "QueueUrls" not in moto.client("sqs").list_queues()


@pytest.mark.parametrize(
    ("stack", "chapter", "chosen"),
    [
        ("local", "Upgrade a machine of your own", {"QueueName": "other_queue"}),
        ("aws", "Upgrade on AWS", {"QueueName": "other_queue", "CssTag": "0.1.0", "ApiStageName": "a-stage"}),
    ],
)
def test_an_upgrade_keeps_what_was_chosen(moto, folder_for_moto, stack, chapter, chosen):
    name = {"local": "cssLocal", "aws": "cssAws"}[stack]
    moto.client("cloudformation").create_stack(
        StackName=name,
        TemplateBody=(folder_for_moto / TEMPLATE_FILES[stack].relative_to(DEPLOY)).read_text(),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in chosen.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    change(folder_for_moto, stack)
    with recorded(moto) as requests:
        run(marked("tried: moto", chapter), moto.environment, folder_for_moto)

    (update,) = [each for each in requests if each.get("Action") == "UpdateStack"]
    # moto keeps the value of a missing parameter. CloudFormation takes the default (API Reference, "Parameter").
    defaults = {key: each.get("Default") for key, each in TEMPLATES[stack]["Parameters"].items()}
    taken = defaults | {
        update[f"Parameters.member.{i}.ParameterKey"]: update[f"Parameters.member.{i}.ParameterValue"]
        for i in range(1, len(defaults) + 1)
        if f"Parameters.member.{i}.ParameterKey" in update
    }
    assert chosen.items() <= taken.items()


def change(folder, stack):
    """Changes a template, since an update without a change fails."""
    file = folder / TEMPLATE_FILES[stack].relative_to(DEPLOY)
    template = json.loads(file.read_text())
    file.write_text(json.dumps({**template, "Description": "A later version."}))


@contextmanager
def recorded(moto):
    """The fields of the requests in the meantime, by moto's own recorder. The list is filled at the end."""
    requests = []
    urlopen(Request(f"{moto.endpoint}/moto-api/recorder/reset-recording", method="POST"))
    urlopen(Request(f"{moto.endpoint}/moto-api/recorder/start-recording", method="POST"))
    yield requests
    urlopen(Request(f"{moto.endpoint}/moto-api/recorder/stop-recording", method="POST"))
    with urlopen(f"{moto.endpoint}/moto-api/recorder/download-recording") as answer:
        for line in answer.read().decode().splitlines():
            body = base64.b64decode(json.loads(line)["body"]).decode()
            requests.append(dict(parse_qsl(body, keep_blank_values=True)))


def test_a_queue_outlives_its_stack(moto, folder_for_moto):
    run(marked("tried: moto", "Install on a machine of your own"), moto.environment, folder_for_moto)
    queues = sorted(moto.client("sqs").list_queues()["QueueUrls"])

    moto.client("cloudformation").delete_stack(StackName="cssLocal")

    assert sorted(moto.client("sqs").list_queues()["QueueUrls"]) == queues


def test_moto_makes_the_aws_stack_but_for_what_it_does_not_know(moto):
    cloudformation = moto.client("cloudformation")
    cloudformation.create_stack(
        StackName="cssAws",
        TemplateBody=TEMPLATE_FILES["aws"].read_text(),
        Parameters=[{"ParameterKey": "CssTag", "ParameterValue": "0.1.0"}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    made = {
        each["LogicalResourceId"]
        for each in cloudformation.list_stack_resources(StackName="cssAws")["StackResourceSummaries"]
    }
    missing = {
        each["Type"]
        for name, each in TEMPLATES["aws"]["Resources"].items()
        if name not in made and "Condition" not in each
    }
    assert missing == UNKNOWN_TO_MOTO


# The parameter file of the original's guide, whole, with a name for its key pair.
FILE_OF_2017 = {
    "EcsAmiId": "",
    "InstanceType": "t2.micro",
    "KeyName": "a-key",
    "EcsClusterName": "Blox",
    "QueueName": "blox_queue",
    "ApiStageName": "blox",
}


@pytest.mark.parametrize("key", ["a-key", ""])
def test_the_parameter_file_of_2017_is_taken_whole(moto, folder_for_moto, tmp_path, key):
    given = FILE_OF_2017 | {"KeyName": key}
    for name, value in given.items():  # moto does not check parameters
        parameter = TEMPLATES["aws"]["Parameters"][name]
        assert re.fullmatch(parameter.get("AllowedPattern", ".*"), value), name
        assert value in parameter.get("AllowedValues", [value]), name
    file = tmp_path / "parameters.json"
    file.write_text(json.dumps([{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]))
    moto.client("ec2").create_key_pair(KeyName="a-key")
    run(
        "aws cloudformation create-stack --stack-name cssAws --template-body file://aws/conf/cloudformation_template.json"
        f" --parameters file://{file} --capabilities CAPABILITY_NAMED_IAM",
        moto.environment,
        folder_for_moto,
    )

    (stack,) = moto.client("cloudformation").describe_stacks(StackName="cssAws")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"][0]["OutputValue"].endswith("/blox")
    (instance,) = instances(moto)
    assert instance["InstanceType"] == "t2.micro" and instance.get("KeyName", "") == key
    assert "amazon-linux-2023/recommended" in instance["ImageId"]  # moto does not resolve it
    assert moto.client("sqs").get_queue_url(QueueName="blox_queue")
    assert moto.client("ecs").describe_clusters(clusters=["Blox"])["clusters"]


def instances(moto):
    reservations = moto.client("ec2").describe_instances(
        Filters=[{"Name": "instance-state-name", "Values": ["running", "pending"]}]
    )["Reservations"]
    return [instance for reservation in reservations for instance in reservation["Instances"]]


def test_an_upgrade_that_keeps_the_image_keeps_the_instance_and_etcds_volume(moto, folder_for_moto):
    run(marked("tried: moto", "Install on AWS"), moto.environment, folder_for_moto)
    ec2 = moto.client("ec2")
    (instance,) = instances(moto)
    volume = etcds_volume(moto)
    # moto attaches no volume by itself; the instance's first script does.
    ec2.attach_volume(VolumeId=volume["VolumeId"], InstanceId=instance["InstanceId"], Device="/dev/sdf")

    change(folder_for_moto, "aws")
    save, update = re.findall(r"<!-- tried: moto -->\n```bash\n(.*?)^```$", chapters()["Upgrade on AWS"], re.M | re.S)
    image = run(save, moto.environment, folder_for_moto).splitlines()[-1]
    saved = Path("/tmp/css_parameters.json")
    parameters = {each["ParameterKey"]: each for each in json.loads(saved.read_text())}
    parameters["EcsAmiId"]["ParameterValue"] = image
    parameters["CssTag"]["ParameterValue"] = "0.2.0"
    saved.write_text(json.dumps(list(parameters.values())))
    run(update, moto.environment, folder_for_moto)

    assert [each["InstanceId"] for each in instances(moto)] == [instance["InstanceId"]]
    kept = etcds_volume(moto)
    assert kept["VolumeId"] == volume["VolumeId"]
    assert kept["Attachments"][0]["InstanceId"] == instance["InstanceId"]
    (stack,) = moto.client("cloudformation").describe_stacks(StackName="cssAws")["Stacks"]
    now = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert (now["EcsAmiId"], now["CssTag"], now["ApiStageName"]) == (image, "0.2.0", "prod")


def etcds_volume(moto):
    """Found by its size, since moto leaves out the tags."""
    (volume,) = moto.client("ec2").describe_volumes(Filters=[{"Name": "size", "Values": ["8"]}])["Volumes"]
    return volume


def test_aws_from_the_stack_to_its_update(moto, folder_for_moto):
    told = run(marked("tried: moto", "Install on AWS"), moto.environment, folder_for_moto)
    assert re.search(r"https://\w+\.execute-api\.us-west-2\.amazonaws\.com/prod", told)

    address = run(marked("tried: moto", "SSH to the instance"), moto.environment, folder_for_moto)
    assert address == "None\n"  # the instance was found; moto's subnet gives no public address

    told = run(marked("tried: moto", "Upgrade on AWS"), moto.environment, folder_for_moto)
    assert "amazon-linux-2023/arm64" in told  # moto does not resolve the reference to the image


@pytest.fixture
def folder_for_moto(tmp_path):
    """A copy of the guide's folder whose AWS template has only resources that moto can make.

    moto knows only "Retain" of the deletion policies that keep a resource.
    """
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder, ignore=shutil.ignore_patterns("target"))
    template = json.loads(TEMPLATE_FILES["aws"].read_text())
    gone = {
        name
        for name, each in template["Resources"].items()
        if each["Type"] in UNKNOWN_TO_MOTO or "Condition" in each
    }
    template["Resources"] = {
        name: without(gone, each) for name, each in template["Resources"].items() if name not in gone
    }
    (folder / TEMPLATE_FILES["aws"].relative_to(DEPLOY)).write_text(json.dumps(template))
    for file in TEMPLATE_FILES.values():
        copy = folder / file.relative_to(DEPLOY)
        copy.write_text(copy.read_text().replace("RetainExceptOnCreate", "Retain"))
    return folder


def without(gone, value):
    if isinstance(value, dict):
        if value.get("Ref") in gone:
            return "gone"
        return {key: without(gone, each) for key, each in value.items()}
    return [without(gone, each) for each in value] if isinstance(value, list) else value


def test_the_compose_file_is_what_compose_understands(moto):
    run(marked("tried: compose", "Install on a machine of your own"), moto.environment)


def test_compose_asks_for_the_region():
    with pytest.raises(AssertionError, match="AWS_REGION"):
        run("docker-compose -f docker/conf/docker-compose.yml config", {"PATH": path()})


def path():
    return subprocess.run(["bash", "-c", 'echo "$PATH"'], capture_output=True, text=True, check=True).stdout.strip()


def test_the_files_that_the_guide_names_exist():
    for name in re.findall(r"^\| `([^`]*)`(?:, `([^`]*)`)? \| ", GUIDE.read_text(), flags=re.MULTILINE):
        for each in filter(None, name):
            if "/" in each or each.startswith("check"):
                if each.startswith("/"):
                    continue
                assert (DEPLOY / each).exists(), each
    for name in re.findall(r"file://(?!/)(\S+)", GUIDE.read_text()):
        assert (DEPLOY / name).exists(), name
    assert (ROOT / "examples" / "run").exists()


def test_the_parameters_of_the_guide_are_the_templates():
    named = set(re.findall(r'"ParameterKey": "(\w+)"', "\n".join(blocks(chapters()["Install on AWS"]))))
    assert named <= set(TEMPLATES["aws"]["Parameters"])
    without_default = {name for name, each in TEMPLATES["aws"]["Parameters"].items() if "Default" not in each}
    assert without_default == set(), "a parameter file of before has no such parameter"


def test_the_costs_add_up():
    rows = re.findall(r"^\| [^*|]+\|[^|]+\|[^|]+\| (\d+\.\d+) \|$", chapters()["Costs"], flags=re.MULTILINE)
    (total,) = re.findall(r"\*\*(\d+\.\d+)\*\*", chapters()["Costs"])
    assert len(rows) > 5
    assert sum(round(float(each) * 100) for each in rows) == round(float(total) * 100)
