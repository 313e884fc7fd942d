"""Where AWS's doors to Claude are, and in which region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from proxycast.model.credential import AwsEndpoint, Credential
from proxycast.model.errors import AwsRefused
from proxycast.model.text import Text
from proxycast.upstream.destination import Destination

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}")


class Endpoint(msgspec.Struct, frozen=True):
    """One service of AWS: where it is, what paths begin with there, and the name that signatures are made for.

    `host` is the value of the Host header.
    """

    destination: Destination
    host: str
    prefix: str
    service: str


class Endpoints(msgspec.Struct, frozen=True):
    """The services that a credential may talk to.

    `runtime` invokes models, `control` lists them, `identity` (AWS STS) tells whose keys they are.
    """

    region: str
    runtime: Endpoint
    control: Endpoint
    mantle: Endpoint
    claude_platform: Endpoint
    identity: Endpoint

    def door(self, endpoint: AwsEndpoint) -> Endpoint:
        """The one that the credential's requests go to."""
        return {
            AwsEndpoint.BEDROCK: self.runtime,
            AwsEndpoint.MANTLE: self.mantle,
            AwsEndpoint.CLAUDE_PLATFORM: self.claude_platform,
        }[endpoint]


def endpoints_of(credential: Credential, region: str, proxy: str) -> Endpoints:
    """The services in a region; a `base_url` of the credential stands in for all of them.

    `proxy` is the program's setting. Source: "Amazon Bedrock endpoints and quotas" in the AWS General Reference,
    "Claude in Amazon Bedrock" in the documentation of the Claude API.
    """
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"

    def endpoint(url: str, service: str, path: str = "") -> Endpoint:
        url = credential.base_url or url
        parts = urlsplit(url)
        prefix = parts.path if credential.base_url and parts.path.endswith(path) else parts.path + path
        return Endpoint(destination_of(url, credential, proxy), parts.netloc, prefix, service)

    return Endpoints(
        region=region,
        runtime=endpoint(f"https://bedrock-runtime.{region}.{suffix}", "bedrock"),
        control=endpoint(f"https://bedrock.{region}.{suffix}", "bedrock"),
        mantle=endpoint(f"https://bedrock-mantle.{region}.api.aws", "bedrock-mantle", "/anthropic"),
        claude_platform=endpoint(f"https://aws-external-anthropic.{region}.api.aws", "aws-external-anthropic"),
        identity=endpoint(f"https://sts.{region}.{suffix}", "sts"),
    )


def destination_of(url: str, credential: Credential, proxy: str) -> Destination:
    """How a URL is reached with the settings of a credential; `proxy` is the program's."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    return Destination(
        tls=tls,
        host=parts.hostname or "",
        port=parts.port or (443 if tls else 80),
        ca_file=credential.ca_file,
        proxy=credential.proxy or proxy,
        own_proxy=credential.proxy is not None,
    )


def choose_region(credential: Credential, of_profile: str | None, environment: Mapping[str, str]) -> str:
    """The region: the credential's, else its profile's, else the environment's. Raises AwsRefused; never guesses."""
    own = credential.aws.region if credential.aws is not None else None
    named = own or of_profile or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""
    region = named.strip()
    if not region:
        raise AwsRefused(
            Text("{name} names no AWS region, and neither does its profile or the environment.", name=credential.name),
            Text("Enter the region in the credential, for example us-east-1."),
        )
    if not _REGION.fullmatch(region):
        raise AwsRefused(
            Text("{region} is no AWS region.", region=repr(region)),
            Text("Regions look like us-east-1 or eu-central-1."),
        )
    return region
