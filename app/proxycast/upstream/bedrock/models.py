"""`/v1/models` of an account: what it can invoke, in the shape of the Messages API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs

import msgspec

from proxycast.upstream.bedrock.offers import Offers
from proxycast.upstream.reply import Reply

_LIMIT = 20
_MOST = 1000


class _Model(msgspec.Struct, omit_defaults=False):
    id: str
    display_name: str
    created_at: str = "1970-01-01T00:00:00Z"  # AWS does not say; the API's own value for an unknown date
    type: str = "model"


def models_reply(offers: Offers, aliases: Mapping[str, str], query: bytes) -> Reply:
    """A page of the list: the credential's aliases, then what the account offers."""
    models = _models(offers, aliases)
    asked = parse_qs(query.decode("ascii", "replace"))
    limit = _number(asked.get("limit", [""])[0])
    ids = [model.id for model in models]
    start, end = 0, len(models)
    if (after := asked.get("after_id", [""])[0]) in ids:
        start = ids.index(after) + 1
    if (before := asked.get("before_id", [""])[0]) in ids:
        end = ids.index(before)
        start = max(start, end - limit)
    page = models[start:end][:limit]
    more = start > 0 if before in ids else start + len(page) < end
    return _json(
        {
            "data": page,
            "has_more": more,
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
        }
    )


def model_reply(offers: Offers, aliases: Mapping[str, str], asked: str) -> Reply | None:
    """One model by its id, or by a client's id for it; None if there is none."""
    for model in _models(offers, aliases):
        if model.id == asked:
            return _json(model)
    offer = offers.find(asked)
    return None if offer is None else _json(_Model(asked, offer.name))


def _models(offers: Offers, aliases: Mapping[str, str]) -> list[_Model]:
    named: Iterable[_Model] = (_Model(alias, alias) for alias in aliases)
    return [*named, *(_Model(offer.id, offer.name) for offer in offers.all if offer.id not in aliases)]


def _number(text: str) -> int:
    return min(max(int(text), 1), _MOST) if text.isascii() and text.isdigit() else _LIMIT


def _json(value: object) -> Reply:
    return Reply(status=200, headers=[(b"content-type", b"application/json")], body=msgspec.json.encode(value))
