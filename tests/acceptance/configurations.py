"""Configuration files as people have them."""

from __future__ import annotations

from tests.fakes.service import KEY

OFFICIAL_KEY = "sk-ant-api03-official-literal-that-must-not-show"
AWS_ACCESS_KEY = "AKIAIOSFODNN7PROXYCA"
AWS_SECRET_KEY = "wJalrXUtnFEMIK7MDENGbPxRfiCYPROXYCASTKEY"

LITERALS = (OFFICIAL_KEY, KEY, AWS_ACCESS_KEY, AWS_SECRET_KEY)
"""Every secret that stands in the file of `both_forms`."""


def both_forms(base_url: str, key: str = KEY) -> str:
    """Providers, defaults for them and a Bedrock section in one file; `claude-proxy` leads to `base_url`."""
    return f"""\
# The pool of a developer.
selected: claude-proxy

providers:
  - name: anthropic-official
    type: claude-custom
    api_key: "{OFFICIAL_KEY}"
    # the default base URL is used
  - name: claude-proxy
    type: claude-custom
    api_key: "{key}"
    base_url: "{base_url}"

claude-custom:                 # no `type` inside: defaults for every claude-custom credential
  api_version: "2023-06-01"
  headers:
    X-Custom-Header: "value"
  timeout:
    connect: 10s
    request: 180s

bedrock-claude:                # a mapping with `type: claude-custom`: a credential named by its key
  type: claude-custom
  aws_region: "us-east-1"
  aws_access_key: "{AWS_ACCESS_KEY}"
  aws_secret_key: "{AWS_SECRET_KEY}"
  model_id: "anthropic.claude-3-sonnet-20240229-v1:0"
"""


def pool(**base_urls: str) -> str:
    """A file with one credential of this name for each of these base URLs; the first one is selected."""
    providers = "".join(
        f'  - name: {name}\n    type: claude-custom\n    base_url: "{base_url}"\n    api_key: "{KEY}"\n'
        for name, base_url in base_urls.items()
    )
    return f"providers:\n{providers}selected: {next(iter(base_urls))}\n"
