"""What the trainees of the full cycle answer and break, and what they earn, worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

from course_copy import read, write

from mapt_course import items as it
from mapt_course.bank import Bank
from mapt_course.record import Record

ASSIGNMENT = "roots-check"
REFLECTION = "roots-check-r1"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
COMMENT = "You say why. Now sit in the *other* chair."
LENA = "The nurse rang on Friday.\n\nI noted it down, and I told nobody: facts stayed put."

# Each sets its own window flag where it runs.
SCRIPT = "<script>window.ran_{0} = 1</script>"
IMAGE = '<img src="x" onerror="window.ran_{0} = 1">'
LINK = "[press here](javascript:window.ran_{0}=1)"
FRAME = '<iframe srcdoc="<script>parent.ran_{0} = 1</script>"></iframe>'
STYLE = "<style>body {{ display: none }}</style>"
HANDLERS = (
    '<svg onload="window.ran_{0} = 1"></svg>',
    '<details open ontoggle="window.ran_{0} = 1">x</details>',
    '<button autofocus onfocus="window.ran_{0} = 1">x</button>',
)
SCHEMES = (
    "[x](vbscript:window.ran_{0}=1)",
    "[x](data:text/html,<script>opener.ran_{0}=1</script>)",
    '<a href="file:///etc/passwd">x</a>',
    '<object data="data:text/html,<script>parent.ran_{0}=1</script>"></object>',
)
# Each asks another computer for something, and so tells that it was opened.
REMOTE = (
    "![seen](http://remote.example/{0}.png)",
    '<img src="//remote.example/{0}.gif">',
    '<link rel="stylesheet" href="http://remote.example/{0}.css">',
    "<style>@import url(http://remote.example/{0}-2.css);</style>",
    '<p style="background: url(http://remote.example/{0}-3.png)">x</p>',
    '<meta http-equiv="refresh" content="0;url=http://remote.example/{0}">',
    '<base href="http://remote.example/">',
    '<video autoplay poster="http://remote.example/{0}.jpg"></video>',
    '<iframe src="http://remote.example/{0}.html"></iframe>',
    '<svg><image href="http://remote.example/{0}.svg"/></svg>',
    "http://remote.example/{0} <http://remote.example/{0}>",
)
HOSTILE = "\n\n".join(
    [
        "Hello & <b>welcome</b>",
        SCRIPT,
        IMAGE,
        LINK,
        FRAME,
        STYLE,
        *HANDLERS,
        *SCHEMES,
        *REMOTE,
        "$\\href{{javascript:window.ran_{0}=1}}{{tex}}$",
        "</div></td></table>",
    ]
)


def lena(folder: Path, bank: Bank) -> None:
    """Everything right, and a reflection: 9 of 9."""
    record = Record(folder)
    for item in bank.items.values():
        record.append("response", item.id, response=it.key_response(item))
    record.append("reflection", REFLECTION, text="A first try")
    record.append("reflection", REFLECTION, text=LENA)


OMAR = {1: 3 / 5, 2: 0, 3: 1 / 3, 4: 9 / 10, 5: 1, 6: 6 / 8, 7: 0, 8: 1, 9: 3 / 5}
OMAR_TOTAL = 5.1833  # 0.6 + 0 + 0.3333 + 0.9 + 1 + 0.75 + 0 + 1 + 0.6


def omar(folder: Path, bank: Bank) -> None:
    """Partly right; see ``OMAR`` for what each item earns."""
    record = Record(folder)

    def give(number: int, response) -> None:
        record.append("response", f"{ASSIGNMENT}-{number}", response=response)

    def item(number: int):
        return bank.items[f"{ASSIGNMENT}-{number}"]

    # Three of five gaps right, one wrong, one left empty.
    century, groundwork, act, many, _ = item(1).gaps
    accept = {gap.id: item(1).key[gap.id].accept[0] for gap in item(1).gaps}
    give(
        1,
        {
            century.id: f"  {accept[century.id].upper()} ",
            groundwork.id: "1066",
            act.id: accept[act.id],
            many.id: accept[many.id],
        },
    )
    # A wrong option.
    give(2, next(o.id for o in item(2).options if o.id != item(2).key))
    # Two hits and one false pick, of three keys: (2 - 1) / 3.
    hits = [o.id for o in item(3).options if o.id in item(3).key][:2]
    give(3, [*hits, next(o.id for o in item(3).options if o.id not in item(3).key)])
    # One swap of neighbours: 9 of the 10 pairs stand in order.
    first, second, third, *rest = item(4).key
    give(4, [first, third, second, *rest])
    # Right.
    give(5, item(5).key)
    # Six of eight cards right.
    cards = it.key_response(item(6))
    for card in [card.id for card in item(6).cards][:2]:
        cards[card] = next(c.id for c in item(6).categories if c.id not in item(6).key[card])
    give(6, cards)
    # Item 7 is not answered. Item 8: wrong first; the latest response counts.
    give(8, next(o.id for o in item(8).options if o.id != item(8).key))
    give(8, item(8).key)
    # Three of five pairs right, two left open.
    pairs = it.key_response(item(9))
    give(9, {left.id: pairs[left.id] for left in item(9).lefts[:3]})
    record.append("reflection", REFLECTION, text="It was a busy day. I would do it again.")


def ivy(folder: Path, bank: Bank) -> None:
    """Nothing answered: 0, and no error."""


def noah(folder: Path, bank: Bank) -> None:
    """A broken record: two right answers stand between damaged lines: 2 of 9."""
    record = Record(folder)
    record.append("response", f"{ASSIGNMENT}-2", response=bank.items[f"{ASSIGNMENT}-2"].key)
    with record.path.open("ab") as file:
        file.write(b'{"v": 1, "id": "torn", "at": "2026-\n')
        file.write(bytes(range(256)) + b"\n")
        file.write(json.dumps({"v": 99, "note": "x" * 80}).encode() + b"\n")
    record.append("response", f"{ASSIGNMENT}-5", response=bank.items[f"{ASSIGNMENT}-5"].key)
    # An option that there is not comes after a good answer: the good one counts.
    record.append("response", f"{ASSIGNMENT}-5", response="no-such-option")


def mia(folder: Path, bank: Bank) -> None:
    """The quiz's cell and the reflection's stand twice; one right answer: 1 of 9."""
    Record(folder).append("response", f"{ASSIGNMENT}-2", response=bank.items[f"{ASSIGNMENT}-2"].key)
    notebook = read(folder / NOTEBOOK)
    again = [
        {**cell, "id": f"again-{n}"}
        for n, cell in enumerate(notebook["cells"])
        if cell["metadata"]["nbgrader"]["grade"]
    ]
    notebook["cells"] += again
    write(folder / NOTEBOOK, notebook)


def ben(folder: Path, bank: Bank) -> None:
    """A renamed notebook; one right answer, and a reflection typed into the notebook: 1 of 9."""
    Record(folder).append("response", f"{ASSIGNMENT}-5", response=bank.items[f"{ASSIGNMENT}-5"].key)
    notebook = read(folder / NOTEBOOK)
    for cell in notebook["cells"]:
        if cell["id"] == REFLECTION:
            cell["source"] = "I wrote it here.\n\nSorry!"
    (folder / NOTEBOOK).unlink()
    write(folder / "Ben's answers (1).ipynb", notebook)


def ben_in_place(folder: Path, bank: Bank) -> None:
    """One right answer and nothing else: 1 of 9."""
    Record(folder).append("response", f"{ASSIGNMENT}-5", response=bank.items[f"{ASSIGNMENT}-5"].key)


def tom(folder: Path, bank: Bank) -> None:
    """The notebook is gone; one right answer stands in the record: 1 of 9."""
    Record(folder).append("response", f"{ASSIGNMENT}-5", response=bank.items[f"{ASSIGNMENT}-5"].key)
    (folder / NOTEBOOK).unlink()


def eve(folder: Path, bank: Bank) -> None:
    """Tries to run script in the trainer's browser, from every place; one right answer: 1 of 9."""
    record = Record(folder)
    gaps = bank.items[f"{ASSIGNMENT}-1"].gaps
    record.append(
        "response",
        f"{ASSIGNMENT}-1",
        response={
            gap.id: text.format("gap")
            for gap, text in zip(
                gaps,
                [
                    SCRIPT + REMOTE[0] + REMOTE[1],
                    IMAGE + SCHEMES[0] + SCHEMES[1],
                    LINK + "".join(HANDLERS),
                    FRAME + REMOTE[4] + REMOTE[8],
                    "</td></table>" + STYLE + REMOTE[3],
                ],
                strict=True,
            )
        },
    )
    record.append("response", f"{ASSIGNMENT}-5", response=bank.items[f"{ASSIGNMENT}-5"].key)
    record.append("response", f"{ASSIGNMENT}-8", response=IMAGE.format("option"))
    record.append("reflection", REFLECTION, text=HOSTILE.format("reflection"))
    notebook = read(folder / NOTEBOOK)
    for n, cell in enumerate(notebook["cells"]):
        cell["metadata"]["tags"] = ['"><script>window.ran_tag = 1</script>']
        if cell["cell_type"] == "code":
            html = {"text/html": HOSTILE.format("output"), "application/javascript": "ran_js = 1"}
            cell["outputs"] = [
                {"output_type": "display_data", "data": html, "metadata": {}},
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": "9"},
                },
                {"output_type": "stream", "name": "stdout", "text": HOSTILE.format("stream")},
            ]
        elif cell["id"] == REFLECTION:
            cell["source"] = HOSTILE.format("cell")
            cell["attachments"] = {"x.svg": {"image/svg+xml": SCRIPT.format("attached")}}
        else:
            cell["source"] = HOSTILE.format(f"locked{n}")
    notebook["cells"] += [
        {"cell_type": "markdown", "id": "own-1", "metadata": {}, "source": HOSTILE.format("added")},
        {
            "cell_type": "raw",
            "id": "own-2",
            "metadata": {"raw_mimetype": "text/html"},
            "source": HOSTILE.format("raw"),
        },
        {
            "cell_type": "code",
            "id": "own-3",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": "open('executed', 'w')",
        },
    ]
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    notebook["metadata"]["title"] = SCRIPT.format("title")
    write(folder / NOTEBOOK, notebook)
    (folder / "page.html").write_text(SCRIPT.format("page"))
    (folder / "<img src=x onerror=ran_file=1>.ipynb").write_text("{}")


def ada(folder: Path, bank: Bank) -> None:
    """Works in the folder that ``mapt start`` makes, and fetches nothing: 2 of 9."""
    record = Record(folder)
    for number in (2, 5):
        item = bank.items[f"{ASSIGNMENT}-{number}"]
        record.append("response", item.id, response=item.key)


ALL = {each.__name__: each for each in (lena, omar, ivy, noah, mia, ben, tom, eve, ada)}
SCORES = {
    "lena": 9,
    "omar": OMAR_TOTAL,
    "ivy": 0,
    "noah": 2,
    "mia": 1,
    "ben": 1,
    "tom": 1,
    "eve": 1,
    "ada": 2,
}
DAMAGED = ("noah", "mia", "ben", "tom", "eve", "kim", "sam")  # kim, sam: see conftest.py
