"""The IAM actions that CloudFormation needs to make, change and remove the resources of a template.

They are the permissions in each resource type's schema ("handlers", CloudFormation User Guide, "Resource type schema"), of
which cfn-lint has a copy. A schema names all that a type might ever need, so the actions in LEFT_OUT are subtracted.
"""

import json
from importlib.resources import files

SCHEMAS = files("cfnlint") / "data" / "schemas"

# Reason -> actions in schemas that our templates do not need.
LEFT_OUT = {
    "queues, roles and services get no tags: CloudFormation itself does not tag these types (their schemas' 'tagging')": [
        "sqs:TagQueue",
        "sqs:UntagQueue",
        "iam:TagRole",
        "iam:UntagRole",
    ],
    "roles have no boundary": [
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
    ],
    "no version of the template takes a tag away": [
        "cloudwatch:UntagResource",
        "ec2:DeleteTags",
        "ecs:UntagResource",
        "elasticloadbalancing:RemoveTags",
        "events:UntagResource",
        "logs:UntagResource",
    ],
    "no version of the template changes these in place": [
        "ec2:ReplaceRoute",
        "ec2:ReplaceRouteTableAssociation",
        "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
        "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
        "elasticloadbalancing:SetRulePriorities",
        "elasticloadbalancing:SetSubnets",
        "iam:UpdateRole",
    ],
    "service-linked roles are the account's, and stay": [
        "iam:DeleteServiceLinkedRole",
        "iam:GetServiceLinkedRoleDeletionStatus",
    ],
    "no IPv6, no IPAM, no VPN gateway, no encryption control, no other tenancy in the VPC": [
        "ec2:AssociateSubnetCidrBlock",
        "ec2:DisassociateSubnetCidrBlock",
        "ec2:DescribeIpamPools",
        "ec2:AttachVpnGateway",
        "ec2:DetachVpnGateway",
        "ec2:CreateVpcEncryptionControl",
        "ec2:ModifyVpcTenancy",
    ],
    "the template's volume is new and encrypted with the account's own key for EBS, which needs no right": [
        "ec2:CopyVolumes",
        "ec2:ModifyVolumeAttribute",
        "kms:CreateGrant",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ],
    "the instance attaches its volume itself": ["ec2:AttachVolume", "ec2:DetachVolume"],
    "the instance's profile, credits, placement, maintenance, monitoring and names are as they come": [
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
        "ec2:ModifyInstanceCreditSpecification",
        "ec2:ModifyInstanceMaintenanceOptions",
        "ec2:ModifyInstancePlacement",
        "ec2:ModifyPrivateDnsNameOptions",
        "ec2:MonitorInstances",
        "ec2:UnmonitorInstances",
        "ssm:CreateAssociation",
        "ssm:DeleteAssociation",
        "ssm:DescribeAssociation",
        "ssm:ListAssociations",
    ],
    "the cluster has no capacity providers and no settings": [
        "ecs:PutAccountSetting",
        "ecs:PutAccountSettingDefault",
        "ecs:PutClusterCapacityProviders",
        "ecs:UpdateCluster",
        "ecs:UpdateClusterSettings",
    ],
    "no authentication, no reserved capacity, no IP pools at the load balancer; ECS registers its targets by its own role": [
        "cognito-idp:DescribeUserPoolClient",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:ModifyCapacityReservation",
        "elasticloadbalancing:ModifyIpPools",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:DeregisterTargets",
    ],
    "the API is in the template, not in S3, and has no policy of its own": ["s3:GetObject", "apigateway:UpdateRestApiPolicy"],
    "in the schema, and no action of IAM's: API Gateway tags by its HTTP verbs (Service Authorization Reference)": [
        "apigateway:TagResource",
        "apigateway:unTagResource",
        "s3:REST.PUT.OBJECT",
    ],
    "the log group has a retention, and nothing else": [
        "firehose:TagDeliveryStream",
        "logs:AssociateKmsKey",
        "logs:DisassociateKmsKey",
        "logs:CreateLogDelivery",
        "logs:DeleteDataProtectionPolicy",
        "logs:PutDataProtectionPolicy",
        "logs:DeleteIndexPolicy",
        "logs:PutIndexPolicy",
        "logs:DeleteResourcePolicy",
        "logs:PutResourcePolicy",
        "logs:DeleteRetentionPolicy",
        "logs:PutBearerTokenAuthentication",
        "logs:PutLogGroupDeletionProtection",
    ],
}
