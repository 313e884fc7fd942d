"""Keys from AWS's own places, by botocore: profiles, roles, sign-ins, processes, containers, instances.

Everything here blocks and belongs on a thread of its own; importing it imports botocore. Of the environment only what
describes the default chain counts: variables that would send requests elsewhere, or take other keys than the user
chose, change nothing. What botocore asks of AWS goes by `send`, so by the connections, proxy and trust of all traffic;
only the metadata services of instances and containers, on this machine's own link, are asked directly.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import botocore.exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.credentials import (
    AssumeRoleProvider,
    CanonicalNameCredentialSourcer,
    CredentialResolver,
    ProfileProviderBuilder,
    create_credential_resolver,
)
from botocore.httpsession import URLLib3Session
from botocore.session import Session

from proxycast.model.errors import AwsRefused, ProxyCastError, SignInNeeded
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.upstream.bedrock.keys import AwsKeys

Send = Callable[[str, str, list[tuple[str, str]], bytes], tuple[int, list[tuple[str, str]], bytes]]
"""Sends method, URL, headers and body; gives status, headers and body. Blocks. Raises ProxyCastError."""

_UNSAFE: dict[str, object] = {
    "ca_bundle": None,
    "data_path": None,
    "client_cert": None,
    "api_versions": {},
    "use_fips_endpoint": False,
    "use_dualstack_endpoint": False,
    "sts_regional_endpoints": "regional",
}
"""Settings that a profile or the environment could use to lead requests, or what describes AWS, elsewhere."""

_MACHINE = ("container-role", "iam-role", "ec2-credentials-file", "boto-config")
_QUIET = logging.getLogger("botocore")
_QUIET.propagate = False  # its debug log has headers and bodies, and what fails is told by the error
_QUIET.addHandler(logging.NullHandler())


def load_keys(
    profile: str | None, region: str, *, send: Send, ask_code: Callable[[str], str], cache: dict[str, Any]
) -> AwsKeys:
    """The keys of a profile, or of the default chain for None.

    `cache` keeps the roles that were assumed; `ask_code` gets a prompt and gives the code of an MFA device. Raises
    AwsRefused, SignInNeeded, and what `send` and `ask_code` raise.
    """
    try:
        session = _Session(profile, region, send)
        credentials = _resolver(session, profile, region, ask_code, cache).load_credentials()
        frozen = None if credentials is None else credentials.get_frozen_credentials()
    except ProxyCastError:
        raise
    except Exception as error:  # botocore passes on what the files, processes and services behind it raise
        raise _explain(error, profile) from None
    if credentials is None or frozen is None or not frozen.access_key or not frozen.secret_key:
        raise _no_keys(profile)
    expiry = getattr(credentials, "_expiry_time", None)  # botocore has no public name for it
    return AwsKeys(
        access_key=frozen.access_key,
        secret_key=Secret(frozen.secret_key),
        session_token=Secret(frozen.token) if frozen.token else None,
        expires=expiry.timestamp() if expiry is not None else None,
        way=str(getattr(credentials, "method", "") or ""),
    )


def profile_region(profile: str | None) -> str | None:
    """The region that a profile names, or that of the default chain for None. Raises AwsRefused."""
    try:
        session = Session(profile=profile)
        found = session.get_scoped_config().get("region")
    except botocore.exceptions.BotoCoreError as error:
        raise _explain(error, profile) from None
    return found if isinstance(found, str) and found.strip() else None


class _Session(Session):  # type: ignore[misc]  # botocore has no types
    """A session that asks AWS by `send`, and nobody whom only the environment names."""

    def __init__(self, profile: str | None, region: str, send: Send) -> None:
        super().__init__(profile=profile)
        for name, value in _UNSAFE.items():
            self.set_config_variable(name, value)
        self.set_config_variable("region", region)
        self._send = send
        self.register("before-send", self._answer)

    def create_client(self, service_name: str, *args: Any, **options: Any) -> Any:
        """A client for a service, at the endpoint that the profile names or at AWS's own."""
        own = Config(ignore_configured_endpoint_urls=True, proxies={}, retries={"total_max_attempts": 2})
        options["config"] = options["config"].merge(own) if options.get("config") else own
        options.setdefault("endpoint_url", self._endpoint(service_name))
        return super().create_client(service_name, *args, **options)

    def _endpoint(self, service_name: str) -> str | None:
        """The endpoint that the selected profile itself sets, which is the user's choice."""
        found = ConfiguredEndpointProvider(
            full_config=self.full_config,
            scoped_config=self.get_scoped_config(),
            client_name=service_name,
            environ={},
        ).provide()
        return found if isinstance(found, str) else None

    def _answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        body = request.body
        if hasattr(body, "read"):
            body = body.read()
        data = body.encode() if isinstance(body, str) else bytes(body or b"")
        headers = [(_text(name), _text(value)) for name, value in request.headers.items()]
        status, answered, content = self._send(request.method, request.url, headers, data)
        return AWSResponse(request.url, status, dict(answered), _Raw(content))


