"""Checks which resources an update replaces, by the rules of CloudFormation.

A changed property that a resource type's schema calls "createOnly" replaces the resource, and with it each resource that
refers to it in such a property (CloudFormation User Guide, "Update behaviors of stack resources").
"""

import json
import re

import pytest
from deployment import TEMPLATES, resolved
from guide import chapters
from needed_actions import SCHEMAS

TYPES = json.loads((SCHEMAS / "providers" / "us-east-1.json").read_text())
RESOURCES = TEMPLATES["aws"]["Resources"]

# Parameter -> a new value, and what it replaces.
CHANGES = {
    "CssTag": ("0.2.0", {"TaskDefinition"}),
    "EtcdImage": ("quay.io/coreos/etcd:v3.6.99", {"TaskDefinition"}),
    "CssMemory": (2048, {"TaskDefinition"}),
    "EtcdVolumeSize": (16, set()),
    "LogRetentionDays": (7, set()),
    "AlarmTopicArn": ("arn:aws:sns:us-west-2:123456789012:alarms", set()),
    "CssRepository": ("other", {"TaskDefinition"}),
    "SshCidr": ("203.0.113.7/32", set()),
    "EcsAmiId": ("ami-12345678", {"Instance"}),
    "KeyName": ("a-key", {"Instance"}),
    # In place, by a stop and a start, within one kind of processor.
    "InstanceType": ("t4g.large", set()),
    "ApiAccessLog": ("on-with-new-role", set()),
    "ApiStageName": ("other", {"ApiStage"}),
    "EcsClusterName": ("other", {"EcsCluster", "Service"}),
    "QueueName": (
        "other_queue",
        {"EventQueue", "DeadLetterQueue", "UndeliveredQueue", "TaskDefinition"},
    ),
}


def create_only(resource):
    schema = json.loads((SCHEMAS / "resources" / f"{TYPES[resource['Type']]}.json").read_text())
    return {each.removeprefix("/properties/").split("/")[0] for each in schema.get("createOnlyProperties", [])}


def replaced(given):
    """The resources that a change of parameters replaces."""
    found = set()
    while True:
        more = {name for name, each in RESOURCES.items() if is_replaced(each, given, found)}
        if more <= found:
            return found
        found |= more


def is_replaced(resource, given, others):
    for name in create_only(resource) & set(resource.get("Properties", {})):
        value = resource["Properties"][name]
        before, after = (filled(resolved(value, each), each) for each in ({}, given))
        if before != after or referred(after) & others:
            return True
    return False


def filled(value, given):
    """Puts parameters into the text of Fn::Sub."""
    parameters = {name: each["Default"] for name, each in TEMPLATES["aws"]["Parameters"].items()} | given
    text = json.dumps(value)
    return json.loads(re.sub(r"\$\{(\w+)\}", lambda each: str(parameters.get(each[1], each[0])), text))


def referred(value):
    """The resources that a value refers to."""
    text = json.dumps(value)
    names = re.findall(r'"Ref": "(\w+)"|"Fn::GetAtt": \["(\w+)"|\$\{(\w+)[.}]', text)
    return {name for each in names for name in each if name in RESOURCES}


def test_every_parameter_is_here():
    assert set(CHANGES) == set(TEMPLATES["aws"]["Parameters"])


@pytest.mark.parametrize("parameter", CHANGES)
def test_an_update_replaces_what_is_known_and_never_etcds_volume(parameter):
    value, expected = CHANGES[parameter]
    found = replaced({parameter: value})
    assert found == expected
    assert "EtcdVolume" not in found


def test_another_kind_of_processor_replaces_the_instance_and_the_task():
    assert replaced({"InstanceType": "t2.micro"}) == {"Instance", "TaskDefinition"}


def test_the_guide_says_what_is_replaced():
    rows = re.findall(r"^\| `(\w+)`[^|]*\| ([^|]*) \|", chapters()["Upgrade on AWS"], flags=re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", cell)) for name, cell in rows}
    for name, (_, expected) in CHANGES.items():
        assert told.get(name, set()) == expected - {"TaskDefinition"}, name
