"""`proxycast add`: a credential from options, its key from standard input."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from proxycast.cli import terminal
from proxycast.cli.draft import draft_credential, secrets_to_add, with_sources
from proxycast.cli.output import reported, show
from proxycast.cli.pool import as_json_option, describe, name_argument
from proxycast.cli.runtime import run
from proxycast.model.credential import Auth, AwsEndpoint, Credential
from proxycast.model.secret import Secret
from proxycast.service.draft import draft_secret
from proxycast.service.keeper import require_free
from proxycast.service.service import Service


@click.command(help=_("Add a credential; its key is read from standard input or a hidden prompt."))
@name_argument
@click.option("--base-url", metavar="URL", help=_("The service's address; left out: Anthropic's."))
@click.option(
    "--auth",
    type=click.Choice([one.value for one in Auth]),
    default=Auth.AUTO.value,
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
@click.option("--region", metavar="REGION", help=_("The AWS region; left out: that of the profile."))
@click.option("--profile", metavar="NAME", help=_("Take the AWS profile NAME instead of keys."))
@click.option(
    "--access-key", metavar="ID", help=_("The AWS access key id; the secret key is read from standard input.")
)
@click.option("--session-token", is_flag=True, help=_("After the secret key, its session token is read as well."))
@click.option("--bearer", is_flag=True, help=_("A Bedrock API key is read from standard input."))
@click.option("--model-id", metavar="ID", help=_("The Bedrock model or profile for every request."))
@click.option(
    "--endpoint",
    type=click.Choice([one.value for one in AwsEndpoint]),
    help=_("The AWS service that is asked; left out: bedrock."),
)
@click.option("--workspace-id", metavar="ID", help=_("The workspace of Claude Platform on AWS."))
@as_json_option
def add(name: str, *, as_json: bool, **options: Any) -> None:
    """`proxycast add`."""
    with reported(as_json=as_json):
        drafted = draft_credential(name, options)

    async def work(service: Service) -> tuple[Credential, bool, str]:
        await service.load()
        require_free(service.pool, drafted.name)
        wanted = secrets_to_add(drafted, options)
        if wanted:
            await terminal.offer_vault(service)
        sources = terminal.read_secrets(wanted)
        if options["access_key"]:
            sources["aws_access_key"] = draft_secret("aws_access_key", Secret(options["access_key"]))
        credential, values = with_sources(drafted, sources)
        await service.require_saving(values)
        added = await service.add(credential, values)
        selected = service.pool.selected
        place = (await service.secrets.place()).label.render(_) if values else ""
        return added, selected is not None and selected.id == added.id, place

    added, selected, place = run(work, as_json=as_json)
    sentence = _("Added {name}.").format(name=added.name)
    if place:
        sentence += " " + _("Its key is in: {place}.").format(place=place)
    show(sentence, {**describe(added, selected=selected), "stored_in": place or None}, as_json=as_json)
