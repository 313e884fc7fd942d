"""Commands on the credential pool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from gettext import gettext as _
from typing import Any

import click

from proxycast.cli import terminal
from proxycast.cli.draft import secrets_to_rotate, with_sources, without_old_token
from proxycast.cli.output import plain, show, table, warn
from proxycast.cli.runtime import run
from proxycast.model.credential import AwsEndpoint, Credential, Kind
from proxycast.model.errors import JournalUnreadable
from proxycast.model.secret import Secret
from proxycast.service.draft import draft_secret
from proxycast.service.service import Service

as_json_option = click.option("--json", "as_json", is_flag=True, help=_("Print JSON."))
name_argument = click.argument("name")


def describe(credential: Credential, *, selected: bool) -> dict[str, Any]:
    """A credential as `--json` shows it: no secret, and no value of a custom header."""
    aws = credential.aws
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
        "region": aws.region if aws is not None else None,
        "profile": aws.profile if aws is not None else None,
        "endpoint": aws.endpoint if aws is not None else None,
        "model_id": aws.model_id if aws is not None else None,
    }


@click.command("list", help=_("Show the credential pool."))
@as_json_option
def list_(*, as_json: bool) -> None:
    """`proxycast list`."""

    async def work(service: Service) -> list[dict[str, Any]]:
        await service.load()
        chosen = service.pool.selected
        try:
            counters = await service.history.counters()
        except JournalUnreadable as error:  # the pool itself can be shown all the same
            warn(error.render(_))
            counters = {}
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
            plain(row["base_url"] or _place_in_aws(row)),
            _("enabled") if row["enabled"] else _("disabled"),
            str(row["uses"]),
            str(row["errors"]),
        ]
        for row in rows
    ]
    show(table(headings, cells, right=frozenset({5, 6})), rows, as_json=as_json)


def _place_in_aws(row: Mapping[str, Any]) -> str:
    door = row["endpoint"] if row["endpoint"] != AwsEndpoint.BEDROCK else None
    return " · ".join(part for part in (door, row["region"], row["profile"]) if part)


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
@click.option("--access-key", metavar="ID", help=_("The new AWS access key id, if it changes too."))
@click.option("--session-token", is_flag=True, help=_("After the secret key, its session token is read as well."))
@as_json_option
def rotate(name: str, *, access_key: str | None, session_token: bool, as_json: bool) -> None:
    """`proxycast rotate`."""

    async def work(service: Service) -> Credential:
        old = service.pool.by_name(name)
        wanted = secrets_to_rotate(old, access_key, session_token=session_token)
        await terminal.offer_vault(service)
        sources = terminal.read_secrets(wanted)
        if access_key is not None:
            sources["aws_access_key"] = draft_secret("aws_access_key", Secret(access_key))
        credential, values = with_sources(without_old_token(old, access_key), sources)
        await service.require_saving(values)
        return await service.change(name, credential, values)

    _change(work, _("{name} has a new key.").format(name=name), as_json=as_json)


@click.command(help=_("Let a credential's key go to the destination that the configuration now names."))
@name_argument
@as_json_option
def confirm(name: str, *, as_json: bool) -> None:
    """`proxycast confirm`."""

    async def work(service: Service) -> Credential:
        await service.load()
        return await service.confirm(name)

    credential = run(work, as_json=as_json)
    sentence = _("The key of {name} may go to {destination}.").format(name=name, destination=credential.origin)
    show(sentence, {"name": name, "id": credential.id, "destination": credential.origin}, as_json=as_json)


@click.command(help=_("Remove a credential and its key."))
@name_argument
@as_json_option
def remove(name: str, *, as_json: bool) -> None:
    """`proxycast remove`."""
    _change(lambda service: service.remove(name), _("Removed {name}.").format(name=name), as_json=as_json)


def _change(work: Callable[[Service], Awaitable[Credential]], sentence: str, *, as_json: bool) -> None:
    """Run one change of a credential, say that it is done, and what traffic uses now if that is another one."""

    async def with_pool(service: Service) -> tuple[Credential, Credential | None, Credential | None]:
        await service.load()
        before = service.pool.selected
        return await work(service), before, service.pool.selected

    changed, before, after = run(with_pool, as_json=as_json)
    if before is not None and (after is None or after.id != before.id):
        sentence += " " + (
            _("No credential is selected now.")
            if after is None
            else _("Traffic uses {name} from now on.").format(name=after.name)
        )
    show(sentence, describe(changed, selected=after is not None and after.id == changed.id), as_json=as_json)
