"""What marking a submission costs, beside stock nbgrader on the same items.

Measured in one run on this machine:

* **mapt mark**: submissions of the check in ``solutions/``, each with a record of responses and a
  reflection, marked by the command as a trainer runs it.
* **stock**: a twin of that check as one writes it for stock nbgrader. Each response is a line of
  code in a cell of the trainee's, and hidden tests in the cell after it give the same points. It
  is marked by ``nbgrader autograde`` with nbgrader's own configuration: a kernel for each.
  Both give each trainee the same score, or the run fails.

CPU seconds are those of the command and of all that it starts, as the system counts them for a
process that has ended. *Of one more* leaves the start of the command out: what a cohort of *n*
takes beyond one of a smaller size, for each submission.

    python benchmarks/marking.py [--stock 8] [--submissions 100]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "support")]

from course_copy import CourseCopy, build, environment, nbgrader, read  # noqa: E402
from gradebooks import dump  # noqa: E402
from trainees import ASSIGNMENT, NOTEBOOK, REFLECTION  # noqa: E402

from mapt_course import bank as banks  # noqa: E402
from mapt_course import items as it  # noqa: E402
from mapt_course.record import Event  # noqa: E402

SIZES = (30, 100, 300)
LEAST, AIM = 10, 30  # times less CPU than stock
TWIN = "twin-check"
TIME = "2026-11-24T09:00:00.000Z"
TEXT = "The nurse rang on Friday. " * 40
MARK = [sys.executable, "-m", "mapt_course.cli", "mark"]
STOCK = [sys.executable, "-m", "nbgrader", "autograde", TWIN]
CONFIGURATION = """
import os
c = get_config()
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "twin"
"""
PROFILE = """
import cProfile, pstats, sys
profile = cProfile.Profile()
profile.enable()
from mapt_course.marking import batch
output, sys.stdout = sys.stdout, open("/dev/null", "w")
batch.main([])
sys.stdout = output
profile.disable()
stats = pstats.Stats(profile)
stats.strip_dirs().sort_stats({order!r}).print_stats({lines})
"""


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds of the processors, seconds by the clock, most memory in MB."""

    cpu: float
    wall: float
    memory: float


def run(command: list[str], cwd: Path, home: Path) -> Cost:
    """Run a command to its end; it must succeed."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment(home), stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        output.seek(0)
        if os.waitstatus_to_exitcode(status):
            sys.exit(output.read().decode())
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / scale)


def responses(bank: banks.Bank, number: int) -> dict[str, Any]:
    """What a trainee answers: some of it right, some in part, some not."""
    chance = random.Random(number)
    given: dict[str, Any] = {}
    for item in bank.items.values():
        right = it.key_response(item)
        if chance.random() < 0.4:
            given[item.id] = right
        elif isinstance(item, it.Single):
            given[item.id] = chance.choice(item.options).id
        elif isinstance(item, it.Multiple):
            given[item.id] = [o.id for o in item.options if chance.random() < 0.5]
        elif isinstance(item, it.Ordering):
            given[item.id] = chance.sample(right, len(right))
        elif isinstance(item, it.Gap):
            given[item.id] = {k: chance.choice([v, "no idea"]) for k, v in right.items()}
        else:
            others = list(right.values())
            given[item.id] = {k: chance.choice(others) for k in right if chance.random() < 0.8}
    return given


def test_of(item: it.Item) -> str:
    """The hidden test of an item: code whose last line is its mark in points."""
    given = f"r = response_{item.id.rpartition('-')[2]}"
    if isinstance(item, it.Single):
        code = f"share = float(r == {item.key!r})"
    elif isinstance(item, it.Multiple):
        code = f"k = {set(item.key)!r}; share = max(0, len(k & set(r)) - len(set(r) - k)) / len(k)"
    elif isinstance(item, it.Ordering):
        code = (
            f"k = {list(item.key)!r}; n = len(k)\n"
            "pairs = [(a, b) for i, a in enumerate(k) for b in k[i + 1:]]\n"
            "share = sum(r.index(a) < r.index(b) for a, b in pairs) / len(pairs)"
        )
    elif isinstance(item, it.Gap):
        accept = {name: [text.lower() for text in key.accept] for name, key in item.key.items()}
        code = (
            f"k = {accept!r}\n"
            "share = sum(r.get(g, '').strip().lower() in texts for g, texts in k.items()) / len(k)"
        )
    else:
        keys = {k: [v] if isinstance(v, str) else sorted(v) for k, v in item.key.items()}
        code = f"k = {keys!r}\nshare = sum(r.get(x) in rights for x, rights in k.items()) / len(k)"
    return f"### BEGIN HIDDEN TESTS\n{given}\n{code}\nshare * {item.points}\n### END HIDDEN TESTS"


def cell(kind: str, name: str, source: str, points: float | None = None, **told: bool) -> dict:
    """A cell with nbgrader's metadata."""
    marks = {"grade": False, "solution": False, "locked": False, "task": False, **told}
    if points is not None:
        marks["points"] = points
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    metadata = {"nbgrader": {"grade_id": name, "schema_version": 3, **marks}}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": source, **more}


