"""AWS Bedrock: how a Messages request becomes one of InvokeModel, how its answer is read, and where AWS's keys are.

`make_upstream` is all that the rest of the program needs. botocore is imported by `aws_session` alone, on its thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from proxycast.model.credential import AwsEndpoint, Credential
from proxycast.model.secret import Secret
from proxycast.model.text import Translate
from proxycast.upstream.bedrock.account import Account, Surroundings
from proxycast.upstream.bedrock.session_keys import AskCode
from proxycast.upstream.bedrock.signed import SignedFormat
from proxycast.upstream.bedrock.tables import Tables
from proxycast.upstream.bedrock.upstream import Bedrock
from proxycast.upstream.request import Upstream


def make_upstream(
    credential: Credential,
    secrets: Mapping[str, Secret],
    *,
    proxy: str,
    environment: Mapping[str, str],
    ask_code: AskCode | None,
    roles: dict[str, dict[str, Any]],
    tables: Path,
    translate: Translate,
) -> Upstream:
    """The upstream of a credential of kind `bedrock`, whose secrets have these values.

    For `proxy`, `environment`, `ask_code` and `roles` see `Surroundings`; `tables` is the file of what InvokeModel
    takes. Raises Refusal.
    """
    account = Account(credential, secrets, Surroundings(proxy, environment, ask_code, roles))
    if credential.aws is not None and credential.aws.endpoint is not AwsEndpoint.BEDROCK:
        return SignedFormat(credential, account, translate)
    return Bedrock(credential, account, _tables(tables), translate)


@lru_cache(maxsize=1)
def _tables(file: Path) -> Tables:
    return Tables.read(file)
