"""`make fuzz`: the deep profile for as long as is asked for.

First every parser under atheris, if that is there, for a third of the time; then rounds of all properties, with other
examples each time. It ends at the first failure, with what reproduces it, and then its exit status is 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.test_streams import FRAMES, JSON, REQUEST, SSE
from tests.fuzz.test_yaml import SAMPLE

FRAME = b"\1\x27\x0d:message-type\x07\0\x05event\x0b:event-type\x07\0\x05chunk" + b'{"bytes":"eyJ0eXBlIjoicGluZyJ9"}'
PARSERS = {
    "configuration": [SAMPLE.encode()],
    "target": [
        b"/c/main/v1/messages?beta=true",
        b"/model/arn:aws:bedrock:us-east-1:1:x%2Fy/invoke",
        b"/v1/models/a%20b",
    ],
    "model": [REQUEST],
    "invoked": [REQUEST],
    "frames": [FRAMES, FRAME],
    "answer": [FRAMES, FRAME],
    "taps": [SSE, JSON],
    "paste": [
        b"export ANTHROPIC_AUTH_TOKEN=sk-x ANTHROPIC_BASE_URL=https://a.example",
        SAMPLE.encode(),
        b'{"env":{"A":"b"}}',
    ],
}
"""What each parser begins with."""


_ENVIRONMENT = {**os.environ, "PROXYCAST_FUZZ": "deep"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description="Look for inputs that break a rule.")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long to look (600)")
    seconds = parser.parse_args().seconds
    end = time.monotonic() + seconds
    if not parsers(seconds / 3):
        return 1
    return 0 if properties(end) else 1


def parsers(seconds: float) -> bool:
    """Each parser for its share of the time, two at once."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed here, so the parsers are fuzzed by the properties alone.", flush=True)
        return True
    share = max(5, round(2 * seconds / len(PARSERS)))
    fine = True
    names = list(PARSERS)
    for start in range(0, len(names), 2):
        running = [(name, _start(name, share)) for name in names[start : start + 2]]
        for name, process in running:
            said, _ = process.communicate(timeout=share + 60)
            runs = next((line for line in reversed(said.splitlines()) if line.startswith("Done ")), "")
            print(f"{name}: {runs or 'FAILED'}", flush=True)
            if process.returncode:
                print(said[-4000:], flush=True)
                fine = False
    return fine


def properties(end: float) -> bool:
    """Rounds of all properties until `end`; the last one is not cut."""
    rounds = 0
    while time.monotonic() < end:
        rounds += 1
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/fuzz"],
            env=_ENVIRONMENT,
            check=False,
        )
        print(f"round {rounds}: {time.monotonic() - began:.0f} s", flush=True)
        if done.returncode:
            return False
    return True


def _start(name: str, seconds: int) -> subprocess.Popen[str]:
    folder = Path(tempfile.mkdtemp(prefix=f"proxycast-fuzz-{name}-"))
    for number, seed in enumerate(PARSERS[name]):
        (folder / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=4096", f"-artifact_prefix={folder}/", str(folder)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.parsers", name, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_ENVIRONMENT,
    )


if __name__ == "__main__":
    sys.exit(main())
