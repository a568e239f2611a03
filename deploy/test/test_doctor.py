"""Runs the doctor as a process on the local stack: all that moto can answer is well, and each fault is found.

moto's CloudFormation makes no queue policies, so the test sets that of the template itself.
"""

import json
import subprocess
from types import SimpleNamespace

import pytest
from deployment import ROOT, TEMPLATE_FILES, TEMPLATES
from test_local_stack import filled

QUEUE = "css_queue"


@pytest.fixture(scope="session")
def command():
    """The doctor's command, built once."""
    run = [ROOT / "examples" / "run", "doctor"]
    help_text = subprocess.run([*run, "--help"], check=True, capture_output=True, text=True).stdout
    assert help_text.startswith("Usage: doctor")
    return run


@pytest.fixture
def account(moto):
    """The account with the local stack, a cluster with an instance, and the queue's policy."""
    moto.client("cloudformation").create_stack(StackName="cssLocal", TemplateBody=TEMPLATE_FILES["local"].read_text())
    moto.client("ecs").create_cluster(clusterName="default")
    (instance,) = moto.client("ec2").run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)["Instances"]
    identity = json.dumps({"instanceId": instance["InstanceId"]})
    moto.client("ecs").register_container_instance(cluster="default", instanceIdentityDocument=identity)
    events, sqs = moto.client("events"), moto.client("sqs")
    (rule,) = events.list_rules()["Rules"]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    document = TEMPLATES["local"]["Resources"]["EventQueuePolicy"]["Properties"]["PolicyDocument"]
    policy = json.dumps(filled(document, {"EventRule": rule["Arn"], "EventQueue": target["Arn"]}))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return SimpleNamespace(moto=moto, events=events, sqs=sqs, url=url, policy=policy, rule=rule, target=target)


def doctor(command, account, *options):
    """Exit code and checks, by name."""
    made = subprocess.run(
        [*command, "--queue", QUEUE, "--poll-wait", "1", "--json", *options],
        capture_output=True,
        text=True,
        env=account.moto.environment,
        timeout=90,
        check=False,
    )
    assert made.stdout, made.stderr
    return made.returncode, {each["check"]: each for each in json.loads(made.stdout)["checks"]}


def test_the_template_leaves_nothing_to_mend(command, account):
    code, checks = doctor(command, account, "--task-definitions")

    assert {name: each for name, each in checks.items() if each["outcome"] != "ok"} == {}
    assert code == 0


def attribute(name, value):
    """Sets an attribute, with the policy, which moto forgets when it gets other attributes alone."""
    return lambda account: account.sqs.set_queue_attributes(
        QueueUrl=account.url, Attributes={"Policy": account.policy, name: value}
    )


def pattern(**fields):
    return lambda account: account.events.put_rule(Name=account.rule["Name"], EventPattern=json.dumps(fields))


FAULTS = {
    "no policy": (attribute("Policy", ""), "queue-policy", "aws:SourceArn"),
    "no redrive policy": (attribute("RedrivePolicy", ""), "dead-letters", "aws sqs create-queue"),
    "short retention": (attribute("MessageRetentionPeriod", "300"), "retention", '"MessageRetentionPeriod":"86400"'),
    "short visibility": (attribute("VisibilityTimeout", "5"), "visibility", '"VisibilityTimeout":"60"'),
    "AWS's own key": (attribute("KmsMasterKeyId", "alias/aws/sqs"), "encryption", '"SqsManagedSseEnabled":"true"'),
    "a disabled rule": (
        lambda account: account.events.disable_rule(Name=account.rule["Name"]),
        "rule",
        "aws events enable-rule",
    ),
    "no target": (
        lambda account: account.events.remove_targets(Rule=account.rule["Name"], Ids=[account.target["Id"]]),
        "rule",
        "aws events put-targets",
    ),
    "a narrow pattern": (
        pattern(**{"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"]}),
        "event-types",
        "aws events put-rule",
    ),
    "stopped tasks only": (
        pattern(**{"source": ["aws.ecs"], "detail": {"lastStatus": ["STOPPED"]}}),
        "event-types",
        "aws events put-rule",
    ),
    "a part of the event": (
        lambda account: account.events.put_targets(
            Rule=account.rule["Name"],
            Targets=[{"Id": account.target["Id"], "Arn": account.target["Arn"], "InputPath": "$.detail"}],
        ),
        "target",
        "aws events put-targets",
    ),
    "no queue": (lambda account: account.sqs.delete_queue(QueueUrl=account.url), "queue", "aws sqs create-queue"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_with_what_mends_it(command, account, fault):
    cause, check, mend = FAULTS[fault]
    cause(account)

    code, checks = doctor(command, account)

    assert code == 1
    assert [name for name, each in checks.items() if each["outcome"] == "missing"] == [check], checks
    assert mend in checks[check]["mend"]


def test_the_remedy_of_each_attribute_works(command, account):
    """The printed commands, run by a shell with the AWS CLI."""
    for name, value in (("RedrivePolicy", ""), ("MessageRetentionPeriod", "300"), ("VisibilityTimeout", "5")):
        attribute(name, value)(account)
    account.sqs.delete_queue(QueueUrl=account.url + "_dead")
    account.events.disable_rule(Name=account.rule["Name"])
    _, checks = doctor(command, account)
    broken = [each for each in checks.values() if each["outcome"] == "missing"]
    assert len(broken) == 4

    for each in broken:
        # The AWS CLI 1 ignores AWS_ENDPOINT_URL for SQS.
        commands = each["mend"].replace("aws sqs", f"aws --endpoint-url {account.moto.endpoint} sqs")
        subprocess.run(["bash", "-euc", commands], env=account.moto.environment, check=True, capture_output=True)

    attribute("Policy", account.policy)(account)
    assert doctor(command, account)[0] == 0


def test_the_remedy_of_a_missing_rule_works(command, account):
    account.events.remove_targets(Rule=account.rule["Name"], Ids=[account.target["Id"]])
    account.events.delete_rule(Name=account.rule["Name"])
    _, checks = doctor(command, account)

    subprocess.run(
        ["bash", "-euc", checks["rule"]["mend"]], env=account.moto.environment, check=True, capture_output=True
    )

    _, checks = doctor(command, account)
    assert {checks[name]["outcome"] for name in ("rule", "target", "event-types")} == {"ok"}
    assert "css-events: not let in" in checks["queue-policy"]["found"]


def test_an_account_that_cannot_be_reached_is_unknown(command, account):
    account.moto.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"

    code, checks = doctor(command, account)

    assert code == 3
    assert {each["outcome"] for each in checks.values()} == {"unknown"}
