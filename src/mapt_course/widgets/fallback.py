"""Activities as plain HTML and text, without keys: for copies not run, not trusted, or printed."""

from __future__ import annotations

from html import escape

from .. import items as it
from ..bank import Bank


def bundle(call: str, activity_id: str, bank: Bank | None) -> dict[str, str]:
    """``text/html`` and ``text/plain`` of an activity; ``bank`` may have keys, none is shown."""
    if call == "hand_in":
        text = "The button to hand in appears here when the page has started."
        return {"text/html": notice(text), "text/plain": text}
    if call == "due":
        text = "Questions that are due again appear here when the page has started."
        return {"text/html": notice(text), "text/plain": text}
    if call == "take_along":
        text = "The buttons to take your work along appear here when the page has started."
        return {"text/html": notice(text), "text/plain": text}
    if call == "papers":
        text = (
            "The buttons for your portfolio and certificate appear here when the page has started."
        )
        return {"text/html": notice(text), "text/plain": text}
    if call == "joint_day":
        text = "The joint day's plan and its buttons appear here when the page has started."
        return {"text/html": notice(text), "text/plain": text}
    if call == "home" or bank is None:
        text = "The course map appears here when the page has started."
        return {"text/html": notice(text), "text/plain": text}
    if call == "reflection":
        reflection = bank.reflections[activity_id]
        head, blocks = reflection.title, [(reflection.prompt, [])]
    elif call == "form":
        form = bank.forms[activity_id]
        parts = [(part.title, [field.label for field in part.fields]) for part in form.parts]
        head, blocks = form.title, [(form.prompt, []), *parts]
    elif call == "quiz":
        quiz = bank.quizzes[activity_id]
        head, blocks = quiz.title, [_block(it.strip(bank.items[name])) for name in quiz.items]
    else:
        head, blocks = "", [_block(it.strip(bank.items[activity_id]))]
    return {"text/html": _html(head, blocks), "text/plain": _plain(head, blocks)}


def notice(text: str) -> str:
    """One sentence for the trainee, as HTML."""
    return f'<p class="mapt-notice">{escape(text)}</p>'


def _block(bare: it.Item) -> tuple[str, list[str]]:
    """The stem and the lines under it."""
    if isinstance(bare, it.Scenario):
        first = bare.node(bare.start)
        return f"{bare.stem} {first.text} {first.ask}", [choice.text for choice in first.choices]
    if isinstance(bare, it.Gap):
        text = bare.text
        for gap in bare.gaps:
            text = text.replace("{" + gap.id + "}", "________")
        return f"{bare.stem} {text}", []
    lines = [entry.text for name in bare.lists for entry in getattr(bare, name)]
    if isinstance(bare, it.Rating):
        lines = [f"{line}: {' / '.join(bare.scale)}" for line in lines]
    return bare.stem, lines


def _html(head: str, blocks: list[tuple[str, list[str]]]) -> str:
    parts = [f"<h3>{escape(head)}</h3>"] if head else []
    for stem, lines in blocks:
        parts.append(f"<p>{escape(_unmarked(stem))}</p>")
        if lines:
            shown = "".join(f"<li>{escape(_unmarked(line))}</li>" for line in lines)
            parts.append(f"<ul>{shown}</ul>")
    return f'<div class="mapt-static">{"".join(parts)}</div>'


def _plain(head: str, blocks: list[tuple[str, list[str]]]) -> str:
    lines = [head] if head else []
    for stem, entries in blocks:
        lines += ["", _unmarked(stem), *(f"  - {_unmarked(entry)}" for entry in entries)]
    return "\n".join(lines).strip()


def _unmarked(text: str) -> str:
    return text.replace("**", "").replace("*", "")
