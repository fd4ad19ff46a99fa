"""The room behind a real JupyterHub and its proxy: who may lead leads, phones need the code."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect

PROXY = shutil.which("configurable-http-proxy")
SOON = 20_000  # ms
# JupyterHub is for those who run one: it is no part of what CI installs.
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("jupyterhub") is None or PROXY is None,
    reason="needs jupyterhub (pip) and configurable-http-proxy (npm)",
)
CONFIGURATION = """
import sys
c = get_config()
c.JupyterHub.ip, c.JupyterHub.port, c.JupyterHub.hub_port = "127.0.0.1", {hub}, {api}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.load_roles = [
    {{
        "name": "facilitators",
        "users": ["bev"],
        "scopes": ["access:services!service=mapt-room"],
    }}
]
c.JupyterHub.services = [
    {{
        "name": "mapt-room",
        "url": "http://127.0.0.1:{room}",
        "oauth_no_confirm": True,
        "command": [sys.executable, "-m", "mapt_course.cli", "room", "--hub",
                    "--public", "http://127.0.0.1:{hub}", "--database", "room.sqlite"],
        "environment": {{"PYTHONPATH": {path!r}}},
    }}
]
"""


def free_ports(count: int) -> list[int]:
    bound = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in bound]
    for each in bound:
        each.close()
    return ports


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """The address of the room at a running hub."""
    folder = tmp_path_factory.mktemp("hub")
    hub, api, proxy, room = free_ports(4)
    told = CONFIGURATION.format(
        hub=hub, api=api, proxy=proxy, room=room, path=os.environ.get("PYTHONPATH", "")
    )
    (folder / "jupyterhub_config.py").write_text(told)
    address = f"http://127.0.0.1:{hub}/services/mapt-room/"
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub"], cwd=folder, stdout=log, stderr=log
        )
        try:
            end = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(address) as answer:
                        assert b"room.js" in answer.read()
                        break
                except OSError:
                    assert time.monotonic() < end, (folder / "log").read_text()
                    time.sleep(0.3)
            yield address
        finally:
            running.terminate()
            running.wait(20)


def log_in(page, hub: str, name: str) -> None:
    page.goto(f"{hub}lead")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("any")
    page.get_by_role("button", name="Sign in").click()


def test_phones_by_the_code_and_the_facilitator_by_the_hub(hub, browser):
    bev, phone, other = (browser.new_context().new_page() for _ in range(3))
    log_in(bev, hub, "bev")
    expect(bev.get_by_role("heading", name="Leading the joint day")).to_be_visible(timeout=SOON)
    code = bev.locator(".code").inner_text()
    phone.goto(f"{hub}#{code}")
    phone.get_by_label("Health", exact=True).check()
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_role("heading", name="Welcome")).to_be_visible(timeout=SOON)
    bev.get_by_role("button", name="Next", exact=True).click()
    expect(phone.get_by_role("heading", name="Role cards")).to_be_visible(timeout=SOON)
    with bev.context.expect_page() as opening:
        bev.get_by_role("link", name="Open the wall").click()
    expect(opening.value.get_by_text("Role cards in mixed pairs").first).to_be_visible(timeout=SOON)
    cookies = {each["name"]: each for each in phone.context.cookies()}

    assert "/services/mapt-room/" == cookies["mapt-seat"]["path"]
    assert cookies["mapt-seat"]["httpOnly"] and "Strict" == cookies["mapt-seat"]["sameSite"]

    log_in(other, hub, "ray")
    expect(other.locator("body")).to_contain_text("403", timeout=SOON)
    expect(other.get_by_role("heading", name="Leading the joint day")).to_be_hidden()
    for each in (bev, phone, other):
        each.context.close()
