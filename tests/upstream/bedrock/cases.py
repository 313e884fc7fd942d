"""What the tests of the Bedrock upstream share."""

from __future__ import annotations

from pathlib import Path

from proxycast.upstream.bedrock.tables import Tables
from proxycast.upstream.catalogue import Catalogue

_RESOURCES = Path(__file__).parents[3] / "resources"
TABLES = Tables.read(_RESOURCES / "bedrock.yaml")
CATALOGUE = Catalogue.read(_RESOURCES / "models.yaml")
NEW_MODEL = "anthropic.claude-opus-5-5"
OLD_MODEL = "anthropic.claude-opus-4-1-20250805-v1:0"
