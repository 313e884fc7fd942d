"""Commands that bring credentials in and out as YAML."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from proxycast.cli.output import fail, show, warn
from proxycast.cli.pool import as_json_option
from proxycast.cli.runtime import run
from proxycast.model.credential import Credential
from proxycast.model.errors import InputError
from proxycast.model.text import Text
from proxycast.service.service import Service


@click.command("import", help=_("Add the credentials of a YAML file; keys that stand in it go to the keyring."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json_option
def import_(file: Path, *, as_json: bool) -> None:
    """`proxycast import`."""

    async def work(service: Service) -> tuple[list[Credential], list[str]]:
        await service.load()
        return await service.import_file(file)

    added, skipped = run(work, as_json=as_json)
    names = [one.name for one in added]
    for name in skipped:
        warn(_("{name} is in the pool already and was left out.").format(name=name))
    sentence = _("Added: {names}.").format(names=", ".join(names)) if names else _("Nothing was added.")
    show(sentence, {"added": names, "skipped": skipped}, as_json=as_json)


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
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        problem = InputError(Text("{file} exists already.", file=file), Text("Choose another name."))
        fail(problem, as_json=as_json)
    except OSError as error:
        fail(InputError(Text("{file} cannot be written: {reason}.", file=file, reason=error.strerror)), as_json=as_json)
    show(_("Wrote {file}. It holds no secrets.").format(file=file), {"file": str(file)}, as_json=as_json)
