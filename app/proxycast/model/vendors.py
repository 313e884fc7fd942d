"""Who gives out a key, by how it starts."""

from __future__ import annotations

from proxycast.model.secret import Secret

_VENDORS = {
    "sk-ant-": "Anthropic",
    "sk-or-": "OpenRouter",
    "sk-proj-": "OpenAI",
    "sk-svcacct-": "OpenAI",
    "AIza": "Google",
    "gsk_": "Groq",
    "xai-": "xAI",
    "hf_": "Hugging Face",
    "nvapi-": "NVIDIA",
    "pplx-": "Perplexity",
    "r8_": "Replicate",
    "ghp_": "GitHub",
    "gho_": "GitHub",
    "github_pat_": "GitHub",
    "AKIA": "AWS",
    "ASIA": "AWS",
    "ABSK": "AWS Bedrock",
    "pc_": "ProxyCast",
}


def vendor_of(key: Secret) -> str | None:
    """Who gives out keys that start like this one, if that is known."""
    return next((vendor for prefix, vendor in _VENDORS.items() if key.reveal().startswith(prefix)), None)


def foreign_vendor(key: Secret) -> str | None:
    """Who gives out keys that start like this one, if that is somebody else than Anthropic."""
    vendor = vendor_of(key)
    return None if vendor == "Anthropic" else vendor
