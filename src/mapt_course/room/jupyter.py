"""The room in JupyterLab: a second listener, opened from the facilitator's page.

Jupyter itself stays on loopback. The room listens on the address that the facilitator picks and
serves the room alone. On Jupyter's own port there are only these requests, for whoever is logged
in there; what participants wrote goes through them as JSON and is shown as text.
"""

from __future__ import annotations

import asyncio
import json
import socket
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from . import view
from .day import of_course

PLACE = "mapt-room"  # below the Jupyter server's base address
FOLDER = "joint-day"  # of the working folder: where a day's papers go
HERE = "127.0.0.1"
MISSING = (
    "What the room needs is not installed here. Ask whoever set the course up to run: "
    "make joint-day"
)
OPEN_FIRST = "The room is not open. Open it first."


class Launcher:
    """At most one open room in this Jupyter server. ``folder``: the working folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.here: Any = None  # opening.Opened
        self.made: dict[str, Any] | None = None  # the papers that were made last
        self.making = False  # papers
        self.busy = asyncio.Lock()

    async def state(self) -> dict[str, Any]:
        """What the page shows of the room."""
        told: dict[str, Any] = {
            "open": self.here is not None,
            "made": self.made,
            "making": self.making,
        }
        if self.here:
            told["door"] = self.here.room.way_in()
            told["lead"] = self.here.key_link
        else:
            told["addresses"] = addresses()
            before = await asyncio.to_thread(self._before)
            if before:
                told["before"] = {"day": before[0], "closed": before[1]}
        return told

    async def open(self, address: str, port: int | None) -> None:
        """Open the room, where it is not open yet. RoomError or StoreError where it cannot be."""
        from . import opening

        async with self.busy:
            if self.here is None:
                port = opening.PORT if port is None else port
                self.here = await opening.opened(address, port, closed=self._report)

    async def stop(self) -> None:
        """Close the doors; what was answered is kept."""
        async with self.busy:
            here, self.here = self.here, None
            if here:
                await here.stop()

    async def report(self) -> None:
        """Make the papers of the newest room. RoomError where there is none."""
        async with self.busy:
            await asyncio.to_thread(self._report)

    async def forget(self) -> None:
        """Close the doors, and delete all that is kept of the newest room."""
        from . import afterwards

        await self.stop()
        async with self.busy:
            await asyncio.to_thread(afterwards.forget)
            self.made = None

    def _before(self) -> tuple[str, bool] | None:
        from . import afterwards

        return afterwards.newest()

    def _report(self) -> None:
        from . import afterwards

        self.making = True
        try:
            files = afterwards.report(self.folder / FOLDER)
        finally:
            self.making = False
        place = files[0].parent
        names = [path.name for path in files]
        self.made = {"place": str(place), "folder": f"{FOLDER}/{place.name}", "files": names}


def addresses() -> list[dict[str, str]]:
    """This computer's own addresses, those of a network first."""
    import psutil

    found = []
    for name, entries in psutil.net_if_addrs().items():
        for entry in entries:
            if entry.family == socket.AF_INET and not ip_address(entry.address).is_loopback:
                found.append({"address": entry.address, "text": f"{entry.address} ({name})"})
    alone = {"address": HERE, "text": f"{HERE} (this computer alone, to try it out)"}
    return [*found, alone]


class Handler(APIHandler):
    """For whoever is logged in to this Jupyter server; others are turned away by Jupyter."""

    launcher: Launcher

    def initialize(self, launcher: Launcher) -> None:
        self.launcher = launcher

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        wrong = kwargs.get("exc_info", (None, None))[1]
        why = getattr(wrong, "log_message", None) or f"{HTTPStatus(status_code).phrase}."
        self.tell({"why": why})

    def tell(self, value: Any) -> None:
        self.set_header("Cache-Control", "no-store")
        self.finish(value if isinstance(value, bytes) else json.dumps(value))

    def room(self) -> Any:
        """The open room; 409 with a sentence where there is none."""
        if self.launcher.here is None:
            raise web.HTTPError(409, OPEN_FIRST)
        return self.launcher.here.room


