"""The certificate: a Word document, and a page to print. Both state the same."""

from __future__ import annotations

from html import escape

from .. import course
from .statement import SAYS, Statement

DONE = ("Module", "Activities done", "Lessons completed")
HANDED = ("Handed in", "On", "Receipt")
HOURS = "Hours are the time that the course allows for lessons completed and for work handed in."
MARKS = "Marks are not stated here. They stand on the feedback that the trainer gives back."
CHECK = "A trainer can check this code against the records: mapt certificate --verify"

_STYLE = """
@page { size: A4; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; color: #1c2430; background: #e4e8ec;
  font: 15px/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif }
main { width: 210mm; max-width: 100%; min-height: 297mm; margin: 0 auto; padding: 16mm 18mm;
  background: #fff; border-left: 5mm solid #005f93; overflow-wrap: anywhere }
p { margin: 0 0 2mm } h1 { margin: 0 0 1mm; font-size: 34px; line-height: 1.2; color: #005f93 }
.name { font-size: 26px; font-weight: 650; line-height: 1.25; margin: 3mm 0 1mm }
.soft { color: #55606e } .hours { font-size: 18px; font-weight: 650; margin-top: 3mm }
table { width: 100%; border-collapse: collapse; margin: 3mm 0; font-size: 13px }
th, td { text-align: left; vertical-align: top; padding: 0.9mm 2mm;
  border-bottom: 1px solid #c5ccd4 }
th { font-weight: 650 } thead th { background: #f3f5f7 } tbody th { font-weight: 400 }
code { font: 14px ui-monospace, "DejaVu Sans Mono", Consolas, monospace; white-space: nowrap }
.says { background: #f3f5f7; padding: 3mm 4mm; border-radius: 2mm; margin-top: 4mm }
@media (max-width: 600px) { main { padding: 6mm 5mm; border-left-width: 2mm; min-height: 0 } }
@media print { body { background: #fff } main { width: 210mm; height: 297mm }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
"""


def word(stated: Statement) -> bytes:
    """The certificate as a Word document."""
    from ..paper import Paper

    whole = course.course()
    paper = Paper(f"Certificate: {whole.title}", stated.name, one_page=True)
    paper.text("Certificate", "Title")
    paper.text(whole.title, "Label")
    paper.text(stated.name, "Name")
    paper.text(_worked(stated))
    paper.text(_hours(stated), "Label")
    for head, rows in _tables(stated):
        paper.table(head[0], head, rows)
    paper.text(SAYS, "Label")
    paper.text(HOURS, "Quiet")
    if stated.handed_in:
        paper.text(MARKS, "Quiet")
    paper.text(f"Check code: {stated.code}", "Label")
    paper.text(CHECK, "Quiet")
    return paper.content()


def page(stated: Statement) -> str:
    """The certificate as a page of A4, in HTML. All of it is text; it fetches and runs nothing."""
    whole = course.course()
    tables = "".join(_html(head, rows) for head, rows in _tables(stated))
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate: {escape(whole.title)}</title><style>{_STYLE}</style></head><body><main>
<h1>Certificate</h1><p class="soft">{escape(whole.title)}</p>
<p class="name"><bdi>{escape(stated.name)}</bdi></p>
<p>{escape(_worked(stated))}</p>
<p class="hours">{escape(_hours(stated))}</p>
{tables}
<p class="says">{escape(SAYS)}</p>
<p class="soft">{escape(HOURS)}{" " + escape(MARKS) if stated.handed_in else ""}</p>
<p>Check code: <code>{escape(stated.code)}</code><br><span class="soft">{escape(CHECK)}</span></p>
</main></body></html>
"""


def _worked(stated: Statement) -> str:
    return f"worked on this course: {stated.days}"


def _hours(stated: Statement) -> str:
    return f"Time: {stated.hours}"


def _tables(stated: Statement) -> list[tuple[tuple[str, ...], list[list[str]]]]:
    """The tables of the certificate that have rows: their heads and their rows."""
    done = [
        [m.title, f"{m.done} of {m.activities}", f"{m.completed} of {m.lessons}"]
        for m in stated.modules
    ]
    handed = [[each.title, each.day, each.receipt] for each in stated.handed_in]
    return [(head, rows) for head, rows in ((DONE, done), (HANDED, handed)) if rows]


def _html(head: tuple[str, ...], rows: list[list[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(each)}</td>" for each in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
