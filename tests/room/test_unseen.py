"""Nobody reads what is not for them yet, or not for them at all, on any channel."""

from __future__ import annotations

import re

import pytest
import rooms


@pytest.fixture
def database(tmp_path):
    return tmp_path / "room.sqlite"


@pytest.fixture
def play(database):
    """Runs a scenario in a room of its own."""
    return lambda scenario, **options: rooms.play(database, scenario, **options)


async def everything_told(client, talk) -> str:
    """All bytes that a screen was ever sent, and what plain requests tell it now."""
    told = "".join(talk.messages)
    for v in ("", talk.version - 1, 0):
        told += (await client.get(f"poll?as=seat&v={v}")).body.decode()
    return told + (await client.get("day")).body.decode()


def test_nothing_can_be_read_before_it_is_revealed(play, monkeypatch):
    """On no channel, in no raw message: not by phones, nor by wall and facilitator."""
    monkeypatch.setattr("mapt_course.room.handlers.LONGEST_POLL", 0.2)

    async def scenario(room):
        boss, lead = await room.facilitator()
        wall = await boss.connect("wall")
        spy, spying = await room.phone("police")
        phones = [(await room.phone())[1] for _ in range(4)]
        await lead.do("go", stage=5)
        for phone in phones:
            assert "" == await phone.do("answer", place="checks.1", value="4")
            assert "" == await phone.do("answer", place="card.1", value="zebra-of-the-card")
            assert "" == await phone.do("note", ask="evidence", text="zebra-of-the-note")
        for talk in (spying, wall, lead):
            await talk.until(lambda t=talk: t.parts["n.evidence"] == 4)
        told = await everything_told(spy, spying) + "".join(wall.messages)
        told += (await boss.get("poll?as=wall")).body.decode()
        assert "zebra" not in told
        assert "r.checks" not in told + "".join(lead.messages)
        assert "zebra-of-the-card" not in "".join(lead.messages)
        await lead.do("reveal")
        await spying.until(lambda: "zebra-of-the-note" in "".join(spying.messages))
        notes = [part for key, part in spying.parts.items() if key.startswith("note.")]
        assert 4 == len(notes)
        assert not any("seat" in part for part in notes)
        # Hidden again: who comes now is not told.
        await lead.do("conceal")
        await spying.until(lambda: not any(key[:5] == "note." for key in spying.parts))
        late, coming = await room.phone("police")
        assert "zebra" not in await everything_told(late, coming)

    play(scenario)


def test_a_hidden_note_is_for_the_facilitator_alone(play):
    async def scenario(room):
        _, lead = await room.facilitator()
        _, phone = await room.phone()
        await phone.do("note", "n1", ask="missing-rule", text="zebra")
        await lead.do("hide", note="s1.n1")
        await lead.until(lambda: lead.parts.get("note.s1.n1", {}).get("hidden"))
        late, coming = await room.phone("police")
        assert "zebra" not in "".join(coming.messages)
        assert b"zebra" not in (await late.get("poll?as=seat")).body

    play(scenario)


def test_no_channel_tells_the_answers_of_fewer_than_three(play, monkeypatch):
    """Two of one agency beside four of another: nothing that was ever sent tells them apart."""
    monkeypatch.setattr("mapt_course.room.handlers.LONGEST_POLL", 0.2)

    async def scenario(room):
        boss, lead = await room.facilitator()
        wall = await boss.connect("wall")
        phones = [await room.phone(a) for a in ["health"] * 4 + ["housing"] * 2]
        await lead.do("go", stage=2)
        for (_, phone), level in zip(phones, "444411", strict=True):
            await phone.do("answer", place="ladder-step", value=level)
        await lead.do("reveal")
        for talk in (wall, lead, phones[0][1], phones[5][1]):
            await talk.until(lambda t=talk: "r.ladder-step" in t.parts)
        spy, spying = phones[0]
        told = await everything_told(spy, spying) + "".join(wall.messages + lead.messages)
        for screen_ in ("lead", "wall"):
            told += (await boss.get(f"poll?as={screen_}")).body.decode()
        groups = re.findall(r'"of": ?\[([^\]]*)\], ?"n": ?(\d+)', told)
        assert all(int(n) >= 3 for _, n in groups)
        assert not [of for of, _ in groups if of == '"housing"']
        assert '"housing":2' not in told.replace(" ", "")
        # With two answers nothing but their number is told.
        for client, _ in phones[:4]:
            await lead.do("remove", seat=client.seat)
        await wall.until(lambda: wall.parts["r.ladder-step"]["n"] == 2)
        assert {"n": 2, "counts": {}, "groups": []} == wall.parts["r.ladder-step"]

    play(scenario)
