"""Checks of the templates beyond those of cfn-lint."""

import hashlib
import json
import re
import subprocess

import pytest
from botocore.loaders import Loader
from deployment import DOCKERFILE, TEMPLATE_FILES, TEMPLATES, resources

BOTH = pytest.mark.parametrize("template", ["local", "aws"])
SHARED = [
    "EventRule",
    "EventQueue",
    "DeadLetterQueue",
    "UndeliveredQueue",
    "EventQueuePolicy",
    "UndeliveredQueuePolicy",
]


@BOTH
def test_everything_that_is_asked_for_or_told_is_described(template):
    for part in ("Parameters", "Outputs"):
        for name, each in TEMPLATES[template][part].items():
            assert each.get("Description"), f"{part}.{name} has no Description"


@BOTH
def test_a_template_can_be_given_as_a_file(template):
    limit = 51_200  # CloudFormation quotas, "Template body size in a request"
    assert TEMPLATE_FILES[template].stat().st_size <= limit


def test_the_way_of_an_event_is_the_same_in_both():
    local, aws = (TEMPLATES[name]["Resources"] for name in ("local", "aws"))
    for name in SHARED:
        assert local[name] == aws[name], name
    assert set(local) == set(SHARED)


@BOTH
def test_the_rule_takes_what_the_mirror_reads(template):
    (rule,) = resources(template, "AWS::Events::Rule").values()
    assert rule["EventPattern"] == {
        "source": ["aws.ecs"],
        "detail-type": [
            "ECS Task State Change",
            "ECS Container Instance State Change",
            "ECS Service Action",
            "ECS Deployment State Change",
        ],
    }
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["EventQueue", "Arn"]}
    assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": ["UndeliveredQueue", "Arn"]}
    assert "RoleArn" not in target  # EventBridge User Guide, "Using resource-based policies": not for SQS targets


