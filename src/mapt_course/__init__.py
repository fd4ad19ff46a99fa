"""What a lesson's cell may call: ``quiz``, ``scenario``, ``rating``, ``reflection``, ``form``,
``hand_in``, ``home``, ``due``, ``take_along``, ``papers``, ``joint_day``.

Each is imported when it is first called, so that ``import mapt_course`` costs next to nothing.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_CALLS = {
    name: "mapt_course.widgets"
    for name in (
        "quiz",
        "scenario",
        "rating",
        "reflection",
        "form",
        "hand_in",
        "home",
        "due",
        "take_along",
    )
} | {"papers": "mapt_course.portfolio.page", "joint_day": "mapt_course.room.page"}
__all__ = ["__version__", *_CALLS]


def __getattr__(name: str):
    if name in _CALLS:
        return getattr(importlib.import_module(_CALLS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
