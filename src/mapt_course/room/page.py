"""The facilitator's page in JupyterLab: the day's plan, and the room's buttons and pictures.

The room itself lives in the Jupyter server (``jupyter``), so that it goes on when this page or its
helper is gone. The page talks to the server; the helper only tells it the plan.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import HTML

from .. import bank as banks
from ..widgets import fallback
from ..widgets.activity import Activity
from . import day, view


class JointDay(Activity):
    """The page. ``plan``: every stage with its time, what to say and what to ask."""

    def __init__(self, folder: Path):
        super().__init__("joint_day", "joint_day", banks.Bank(module="joint-day"), folder)

    @property
    def items(self) -> list:
        """The room asks; this page does not."""
        return []

    def state_of_page(self) -> dict[str, Any]:
        """The plan; what happens in the room comes from the server."""
        whole = day.of_course()
        stages = [view.stage(whole, n, lead=True) for n in range(len(whole.stages))]
        return {
            "call": "joint_day",
            "id": "joint_day",
            "place": "joint_day",
            "title": whole.title,
            "rules": list(whole.rules),
            "plan": stages,
        }

    def _taken(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"view": self.state_of_page()}


@cache
def _joint_day(folder: Path) -> JointDay:
    # As with every activity, a cell run again shows the same model.
    return JointDay(folder)


def joint_day() -> Any:
    """Show the plan and the room's buttons."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return HTML(fallback.notice("No room is opened from here."))
    return _joint_day(Path.cwd())
