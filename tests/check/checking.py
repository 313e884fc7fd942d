"""A check of a credential against a fake, and what is asked of its report."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace
from tests.fakes.service import KEY

from proxycast.check.look import Look
from proxycast.check.report import Cost, Report, State, Watcher
from proxycast.check.run import run
from proxycast.check.steps import STEPS
from proxycast.model.credential import Auth, Credential, Kind, Timeouts
from proxycast.model.secret import Secret
from proxycast.store.paths import resources
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.catalogue import Catalogue
from proxycast.upstream.request import Upstream

CATALOGUE = Catalogue.read(resources() / "models.yaml")
CHINESE = gettext.translation("proxycast", resources() / "translations", ["zh_CN"]).gettext
QUICK = Timeouts(connect=1.0, request=2.0, idle=2.0)


def a_credential(base_url: str, **fields: object) -> Credential:
    """A credential for a compatible service, unless `fields` say otherwise."""
    plain = Credential(id="0" * 12, name="relay", kind=Kind.COMPATIBLE, base_url=base_url, timeouts=QUICK)
    return replace(plain, **fields)


def upstream_of(credential: Credential, secrets: Mapping[str, Secret]) -> Upstream:
    """What traffic would use."""
    return AnthropicFormat(credential, secrets["api_key"], auth=Auth.AUTO, proxy="none")


async def checked(
    credential: Credential,
    key: str = KEY,
    *,
    model: str | None = None,
    free: bool = False,
    watcher: Watcher | None = None,
    own_ports: frozenset[int] = frozenset(),
) -> Report:
    """The report of a whole check."""

    async def fetch_secrets() -> Mapping[str, Secret]:
        return {"api_key": Secret(key)}

    look = Look(
        credential,
        fetch_secrets=fetch_secrets,
        make=upstream_of,
        catalogue=CATALOGUE,
        wanted=model,
        own_ports=own_ports,
    )
    try:
        return await run(STEPS, look, consent=None if free else agree, watcher=watcher)
    finally:
        look.close()


async def agree(_: Cost) -> bool:
    """Let the billed stages run."""
    return True


def worst(report: Report) -> list[str]:
    """The keys of what is not well."""
    return [one.key for one in report.findings if one.state in {State.FAILED, State.WARNING}]


def ca_file(folder: Path) -> str:
    """Where `Authority(folder)` keeps its certificate."""
    return str(folder / "authority.pem")
