"""Commands on the credential pool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from proxycast.check.probe import ProbeResult
from proxycast.cli.draft import draft_credential, secret_field, secrets_for
from proxycast.cli.output import fail, plain, show, table, warn
from proxycast.cli.runtime import read_secret, run
from proxycast.model.credential import Auth, Credential, Kind
from proxycast.model.errors import ProxyCastError
from proxycast.service.service import Service

as_json_option = click.option("--json", "as_json", is_flag=True, help=_("Print JSON."))
name_argument = click.argument("name")


def describe(credential: Credential, *, selected: bool) -> dict[str, Any]:
    """A credential as `--json` shows it: no secret, and no value of a custom header."""
    return {
        "name": credential.name,
        "id": credential.id,
        "kind": credential.kind,
        "enabled": credential.enabled,
        "selected": selected,
        "base_url": credential.base_url or None,
        "auth": credential.auth,
        "headers": [name for name, _value in credential.headers],
        "models": dict(credential.models),
        "secrets": {field: type(source).__name__.lower() for field, source in credential.secrets.items()},
        "region": credential.aws.region if credential.aws is not None else None,
    }


@click.command(help=_("Add a credential; its key is read from standard input or a hidden prompt."))
@name_argument
@click.option("--base-url", metavar="URL", help=_("The service's address; left out: Anthropic's."))
@click.option(
    "--auth",
    type=click.Choice(list(Auth)),
    default=Auth.AUTO,
    help=_("The header that carries the key."),
)
@click.option("--api-version", metavar="DATE", help=_("The anthropic-version for clients that send none."))
@click.option(
    "--header",
    "headers",
    metavar="NAME=VALUE",
    multiple=True,
    help=_("A header for every request; may be repeated."),
)
@click.option(
    "--model",
    "models",
    metavar="ALIAS=ID",
    multiple=True,
    help=_("Ask for ID when a client asks for ALIAS."),
)
@click.option("--connect-timeout", metavar="TIME", help=_("Limit for TCP and TLS, such as 10s."))
@click.option("--request-timeout", metavar="TIME", help=_("Limit for the answer's first byte, such as 3m."))
@click.option("--idle-timeout", metavar="TIME", help=_("Longest silence inside an answer, such as 5m."))
@click.option("--proxy", metavar="URL", help=_("system, none, http://… or socks5://… on the way to the service."))
@click.option("--ca-file", type=click.Path(path_type=Path), help=_("A PEM file of a CA to trust besides the system's."))
@click.option("--allow-http", is_flag=True, help=_("Allow http:// to a machine in your own network."))
@click.option("--disabled", is_flag=True, help=_("Add it switched off."))
@click.option("--bedrock", is_flag=True, help=_("An AWS Bedrock credential."))
@click.option("--region", metavar="REGION", help=_("The AWS region."))
@click.option("--profile", metavar="NAME", help=_("Take the AWS profile NAME instead of keys."))
@click.option(
    "--access-key", metavar="ID", help=_("The AWS access key id; the secret key is read from standard input.")
)
@click.option("--bearer", is_flag=True, help=_("A Bedrock API key is read from standard input."))
@click.option("--model-id", metavar="ID", help=_("The Bedrock model or profile for every request."))
@as_json_option
def add(name: str, *, as_json: bool, **options: Any) -> None:
    """`proxycast add`."""
    try:
        credential = draft_credential(name, options)
        values = secrets_for(credential, options, read_secret)
    except ProxyCastError as error:
        fail(error, as_json=as_json)

    async def work(service: Service) -> tuple[Credential, bool, str]:
        await service.load()
        await service.require_saving(values)
        added = await service.add(credential, values)
        selected = service.pool.selected
        place = (await service.secrets.place()).label.render(_) if values else ""
        return added, selected is not None and selected.name == added.name, place

    added, selected, place = run(work, as_json=as_json)
    sentence = _("Added {name}.").format(name=added.name)
    if place:
        sentence += " " + _("Its key is in: {place}.").format(place=place)
    show(sentence, {**describe(added, selected=selected), "stored_in": place or None}, as_json=as_json)


@click.command("list", help=_("Show the credential pool."))
@as_json_option
def list_(*, as_json: bool) -> None:
    """`proxycast list`."""

    async def work(service: Service) -> list[dict[str, Any]]:
        await service.load()
        chosen = service.pool.selected
        counters = await service.counters()
        rows = []
        for one in service.pool.credentials:
            counted = counters.get(one.id)
            counts = {
                "uses": counted.uses if counted else 0,
                "errors": counted.errors if counted else 0,
                "last_used": counted.last_used if counted else None,
            }
            rows.append({**describe(one, selected=one is chosen), **counts})
        return rows

    rows = run(work, as_json=as_json)
    if not rows and not as_json:
        show(_("The pool is empty. Add a credential with `proxycast add NAME`."), None, as_json=False)
        return
    headings = ["", _("Name"), _("Kind"), _("Destination"), _("State"), _("Uses"), _("Errors")]
    cells = [
        [
            "●" if row["selected"] else "",
            row["name"],
            kind_name(row["kind"]),
            plain(row["base_url"] or row["region"]),
            _("enabled") if row["enabled"] else _("disabled"),
            str(row["uses"]),
            str(row["errors"]),
        ]
        for row in rows
    ]
    show(table(headings, cells, right=frozenset({5, 6})), rows, as_json=as_json)


def kind_name(kind: Kind) -> str:
    """The name of a kind for people."""
    return {
        Kind.ANTHROPIC: _("Anthropic"),
        Kind.COMPATIBLE: _("Claude-compatible"),
        Kind.BEDROCK: _("AWS Bedrock"),
    }[kind]


@click.command(help=_("Select a credential: traffic uses it from now on."))
@name_argument
@as_json_option
def use(name: str, *, as_json: bool) -> None:
    """`proxycast use`."""

    async def work(service: Service) -> Credential:
        await service.load()
        await service.select(name)
        return service.pool.by_name(name)

    selected = run(work, as_json=as_json)
    if not selected.enabled:
        warn(_("{name} is disabled; enable it with `proxycast enable {name}`.").format(name=name))
    show(_("{name} is selected.").format(name=name), describe(selected, selected=True), as_json=as_json)


@click.command(help=_("Give a credential another name."))
@name_argument
@click.argument("new")
@as_json_option
def rename(name: str, new: str, *, as_json: bool) -> None:
    """`proxycast rename`."""
    sentence = _("{name} is now called {new}.").format(name=name, new=new)
    _change(lambda service: service.rename(name, new), sentence, as_json=as_json)


@click.command(help=_("Let a credential be used again."))
@name_argument
@as_json_option
def enable(name: str, *, as_json: bool) -> None:
    """`proxycast enable`."""
    sentence = _("{name} is enabled.").format(name=name)
    _change(lambda service: service.set_enabled(name, enabled=True), sentence, as_json=as_json)


@click.command(help=_("Keep a credential but do not use it."))
@name_argument
@as_json_option
def disable(name: str, *, as_json: bool) -> None:
    """`proxycast disable`."""
    sentence = _("{name} is disabled.").format(name=name)
    _change(lambda service: service.set_enabled(name, enabled=False), sentence, as_json=as_json)


@click.command(help=_("Replace a credential's key by one from standard input or a hidden prompt."))
@name_argument
@as_json_option
def rotate(name: str, *, as_json: bool) -> None:
    """`proxycast rotate`."""

    async def work(service: Service) -> Credential:
        field = secret_field(service.pool.by_name(name))
        values = {field: read_secret(_("New key"))}
        await service.require_saving(values)
        return await service.rotate(name, values)

    _change(work, _("{name} has a new key.").format(name=name), as_json=as_json)


@click.command(help=_("Let a credential's key go to the destination that the configuration now names."))
@name_argument
@as_json_option
def confirm(name: str, *, as_json: bool) -> None:
    """`proxycast confirm`."""
    sentence = _("The key of {name} may go to its new destination.").format(name=name)
    _change(lambda service: service.confirm(name), sentence, as_json=as_json)


@click.command(help=_("Remove a credential and its key."))
@name_argument
@as_json_option
def remove(name: str, *, as_json: bool) -> None:
    """`proxycast remove`."""
    _change(lambda service: service.remove(name), _("Removed {name}.").format(name=name), as_json=as_json)


@click.command(help=_("Send one real message of one token with a credential."))
@name_argument
@click.option("--model", metavar="ID", help=_("The model to ask."))
@as_json_option
def test(name: str, *, model: str | None, as_json: bool) -> None:
    """`proxycast test`."""

    async def work(service: Service) -> ProbeResult:
        await service.load()
        return await service.probe(service.pool.by_name(name), None, model)

    result = run(work, as_json=as_json)
    sentence = result.sentence.render(_)
    lines = [sentence, _("Took {seconds} s.").format(seconds=f"{result.seconds:.2f}")]
    if result.said is not None:
        lines.insert(1, _("The service said: {said}").format(said=result.said))
    found = {
        "works": result.works,
        "model": result.model,
        "status": result.status,
        "seconds": round(result.seconds, 3),
        "sentence": sentence,
        "said": result.said,
    }
    if not result.works and not as_json:
        click.echo("\n".join(lines), err=True)
    else:
        show("\n".join(lines), found, as_json=as_json)
    if not result.works:
        raise SystemExit(1)


def _change(work: Callable[[Service], Awaitable[Credential]], sentence: str, *, as_json: bool) -> None:
    """Run one change of a credential and say that it is done."""

    async def with_pool(service: Service) -> tuple[Credential, bool]:
        await service.load()
        before = service.pool.selected
        changed = await work(service)
        return changed, before is not None and before.id == changed.id

    changed, selected = run(with_pool, as_json=as_json)
    show(sentence, describe(changed, selected=selected), as_json=as_json)
