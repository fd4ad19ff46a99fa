"""The course's pictures: data in, matplotlib Axes or finished SVG out."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG

from mapt_course.figures.p0_course_map import p0_course_map
from mapt_course.figures.p1_time_line import p1_time_line
from mapt_course.figures.p2_faults_and_duties import p2_faults_and_duties

__all__ = ["PICTURES", "draw", "p0_course_map", "p1_time_line", "p2_faults_and_duties"]

#: File name (without ending) of a picture's data -> the function that draws it.
PICTURES: dict[str, Callable[..., Axes]] = {
    "p0-course-map": p0_course_map,
    "p1-time-line": p1_time_line,
    "p2-faults-and-duties": p2_faults_and_duties,
}


def draw(name: str, data: dict) -> bytes:
    """Return the picture ``name`` as SVG: the same bytes for the same data, on every machine.

    ``name`` is the data file's name without its ending, with hyphens or underscores; ``data`` is
    that file, parsed.
    """
    name = name.replace("_", "-")
    if name not in PICTURES:
        known = ", ".join(PICTURES)
        raise ValueError(f"There is no picture '{name}'. Rename {name}.toml to one of: {known}.")
    for field in ("title", "alt", "long_description"):
        if not str(data.get(field, "")).strip():
            raise ValueError(f'{name}.toml has no {field}. Add a line {field} = "…" at its top.')
    fixed = {"svg.hashsalt": f"mapt-{name}", "svg.fonttype": "path", "path.simplify": False}
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(fixed)
        try:
            figure = PICTURES[name](data).figure
        except KeyError as missing:
            raise ValueError(
                f"{name}.toml lacks the field {missing}. Add it; docs/author.md shows the fields."
            ) from missing
        out = io.BytesIO()
        about = {"Title": data["title"], "Date": None, "Creator": None}
        FigureCanvasSVG(figure).print_svg(out, metadata=about)
    return out.getvalue()
