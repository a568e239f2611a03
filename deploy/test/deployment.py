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


def listed(value):
    return value if isinstance(value, list) else [value]


def actions(statements):
    return {action for statement in statements for action in listed(statement["Action"])}
