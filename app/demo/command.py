"""``kinderbijslag demo``: the whole portal on this machine, with a made-up fund behind it."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe
from tempfile import NamedTemporaryFile
from typing import NoReturn

import click
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app import create_app, database, server, worker
from app.clock import today
from app.demo import portal_pages
from app.demo.loading import load_demo_fund
from app.demo.people import CAST
from app.demo.provider import Client, ProviderConfig, create_provider
from app.documents.store import FolderUnusable
from app.mail.mailbox import MailboxMailer
from app.notifications.sending import run_alerts
from app.settings import Settings, load_settings
from app.web import logs

CLIENT_ID = "mijn-kinderbijslag"
FUND = {
    "fund_name": "Kinderbijslagfonds De Vlier",
    "fund_short_name": "De Vlier",
    "fund_phone": "09 000 00 00",
    "fund_email": "hallo@devlier.example",
    "fund_website": "",
    "fund_address": "Vlierstraat 1, 9000 Gent",
}


@click.command("demo")
@click.option("--fresh", is_flag=True, help="Throw away what is there and start over.")
@click.option(
    "--port", type=click.IntRange(1, 65_534), default=8000, show_default=True, help="Of the portal."
)
@click.option("--data", default="var", show_default=True, type=click.Path(path_type=Path))
def demo_command(fresh: bool, port: int, data: Path) -> None:
    """Start the portal with a made-up fund and an identity provider to sign in with."""
    provider_port = port + 1
    try:
        server.check_free("127.0.0.1", port)
        server.check_free("127.0.0.1", provider_port)
    except server.AddressTaken as taken:
        _give_up(f"Another program already listens on {taken}. Stop it, or choose --port.")
    try:
        if fresh:
            start_over(data)
        settings = demo_settings(data, port, provider_port)
    except OSError as error:
        _give_up(f"Cannot write in the folder {data.resolve()}: {error.strerror}.")
    logs.configure("text", "warning")
    try:
        asyncio.run(_run(settings, provider_port))
    except server.StartFailed:
        _give_up("Cannot start: the portal or the provider failed while starting.")
    except FolderUnusable as reason:
        _give_up(f"Cannot write in the folder {data.resolve()}: {reason}.")


def start_over(data: Path) -> None:
    """Remove what the demo made in a folder, and nothing that it did not."""
    for name in ("documents", "feed", "incoming", "mail"):
        shutil.rmtree(data / name, ignore_errors=True)
    made = ("secret_key", "client_key.pem", "provider_key.pem", "push.pem")
    for pattern in ("kinderbijslag.sqlite3*", *made):
        for path in data.glob(pattern):
            path.unlink()


def _give_up(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def demo_settings(data: Path, port: int, provider_port: int) -> Settings:
    """The settings of the demo; its secrets are made once and kept in the data folder."""
    data.mkdir(parents=True, exist_ok=True)
    return load_settings(
        {},
        database_url=f"sqlite:///{(data / 'kinderbijslag.sqlite3').resolve()}",
        base_url=f"http://localhost:{port}",
        port=port,
        data_dir=data,
        secret_key=_kept(data / "secret_key", lambda: token_urlsafe(48).encode()).decode(),
        oidc_issuer=f"http://127.0.0.1:{provider_port}",
        oidc_client_id=CLIENT_ID,
        oidc_client_key=_key_file(data / "client_key.pem"),
        log_format="text",
        log_level="warning",
        **FUND,
    )


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What stands in a file, made at the first start; only the owner may read it.

    A start that is broken off leaves a whole file or none.
    """
    if not path.exists():
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:  # made with mode 0600
            file.write(make())
        Path(file.name).rename(path)
    return path.read_bytes()


def _key_file(path: Path) -> Path:
    _kept(path, new_key)
    return path


def new_key() -> bytes:
    """A new RSA key as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


async def _run(settings: Settings, provider_port: int) -> None:
    await database.migrate(settings.database_url)
    await load_demo_fund(settings, today())
    app = create_app(settings)
    mailbox = MailboxMailer(settings.data_dir / "mail")
    portal_pages.install(app, settings, mailbox)
    portal = server.Served(app, settings.host, settings.port)
    provider = server.Served(
        create_provider(_provider_config(settings)), "127.0.0.1", provider_port
    )

    async def beside(stop: asyncio.Event) -> None:
        await worker.work(stop, services=[lambda stop: run_alerts(stop, settings, mailbox)])

    await server.serve([portal, provider], beside=beside, started=lambda: _tell(settings))
    click.echo("\nStopped. Your data are kept; `bin/demo` goes on where you were.")


def _provider_config(settings: Settings) -> ProviderConfig:
    client = Client(
        client_id=CLIENT_ID,
        name="Mijn Kinderbijslag",
        jwks_url=f"http://127.0.0.1:{settings.port}/.well-known/jwks.json",
        redirect_uris=(f"{settings.base_url}/aanmelden/terug",),
        post_logout_redirect_uris=(f"{settings.base_url}/afgemeld",),
    )
    return ProviderConfig(
        issuer=settings.oidc_issuer,
        clients=(client,),
        key=_key_file(settings.data_dir / "provider_key.pem"),
    )


def _tell(settings: Settings) -> None:
    """Say where to go and who to be."""
    click.secho(f"\n  The portal:            {settings.base_url}", bold=True)
    click.echo(f"  The demo people:       {settings.oidc_issuer}/demo  (with their code cards)")
    click.echo(f"  The fund at work:      {settings.base_url}/demo  (pays now, sends a letter)")
    click.echo(f"  E-mails that it sent:  {settings.base_url}/demo/post\n")
    click.echo(f"  {'Who':<20}{'eID PIN':<10}{'token: user / password':<38}")
    for person in CAST:
        token = f"{person.token.username} / {person.token.password}" if person.token else "-"
        click.echo(f"  {person.name:<20}{person.pin or '-':<10}{token:<38}{person.about}")
    click.echo("\n  Everything is made up. Ctrl-C stops it.\n")
