"""The cells of a built notebook, each as nbformat 4.5 stores it. Nothing here reads a file."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

from ..bank import Bank
from ..items import slug
from ..widgets import fallback
from . import data

HIDDEN_START = (
    "This page does not start by itself here. Press the button, and the questions appear.\n\n"
    '<button data-commandlinker-command="notebook:run-all-cells" data-commandlinker-args="{}">'
    "Start this lesson</button>"
)
PLACEHOLDER = "What you wrote is put here when your work is handed in."
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # not strftime's, which speaks the language of the machine


def markdown(cell_id: str, source: str, *tags: str) -> dict[str, Any]:
    """A Markdown cell that a trainee does not edit."""
    metadata: dict[str, Any] = {"deletable": False, "editable": False}
    if tags:
        metadata["tags"] = list(tags)
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": source}


def activity(cell_id: str, names: tuple[str, ...], bank: Bank | None) -> dict[str, Any]:
    """The one-line call, hidden, with the activity as plain HTML below it."""
    call, activity_id = names[0], names[1] if len(names) == 2 else ""
    argument = f'"{activity_id}"' if activity_id else ""
    output = {
        "data": dict(fallback.bundle(call, activity_id, bank)),
        "metadata": {},
        "output_type": "display_data",
    }
    return {
        "cell_type": "code",
        "execution_count": 1,  # nbval refuses an output on a cell that was never run
        "id": cell_id,
        "metadata": {
            "deletable": False,
            "editable": False,
            "jupyter": {"source_hidden": True},
            "tags": ["mapt-activity"],
        },
        "outputs": [output],
        "source": f"from mapt_course import {call}; {call}({argument})",
    }


def title(
    text: str, minutes: int, module: str, outcomes: Iterable[str], graded: bool = False
) -> str:
    """What every lesson, and every graded check, opens with."""
    about = f"About {minutes} minute{'s' * (minutes != 1)}"
    parts = [f"# {text}", f"{about} · Module: {module}" if module else about]
    can_do = [f"- {outcome}" for outcome in outcomes]
    if can_do:
        parts += [
            "Here you show that you can:" if graded else "You will be able to:",
            "\n".join(can_do),
        ]
    return "\n\n".join(parts)


def picture(told: data.Picture, svg: bytes) -> str:
    """The picture (its title is drawn in it), with its long description (Markdown) folded away.

    It stands in the cell itself, since a trainee's folder holds notebooks only. JupyterLab shows
    no SVG from a cell's attachments ("Cannot render unknown image mime type"); nbconvert takes a
    data address in an <img>, but not in Markdown's own form.
    """
    shown = base64.b64encode(svg).decode()
    alt = escape(_one_line(told.alt))
    return (
        f'<img class="mapt-picture" alt="{alt}" src="data:image/svg+xml;base64,{shown}">\n\n'
        "<details>\n<summary>Describe this picture in words</summary>\n\n"
        f"{told.long_description}\n\n</details>"
    )


def then_and_now(rows: list[data.Row], reminder: str, every: bool = False) -> str:
    """The box of these rows: HTML without a blank line, so that it stays one block.

    ``every``: all rows of the course; the page then offers to filter them.
    """
    lines = [f'<div class="mapt-then-now{" mapt-all-rows" if every else ""}">']
    for row in rows:
        lines += [
            '<div class="mapt-row">',
            f"<h3>{_inline(row.item)}</h3>",
            "<dl>",
            f"<dt>Then</dt><dd>{_inline(row.then)}</dd>",
            f"<dt>Now</dt><dd>{_inline(row.now)}</dd>",
            f"<dt>When</dt><dd>{_inline(row.when)}</dd>",
            "</dl>",
            "</div>",
        ]
    oldest = min(row.checked for row in rows)
    lines += [
        f"<p>Checked {day(oldest)}. {_inline(reminder)}</p>",
        "<details><summary>Sources of this box</summary>",
        "<ul>",
        *(
            f"<li>{_inline(row.item)}: {_inline(row.source)}"
            + ("" if row.confidence == "high" else f" (how sure we are: {row.confidence})")
            + "</li>"
            for row in rows
        ),
        "</ul>",
        "</details>",
        "</div>",
    ]
    return "\n".join(lines)


def glossary(groups: Iterable[data.Words]) -> str:
    """Words and abbreviations, folded away: HTML without a blank line, to stay one block."""
    lines = ['<details class="mapt-words"><summary>Words and abbreviations</summary>']
    for group in groups:
        lines += [f"<p><strong>{_inline(group.title)}</strong></p>", "<dl>"]
        lines += [f"<dt>{_inline(w)}</dt><dd>{_inline(said)}</dd>" for w, said in group.entries]
        lines.append("</dl>")
    return "\n".join([*lines, "</details>"])


def examples(jobs: Iterable[str], texts: Iterable[str]) -> str:
    """One example for each job, folded; the page keeps the reader's own one open."""
    lines = ['<div class="mapt-examples">', "<p>For your job:</p>"]
    for job, text in zip(jobs, texts, strict=True):
        lines.append(
            f'<details class="mapt-example mapt-for-{slug(job)}">'
            f"<summary>{_inline(job)}</summary><p>{_inline(text)}</p></details>"
        )
    return "\n".join([*lines, "</div>"])


def day(when: date) -> str:
    """A day in words: 23 November 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inline(text: str) -> str:
    """Plain text with ``**bold**`` and ``*italic*`` as HTML that Markdown leaves alone."""
    safe = escape(_one_line(text), quote=False).replace("$", "&#36;")
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", strong)
