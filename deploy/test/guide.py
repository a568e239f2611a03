"""Reads the commands of the guide, by chapter."""

import re

from deployment import GUIDE

# The chapters for each kind of reader.
CHAPTERS = {
    "local": ["Install on a machine of your own", "Upgrade a machine of your own", "Delete from a machine of your own"],
    "aws": ["Install on AWS", "SSH to the instance", "Upgrade on AWS", "Delete from AWS"],
    "image": ["The image"],
    "tunnel": ["Page and metrics on AWS"],
}
# Command of the AWS CLI -> IAM action, where the two names differ; None: no right needed.
ACTIONS = {
    "ecr get-login-password": "ecr:GetAuthorizationToken",
    "cloudformation wait": "cloudformation:DescribeStacks",
    "sts get-caller-identity": None,
    "sso login": None,
    "apigateway get-account": "apigateway:GET",
}


def chapters():
    """Title -> text of the chapters of the second and third level."""
    parts = re.split(r"^##+ (.*)$", GUIDE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(text):
    return re.findall(r"^```\w*\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands(reader):
    """All `aws SERVICE COMMAND` in the chapters for a kind of reader."""
    found = chapters()
    text = "\n".join(found[title] for title in CHAPTERS[reader])
    return set(re.findall(r"\baws ([a-z0-9]+ [a-z0-9-]+)", text))


def iam_actions(cli_commands):
    wanted = set()
    for command in cli_commands:
        if command in ACTIONS:
            wanted.add(ACTIONS[command])
        else:
            service, verb = command.split(" ")
            wanted.add(f"{service}:{''.join(part.capitalize() for part in verb.split('-'))}")
    return wanted - {None}
