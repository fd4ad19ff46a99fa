"""How much memory a lesson's kernel takes, beside a bare kernel that shows one widget.

Measured in one run, several kernels each, in turns; each in a process of its own, one at a time:

* **bare**: ipykernel, ipywidgets and anywidget, with one anywidget of three lines shown. This is
  the least that a lesson made of widgets can take.
* **typical**, **heaviest**: every call of a page of the course. All pages that a trainee opens,
  checks and *Start here* among them, are measured once beforehand; the middle one and the one
  that takes most are then taken. The working folder is that of a trainee who has answered
  everything, so the records behind the page are as long as they get.

It is the resident set (RSS) from ``/proc/<pid>/smaps_rollup``, in MB of 2**20 bytes, read after
the last cell has run. Not PSS, which divides pages of shared libraries by the number of processes
that happen to hold them: it changes with whatever else runs on the machine, by more than the
difference in question (4 MB were seen). RSS counts such pages whole, in all kernels alike.

    python benchmarks/kernel_memory.py [--kernels 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "support")]
os.environ["PYTHONPATH"] = str(ROOT / "src")  # the kernels are to measure this checkout

import kernels  # noqa: E402
import worked  # noqa: E402

from mapt_course import course as whole  # noqa: E402

MOST = 8  # MB above the bare kernel
BARE = """
import anywidget, traitlets

class Count(anywidget.AnyWidget):
    _esm = "export default { render({ model, el }) { el.textContent = model.get('value'); } }"
    value = traitlets.Int(0).tag(sync=True)

Count()
"""


def pages() -> dict[Path, str]:
    """A notebook -> the folder, below the working folder, that a trainee opens it in.

    A page without a call has no kernel and is left out.
    """
    lessons = [each.path for m in whole.course().modules for each in whole.lessons(m.id)]
    checks = [whole.exercises_folder() / name / f"{name}.ipynb" for name in whole.assignments()]
    found = {path: path.parent.name for path in lessons}
    found |= {path: f"checks/{path.stem}" for path in checks}
    return {path: place for path, place in found.items() if calls(path)}


def calls(path: Path) -> list[str]:
    """The sources of a notebook's code cells."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def measure(sources: list[str], folder: Path) -> float:
    """Start a kernel in a folder, run cells; the MB that it then holds."""
    with kernels.running(folder) as client:
        for source in sources:
            run(client, source)
        asked = {"pid": "__import__('os').getpid()"}
        told = run(client, "", user_expressions=asked)["user_expressions"]["pid"]
        rollup = Path(f"/proc/{told['data']['text/plain']}/smaps_rollup").read_text()
    return int(rollup.partition("Rss:")[2].split()[0]) / 1024


def run(client, source: str, **more) -> dict:
    """The reply to a cell; it must succeed."""
    reply = client.execute_interactive(
        source, output_hook=lambda message: None, timeout=60, **more
    )["content"]
    if reply["status"] != "ok":
        sys.exit("\n".join(reply["traceback"]))
    return reply


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--kernels", type=int, default=5, help="of each kind")
    given = asked.parse_args()
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit("This benchmark reads /proc/<pid>/smaps_rollup, which only Linux has.")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        worked.work_through(folder)
        once = {}
        for path, where in pages().items():
            once[path] = measure(calls(path), folder / where)
            print(f"  {path.name}: {once[path]:.1f} MB", flush=True)
        order = sorted(once, key=once.get)
        kinds = {"bare": ([BARE], folder)}
        for what, path in (("typical", order[len(order) // 2]), ("heaviest", order[-1])):
            kinds[what] = calls(path), folder / pages()[path]
            print(f"{what}: {path.name}, {len(calls(path))} calls")
        found: dict[str, list[float]] = {what: [] for what in kinds}
        for number in range(given.kernels):
            for what in list(kinds)[:: 1 if number % 2 == 0 else -1]:
                found[what].append(measure(*kinds[what]))
    print(f"\n{'':10}{'median':>8}{'range':>16}{'above bare':>12}   MB of RSS (must: {MOST})")
    bare = statistics.median(found["bare"])
    for what, sizes in found.items():
        middle = statistics.median(sizes)
        spread = f"{min(sizes):.1f}-{max(sizes):.1f}"
        print(f"{what:10}{middle:>8.1f}{spread:>16}{middle - bare:>12.1f}")
    if statistics.median(found["heaviest"]) - bare > MOST:
        sys.exit(f"The heaviest page takes more than {MOST} MB above a bare kernel.")


if __name__ == "__main__":
    main()
