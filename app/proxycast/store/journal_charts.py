"""The journal summed up by time, for charts."""

from __future__ import annotations

import msgspec

BARS = """
    WITH span AS (
        SELECT key AS slot, json_extract(value, '$[0]') AS began, json_extract(value, '$[1]') AS ended
        FROM json_each(:spans)
    )
    SELECT
        slot,
        credential_id,
        credential,
        count(*) AS requests,
        sum(failed) AS errors,
        sum(
            coalesce(input_tokens, 0) + coalesce(cache_creation_input_tokens, 0)
            + coalesce(cache_read_input_tokens, 0) + coalesce(output_tokens, 0)
        ) AS tokens,
        max(started)
    FROM span CROSS JOIN exchange ON started >= began AND started < ended
    GROUP BY slot, credential_id ORDER BY slot
"""

LATENCIES = """
    WITH span AS (
        SELECT key AS slot, json_extract(value, '$[0]') AS began, json_extract(value, '$[1]') AS ended
        FROM json_each(:spans)
    ), answered AS (
        SELECT
            slot,
            first_byte,
            row_number() OVER (PARTITION BY slot ORDER BY first_byte) AS place,
            count(*) OVER (PARTITION BY slot) AS answers
        FROM span CROSS JOIN exchange ON started >= began AND started < ended
        WHERE first_byte IS NOT NULL AND status < 400
    )
    SELECT
        slot,
        max(first_byte) FILTER (WHERE place = (answers + 1) / 2) AS typical,
        max(first_byte) FILTER (WHERE place = (answers * 95 + 99) / 100) AS slow
    FROM answered GROUP BY slot ORDER BY slot
"""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """What one credential did in one span of time.

    `slot` is the position of the span. `credential` is the name at its end; it and the id are None for requests that
    found no credential. `tokens` are all that were sent and received, with those of the cache.
    """

    slot: int
    credential_id: str | None
    credential: str | None
    requests: int
    errors: int
    tokens: int


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds to the first byte of the answers in one span of time.

    Half of them took up to `typical`, 95 % up to `slow`.
    """

    slot: int
    typical: float
    slow: float
