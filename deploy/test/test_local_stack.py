"""Creates the local stack, and checks that its rule, queue, policies and dead-letter queues work together.

moto's CloudFormation makes no queue policies, and its SQS does not evaluate them. So the test resolves and evaluates them
itself.
"""

import json

import pytest
from deployment import TEMPLATE_FILES, TEMPLATES

EVENTS = {
    "ECS Task State Change": {"taskArn": "arn:aws:ecs:us-west-2:123456789012:task/default/1", "version": 1},
    "ECS Container Instance State Change": {"containerInstanceArn": "arn:…", "version": 1},
    "ECS Service Action": {"eventType": "INFO", "eventName": "SERVICE_STEADY_STATE"},
    "ECS Deployment State Change": {"eventType": "INFO", "eventName": "SERVICE_DEPLOYMENT_COMPLETED"},
}


@pytest.fixture
def stack(moto):
    cloudformation = moto.client("cloudformation")
    cloudformation.create_stack(StackName="cssLocal", TemplateBody=TEMPLATE_FILES["local"].read_text())
    (made,) = cloudformation.describe_stacks(StackName="cssLocal")["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
    outputs = {each["OutputKey"]: each["OutputValue"] for each in made["Outputs"]}
    assert outputs["QueueName"] == "css_queue"
    return outputs


def received(moto, url):
    answer = moto.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def attributes(moto, url):
    return moto.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_of_ecs_comes_into_the_queue(moto, stack, kind):
    entry = {"Source": "aws.ecs", "DetailType": kind, "Detail": json.dumps(EVENTS[kind])}
    moto.client("events").put_events(Entries=[entry])

    (event,) = received(moto, stack["QueueUrl"])
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.ecs", kind, EVENTS[kind])


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("aws.ec2", "EC2 Instance State-change Notification"),
        ("my.app", "ECS Task State Change"),
        ("aws.ecs", "AWS API Call via CloudTrail"),
    ],
)
def test_no_other_event_comes(moto, stack, source, kind):
    moto.client("events").put_events(Entries=[{"Source": source, "DetailType": kind, "Detail": "{}"}])

    assert received(moto, stack["QueueUrl"]) == []


def test_a_message_that_is_never_settled_ends_in_the_dead_letter_queue(moto, stack):
    sqs = moto.client("sqs")
    sqs.send_message(QueueUrl=stack["QueueUrl"], MessageBody='"not an event"')
    tries = json.loads(attributes(moto, stack["QueueUrl"])["RedrivePolicy"])["maxReceiveCount"]
    assert tries == 10  # as the guide says

    for _ in range(tries):
        assert received(moto, stack["QueueUrl"]) == ["not an event"]
    assert received(moto, stack["QueueUrl"]) == []

    dead = sqs.get_queue_url(QueueName="css_queue_dead")["QueueUrl"]
    assert received(moto, dead) == ["not an event"]


def test_every_queue_is_encrypted(moto, stack):
    sqs = moto.client("sqs")
    urls = sqs.list_queues()["QueueUrls"]
    assert sorted(url.rsplit("/", 1)[1] for url in urls) == ["css_queue", "css_queue_dead", "css_queue_undelivered"]
    for url in urls:
        assert attributes(moto, url)["SqsManagedSseEnabled"] == "true"


def test_the_rule_and_nobody_else_may_send(moto, stack):
    events = moto.client("events")
    (rule,) = events.list_rules()["Rules"]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    arns = {
        "EventRule": rule["Arn"],
        "EventQueue": target["Arn"],
        "UndeliveredQueue": target["DeadLetterConfig"]["Arn"],
    }
    for policy, queue in (("EventQueuePolicy", "EventQueue"), ("UndeliveredQueuePolicy", "UndeliveredQueue")):
        document = TEMPLATES["local"]["Resources"][policy]["Properties"]["PolicyDocument"]
        (statement,) = filled(document, arns)["Statement"]
        sends = {"Action": "sqs:SendMessage", "Resource": arns[queue]}
        rule_sends = {**sends, "Service": "events.amazonaws.com", "aws:SourceArn": rule["Arn"]}
        assert lets_in(statement, rule_sends)
        assert not lets_in(statement, {**rule_sends, "aws:SourceArn": rule["Arn"] + "x"})
        assert not lets_in(statement, {**rule_sends, "Service": "sns.amazonaws.com"})
        assert not lets_in(statement, {**sends, "AWS": "123456789012", "aws:SourceArn": rule["Arn"]})
        assert not lets_in(statement, {**rule_sends, "Action": "sqs:ReceiveMessage"})


def filled(value, arns):
    """Resolves Fn::GetAtt as CloudFormation does."""
    if isinstance(value, dict):
        if list(value) == ["Fn::GetAtt"]:
            name, attribute = value["Fn::GetAtt"]
            assert attribute == "Arn"
            return arns[name]
        return {key: filled(each, arns) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, arns) for each in value]
    return value


def lets_in(statement, request):
    """Evaluates such a statement as IAM does."""
    ((kind, who),) = statement["Principal"].items()
    ((operator, conditions),) = statement["Condition"].items()
    assert statement["Effect"] == "Allow" and operator == "ArnEquals"
    return (
        request.get(kind) == who
        and request["Action"] == statement["Action"]
        and request["Resource"] == statement["Resource"]
        and all(request.get(key) == value for key, value in conditions.items())
    )