@BOTH
def test_every_queue_is_encrypted_and_only_the_rule_sends(template):
    queues = resources(template, "AWS::SQS::Queue")
    for name, queue in queues.items():
        assert queue["SqsManagedSseEnabled"] is True, name
    assert queues["EventQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}

    open_queues = []
    for policy in resources(template, "AWS::SQS::QueuePolicy").values():
        ((queue,),) = [[each["Ref"] for each in policy["Queues"]]]
        open_queues.append(queue)
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement == {
            "Sid": "OnlyTheRuleSends",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": {"Fn::GetAtt": [queue, "Arn"]},
            "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["EventRule", "Arn"]}}},
        }
    assert sorted(open_queues) == ["EventQueue", "UndeliveredQueue"]


@BOTH
def test_no_update_and_no_deletion_takes_a_queue_away(template):
    for name, each in TEMPLATES[template]["Resources"].items():
        if each["Type"] == "AWS::SQS::Queue":
            # A failed create-stack deletes its resources, so that it can be repeated (CloudFormation User Guide, "DeletionPolicy").
            assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain"), name


def test_the_contract_of_the_guide_holds():
    aws = TEMPLATES["aws"]
    assert {"EcsAmiId", "InstanceType", "KeyName", "EcsClusterName", "QueueName", "ApiStageName"} <= set(aws["Parameters"])
    assert {"Instance", "RestApi", "Vpc"} <= set(aws["Resources"])
    assert aws["Parameters"]["QueueName"]["Default"] == "css_queue"
    assert aws["Parameters"]["EcsClusterName"]["Default"] == "amazon-ecs-cluster-state-service"
    assert list(TEMPLATES["local"]["Outputs"]) == ["QueueName", "QueueUrl"]
    # The guide uses "Outputs[0]". CloudFormation documents no order of outputs, so there is only one.
    (url,) = aws["Outputs"].values()
    assert url["Value"]["Fn::Sub"].startswith("https://${RestApi}.execute-api.")


def test_each_security_group_lets_in_one_port_from_one_place():
    groups = resources("aws", "AWS::EC2::SecurityGroup")
    ports = {}
    for name, group in groups.items():
        assert "SecurityGroupEgress" in group, f"{name} allows all outgoing traffic"
        for rule in group["SecurityGroupEgress"]:
            assert rule["FromPort"] == rule["ToPort"] and rule["IpProtocol"] == "tcp", name
        ingress = group.get("SecurityGroupIngress", [])
        for rule in ingress:
            assert rule["FromPort"] == rule["ToPort"] and rule["IpProtocol"] == "tcp", name
        ports[name] = [(rule["FromPort"], rule.get("SourceSecurityGroupId", rule.get("CidrIp"))) for rule in ingress]
    assert ports == {
        "ApiLinkSecurityGroup": [],
        "LoadBalancerSecurityGroup": [(80, {"Ref": "ApiLinkSecurityGroup"})],
        "InstanceSecurityGroup": [(3000, {"Ref": "LoadBalancerSecurityGroup"})],
        "SshSecurityGroup": [(22, {"Ref": "SshCidr"})],
    }


def test_the_load_balancer_reaches_a_container_that_exists():
    (task,) = resources("aws", "AWS::ECS::TaskDefinition").values()
    containers = {each["Name"]: each for each in task["ContainerDefinitions"]}
    (service,) = resources("aws", "AWS::ECS::Service").values()
    (way,) = service["LoadBalancers"]
    (group,) = resources("aws", "AWS::ElasticLoadBalancingV2::TargetGroup").values()
    (mapping,) = containers[way["ContainerName"]]["PortMappings"]
    assert way["ContainerPort"] == mapping["ContainerPort"] == mapping["HostPort"] == group["Port"] == 3000
    assert {"Name": "CSS_BIND", "Value": "0.0.0.0:3000"} in containers["css"]["Environment"]
    assert containers["css"]["Links"] == ["etcd"]
    assert "PortMappings" not in containers["etcd"]
    (load_balancer,) = resources("aws", "AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    assert load_balancer["Scheme"] == "internal"


def test_containers_can_change_nothing_but_their_data():
    (task,) = resources("aws", "AWS::ECS::TaskDefinition").values()
    for container in task["ContainerDefinitions"]:
        assert container["ReadonlyRootFilesystem"] is True, container["Name"]
        assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}, container["Name"]
        assert container["HealthCheck"], container["Name"]
        assert container["LogConfiguration"]["Options"]["awslogs-group"] == {"Ref": "LogGroup"}, container["Name"]


def test_the_instance_asks_for_session_tokens_and_runs_on_todays_image():
    (instance,) = resources("aws", "AWS::EC2::Instance").values()
    assert instance["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    recommended = instance["ImageId"]["Fn::If"][2]
    assert recommended == (
        "{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id}}"
    )
    types = TEMPLATES["aws"]["Parameters"]["InstanceType"]
    assert all(each.split(".")[0].endswith("g") for each in types["AllowedValues"]), "all must be Graviton"
    assert types["Default"] in types["AllowedValues"]


def test_the_image_is_built_with_the_java_that_runs_it():
    built, runs = re.findall(r"^FROM .*?eclipse-temurin:([0-9._]+)-(?:jdk|jre)-", DOCKERFILE.read_text(), flags=re.MULTILINE)
    assert built == runs


def test_etcds_data_outlives_its_instance():
    aws = TEMPLATES["aws"]["Resources"]
    volume = aws["EtcdVolume"]
    assert volume["Properties"]["VolumeType"] == "gp3" and volume["Properties"]["Encrypted"] is True
    assert volume["DeletionPolicy"] == volume["UpdateReplacePolicy"] == "Snapshot"
    assert "Instance" not in json.dumps(volume), "a volume that names the instance is replaced with it"
    assert not [name for name, each in aws.items() if each["Type"] == "AWS::EC2::VolumeAttachment"], (
        "CloudFormation attaches to the new instance before it detaches from the old one, which fails"
    )


@pytest.mark.parametrize("name", ["prod", "amazon-ecs-cluster-state-service", "v1_2", "x" * 125])
def test_the_stage_has_the_name_that_a_note_of_before_gives_it(name):
    assert re.fullmatch(stage_pattern(), name)
    # Elastic Load Balancing, "Path conditions": at most 128 characters.
    for value in listener_paths():
        assert len(value.replace("${ApiStageName}", name)) <= 128


@pytest.mark.parametrize("name", ["", "$default", "a.b", "a/b", "a b", "x" * 126])
def test_the_stage_has_no_other_name(name):
    assert not re.fullmatch(stage_pattern(), name)


def test_api_gateway_takes_the_names_of_the_stage():
    model = Loader().load_service_model("apigateway", "service-2")  # the service of REST APIs, such as ours
    words = model["shapes"]["CreateStageRequest"]["members"]["stageName"]["documentation"]
    assert "only contain alphanumeric characters, hyphens, and underscores" in words


def stage_pattern():
    return TEMPLATES["aws"]["Parameters"]["ApiStageName"]["AllowedPattern"]


def listener_paths():
    (rule,) = resources("aws", "AWS::ElasticLoadBalancingV2::ListenerRule").values()
    (condition,) = rule["Conditions"]
    return [value["Fn::Sub"] for value in condition["PathPatternConfig"]["Values"]]


def test_only_signed_requests_pass():
    for name, method in resources("aws", "AWS::ApiGateway::Method").items():
        assert method["AuthorizationType"] == "AWS_IAM", name
        assert method["HttpMethod"] == "GET", name
        assert method["Integration"]["ConnectionType"] == "VPC_LINK", name


def test_a_change_of_the_api_is_deployed():
    """A deployment is a copy of the API, so a changed API needs a new deployment with a new logical id."""
    aws = TEMPLATES["aws"]["Resources"]
    api = {name: each for name, each in aws.items() if each["Type"].startswith("AWS::ApiGateway::")}
    api = {name: each for name, each in api.items() if not each["Type"].endswith(("::Deployment", "::Stage"))}
    digest = hashlib.sha256(json.dumps(api, sort_keys=True).encode()).hexdigest()[:8]
    (deployment,) = resources("aws", "AWS::ApiGateway::Deployment")
    assert deployment == f"ApiDeployment{digest}", "the API has changed: rename its deployment to that"
    methods = sorted(resources("aws", "AWS::ApiGateway::Method"))
    assert sorted(aws[deployment]["DependsOn"]) == methods
    (stage,) = resources("aws", "AWS::ApiGateway::Stage").values()
    assert stage["DeploymentId"] == {"Ref": deployment}


def test_logs_end_and_alarms_tell_of_queues_and_of_css():
    for group in resources("aws", "AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"]
    watched = {
        name: (alarm["MetricName"], alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0])
        for name, alarm in resources("aws", "AWS::CloudWatch::Alarm").items()
    }
    assert watched == {
        "QueueAgeAlarm": ("ApproximateAgeOfOldestMessage", "EventQueue"),
        "DeadLetterAlarm": ("ApproximateNumberOfMessagesVisible", "DeadLetterQueue"),
        "UndeliveredAlarm": ("ApproximateNumberOfMessagesVisible", "UndeliveredQueue"),
        "UnhealthyAlarm": ("HealthyHostCount", "LoadBalancer"),
    }


def user_data():
    (instance,) = resources("aws", "AWS::EC2::Instance").values()
    separator, lines = instance["UserData"]["Fn::Base64"]["Fn::Join"]
    return separator.join(line if isinstance(line, str) else line["Fn::Sub"] for line in lines)


def test_the_instances_first_script_is_sound():
    done = subprocess.run(
        ["shellcheck", "-"],
        input=user_data().replace("${AWS::Region}", "r").replace("${EcsCluster}", "c").replace("${EtcdVolume}", "v"),
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout


def test_ecs_hears_of_the_instance_only_once_the_volume_is_there():
    script = user_data()
    steps = ["set -euo pipefail", "attach-volume", "blkid", "mount /var/lib/css-etcd", "install -d", "ECS_CLUSTER="]
    places = [script.index(step) for step in steps]
    assert places == sorted(places)
