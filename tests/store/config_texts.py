"""Configuration files as people write them, generated: quotes, braces, comments, indentation, line endings."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = ["anthropic", "my proxy", "公司", "no", "12", "it's", "a: b", "bedrock"]
_COMMENTS = st.sampled_from(["", "", "", "  # a comment", " #: [x] {y", "   "])
_BETWEEN = st.sampled_from(["", "", "", "", "# between\n", "\n", "  # indented: {\n", "\n\n# - name: off\n"])

_PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "enabled": st.sampled_from(["true", "false", "True"]),
    "auth": st.sampled_from(["auto", "bearer", "x-api-key"]),
    "base_url": st.sampled_from(["https://one.example/v1/", "two.example", "https://api.anthropic.com"]),
    "api_version": st.sampled_from(["2023-06-01", "2026-10-21"]),
    "proxy": st.sampled_from(["system", "none", "http://127.0.0.1:7890"]),
    "ca_file": st.just("/etc/ca file.pem"),
    "id": st.none(),
    "timeout": st.sampled_from([{}, {"connect": "5s"}, {"idle": "90", "connect": "1m"}]),
    "headers": st.sampled_from([{}, {"X-A": "1"}, {"X-A": "two words", "x-b": ""}]),
    "models": st.sampled_from([{"claude-3-opus": "glm: 4"}]),
}
_SECRETS = st.sampled_from(["sk-one", "${KEY}", "keyring", None])


def scalar(draw: st.DrawFn, text: str | None) -> str:
    if text is None:
        return draw(st.sampled_from(["", "~", "null"]))
    forms = [json.dumps(text, ensure_ascii=False), "'" + text.replace("'", "''") + "'"]
    if text and text.replace("-", "").replace(".", "").isalnum():
        forms.append(text)
    return draw(st.sampled_from(forms))


def inline(draw: st.DrawFn, value: Any) -> str:
    if isinstance(value, dict):
        gap = draw(st.sampled_from(["", " "]))
        comma = draw(st.sampled_from(["", ","])) if value else ""
        inner = ", ".join(f"{scalar(draw, key)}: {inline(draw, one) or '~'}" for key, one in value.items())
        return "{" + gap + inner + comma + gap + "}"
    return scalar(draw, value)


def block(draw: st.DrawFn, value: dict[str, Any], column: int) -> str:
    lines = ""
    for key, one in value.items():
        if isinstance(one, dict) and one and draw(st.booleans()):
            deeper = column + draw(st.sampled_from([1, 2, 4]))
            lines += " " * column + f"{scalar(draw, key)}:{draw(_COMMENTS)}\n" + block(draw, one, deeper)
        else:
            written = inline(draw, one)
            lines += " " * column + f"{scalar(draw, key)}:{' ' * bool(written)}{written}{draw(_COMMENTS)}\n"
        lines += draw(_BETWEEN)
    return lines


@st.composite
def credential_values(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(sorted(_PLAIN)), unique=True, max_size=4))
    values = {key: draw(_PLAIN[key]) for key in keys}
    if draw(st.booleans()):
        values["aws_region"] = "us-east-1"
        values["aws_access_key"] = draw(_SECRETS)
    elif draw(st.booleans()):
        values["api_key"] = draw(_SECRETS)
    pairs = [("type", "claude-custom"), *values.items()]
    return dict(draw(st.permutations(pairs)))


@st.composite
def texts(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    listed = draw(st.integers(0, len(names)))
    parts = []
    if listed or draw(st.booleans()):
        parts.append(_providers(draw, names[:listed]))
    parts += [_section(draw, name, draw(credential_values())) for name in names[listed:]]
    if draw(st.booleans()):
        shared = st.sampled_from(["auth", "api_version", "headers", "timeout"])
        keys = draw(st.lists(shared, unique=True, min_size=1))
        parts.append(_section(draw, "claude-custom", {key: draw(_PLAIN[key]) for key in keys}))
    if draw(st.booleans()) and names:
        parts.append(f"selected: {scalar(draw, draw(st.sampled_from(names)))}{draw(_COMMENTS)}\n")
    if draw(st.booleans()):
        parts.append(_section(draw, "server", {"port": "8000"}))
    text = draw(_BETWEEN) + "".join(part + draw(_BETWEEN) for part in draw(st.permutations(parts)))
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def _section(draw: st.DrawFn, name: str, values: dict[str, Any]) -> str:
    if draw(st.booleans()):
        return f"{scalar(draw, name)}:{draw(_COMMENTS)}\n" + block(draw, values, draw(st.sampled_from([1, 2, 4])))
    return f"{scalar(draw, name)}: {inline(draw, values)}{draw(_COMMENTS)}\n"


def _providers(draw: st.DrawFn, names: list[str]) -> str:
    items = [{"name": name, **draw(credential_values())} for name in names]
    if draw(st.integers(0, 3)) == 0:
        broken = draw(st.booleans())
        lead, separator = ("\n  ", ",\n  ") if broken else ("", ", ")
        inner = separator.join(inline(draw, item) for item in items)
        return "providers: [" + lead * bool(items) + inner + ("," * bool(items) + "\n" if broken else "") + "]\n"
    if not items:
        return f"providers:{draw(st.sampled_from(['', ' ~', ' # none']))}\n"
    dash = draw(st.sampled_from([0, 2, 4]))
    gap = draw(st.sampled_from([1, 3]))
    text = f"providers:{draw(_COMMENTS)}\n"
    for item in items:
        pairs = dict(draw(st.permutations(list(item.items()))))
        if draw(st.integers(0, 3)) == 0:
            text += " " * dash + "-" + " " * gap + inline(draw, pairs) + draw(_COMMENTS) + "\n"
        else:
            body = block(draw, pairs, dash + 1 + gap)
            text += " " * dash + "-" + body[dash + 1 :]
        text += draw(_BETWEEN)
    return text
