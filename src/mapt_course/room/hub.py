"""The room as a JupyterHub service: phones come through the hub's proxy, by the code alone.

Who leads is for the hub to say: whoever may access the service (``access:services``) is let in as
a facilitator at ``lead``. JupyterHub starts it; see docs/facilitator.md for the few lines of its
configuration.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from urllib.parse import urlsplit

from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from tornado import web

from . import opening
from .handlers import LEAD, Handler
from .opening import RoomError
from .server import Page
from .store import StoreError

NOT_A_SERVICE = (
    "JupyterHub did not start this, so there is nothing to serve. Put the command into "
    "“services” of jupyterhub_config.py, or run “mapt room” without --hub."
)
NO_PUBLIC = (
    "Phones must know the hub's address. Add --public https://your-hub.example.org to the command, "
    "or set c.JupyterHub.public_url."
)


class Leading(HubOAuthenticated, Page):
    """The facilitator's pages: for whoever the hub lets in."""

    @web.authenticated
    def get(self) -> None:
        self.keep(LEAD, self.room.door.pass_)
        super().get()


class Callback(HubOAuthCallbackHandler, Handler):
    """Where the hub sends people back to."""


def main(public: str | None = None, database: str | None = None, seats: int = opening.SEATS) -> int:
    """Serve until JupyterHub ends it. Exit code 1, with one sentence, where it cannot start."""
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    here = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
    hub = public or os.environ.get("JUPYTERHUB_PUBLIC_URL", "")
    why = NOT_A_SERVICE if not (prefix and here.hostname) else "" if hub else NO_PUBLIC
    if why:
        print(why, file=sys.stderr)
        return 1
    try:
        asyncio.run(_run(here.hostname, here.port or 0, hub.rstrip("/"), prefix, database, seats))
    except (RoomError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _run(
    address: str, port: int, hub: str, prefix: str, database: str | None, seats: int
) -> None:
    where = f"{urlsplit(hub).scheme}://{urlsplit(hub).netloc}{prefix}"
    here = await opening.opened(address, port, database, seats, public=where)
    application = here.server.application
    application.settings["cookie_secret"] = secrets.token_bytes(32)
    pages = application.settings["room_pages"]
    handlers = [(f"{prefix}{name}", Leading, {"file": pages[name]}) for name in ("lead", "wall")]
    handlers.append((f"{prefix}oauth_callback", Callback))
    # Tornado asks these before those of the room alone.
    application.add_handlers(".*$", handlers)
    stop = opening.on_stop()
    print(f"The room is open at {where}", flush=True)
    await stop.wait()
    await here.stop()
