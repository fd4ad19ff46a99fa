"""``mapt build``: lessons to notebooks and pictures to SVG, one way, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from .. import bank as banks
from ..course import PACKAGE
from . import coverage, data, notebook, samples
from .tree import Tree, Unit, read


def main(check: bool = False, root: Path | None = None, today: date | None = None) -> int:
    """Build what has changed, one line for each file; 1 where something is wrong.

    ``check``: write nothing; 1 and a line for each file that differs, is missing or is left over.
    ``root``: the checkout (the one that this package stands in unless said). ``today``: the day
    from which the age of then-and-now rows is counted.
    """
    root = find_root(root)
    if root is None:
        print("mapt build works in a checkout of the course. Clone it, and install with pip -e.")
        return 1
    tree = read(root)
    wrong = 0
    made: set[Path] = set()
    for unit in tree.units:
        for path, content in _unit(tree, unit, made):
            wrong += _compare(tree, path, content) if check else _write(tree, path, content)
    for unit in tree.units:
        for sample in unit.samples if unit.bank and unit.rubric else ():
            [form] = unit.bank.forms.values()
            if not list(samples.faults(sample, form, unit.rubric)):
                path = sample.path.with_suffix(".md")
                content = samples.page(sample, form, unit.rubric)
                wrong += _compare(tree, path, content) if check else _write(tree, path, content)
    facts = root / "course" / "facts" / "facts.toml"
    tree.facts = tree.try_read(data.facts, facts) if facts.is_file() else None
    if tree.facts and tree.built:
        path = root / "docs" / "coverage.md"
        made.add(path)
        content = coverage.page(tree)
        wrong += _compare(tree, path, content) if check else _write(tree, path, content)
    for fault in tree.faults:
        print(fault)
    for warning in data.old_rows(tree.rows, today or date.today()):
        print(f"warning: {warning}")
    # What cannot be built now is not left over.
    left = [path for unit in tree.units for path in _built(unit.folder) if path not in made]
    for path in left if not tree.faults else ():
        print(f"{tree.shown(path)}: left over, nothing is built to it any more. Delete it.")
        wrong += 1
    if check and not wrong and not tree.faults:
        print(f"{len(made)} built files are up to date.")
    return int(bool(wrong or tree.faults))


def find_root(root: Path | None) -> Path | None:
    """The checkout, or None where there is none (an installed package)."""
    root = (root or PACKAGE.parents[1]).absolute()
    return root if (root / "course" / "course.toml").is_file() else None


def _unit(tree: Tree, unit: Unit, made: set[Path]) -> Iterator[tuple[Path, bytes]]:
    """Each (path, content) of a folder; what cannot be built goes to ``tree.faults``."""
    drawn: dict[str, bytes | None] = {}
    for name, told in unit.pictures.items():
        path = unit.folder / "figures" / f"{name}.svg"
        made.add(path)
        drawn[name] = None
        if told is not None:
            print(f"{told.shown}: drawing ...", flush=True)
            drawn[name] = tree.try_read(draw, told)
        if drawn[name] is not None:
            yield path, drawn[name]
    if unit.bank is None or tree.course is None:
        return
    for source in unit.lessons:
        path = source.path.with_suffix(".ipynb")
        made.add(path)
        built = tree.try_read(notebook.build, tree, unit, source, drawn.get)
        if built is not None:
            yield path, notebook.write(built)


def draw(told: data.Picture) -> bytes:
    """The picture's SVG; BankError where its data do not fit its drawing."""
    try:
        from .. import figures

        return figures.draw(told.name, told.data)
    except ImportError as wrong:
        reason = f"{wrong}. Install what an author needs: pip install -e .[author]"
    except Exception as wrong:  # a drawing's own slip must not end in a traceback for an author
        reason = str(wrong) if isinstance(wrong, ValueError) else f"{type(wrong).__name__}: {wrong}"
    raise banks.BankError([f"{told.shown}: cannot be drawn. {reason}"])


def _built(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.ipynb"), *folder.glob("figures/*.svg")])


def _compare(tree: Tree, path: Path, content: bytes) -> int:
    if not path.is_file():
        print(f"{tree.shown(path)}: is missing. Run mapt build.")
        return 1
    if path.read_bytes() != content:
        print(f"{tree.shown(path)}: differs from its sources. Run mapt build.")
        return 1
    return 0


def _write(tree: Tree, path: Path, content: bytes) -> int:
    if path.is_file() and path.read_bytes() == content:
        print(f"{tree.shown(path)}: up to date")
        return 0
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    except OSError as wrong:
        print(f"{tree.shown(path)}: cannot be written ({wrong.strerror}). Mend its permissions.")
        return 1
    print(f"{tree.shown(path)}: written")
    return 0
