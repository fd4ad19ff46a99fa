"""Under a stock configuration a graded cell earns no marks and says why."""

from __future__ import annotations

import shutil

import trainees
from course_copy import CourseCopy, read
from nbgrader.api import Gradebook

CONFIGURATION = """
import os
c = get_config()
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "mapt"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""


def test_a_stock_configuration_gives_no_marks(tmp_path, solutions, bank):
    """All answers are right, the notebook is run as stock nbgrader does: 0, and the reason."""
    course = CourseCopy.make(tmp_path, solutions)
    (course.root / "nbgrader_config.py").write_text(CONFIGURATION)
    course.trainer("generate_assignment", trainees.ASSIGNMENT)
    handed_in = course.root / "submitted" / "lena" / trainees.ASSIGNMENT
    shutil.copytree(course.root / "exercises" / trainees.ASSIGNMENT, handed_in)
    trainees.lena(handed_in, bank)
    course.trainer("autograde", trainees.ASSIGNMENT)
    marked = course.root / "autograded" / "lena" / trainees.ASSIGNMENT / trainees.NOTEBOOK

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        where = (trainees.ASSIGNMENT, trainees.ASSIGNMENT, "lena")
        assert gradebook.find_grade("roots-check", *where).auto_score == 0
    [quiz] = [cell for cell in read(marked)["cells"] if cell["id"] == "roots-check"]
    [said] = [output for output in quiz["outputs"] if output["output_type"] == "error"]
    assert "is not marked by running it" in said["evalue"]
    assert "nbgrader_config.py" in said["evalue"]
