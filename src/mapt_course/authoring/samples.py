"""Sample hand-ins of an assignment, for trainers: ``samples/<name>.toml``, and a page of each.

A sample holds the entries of the assignment's form, and what a trainer gave and wrote for each
criterion. The page (``samples/<name>.md``) is built from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import bank as banks
from .. import items as it


@dataclass(frozen=True)
class Sample:
    """``entries`` by the form's boxes; ``marks`` and ``comments`` by criterion."""

    path: Path
    entries: Mapping[str, str]
    marks: Mapping[str, int]
    comments: Mapping[str, str]


def read(path: Path) -> Sample:
    """A sample's file; BankError with its faults."""
    faults: list[str] = []
    top = banks.Draft(banks.load_toml(path), str(path), faults.append)
    if top.take("format", int, str(banks.FORMAT)) != banks.FORMAT:
        top.fault(f"this format is not known. Write format = {banks.FORMAT}.")
    told = [top.take(name, dict, "a table") for name in ("entries", "marks", "comments")]
    top.end()
    for name, kind, table in zip(
        ("entries", "marks", "comments"), (str, int, str), told, strict=True
    ):
        for key, value in table.items():
            if type(value) is not kind:
                top.fault(f"“{key}” in [{name}] has the wrong kind of value.")
    if faults:
        raise banks.BankError(faults)
    texts = {key: value.strip() for key, value in told[0].items()}
    return Sample(path, texts, told[1], told[2])


def faults(sample: Sample, form: banks.Form, rubric: banks.Rubric) -> Iterator[str]:
    """What does not fit the assignment, as sentences."""
    for cell, text in sample.entries.items():
        try:
            form.check(cell, text)
        except it.ResponseError as wrong:
            yield f"{cell}: {wrong}"
    wanted = {
        cell.removeprefix(f"{_assignment(form)}-"): each for cell, each in rubric.cells.items()
    }
    for name, criterion in wanted.items():
        if sample.marks.get(name) not in {level.points for level in criterion.levels}:
            yield f"[marks] {name}: write the points of one of its levels."
        if not sample.comments.get(name, "").strip():
            yield f"[comments] {name}: write what a trainer would."
    for name in sorted({*sample.marks, *sample.comments} - wanted.keys()):
        yield f"there is no criterion “{name}” in rubric.toml."


def page(sample: Sample, form: banks.Form, rubric: banks.Rubric) -> bytes:
    """The sample as a page to read, in Markdown."""
    lines = [
        f"# {form.title}: a sample ({sample.path.stem})",
        "",
        f"Built by `mapt build` from `{sample.path.name}`. For trainers. All people are invented.",
    ]
    for part in form.parts:
        lines += ["", f"## {part.title}"]
        for field in part.fields:
            lines += ["", f"**{field.label}**"]
            for n, cell in enumerate(field.cells()):
                row = (
                    f"*{field.rows[n // len(field.columns)]}. {cell.label}:* " if field.rows else ""
                )
                text = cell.shown(sample.entries.get(cell.id, "")) or "(left empty)"
                lines += ["", row + text]
    lines += ["", "## How it was marked", "", "| Criterion | Points | Comment |", "|---|---|---|"]
    for cell, criterion in rubric.cells.items():
        name = cell.removeprefix(f"{_assignment(form)}-")
        lines.append(f"| {criterion.name} | {sample.marks[name]} | {sample.comments[name]} |")
    return ("\n".join(lines) + "\n").encode()


def _assignment(form: banks.Form) -> str:
    return form.id.removesuffix("-form")
