"""The rules of AWS Bedrock: which request gets which answer. No I/O."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.fakes import event_stream, messages
from tests.fakes.answers import Answer, Framing, json_answer
from tests.fakes.bedrock_schema import Invalid, Traits, check_body
from tests.fakes.service import MessagesService, Refused
from tests.fakes.sigv4 import AwsKey, NotSigned, check_signature
from tests.fakes.wire import RecordedRequest

ACCOUNT = "123456789012"
REGION = "us-east-1"
KEY = AwsKey(access_key="AKIAFAKEFAKEFAKEFAKE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
TEMPORARY_KEY = AwsKey(
    access_key="ASIAFAKEFAKEFAKEFAKE",
    secret="je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    token="IQoJb3JpZ2luX2VjEXAMPLE",
)
BEARER = "bedrock-api-key-of-the-fake"
WORKSPACE = "wrkspc_01FAKE"
BODY_CAP = 20 << 20


@dataclass(frozen=True, kw_only=True)
class Model:
    """A foundation model. `alone`: it can be invoked without an inference profile. `prefixes` are its profiles'."""

    id: str
    name: str
    alone: bool = False
    prefixes: tuple[str, ...] = ("global", "us")
    traits: Traits = field(default_factory=Traits)

    @property
    def profiles(self) -> list[str]:
        """The ids of the system-defined inference profiles of this model."""
        return [f"{prefix}.{self.id}" for prefix in self.prefixes]


_UP_TO_4_6 = Traits(system_turns=False, new_version=False)
MODELS = (
    Model(id="anthropic.claude-opus-5-5", name="Claude Opus 5.5"),
    Model(id="anthropic.claude-sonnet-5-5", name="Claude Sonnet 5.5"),
    Model(id="anthropic.claude-haiku-5-5", name="Claude Haiku 5.5", alone=True),
    Model(id="anthropic.claude-sonnet-4-6", name="Claude Sonnet 4.6", traits=_UP_TO_4_6),
    Model(id="anthropic.claude-haiku-4-5-20251001-v1:0", name="Claude Haiku 4.5", traits=_UP_TO_4_6, alone=True),
    Model(
        id="anthropic.claude-3-haiku-20240307-v1:0",
        name="Claude 3 Haiku",
        alone=True,
        prefixes=(),
        traits=Traits(system_turns=False, cache_ttl=False, new_version=False),
    ),
)


def aws_error(status: int, name: str, message: str, **fields: object) -> Answer:
    """An error as AWS answers it."""
    headers = (("x-amzn-ErrorType", f"{name}:http://internal.amazon.com/coral/com.amazon.bedrock/"),)
    return json_answer({"message": message, **fields}, status=status, headers=headers)


