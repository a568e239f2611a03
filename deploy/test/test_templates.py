"""Checks of the templates beyond those of cfn-lint."""

import gzip
import hashlib
import json
import re
from importlib.resources import files

import pytest
from botocore.loaders import Loader
from deployment import DOCKERFILE, ROOT, TEMPLATE_FILES, TEMPLATES, holds, resolved, resources

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
    # By name, since two queues that name each other's resource depend on each other.
    assert queues["EventQueue"]["QueueName"] == {"Ref": "QueueName"}
    assert queues["DeadLetterQueue"]["RedriveAllowPolicy"] == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [{"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${QueueName}"}],
    }
    assert queues["UndeliveredQueue"]["RedriveAllowPolicy"] == {"redrivePermission": "denyAll"}

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


def test_the_load_balancer_ends_idle_connections_before_the_server_does():
    """Else the load balancer sends a request into a connection that the server closes, which is a 502 now and then.
    Elastic Load Balancing's user guide, "Troubleshoot your Application Load Balancers", HTTP 502. A stream that has
    nothing to say must not count as idle."""
    server = ROOT / "examples/state-server/src/main/java/io/clusterstate/examples/stateserver"
    (limit,) = re.findall(r"Duration IDLE = Duration\.ofSeconds\((\d+)\)", (server / "HttpServer.java").read_text())
    (load_balancer,) = resources("aws", "AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    attributes = {each["Key"]: each["Value"] for each in load_balancer["LoadBalancerAttributes"]}
    idle = int(attributes["idle_timeout.timeout_seconds"])
    assert idle < int(limit)
    for streams in ("EventStreams.java", "LineStreams.java"):
        (pause,) = re.findall(r"HEARTBEAT_SECONDS = (\d+);", (server / streams).read_text())
        assert 2 * int(pause) < idle, streams


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
    assert resolved(instance["ImageId"], {"EcsAmiId": "ami-12345678"}) == "ami-12345678"


@pytest.mark.parametrize("kind", TEMPLATES["aws"]["Parameters"]["InstanceType"]["AllowedValues"])
def test_image_and_memory_follow_the_type_of_the_instance(kind):
    known = json.loads(gzip.decompress((files("moto") / "ec2/resources/instance_types.json.gz").read_bytes()))[kind]
    (processor,) = set(known["ProcessorInfo"]["SupportedArchitectures"]) - {"i386"}
    (instance,) = resources("aws", "AWS::EC2::Instance").values()
    # ECS Developer Guide, "Retrieving Amazon ECS-optimized Linux AMI metadata"
    folder = {"arm64": "amazon-linux-2023/arm64", "x86_64": "amazon-linux-2023"}[processor]
    parameter = f"/aws/service/ecs/optimized-ami/{folder}/recommended/image_id"
    assert resolved(instance["ImageId"], {"InstanceType": kind}) == f"{{{{resolve:ssm:{parameter}}}}}"

    (task,) = resources("aws", "AWS::ECS::TaskDefinition").values()
    task = resolved(task, {"InstanceType": kind})
    assert task["RuntimePlatform"]["CpuArchitecture"].lower() == processor
    # ECS places by the reservation, else by the limit. An instance keeps about 100 MiB of its memory for itself.
    placed = sum(each.get("MemoryReservation", each["Memory"]) for each in task["ContainerDefinitions"])
    assert placed <= known["MemoryInfo"]["SizeInMiB"] - 128


def test_every_type_of_2017_can_still_be_chosen():
    types = TEMPLATES["aws"]["Parameters"]["InstanceType"]
    old = """
        t2.micro t2.small t2.medium t2.large m4.large m4.xlarge m4.2xlarge m4.4xlarge m4.10xlarge
        m3.medium m3.large m3.xlarge m3.2xlarge c4.large c4.xlarge c4.2xlarge c4.4xlarge c4.8xlarge
        c3.large c3.xlarge c3.2xlarge c3.4xlarge c3.8xlarge r3.large r3.xlarge r3.2xlarge r3.4xlarge r3.8xlarge
        i2.xlarge i2.2xlarge i2.4xlarge i2.8xlarge
    """.split()
    assert set(old) <= set(types["AllowedValues"])
    assert types["AllowedValues"] == list(TEMPLATES["aws"]["Mappings"]["Types"])
    assert types["Default"] in types["AllowedValues"]


def test_the_images_tag_is_this_version_unless_it_is_given():
    version = re.search(r"<version>([0-9.]+)(?:-SNAPSHOT)?</version>", (ROOT / "deploy" / "pom.xml").read_text()).group(1)
    assert TEMPLATES["aws"]["Parameters"]["CssTag"]["Default"] == version


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
    apart = ("::Deployment", "::Stage", "::Account")
    api = {name: each for name, each in api.items() if not each["Type"].endswith(apart)}
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


def test_the_server_answers_to_the_name_that_the_api_calls_it_by():
    """API Gateway takes the Host header from the integration's URI (re:Post, "forward host header api gateway")."""
    (task,) = resources("aws", "AWS::ECS::TaskDefinition").values()
    (css,) = [each for each in task["ContainerDefinitions"] if each["Name"] == "css"]
    environment = {each["Name"]: each["Value"] for each in css["Environment"]}
    assert environment["CSS_ALLOWED_HOST"] == {"Fn::GetAtt": ["LoadBalancer", "DNSName"]}
    for name, method in resources("aws", "AWS::ApiGateway::Method").items():
        assert method["Integration"]["Uri"]["Fn::Sub"].startswith("http://${LoadBalancer.DNSName}:80/"), name


@pytest.mark.parametrize(("chosen", "logs", "role"), [("off", False, False), ("on", True, False), ("on-with-new-role", True, True)])
def test_the_api_logs_requests_if_that_was_chosen(chosen, logs, role):
    aws = TEMPLATES["aws"]
    assert chosen in aws["Parameters"]["ApiAccessLog"]["AllowedValues"]
    conditions = {name: holds(each, {"ApiAccessLog": chosen}) for name, each in aws["Conditions"].items()}
    made = {name for name, each in aws["Resources"].items() if conditions.get(each.get("Condition"), True)}
    assert ("ApiLogGroup" in made, "ApiLogRole" in made, "ApiAccount" in made) == (logs, role, role)

    (stage,) = resources("aws", "AWS::ApiGateway::Stage").values()
    stage = resolved(stage, {"ApiAccessLog": chosen})
    if not logs:
        assert stage["AccessLogSetting"] == {"Ref": "AWS::NoValue"}
        return
    # API Gateway takes no ":*" at the end, which the group's own Arn has.
    assert stage["AccessLogSetting"]["DestinationArn"]["Fn::Sub"].endswith(":log-group:${ApiLogGroup}")
    line = re.sub(r"\$context\.error\.messageString", '"none"', stage["AccessLogSetting"]["Format"])
    assert set(json.loads(line)) >= {"time", "caller", "method", "path", "status"}
    assert "\n" not in line and not re.search(r"authorization|querystring|header", line, flags=re.IGNORECASE)


def test_the_accounts_role_for_logs_outlives_the_stack():
    """All APIs of the account and Region use it. Without it they would stop to log."""
    for name in ("ApiLogRole", "ApiAccount"):
        resource = TEMPLATES["aws"]["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name
    assert TEMPLATES["aws"]["Parameters"]["ApiAccessLog"]["Default"] == "off", "a stack replaces no setting unasked"
