"""nbgrader's collecting from the exchange, with one bad submission stopping nobody else's.

Anybody may write into an exchange's inbound folder. Stock nbgrader copies by following links,
takes any name for a trainee's, and stops for all at a folder or file that it cannot read.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect

from ..foreign import one_line
from . import folder
from .submission import TRAINEE_ID


class Collect(ExchangeCollect):
    """For ``ExchangeFactory.collect``."""

    def _path_to_record(self, path):
        try:
            return super()._path_to_record(path)
        except (ValueError, OverflowError, TypeError, ExchangeError):
            name = Path(path).name
            # No trainee's name, and each one's own: nbgrader keeps one record for a name.
            return {"username": f"?{name}", "filename": name, "timestamp": datetime.min}

    def init_src(self):
        """Find the submissions; those with a name that no trainee has are reported."""
        super().init_src()
        kept = []
        for found in self.src_records:
            if TRAINEE_ID.fullmatch(found["username"]):
                kept.append(found)
            else:
                self.log.error(
                    "Not collected: “%s” does not name a trainee and a time.",
                    one_line(found["filename"], 200),
                )
        self.src_records = kept

    def do_copy(self, src, dest, log=None):
        """Copy the ordinary files of a submission; what is left out is reported."""
        source, target = Path(src), Path(dest)
        target.mkdir(parents=True)
        for left_out in folder.copy_submission(
            source, target, self.coursedir.ignore, 1000 * self.coursedir.max_file_size
        ):
            self.log.warning("%s: %s", one_line(source.name, 200), left_out)
        if not list(target.glob("*.ipynb")):
            # nbgrader would pass over the folder; with an empty notebook its record is marked.
            (target / f"{self.coursedir.assignment_id}.ipynb").touch()
            self.log.warning("%s: there is no notebook", one_line(source.name, 200))
        folder.mend_timestamp(target)
