"""Commands that bring credentials in and out as YAML."""

from __future__ import annotations

import asyncio
from gettext import gettext as _
from pathlib import Path

import click

from proxycast.cli import terminal
from proxycast.cli.output import reported, show, warn
from proxycast.cli.pool import as_json_option
from proxycast.cli.runtime import run
from proxycast.model.credential import Credential
from proxycast.model.errors import InputError
from proxycast.model.text import Text
from proxycast.service.service import Service
from proxycast.service.transfer import literals, load_existing
from proxycast.store.atomic import write_atomically


@click.command("import", help=_("Add the credentials of a YAML file; keys that stand in it go to the keyring."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
def import_(file: Path, *, as_json: bool) -> None:
    """`proxycast import`."""

    async def work(service: Service) -> tuple[list[Credential], list[str], list[str]]:
        await service.load()
        found = (await asyncio.to_thread(load_existing, file)).pool.credentials
        moving = {field: secret for one in found for field, secret in literals(one).items()}
        if moving:
            await terminal.offer_vault(service)
            await service.require_saving(moving)
        added, skipped = await service.import_file(file)
        keyless = [one.name for one in added if await service.lacks_secret(one)]
        return added, skipped, keyless

    added, skipped, keyless = run(work, as_json=as_json)
    names = [one.name for one in added]
    for name in skipped:
        warn(_("{name} is in the pool already and was left out.").format(name=name))
    for name in keyless:
        warn(_("The key of {name} is not in the file; enter it with `proxycast rotate {name}`.").format(name=name))
    sentence = _("Added: {names}.").format(names=", ".join(names)) if names else _("Nothing was added.")
    show(sentence, {"added": names, "skipped": skipped, "keyless": keyless}, as_json=as_json)


@click.command("export", help=_("Write the pool to a YAML file, without any secret; - is standard output."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
def export(file: Path, *, as_json: bool) -> None:
    """`proxycast export`."""

    async def work(service: Service) -> str:
        await service.load()
        return service.export()

    text = run(work, as_json=as_json)
    if str(file) == "-":
        show(text.rstrip("\n"), {"file": None, "yaml": text}, as_json=as_json)
        return
    with reported(as_json=as_json):
        if file.exists():
            raise InputError(Text("{file} exists already.", file=file), Text("Choose another name."))
        write_atomically(file, text.encode())
    show(_("Wrote {file}. It holds no secrets.").format(file=file), {"file": str(file)}, as_json=as_json)