def twin(bank: banks.Bank) -> dict:
    """The check as a notebook for stock nbgrader."""
    cells = []
    for item in bank.items.values():
        number = item.id.rpartition("-")[2]
        source = f"### BEGIN SOLUTION\nresponse_{number} = None\n### END SOLUTION"
        cells.append(cell("code", f"given-{number}", source, solution=True))
        cells.append(cell("code", item.id, test_of(item), item.points, grade=True, locked=True))
    cells.append(cell("markdown", REFLECTION, "Write here.", 4, grade=True, solution=True))
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def hand_in_twin(root: Path, bank: banks.Bank, number: int) -> None:
    """A trainee's submission of the twin."""
    notebook = read(root / "release" / TWIN / f"{TWIN}.ipynb")
    given = responses(bank, number)
    for each in notebook["cells"]:
        name = each["metadata"]["nbgrader"]["grade_id"]
        if name.startswith("given-"):
            number_of_item = name.removeprefix("given-")
            answer = given[f"{bank.module}-{number_of_item}"]
            each["source"] = f"response_{number_of_item} = {answer!r}"
        elif name == REFLECTION:
            each["source"] = TEXT
    place = root / "submitted" / f"trainee{number:03}" / TWIN
    place.mkdir(parents=True)
    (place / f"{TWIN}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def hand_in(root: Path, bank: banks.Bank, number: int) -> None:
    """A trainee's submission of the course's check: the released notebook and a record."""
    place = root / "submitted" / f"trainee{number:03}" / ASSIGNMENT
    place.mkdir(parents=True)
    shutil.copy(root / "exercises" / ASSIGNMENT / NOTEBOOK, place)
    (place / "timestamp.txt").write_text("2026-11-24 10:00:00.000000 UTC")
    chance = random.Random(-number)
    lines = []
    for name, response in responses(bank, number).items():
        # Some press the hint, and answer more than once.
        for kind in ["hint"] * chance.randint(0, 1) + ["response"] * chance.randint(1, 3):
            told = {"response": response, "confidence": "think"} if kind == "response" else {}
            event = Event(f"{number}-{len(lines)}", TIME, kind, name, ASSIGNMENT, **told)
            lines.append(event.line())
    lines.append(Event(f"{number}-r", TIME, "reflection", REFLECTION, text=TEXT).line())
    (place / "responses.jsonl").write_bytes(b"".join(lines))


def scores(gradebook: Path) -> dict[str, float]:
    """The sum of what was marked by the machine, by trainee."""
    found: dict[str, float] = {}
    for row in dump(gradebook)["grade"]:
        trainee = row["notebook_id"].split("/")[1]
        found[trainee] = found.get(trainee, 0) + (row["auto_score"] or 0)
    return found


def measure_stock(place: Path, bank: banks.Bank, number: int) -> tuple[Cost, Cost]:
    """The costs of one submission and of ``number`` of them."""
    root = place / "twin"
    (root / "source" / TWIN).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIGURATION)
    (root / "source" / TWIN / f"{TWIN}.ipynb").write_text(json.dumps(twin(bank)))
    nbgrader("generate_assignment", TWIN, cwd=root, env=environment(place / "home"))
    hand_in_twin(root, bank, 0)
    one = run(STOCK, root, place / "home")
    for each in range(1, number):
        hand_in_twin(root, bank, each)
    many = run([*STOCK, "--force"], root, place / "home")
    return one, many


