"""Which stages a check has, by the kind of the credential."""

from __future__ import annotations

from proxycast.check import key, message, models, reach
from proxycast.check.report import Stage
from proxycast.check.run import Step
from proxycast.model.credential import Kind

BILLED = (
    Step(Stage.MESSAGE, message.message, billed=True),
    Step(Stage.STREAM, message.stream, stops=False, billed=True),
    Step(Stage.USAGE, message.usage, stops=False, billed=True),
)
"""Those that every kind ends with."""

STEPS = (
    Step(Stage.CONFIGURATION, key.configuration),
    Step(Stage.SECRET, key.secret),
    Step(Stage.PROXY, reach.proxy),
    Step(Stage.DNS, reach.dns),
    Step(Stage.TCP, reach.tcp),
    Step(Stage.TLS, reach.tls),
    Step(Stage.AUTHENTICATION, key.authentication),
    Step(Stage.AUTH_HEADER, key.auth_header, stops=False),
    Step(Stage.MODELS, models.models, stops=False),
    Step(Stage.MODEL, models.model),
    Step(Stage.COUNT_TOKENS, models.count_tokens, stops=False),
    *BILLED,
)
"""Of services that speak the Messages API as it is."""


def steps_for(kind: Kind) -> tuple[Step, ...]:
    """The stages of a check of this kind."""
    return _bedrock_steps() if kind is Kind.BEDROCK else STEPS


def _bedrock_steps() -> tuple[Step, ...]:
    # Only who has such a credential pays for these modules.
    from proxycast.check import bedrock, bedrock_keys  # noqa: PLC0415

    return (
        Step(Stage.CONFIGURATION, key.configuration),
        Step(Stage.SECRET, key.secret),
        Step(Stage.SOURCE, bedrock_keys.source),
        Step(Stage.PROXY, reach.proxy),
        Step(Stage.DNS, bedrock.dns),
        Step(Stage.TCP, reach.tcp),
        Step(Stage.TLS, reach.tls),
        Step(Stage.CLOCK, bedrock_keys.clock),
        Step(Stage.IDENTITY, bedrock_keys.identity),
        Step(Stage.AUTHENTICATION, bedrock.authentication),
        Step(Stage.MODELS, bedrock.models, stops=False),
        Step(Stage.REGION, bedrock.region),
        Step(Stage.PROFILE, bedrock.profile),
        Step(Stage.MODEL, bedrock.model),
        Step(Stage.COUNT_TOKENS, bedrock.count_tokens, stops=False),
        *BILLED,
    )
