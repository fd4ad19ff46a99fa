"""What a quiz costs on the wire: counted, not timed.

A quiz of ten of the course's own items in a real kernel, and the longest real quiz in a real page.
"""

from __future__ import annotations

import itertools
import json
import struct

import kernels
import pytest

from mapt_course import course as whole

MOST_MESSAGES, MOST_BYTES = 10, 25_000
CHECK = "checks/roots-check/roots-check.ipynb"
# The released course has no quiz of ten: this makes one of the given items, in the kernel only.
MAKE = """
from mapt_course import course
from mapt_course.bank import Quiz
course.module_bank("roots").quizzes["roots-ten"] = Quiz("roots-ten", "Ten", {items!r})
"""
ASK = 'from mapt_course import quiz; quiz("roots-ten")'


def quiz_items() -> list[str]:
    """The items that stand in quizzes of module 1, in the lessons' order."""
    bank = whole.module_bank("roots")
    shown = [name for lesson in whole.lessons("roots") for name in lesson.activities]
    return [item for name in shown if name in bank.quizzes for item in bank.quizzes[name].items]


def in_bytes(message: dict) -> int:
    """The size of a message as the server hands it to the page."""
    parts = [message[name] for name in ("header", "parent_header", "metadata", "content")]
    return sum(
        len(json.dumps(part, default=str, ensure_ascii=False, separators=(",", ":")).encode())
        for part in parts
    )


@pytest.fixture
def kernel(tmp_path):
    """A real kernel in an empty folder, as a lesson has."""
    with kernels.running(tmp_path) as client:
        yield client


def run(client, code: str) -> list[dict]:
    """Execute; every message that came of it, on both channels."""
    asked = client.execute(code)
    said = []
    while not said or said[-1]["content"].get("execution_state") != "idle":
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == asked:
            said.append(message)
    reply = client.get_shell_msg(timeout=60)
    while reply["parent_header"].get("msg_id") != asked:
        reply = client.get_shell_msg(timeout=60)
    assert "ok" == reply["content"]["status"], reply["content"]
    return [*said, reply]


def test_ten_items_cost_ten_messages_and_25_kb_at_most(kernel):
    """From the execution of the cell to its end: models, layout, view, fallback and replies."""
    items = tuple(quiz_items()[:10])
    run(kernel, MAKE.format(items=items))
    said = run(kernel, ASK)
    kinds = [message["msg_type"] for message in said]
    size = sum(map(in_bytes, said))

    assert 10 == len(items)
    assert ["comm_open", "comm_open", "execute_result"] == [
        kind for kind in kinds if kind not in ("status", "execute_input", "execute_reply")
    ]
    assert len(said) <= MOST_MESSAGES
    assert size <= MOST_BYTES, f"{size} bytes in {kinds}"


def test_a_cell_run_again_opens_no_second_model(kernel):
    """What a re-run costs does not grow with how often it is done."""
    run(kernel, MAKE.format(items=tuple(quiz_items()[:10])))
    first, again = (run(kernel, ASK) for _ in range(2))

    assert 2 == [message["msg_type"] for message in first].count("comm_open")
    assert 0 == [message["msg_type"] for message in again].count("comm_open")


def parts(frame: bytes) -> list[bytes]:
    """A frame's channel, header, parent header, metadata, content (v1.kernel.websocket)."""
    count = struct.unpack_from("<Q", frame)[0]
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    return [frame[a:b] for a, b in itertools.pairwise(offsets)]


def test_the_longest_real_quiz_costs_a_page_no_more(course, page):
    """All that the page and the kernel say to each other because of it, until it can be used."""
    frames: list[tuple[str, bytes]] = []

    def listen(socket):
        if "/channels" in socket.url:
            socket.on("framereceived", lambda frame: frames.append(("to the page", frame)))
            socket.on("framesent", lambda frame: frames.append(("to the kernel", frame)))

    page.on("websocket", listen)
    course.open(page, CHECK)
    binary = [(way, frame) for way, frame in frames if isinstance(frame, bytes)]
    told = []
    for way, frame in binary:
        _, header, parent, _, content = parts(frame)[:5]
        told.append((way, json.loads(header), json.loads(parent), content, len(frame)))
    [asked] = [
        header["msg_id"]
        for way, header, _, content, _ in told
        if header["msg_type"] == "execute_request" and b'quiz(\\"roots-check\\")' in content
    ]
    because = [each for each in told if asked in (each[1]["msg_id"], each[2].get("msg_id"))]
    models = {
        json.loads(content)["comm_id"]
        for _, header, _, content, _ in because
        if header["msg_type"] == "comm_open"
    }
    because += [
        each
        for each in told
        if each not in because
        and each[1]["msg_type"] == "comm_msg"
        and json.loads(each[3])["comm_id"] in models
    ]
    kinds = [f"{header['msg_type']} {way}" for way, header, *_ in because]
    size = sum(length for *_, length in because)

    assert 2 == len(models)
    assert len(because) <= MOST_MESSAGES, kinds
    assert size <= MOST_BYTES, f"{size} bytes in {kinds}"