class AwsRefused(Exception):
    """The request gets this error."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.answer = aws_error(status, name, message)


@dataclass(kw_only=True)
class BedrockService:
    """Answers as AWS Bedrock does, strict where it is strict.

    It takes requests signed with one of `keys`, or with a `bearers` key. Those of `expired` (access keys or bearer
    keys) are told so. `denied` are actions, such as `bedrock:CountTokens`, that the account's policy refuses. `page` is
    how many entries one page of the lists of inference profiles has. `clock_ahead` is in seconds. `without_claude` are
    regions that it plays as well, and that offer nothing. With `tells_caller` it plays AWS STS too, to which the caller
    is `arn`.
    """

    region: str = REGION
    keys: list[AwsKey] = field(default_factory=lambda: [KEY, TEMPORARY_KEY])
    bearers: set[str] = field(default_factory=lambda: {BEARER})
    expired: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    models: tuple[Model, ...] = MODELS
    says: messages.Script = field(default_factory=messages.Script)
    page: int = 4
    clock_ahead: float = 0.0
    without_claude: set[str] = field(default_factory=set)
    tells_caller: bool = True
    arn: str = f"arn:aws:sts::{ACCOUNT}:assumed-role/Developer/me"

    def answer(self, request: RecordedRequest, path: str) -> Answer:
        """The proper answer to a request for `path`, which is without the prefix of the base URL."""
        try:
            return self._route(request, path)
        except AwsRefused as refused:
            return refused.answer

    def _route(self, request: RecordedRequest, path: str) -> Answer:
        if path.startswith("/anthropic/v1/"):
            return self._native(request, path.removeprefix("/anthropic"), "bedrock-mantle", self._mantle_models())
        if path.startswith("/v1/"):
            if request.value("anthropic-workspace-id") != WORKSPACE:
                raise AwsRefused(400, "ValidationException", "anthropic-workspace-id: header is required")
            return self._native(request, path, "aws-external-anthropic", dict(messages.MODELS))
        if path == "/" and request.method == "POST" and self.tells_caller:
            return self._caller(request)
        self._let_in(request, "bedrock")
        if request.method == "GET":
            return self._control(request, path)
        start, _, operation = path.removeprefix("/model/").rpartition("/")
        if request.method != "POST" or not path.startswith("/model/") or "/" in start:
            raise AwsRefused(404, "UnknownOperationException", "")
        if len(request.body) > BODY_CAP:
            raise AwsRefused(413, "RequestEntityTooLargeException", "Request body too large")
        if request.values("content-type") != ["application/json"]:
            raise AwsRefused(415, "ValidationException", "The Content-Type must be application/json.")
        match operation:
            case "invoke":
                return self._invoke(request, unquote(start), streamed=False)
            case "invoke-with-response-stream":
                return self._invoke(request, unquote(start), streamed=True)
            case "count-tokens":
                return self._count(request, unquote(start))
            case _:
                raise AwsRefused(404, "UnknownOperationException", "")

    # Who may.

    def _let_in(self, request: RecordedRequest, service: str) -> None:
        """Raises AwsRefused."""
        authorization = request.value("authorization") or ""
        if request.value("x-api-key") is not None:
            raise AwsRefused(400, "ValidationException", "x-api-key: a foreign credential arrived")
        if authorization.startswith("Bearer "):
            identity = authorization.removeprefix("Bearer ")
            if identity not in self.bearers:
                raise AwsRefused(
                    403, "AccessDeniedException", "Authentication failed: Please make sure your API Key is valid."
                )
            if identity in self.expired:
                raise AwsRefused(403, "AccessDeniedException", "Bearer Token has expired")
            return
        try:
            keys = {key.access_key: key for key in self.keys}
            region = scope if (scope := _scope(request)) in self.without_claude else self.region
            key = check_signature(request, keys, service=service, region=region, clock_ahead=self.clock_ahead)
        except NotSigned as refusal:
            raise AwsRefused(403, refusal.name, refusal.message) from None
        if key.access_key in self.expired:
            raise AwsRefused(403, "ExpiredTokenException", "The security token included in the request is expired")

    def _allow(self, action: str, resource: str) -> None:
        if action in self.denied:
            raise AwsRefused(
                403,
                "AccessDeniedException",
                f"User: arn:aws:sts::{ACCOUNT}:assumed-role/Developer/me is not authorized to perform: {action} on "
                f"resource: {resource} because no identity-based policy allows the {action} action",
            )

    def _caller(self, request: RecordedRequest) -> Answer:
        """GetCallerIdentity of AWS STS, which everybody may call."""
        xml = (("Content-Type", "text/xml"),)
        keys = {key.access_key: key for key in self.keys}
        try:
            region = scope if (scope := _scope(request)) in self.without_claude else self.region
            key = check_signature(request, keys, service="sts", region=region, clock_ahead=self.clock_ahead)
        except NotSigned as refusal:
            code = _OF_STS.get(refusal.name, refusal.name)
            return Answer(status=403, headers=xml, parts=(_sts_error(code, refusal.message).encode(),))
        if key.access_key in self.expired:
            return Answer(status=403, headers=xml, parts=(_sts_error("ExpiredToken", "expired").encode(),))
        body = (
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
            f"<Arn>{self.arn}</Arn><UserId>AROAFAKE:me</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult>"
            "</GetCallerIdentityResponse>"
        )
        return Answer(headers=xml, parts=(body.encode(),))

    # InvokeModel and CountTokens.

    def _invoke(self, request: RecordedRequest, identity: str, *, streamed: bool) -> Answer:
        model = self._invoked(identity)
        self._allow(
            "bedrock:InvokeModelWithResponseStream" if streamed else "bedrock:InvokeModel",
            f"arn:aws:bedrock:{self.region}::foundation-model/{model.id}",
        )
        body = self._checked(request.body, model)
        whole = messages.message({**body, "model": model.id.removeprefix("anthropic.")}, self.says)
        usage = whole["usage"]
        if not streamed:
            return json_answer(
                whole,
                headers=(
                    ("X-Amzn-Bedrock-Invocation-Latency", "812"),
                    ("X-Amzn-Bedrock-Input-Token-Count", str(usage["input_tokens"])),
                    ("X-Amzn-Bedrock-Output-Token-Count", str(usage["output_tokens"])),
                ),
            )
        parts = [event_stream.chunk(event) for event in _events(whole)]
        headers = (("Content-Type", event_stream.CONTENT_TYPE), ("X-Amzn-Bedrock-Content-Type", "application/json"))
        return Answer(headers=headers, parts=tuple(parts), framing=Framing.CHUNKED)

    def _invoked(self, identity: str) -> Model:
        """The model behind an id, an inference profile's id, or the ARN of either. Raises AwsRefused."""
        name = identity.rpartition("/")[2] if identity.startswith("arn:aws:bedrock:") else identity
        for model in self.models:
            if name in model.profiles:
                return model
            if name == model.id:
                if model.alone:
                    return model
                raise AwsRefused(
                    400,
                    "ValidationException",
                    f"Invocation of model ID {name} with on-demand throughput isn’t supported. Retry your request with "
                    "the ID or ARN of an inference profile that contains this model.",
                )
        raise AwsRefused(400, "ValidationException", "The provided model identifier is invalid.")

    def _checked(self, raw: bytes, model: Model) -> Mapping[str, Any]:
        try:
            parsed = json.loads(raw)
        except ValueError:
            raise AwsRefused(400, "ValidationException", "Malformed input request: not valid JSON.") from None
        try:
            body = check_body(parsed, model.traits)
        except Invalid as invalid:
            raise AwsRefused(400, "ValidationException", str(invalid)) from None
        wrong = messages.wrong_signature(body)
        if wrong is not None:
            raise AwsRefused(400, "ValidationException", f"{wrong}: Invalid `signature` in `thinking` block")
        return body

    def _count(self, request: RecordedRequest, identity: str) -> Answer:
        model = next((model for model in self.models if model.id == identity), None)
        if model is None:
            raise AwsRefused(400, "ValidationException", "The provided model identifier is invalid.")
        if not model.alone:
            raise AwsRefused(400, "ValidationException", "The provided model doesn't support counting tokens.")
        self._allow("bedrock:CountTokens", f"arn:aws:bedrock:{self.region}::foundation-model/{model.id}")
        try:
            asked = json.loads(request.body)
            inner = base64.b64decode(asked["input"]["invokeModel"]["body"], validate=True)
        except (ValueError, KeyError, TypeError):
            raise AwsRefused(400, "ValidationException", "The input is malformed.") from None
        return json_answer({"inputTokens": messages.token_count(self._checked(inner, model))})

    # The lists of the account.

    def _control(self, request: RecordedRequest, path: str) -> Answer:
        models = () if _scope(request) in self.without_claude else self.models
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        if path == "/foundation-models":
            self._allow("bedrock:ListFoundationModels", "*")
            by_provider = query.get("byProvider", "anthropic").lower() == "anthropic"
            return json_answer({"modelSummaries": [self._summary(model) for model in models if by_provider]})
        profiles = [self._profile(model, identity) for model in models for identity in model.profiles]
        if path == "/inference-profiles":
            self._allow("bedrock:ListInferenceProfiles", "*")
            listed = [profile for profile in profiles if query.get("type", profile["type"]) == profile["type"]]
            start, size = int(query.get("nextToken", "0")), min(int(query.get("maxResults", self.page)), self.page)
            more = {"nextToken": str(start + size)} if start + size < len(listed) else {}
            return json_answer({"inferenceProfileSummaries": listed[start : start + size], **more})
        if path.startswith("/inference-profiles/"):
            self._allow("bedrock:GetInferenceProfile", "*")
            wanted = unquote(path.removeprefix("/inference-profiles/"))
            for profile in profiles:
                if wanted in {profile["inferenceProfileId"], profile["inferenceProfileArn"]}:
                    return json_answer(profile)
            raise AwsRefused(404, "ResourceNotFoundException", "The provided inference profile was not found.")
        raise AwsRefused(404, "UnknownOperationException", "")

    def _summary(self, model: Model) -> dict[str, Any]:
        return {
            "modelArn": f"arn:aws:bedrock:{self.region}::foundation-model/{model.id}",
            "modelId": model.id,
            "modelName": model.name,
            "providerName": "Anthropic",
            "inputModalities": ["TEXT", "IMAGE"],
            "outputModalities": ["TEXT"],
            "responseStreamingSupported": True,
            "customizationsSupported": [],
            "inferenceTypesSupported": ["ON_DEMAND"] if model.alone else ["INFERENCE_PROFILE"],
            "modelLifecycle": {"status": "ACTIVE"},
        }

    def _profile(self, model: Model, identity: str) -> dict[str, Any]:
        prefix = identity.partition(".")[0]
        return {
            "inferenceProfileName": f"{prefix.upper()} {model.name}",
            "inferenceProfileArn": f"arn:aws:bedrock:{self.region}:{ACCOUNT}:inference-profile/{identity}",
            "inferenceProfileId": identity,
            "models": [{"modelArn": f"arn:aws:bedrock:{self.region}::foundation-model/{model.id}"}],
            "status": "ACTIVE",
            "type": "SYSTEM_DEFINED",
            "createdAt": "2026-09-01T00:00:00Z",
            "updatedAt": "2026-09-01T00:00:00Z",
        }

    # The doors that speak the Messages API.

    def _mantle_models(self) -> dict[str, str]:
        return {model.id: model.name for model in self.models}

    def _native(self, request: RecordedRequest, path: str, service: str, models: dict[str, str]) -> Answer:
        self._let_in(request, service)
        return _Native(models=models, says=self.says, refuses_unknown_models=True).answer(request, path)


