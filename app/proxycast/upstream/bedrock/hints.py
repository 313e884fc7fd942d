"""What the program adds to AWS's errors: by how much the clock is off, how to renew keys, which profile to use."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from proxycast.model.credential import Credential
from proxycast.model.text import Text, Translate
from proxycast.upstream.bedrock.faults import Fault
from proxycast.upstream.bedrock.offers import Offer
from proxycast.upstream.headers import Headers

_TOLERATED = 240.0
"""Seconds by which a clock may be off before signatures fail: AWS allows five minutes."""

_ABOUT_SIGNATURES = frozenset(
    {
        "invalidsignature",
        "signaturedoesnotmatch",
        "requesttimetooskewed",
        "requestexpired",
        "accessdenied",
        "expiredtoken",
    }
)


def keys_hint(fault: Fault, headers: Headers, *, credential: Credential, translate: Translate) -> str:
    """Why keys were refused and how to renew them, where that can be told; else nothing."""
    clock = _clock_hint(fault, headers, translate)
    if clock or not fault.stale:
        return clock
    profile = credential.aws.profile if credential.aws is not None else None
    if profile:
        text = Text(
            "Renew the keys of the AWS profile {profile}; ProxyCast takes them over by itself.", profile=profile
        )
    elif credential.secrets:
        text = Text("Enter new ones in the window or with `proxycast rotate {name}`.", name=credential.name)
    else:
        text = Text("Renew your AWS sign-in; ProxyCast takes it over by itself.")
    return text.render(translate)


def _clock_hint(fault: Fault, headers: Headers, translate: Translate) -> str:
    """By how many minutes this computer's clock is off, where that is why a signature was refused; else nothing."""
    date = next((value for name, value in headers if name.lower() == b"date"), b"")
    if fault.name not in _ABOUT_SIGNATURES or not date:
        return ""
    try:
        ahead = time.time() - parsedate_to_datetime(date.decode("latin-1")).timestamp()
    except (ValueError, TypeError):
        return ""
    if abs(ahead) < _TOLERATED:
        return ""
    minutes = round(abs(ahead) / 60)
    if ahead > 0:
        text = Text("This computer's clock is {minutes} minutes ahead of AWS's. Set it right.", minutes=minutes)
    else:
        text = Text("This computer's clock is {minutes} minutes behind AWS's. Set it right.", minutes=minutes)
    return text.render(translate)


def refuses_on_demand(fault: Fault) -> bool:
    """Whether a model cannot be invoked by its own id, only by an inference profile."""
    said = fault.message.lower()
    return fault.status == 400 and "on-demand throughput" in said and "inference profile" in said


def profile_hint(offer: Offer | None, translate: Translate) -> str:
    """Which profile to use instead of a foundation model's own id."""
    if offer is None:
        text = Text("This account and region list no inference profile for it; try another region.")
    else:
        text = Text("Use {profile}: set it as model_id or alias in the credential.", profile=offer.id)
    return text.render(translate)