def measure_ours(place: Path, released: CourseCopy, bank: banks.Bank, number: int) -> Cost:
    """The cost of ``number`` submissions; the marked course is left in ``place``."""
    course = CourseCopy.of(place, released.root)
    for each in range(number):
        hand_in(course.root, bank, each)
    return run(MARK, course.root, place / "home")


def line(what: str, cost: Cost, number: int, start: Cost | None = None, started: int = 0) -> str:
    """A line of the table; ``start``: the cost of fewer, to leave the command's start out."""
    told = f"{what:<22}{1000 * cost.cpu / number:>10.1f}{1000 * cost.wall / number:>10.1f}"
    if start:
        more = number - started
        told += f"{1000 * (cost.cpu - start.cpu) / more:>14.1f}"
        told += f"{1000 * (cost.wall - start.wall) / more:>10.1f}"
    else:
        told += f"{'':>24}"
    return f"{told}{cost.memory:>11.0f}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--stock", type=int, default=8, help="submissions that stock nbgrader marks")
    asked.add_argument("--submissions", type=int, default=100, help="that are compared with it")
    asked.add_argument("--lines", type=int, default=25, help="of the profile")
    given = asked.parse_args()
    if given.stock < 2:
        asked.error("stock nbgrader needs two submissions at least")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sources = shutil.ignore_patterns("*.ipynb")
        shutil.copytree(ROOT / "solutions", place / "built" / "solutions", ignore=sources)
        build(place / "built")
        released = CourseCopy.make(place / "released", place / "built" / "solutions")
        released.trainer("generate_assignment", ASSIGNMENT)
        bank = banks.read(released.root / "solutions" / ASSIGNMENT / "items.toml")

        print(f"Stock nbgrader marks {given.stock} submissions …", flush=True)
        one, stock = measure_stock(place, bank, given.stock)
        sizes = sorted({1, *SIZES, given.submissions})
        ours = {}
        for size in sizes:
            print(f"mapt mark: {size} …", flush=True)
            ours[size] = measure_ours(place / f"ours-{size}", released, bank, size)
        compare_scores(place, given.stock, sizes[-1])

        print("\nMilliseconds for a submission, and the most memory of one process in MB")
        print(f"{'':22}{'CPU':>10}{'clock':>10}{'CPU, one more':>16}{'clock':>8}{'memory':>11}")
        print(line(f"stock, {given.stock}", stock, given.stock, one, 1))
        for size in sizes[1:]:
            print(line(f"mapt mark, {size}", ours[size], size, ours[1], 1))
        number = given.submissions
        stock_more = (stock.cpu - one.cpu) / (given.stock - 1)
        stock_all = one.cpu + stock_more * (number - 1)
        ours_more = (ours[number].cpu - ours[1].cpu) / (number - 1)
        print(f"\nTimes less CPU than stock nbgrader (at least {LEAST}, aim {AIM}):")
        told = "" if given.stock == number else ", stock reckoned from its one more"
        print(f"  a cohort of {number}, with the start: {stock_all / ours[number].cpu:.0f}{told}")
        print(f"  one more submission: {stock_more / ours_more:.0f}")

        for order in ("cumulative", "tottime"):
            print(f"\nWhat is left, by {order}: seconds for 100, which the profiler doubles")
            print(profile(place, released, bank, order, given.lines))


def compare_scores(place: Path, number: int, size: int) -> None:
    """Stop where the two did not give the same."""
    stock = scores(place / "twin" / "gradebook.db")
    ours = scores(place / f"ours-{size}" / "course" / "gradebook.db")
    assert len(stock) == number
    for trainee, score in stock.items():
        if abs(score - ours[trainee]) > 0.001:
            sys.exit(f"{trainee}: {score} by stock nbgrader, {ours[trainee]} by mapt mark")


def profile(place: Path, released: CourseCopy, bank: banks.Bank, order: str, lines: int) -> str:
    """The top lines of a profile of ``mapt mark`` with 100 submissions."""
    course = CourseCopy.of(place / f"profile-{order}", released.root)
    for each in range(100):
        hand_in(course.root, bank, each)
    told = subprocess.run(
        [sys.executable, "-c", PROFILE.format(order=order, lines=lines)],
        cwd=course.root,
        env=environment(place / "home"),
        capture_output=True,
        text=True,
        check=True,
    )
    shown = [row[:100] for row in told.stdout.splitlines() if row.strip()]
    return "\n".join(shown)


if __name__ == "__main__":
    main()
