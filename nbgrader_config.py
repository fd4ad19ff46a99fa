"""The configuration of the stock nbgrader commands for this course: run them in this folder.

What a trainee handed in is read as data; no kernel is started. ``docs/trainer.md`` has the
commands, ``src/mapt_course/marking`` the code.
"""

import os

from mapt_course.marking import pages

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "mapt"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# Never copied: the key and the sources of an assignment, what a page could be made to run, and
# what was set aside in a submission. The last four are nbgrader's own.
c.CourseDirectory.ignore = [
    "*.toml",
    "*.md",
    "*.html",
    "*.htm",
    "*.xhtml",
    "*.svg",
    "*.xml",
    "samples",
    ".set-aside",
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
]
c.CourseDirectory.max_file_size = 20_000  # kB; a record has about 1,000
c.CourseDirectory.max_dir_size = 60_000  # kB

# An exchange folder of your own: a path that all trainees can reach, or leave it as it is.
if "MAPT_EXCHANGE" in os.environ:
    c.Exchange.root = os.environ["MAPT_EXCHANGE"]
c.ExchangeFactory.collect = "mapt_course.marking.collect.Collect"

# Release: stock, but the questions under a quiz's cell stay. Hidden tests and solutions of an
# assignment that is not the course's are still taken out.
c.ClearSolutions.text_stub = "What you wrote is put here when your work is handed in."
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "mapt_course.marking.nbgrader.KeepQuestions",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Marking: rebuild the notebook, read the record, save the marks. Nothing is executed.
c.Autograde.pre_convert_hook = "mapt_course.marking.nbgrader.before_autograde"
c.Autograde.exporter_class = "mapt_course.marking.nbgrader.Exporter"
c.Autograde.sanitize_preprocessors = [
    "mapt_course.marking.nbgrader.Rebuild",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "mapt_course.marking.nbgrader.Mark",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# formgrader's page of a submission and the feedback page: the course's own templates.
c.HTMLExporter.extra_template_basedirs = [pages.TEMPLATES, pages.NBGRADER_TEMPLATES]
c.HTMLExporter.extra_template_paths = [pages.NBGRADER_TEMPLATES]
c.HTMLExporter.filters = {
    "rubric": "mapt_course.marking.pages.rubric",
    "comment": "mapt_course.marking.pages.comment",
}
c.HTMLExporter.exclude_input_prompt = True
c.HTMLExporter.exclude_output_prompt = True
c.HTMLExporter.exclude_anchor_links = True
c.GenerateFeedback.preprocessors = ["mapt_course.marking.pages.TraineePage"]
# True: the feedback shows the right answer to each question that was not answered right, and
# all feedback texts. Trainees can pass them on to the next cohort.
c.TraineePage.show_right_answers = False

# nbgrader zip_collect takes the zips of the course's hand-in button as they are named:
# roots-check__lena__20261124T103205.zip
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".jsonl"]
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\][a-z0-9-]+__(?P<student_id>[^_/\\]+)__(?P<timestamp>[0-9T]+)"
    r"[/\\](?P<file_id>[^/\\]+)$"
)
