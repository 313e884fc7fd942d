"""IAM policies that allow what AWS refused, ready to be attached."""

from __future__ import annotations

import msgspec

from proxycast.model.credential import AwsEndpoint

_INVOKING = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:CountTokens")
_LOOKING = ("bedrock:ListInferenceProfiles", "bedrock:GetInferenceProfile", "bedrock:ListFoundationModels")
_MARKETPLACE = ("aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe")
_DOORS = {
    AwsEndpoint.MANTLE: ("bedrock-mantle:CreateInference", "bedrock-mantle:Get*", "bedrock-mantle:List*"),
    AwsEndpoint.CLAUDE_PLATFORM: (
        "aws-external-anthropic:CreateInference",
        "aws-external-anthropic:CountTokens",
        "aws-external-anthropic:GetModel",
        "aws-external-anthropic:ListModels",
    ),
}


def policy_for(endpoint: AwsEndpoint, region: str, *, action: str = "", account: str = "", workspace: str = "") -> str:
    """A policy as JSON that allows all that a credential for this service of AWS needs, `action` among it.

    `account` is the id of the AWS account, empty where it is not known; `workspace` is one of Claude Platform on AWS.
    Sources: "Prerequisites for inference profiles" in the Amazon Bedrock User Guide, the AWS managed policy
    AmazonBedrockMantleInferenceAccess, "IAM actions for Claude Platform on AWS".
    """
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    account = account or "*"
    match endpoint:
        case AwsEndpoint.BEDROCK:
            # A profile invokes the model in whatever region has room, so both are needed, the model's in any region.
            resources = [
                f"arn:{partition}:bedrock:*::foundation-model/anthropic.*",
                f"arn:{partition}:bedrock:*:{account}:inference-profile/*",
                f"arn:{partition}:bedrock:*:{account}:application-inference-profile/*",
            ]
            statements = [_allow("InvokeClaude", _INVOKING, resources), _allow("ListModels", _LOOKING, "*")]
        case AwsEndpoint.MANTLE:
            resource = f"arn:{partition}:bedrock-mantle:*:{account}:project/*"
            statements = [_allow("InvokeClaude", _DOORS[endpoint], resource)]
        case AwsEndpoint.CLAUDE_PLATFORM:
            resource = f"arn:{partition}:aws-external-anthropic:{region}:{account}:workspace/{workspace or '*'}"
            statements = [_allow("InvokeClaude", _DOORS[endpoint], resource)]
    if action.startswith("aws-marketplace:"):
        statements.append(_allow("EnableModels", _MARKETPLACE, "*"))
    elif action and not any(_covers(one, action) for statement in statements for one in statement.actions):
        statements.append(_allow("WhatWasRefused", (action,), "*"))
    return msgspec.json.format(msgspec.json.encode(_Policy("2012-10-17", statements)), indent=2).decode()


class _Statement(msgspec.Struct, rename="pascal"):
    sid: str
    effect: str
    actions: list[str] = msgspec.field(name="Action")
    resource: str | list[str]


class _Policy(msgspec.Struct, rename="pascal"):
    version: str
    statement: list[_Statement]


def _allow(sid: str, actions: tuple[str, ...], resource: str | list[str]) -> _Statement:
    return _Statement(sid, "Allow", list(actions), resource)


def _covers(allowed: str, action: str) -> bool:
    return action.startswith(allowed[:-1]) if allowed.endswith("*") else action == allowed
