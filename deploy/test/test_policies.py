"""Checks that the policies allow all that is needed, and nothing else.

Actions and the resources that they accept come from cfn-lint's copy of the Service Authorization Reference.
ServiceCallsTest checks the rights of css itself.
"""

import json
import re
from importlib.resources import files

import pytest
from deployment import DEPLOY, POLICIES, POLICY_FILES, TEMPLATES, actions, listed, resources
from guide import chapters, commands, iam_actions
from needed_actions import LEFT_OUT, SCHEMAS

IAM = json.loads((files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json").read_text())
TYPES = json.loads((SCHEMAS / "providers" / "us-east-1.json").read_text())

# Actions on resource "*" although a resource could be named, with the reason.
OPEN_WITH_REASON = {
    "ecs:ListTasks": "a container instance can be named, but css lists whole clusters; the key ecs:cluster narrows it"
    " (ECS Developer Guide, 'Identity-based policy examples', 'List Amazon ECS tasks')",
}
# Patterns instead of actions, since a managed policy has at most 6,144 characters. They only read.
READ_PATTERNS = {"ec2:Describe*", "elasticloadbalancing:Describe*", "logs:Describe*"}

SERVICE = "Css"


def install_statements(policy):
    return [each for each in POLICIES[policy]["Statement"] if not each["Sid"].startswith(SERVICE)]


def service_statements(policy):
    return [each for each in POLICIES[policy]["Statement"] if each["Sid"].startswith(SERVICE)]


def template_statements():
    for role in resources("aws", "AWS::IAM::Role").values():
        for policy in role.get("Policies", []):
            yield from policy["PolicyDocument"]["Statement"]


def every_statement():
    return [each for policy in POLICIES.values() for each in policy["Statement"]] + list(template_statements())


def known(action):
    """The entry of an action in the Service Authorization Reference."""
    prefix, name = action.split(":")
    return IAM[prefix]["Actions"].get(name.lower())


def needed(template):
    types = {resource["Type"] for resource in TEMPLATES[template]["Resources"].values()}
    named = named_by_schemas(types)
    if "AWS::IAM::Role" not in types:
        named.discard("iam:PassRole")  # only a rule with a role needs it; ours has none
    return named - left_out()


def named_by_schemas(types):
    named = set()
    for kind in types:
        schema = json.loads((SCHEMAS / "resources" / f"{TYPES[kind]}.json").read_text())
        for handler in ("create", "read", "update", "delete"):
            named |= set(schema["handlers"].get(handler, {}).get("permissions", []))
    return named


def left_out():
    return {action for part in LEFT_OUT.values() for action in part}


def covers(granted, action):
    return action in granted or any(
        action.startswith(pattern[:-1]) for pattern in granted if pattern.endswith("*")
    )


@pytest.mark.parametrize("name", ["local", "aws"])
def test_who_installs_may_do_what_is_needed_and_nothing_else(name):
    granted = actions(install_statements(name))
    wanted = needed(name) | iam_actions(commands(name))
    if name == "aws":
        wanted.add("ssm:GetParameters")  # "{{resolve:ssm:…}}" (CloudFormation User Guide, "Dynamic references", SSM)

    assert {action for action in wanted if not covers(granted, action)} == set(), "needed, but not allowed"
    superfluous = {each for each in granted if not any(covers({each}, action) for action in wanted)}
    assert superfluous == set(), "allowed, but not needed"


def test_who_pushes_the_image_may_do_that_alone():
    # ECR User Guide, "IAM permissions for pushing an image", and the creation of the repository
    pushing = {
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
    }
    assert actions(POLICIES["image"]["Statement"]) == pushing | iam_actions(commands("image"))


def test_what_is_left_out_is_somewhere_named():
    types = {resource["Type"] for template in TEMPLATES.values() for resource in template["Resources"].values()}
    assert left_out() - named_by_schemas(types) == set(), "left out, and named by no schema"


@pytest.mark.parametrize("statement", every_statement(), ids=lambda each: each["Sid"])
def test_every_action_exists_and_names_what_can_be_named(statement):
    assert statement["Effect"] == "Allow"
    for action in listed(statement["Action"]):
        if action in READ_PATTERNS:
            assert statement["Resource"] == "*"
            continue
        assert "*" not in action, action
        assert known(action) is not None, f"{action}: IAM knows no such action"
        namable = known(action).get("Resources", [])
        if statement["Resource"] == "*":
            assert not namable or action in OPEN_WITH_REASON, f"{action}: one of {namable} can be named"
            if action in OPEN_WITH_REASON:
                assert "ecs:cluster" in json.dumps(statement["Condition"])
        else:
            assert any(
                fits(action, kind, resource) for kind in namable for resource in listed(statement["Resource"])
            ), f"{action}: no resource here is one of {namable}, and so it is not allowed at all"


def fits(action, kind, resource):
    """Whether a resource's ARN can belong to a resource type of an action."""
    if not isinstance(resource, str):
        resource = resolved(resource)
    service = action.split(":")[0]
    described = IAM[service]["Resources"].get(kind)
    formats = described["ARNFormats"] if described else []
    return any(re.fullmatch(re.sub(r"\$\{[^}]*\}", "[^:/]*", each), resource) for each in formats) or (
        # For API Gateway the copy has only the names of types, such as "RestApi".
        described is None and f":{service}:" in resource and f"/{kind.lower().rstrip('s')}" in resource
    )


def resolved(value):
    if value == {"Ref": "AWS::StackId"}:
        return "arn:x:cloudformation:x:x:stack/x/x"
    if "Fn::Sub" in value:
        return re.sub(r"\$\{[^}]*\}", "x", value["Fn::Sub"])
    name, _ = value["Fn::GetAtt"]
    arns = {
        "AWS::SQS::Queue": "arn:x:sqs:x:x:x",
        "AWS::ECS::Cluster": "arn:x:ecs:x:x:cluster/x",
    }
    return arns[TEMPLATES["aws"]["Resources"][name]["Type"]]


@pytest.mark.parametrize("name", list(POLICIES))
def test_only_region_account_and_what_aws_names_itself_are_left_open(name):
    """IAM User Guide, "Policy variables": none in an ARN before its resource part, so that Region and account stay "*"."""
    for statement in POLICIES[name]["Statement"]:
        for resource in listed(statement["Resource"]):
            if resource == "*":
                continue
            _, partition, service, _, _, rest = resource.split(":", 5)
            assert partition == "aws" and "*" not in service
            if re.fullmatch(r"[a-z-]+/\*", rest) and service in ("ec2", "apigateway"):
                # AWS chooses their ids, so they are allowed only through CloudFormation, or by the stack's tag.
                assert statement["Condition"]["StringEquals"] in (
                    {"aws:CalledViaFirst": "cloudformation.amazonaws.com"},
                    {"aws:ResourceTag/css-stack": "cssAws"},
                )
            elif not statement["Sid"].startswith(SERVICE):
                assert not rest.startswith("*"), resource


@pytest.mark.parametrize("name", list(POLICIES))
def test_a_policy_can_be_a_managed_one(name):
    # IAM User Guide, "IAM and AWS STS quotas": 6,144 characters, white space not counted.
    assert len(re.sub(r"\s", "", POLICY_FILES[name].read_text())) <= 6_144


def test_roles_can_be_passed_to_three_services_alone():
    (statement,) = [each for each in POLICIES["aws"]["Statement"] if each["Action"] == "iam:PassRole"]
    assert statement["Resource"] == "arn:aws:iam::*:role/cssAws-*"
    assert statement["Condition"] == {
        "StringEquals": {
            "iam:PassedToService": ["apigateway.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]
        }
    }


def test_who_opens_the_page_may_open_a_tunnel_and_no_shell():
    # Systems Manager User Guide, "Sample IAM policies for Session Manager": an own session can be resumed and ended.
    own_sessions = {"ssm:ResumeSession", "ssm:TerminateSession"}
    assert actions(POLICIES["tunnel"]["Statement"]) == iam_actions(commands("tunnel")) | own_sessions
    documents = [
        resource
        for statement in POLICIES["tunnel"]["Statement"]
        for resource in listed(statement["Resource"])
        if ":document/" in resource
    ]
    assert documents == ["arn:aws:ssm:*::document/AWS-StartPortForwardingSession"]
    (instance,) = [each for each in POLICIES["tunnel"]["Statement"] if each["Resource"].endswith(":instance/*")]
    # Else the default document, which is a shell, needs no right of its own.
    assert instance["Condition"]["BoolIfExists"] == {"ssm:SessionDocumentAccessCheck": "true"}
    tags = {each["Key"]: each["Value"] for each in resources("aws", "AWS::EC2::Instance")["Instance"]["Tags"]}
    assert tags["css-stack"] == {"Ref": "AWS::StackName"}


def test_css_may_do_the_same_on_a_machine_of_your_own_as_on_aws():
    (role,) = [each for name, each in resources("aws", "AWS::IAM::Role").items() if name == "TaskRole"]
    (policy,) = role["Policies"]
    on_aws = {each["Sid"]: listed(each["Action"]) for each in policy["PolicyDocument"]["Statement"]}
    here = {each["Sid"]: listed(each["Action"]) for each in service_statements("local")}
    assert here == on_aws


def test_a_process_that_embeds_the_library_may_do_what_css_does_and_claim_its_queue():
    claim = {
        "Sid": "CssClaimsItsQueue",
        "Effect": "Allow",
        "Action": ["sqs:ListQueueTags", "sqs:TagQueue", "sqs:UntagQueue"],
        "Resource": "arn:aws:sqs:*:*:css_queue",
    }
    assert POLICIES["library"]["Statement"] == [*service_statements("local"), claim]


def test_policies_are_where_the_guide_says():
    assert {path.relative_to(DEPLOY).as_posix() for path in POLICY_FILES.values()} == {
        "docker/conf/cloudformation_policy.json",
        "aws/conf/cloudformation_policy.json",
        "aws/conf/image_policy.json",
        "aws/conf/library_policy.json",
        "aws/conf/tunnel_policy.json",
    }


CALLS = [("GET", "v1/tasks"), ("GET", "v1/stream/tasks"), ("GET", "v1/instances"), ("GET", "metrics"), ("POST", "v1/tasks")]


@pytest.mark.parametrize(("example", "allowed"), [(0, CALLS), (1, CALLS[:4]), (2, CALLS[:2])], ids=["all", "GET", "tasks"])
def test_the_guides_policies_for_callers_allow_what_their_titles_say(example, allowed):
    found = re.findall(r"^```json\n(.*?)^```$", chapters()["Install on AWS"], flags=re.MULTILINE | re.DOTALL)
    (statement,) = json.loads(found[example])["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    patterns = [re.escape(each).replace(r"\*", ".*") for each in listed(statement["Resource"])]
    # API Gateway Developer Guide, "Resource format of permissions for executing API": API/STAGE/METHOD/PATH
    arn = "arn:aws:execute-api:REGION:ACCOUNT:API-ID/prod/{}/{}"
    assert [call for call in CALLS if any(re.fullmatch(each, arn.format(*call)) for each in patterns)] == allowed