class _Native(MessagesService):
    """The Messages API behind AWS's door, which has asked who comes."""

    def _check_key(self, request: RecordedRequest) -> None:
        pass

    def _route(self, request: RecordedRequest, path: str) -> Answer:
        if len(request.body) > BODY_CAP:
            raise Refused(413, "Request exceeds the maximum size")
        return super()._route(request, path)


def _scope(request: RecordedRequest) -> str:
    """The region that a signature is for, empty if there is none."""
    found = re.search(r"Credential=[^/]+/\d{8}/([^/]+)/", request.value("authorization") or "")
    return found[1] if found else ""


_OF_STS = {
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
}


def _sts_error(code: str, message: str) -> str:
    said = f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
    return f"<ErrorResponse><Error>{said}</Error></ErrorResponse>"


def _events(whole: Mapping[str, Any]) -> list[bytes]:
    """The events of a stream as AWS sends them: no pings, no comments, and metrics in the last one."""
    usage = whole["usage"]
    metrics = {
        "inputTokenCount": usage["input_tokens"],
        "outputTokenCount": usage["output_tokens"],
        "invocationLatency": 1812,
        "firstByteLatency": 512,
        "cacheReadInputTokenCount": usage["cache_read_input_tokens"],
        "cacheWriteInputTokenCount": usage["cache_creation_input_tokens"],
    }
    events = []
    for part in messages.stream(whole):
        data = part.partition(b"data: ")[2].removesuffix(b"\n\n")
        if data == b'{"type":"message_stop"}':
            data = json.dumps({"type": "message_stop", "amazon-bedrock-invocationMetrics": metrics}).encode()
        if data and data != b'{"type":"ping"}':
            events.append(data)
    return events
