"""The deployed files, read once."""

import json
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
COMPOSE_FILE = DEPLOY / "docker" / "conf" / "docker-compose.yml"
GUIDE = DEPLOY / "README.md"
TEMPLATE_FILES = {
    "local": DEPLOY / "docker" / "conf" / "cloudformation_template.json",
    "aws": DEPLOY / "aws" / "conf" / "cloudformation_template.json",
}
POLICY_FILES = {
    "local": DEPLOY / "docker" / "conf" / "cloudformation_policy.json",
    "aws": DEPLOY / "aws" / "conf" / "cloudformation_policy.json",
    "image": DEPLOY / "aws" / "conf" / "image_policy.json",
    "library": DEPLOY / "aws" / "conf" / "library_policy.json",
    "tunnel": DEPLOY / "aws" / "conf" / "tunnel_policy.json",
}

TEMPLATES = {name: json.loads(path.read_text()) for name, path in TEMPLATE_FILES.items()}
POLICIES = {name: json.loads(path.read_text()) for name, path in POLICY_FILES.items()}
COMPOSE = yaml.safe_load(COMPOSE_FILE.read_text())


def resources(template, kind):
    """Logical id -> properties of the resources of a type."""
    return {
        name: resource.get("Properties", {})
        for name, resource in TEMPLATES[template]["Resources"].items()
        if resource["Type"] == kind
    }


def resolved(value, given):
    """A value of the AWS template as CloudFormation takes it with these parameters. A reference to a resource stays."""
    aws = TEMPLATES["aws"]
    parameters = {name: each.get("Default") for name, each in aws["Parameters"].items()} | given
    if isinstance(value, list):
        return [each for each in (resolved(each, given) for each in value) if each != {"Ref": "AWS::NoValue"}]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in parameters:
        return parameters[value["Ref"]]
    match next(iter(value.items()), None):
        case ("Fn::If", [condition, then, otherwise]):
            return resolved(then if holds(aws["Conditions"][condition], given) else otherwise, given)
        case ("Fn::FindInMap", [name, *keys]):
            found = aws["Mappings"][name]
            for key in keys:
                found = found[resolved(key, given)]
            return found
    return {key: resolved(each, given) for key, each in value.items()}


def holds(condition, given):
    ((kind, operands),) = condition.items()
    match kind:
        case "Fn::Equals":
            left, right = (resolved(each, given) for each in operands)
            return left == right
        case "Fn::Not":
            return not holds(operands[0], given)
        case "Fn::Or":
            return any(holds(each, given) for each in operands)
    raise AssertionError(kind)


def listed(value):
    return value if isinstance(value, list) else [value]


def actions(statements):
    return {action for statement in statements for action in listed(statement["Action"])}