class _Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


def _resolver(
    session: Session, profile: str | None, region: str, ask_code: Callable[[str], str], cache: dict[str, Any]
) -> CredentialResolver:
    """Botocore's chain; with a profile, only what that profile says."""
    resolver = create_credential_resolver(session, cache=cache, region_name=region)
    machine = [resolver.get_provider(name) for name in ("container-role", "iam-role")]
    machine[1]._role_fetcher._session = URLLib3Session(timeout=2)  # else it would use HTTP_PROXY  # noqa: SLF001
    environment = [one for one in resolver.providers if one.METHOD == "env"]
    chosen = profile or session.get_config_variable("profile") or "default"
    resolver.insert_before(
        "assume-role",
        AssumeRoleProvider(
            load_config=lambda: session.full_config,
            client_creator=session.create_client,
            cache=cache,
            profile_name=chosen,
            prompter=ask_code,
            credential_sourcer=CanonicalNameCredentialSourcer([*environment, *machine]),
            profile_provider_builder=ProfileProviderBuilder(session, cache=cache, region_name=region),
        ),
    )
    if profile is not None:
        for name in _MACHINE:
            resolver.remove(name)
    return resolver


def _explain(error: Exception, profile: str | None) -> ProxyCastError:
    """What an error of botocore means. The names of roles and accounts in it are not repeated."""
    name = profile or "default"
    again = f"aws sso login --profile {profile}" if profile else "aws sso login"
    match error:
        case botocore.exceptions.SSOError() | botocore.exceptions.TokenRetrievalError():
            return SignInNeeded(
                Text("The AWS sign-in of the profile {profile} has expired.", profile=name),
                Text("Run `{command}`, then try again; ProxyCast need not be restarted.", command=again),
            )
        case botocore.exceptions.LoginError():
            return SignInNeeded(
                Text("The AWS sign-in of the profile {profile} has expired.", profile=name),
                Text(
                    "Run `{command}`, then try again; ProxyCast need not be restarted.",
                    command=again.replace("sso login", "login"),
                ),
            )
        case botocore.exceptions.ProfileNotFound():
            return AwsRefused(
                Text("There is no AWS profile {profile} on this machine.", profile=profile or error.kwargs["profile"]),
                Text("Choose another one in the credential, or add it with `aws configure`."),
            )
        case botocore.exceptions.MissingDependencyException():
            return AwsRefused(
                Text("The profile {profile} was signed in with `aws login`, which needs awscrt.", profile=name),
                Text('Install it beside ProxyCast with `pip install "botocore[crt]"`, or use another profile.'),
            )
        case botocore.exceptions.CredentialRetrievalError(kwargs={"provider": "custom-process"}):
            return AwsRefused(
                Text("The command that gives the keys of the AWS profile {profile} failed.", profile=name),
                Text("Run its `credential_process` by hand to see why."),
            )
        case botocore.exceptions.ClientError():
            return _refused_by_aws(error, name, again)
        case _:
            return AwsRefused(
                Text("The AWS profile {profile} gives no keys: {reason}.", profile=name, reason=type(error).__name__),
                Text("Check it with `aws sts get-caller-identity`; see ~/.aws/config."),
            )


def _refused_by_aws(error: Any, name: str, again: str) -> ProxyCastError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in {"UnauthorizedException", "ExpiredToken", "ExpiredTokenException", "InvalidGrantException"}:
        return SignInNeeded(
            Text("The AWS sign-in of the profile {profile} has expired.", profile=name),
            Text("Run `{command}`, then try again; ProxyCast need not be restarted.", command=again),
        )
    return AwsRefused(
        Text("AWS refuses to give keys for the profile {profile}: {code}.", profile=name, code=code or "?"),
        Text("Check the role and its trust, the MFA code, and this computer's clock."),
    )


def _no_keys(profile: str | None) -> AwsRefused:
    if profile is not None:
        return AwsRefused(
            Text("The AWS profile {profile} has no keys.", profile=profile),
            Text("Check it with `aws sts get-caller-identity --profile {profile}`.", profile=profile),
        )
    return AwsRefused(
        Text("No AWS credentials were found in the environment, the AWS files or on this machine's own role."),
        Text("Run `aws configure` or `aws sso login`, or enter keys in the credential."),
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