class State(Handler):
    """``state``: whether a room is open, and how people join."""

    @web.authenticated
    async def get(self) -> None:
        try:
            self.tell(await self.launcher.state())
        except ModuleNotFoundError:
            raise web.HTTPError(503, MISSING) from None


class Act(Handler):
    """``open``, ``stop``, ``report``, ``forget``: what the page's buttons do."""

    @web.authenticated
    async def post(self, what: str) -> None:
        given = self.get_json_body() or {}
        try:
            from . import opening, store
        except ModuleNotFoundError:
            raise web.HTTPError(503, MISSING) from None
        try:
            if what == "open":
                address, port = given.get("address"), given.get("port")
                if type(address) is not str or not (port is None or type(port) is int):
                    raise web.HTTPError(400, "Choose an address of this computer.")
                await self.launcher.open(address, port)
            else:
                await getattr(self.launcher, what)()
        except ModuleNotFoundError:
            raise web.HTTPError(503, MISSING) from None
        except (opening.RoomError, store.StoreError) as wrong:
            raise web.HTTPError(409, str(wrong).replace("%", "%%")) from None
        self.tell(await self.launcher.state())


class Asked(Handler):
    """``day``, ``stage/<n>``, ``door``, ``poll``, ``table``: what the controls ask for."""

    @web.authenticated
    async def get(self, what: str) -> None:
        room = self.room()
        if what == "day":
            self.tell(view.outline(of_course()))
        elif what == "door":
            self.tell(room.way_in())
        elif what == "poll":
            from . import handlers

            self.tell(await handlers.news(room, True, "", self.get_query_argument("v", "")))
        elif what == "table":
            from . import typed

            self.set_header("Content-Disposition", f'attachment; filename="{typed.FILE}"')
            self.finish(typed.template(of_course()), set_content_type="text/csv; charset=utf-8")
        else:
            number = int(what.partition("/")[2])
            if number >= len(of_course().stages):
                raise web.HTTPError(404)
            self.tell(view.stage(of_course(), number, lead=True))


class Do(Handler):
    """``do``: operations of the facilitator; ``typed``: a table of what stands on paper."""

    @web.authenticated
    async def post(self, what: str) -> None:
        from . import handlers

        room, given = self.room(), self.get_json_body()
        if what == "do":
            self.tell(await handlers.do(room, True, "", given))
        else:
            self.tell(await handlers.type_in(room, given))


class File(Handler):
    """The room's own scripts and style, by a list made at the start."""

    def initialize(self, launcher: Launcher, files: dict[str, Path]) -> None:
        super().initialize(launcher)
        self.files = files

    @web.authenticated
    async def get(self, name: str) -> None:
        path = self.files.get(name)
        if path is None:
            raise web.HTTPError(404)
        kind = {".js": "text/javascript", ".css": "text/css"}[path.suffix]
        self.set_header("Cache-Control", "no-cache")
        self.finish(path.read_bytes(), set_content_type=f"{kind}; charset=utf-8")


def load(app: Any) -> None:
    """Add the room to a Jupyter server. Nothing listens, and nothing is imported, until asked."""
    launcher = Launcher(Path(app.root_dir).absolute())
    static = Path(__file__).parent / "static"
    files = {path.name: path for path in static.glob("*.*") if path.suffix in (".js", ".css")}
    shared = {"launcher": launcher}
    base = url_path_join(app.web_app.settings["base_url"], PLACE)
    app.web_app.add_handlers(
        ".*$",
        [
            (f"{base}/state", State, shared),
            (f"{base}/(open|stop|report|forget)", Act, shared),
            (f"{base}/(day|door|poll|table|stage/[0-9]{{1,2}})", Asked, shared),
            (f"{base}/(do|typed)", Do, shared),
            (f"{base}/([a-z]+\\.(?:js|css))", File, shared | {"files": files}),
        ],
    )


# Jupyter's own names for the two.
_load_jupyter_server_extension = load


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "mapt_course.room.jupyter"}]
