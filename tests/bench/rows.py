"""A journal that is as long as that of somebody who works all day, made at once."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from proxycast.model.exchange import Exchange
from proxycast.store.journal import Journal

_ROWS = """
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :count)
    INSERT INTO exchange (started, credential, credential_id, path, model, status, error, failed, first_byte, duration,
        request_bytes, response_bytes, input_tokens, output_tokens, cache_read_input_tokens)
    SELECT
        :now - (:count - n) * :step, 'credential ' || (n % 5), 'id ' || (n % 5), '/v1/messages',
        CASE n % 3 WHEN 0 THEN 'claude-opus-5-5' WHEN 1 THEN 'claude-sonnet-5-5' ELSE 'claude-haiku-5-5' END,
        iif(n % 40, 200, 529), iif(n % 40, NULL, 'overloaded_error'), n % 40 = 0, n % 97 / 60.0, n % 89 / 3.0,
        9000 + n % 5000, 4000 + n % 900, n % 2000, n % 700, n % 60000
    FROM number
"""


def write_rows(journal: Path, count: int, *, days: float = 30.0) -> None:
    """Write `count` exchanges of the last `days` into a journal that does not exist yet; every 40th failed."""
    writer = Journal(journal)
    writer.record(
        Exchange(
            started=time.time() - days * 86_400,
            credential="credential 0",
            credential_id="id 0",
            path="/v1/messages",
            model="claude-opus-5-5",
            status=200,
            error=None,
            first_byte=0.5,
            duration=1.0,
            request_bytes=9_000,
            response_bytes=4_000,
            usage=None,
        )
    )
    writer.close()
    connection = sqlite3.connect(journal)
    with connection:
        connection.execute(_ROWS, {"count": count - 1, "now": time.time(), "step": days * 86_400 / count})
    connection.close()
