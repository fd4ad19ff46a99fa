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
from mapt_course.figures.p3_service_wheel import p3_service_wheel
from mapt_course.figures.p4_hub_then_now import p4_hub_then_now
from mapt_course.figures.p5_five_degrees import p5_five_degrees
from mapt_course.figures.p6_word_clash import p6_word_clash
from mapt_course.figures.p7_two_ladders import p7_two_ladders
from mapt_course.figures.p9_three_models import p9_three_models
from mapt_course.figures.p14_role_overlap import p14_role_overlap

__all__ = [
    "PICTURES",
    "draw",
    "p0_course_map",
    "p1_time_line",
    "p2_faults_and_duties",
    "p3_service_wheel",
    "p4_hub_then_now",
    "p5_five_degrees",
    "p6_word_clash",
    "p7_two_ladders",
    "p9_three_models",
    "p14_role_overlap",
]

#: File name (without ending) of a picture's data -> the function that draws it.
PICTURES: dict[str, Callable[..., Axes]] = {
    "p0-course-map": p0_course_map,
    "p1-time-line": p1_time_line,
    "p2-faults-and-duties": p2_faults_and_duties,
    "p3-service-wheel": p3_service_wheel,
    "p4-hub-then-now": p4_hub_then_now,
    "p5-five-degrees": p5_five_degrees,
    "p6-word-clash": p6_word_clash,
    "p7-two-ladders": p7_two_ladders,
    "p9-three-models": p9_three_models,
    "p14-role-overlap": p14_role_overlap,
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
