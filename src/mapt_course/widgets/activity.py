"""The widget behind every activity: one model, one comm, the record behind it.

The page sends what the trainee did; the event is on the disk before it is acknowledged; then
every open page gets the item anew. The page's own script is the course's JupyterLab extension
(``labextension/``); where that is absent, the page asks for it here.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML

from .. import __version__, course, products, record, results
from .. import bank as banks
from .. import items as it
from . import fallback, view

STATIC = Path(__file__).parents[1] / "labextension" / "mapt-course" / "static" / "activities"
MODULES = (
    "page.js",
    "order.js",
    "answers.js",
    "picture.js",
    "quiz.js",
    "scenario.js",
    "reflection.js",
    "form.js",
    "handin.js",
    "home.js",
    "due.js",
    "takealong.js",
    "papers.js",
    "jointday.js",
    "index.js",
)  # each imports from earlier ones only

STALE = "This page is out of date. Reload it."
LATER = "Nothing is marked on the way. You see how you did when you answer its twin in module 9."
LOADER = (Path(__file__).parent / "loader.js").read_text(encoding="utf-8")


class Activity(anywidget.AnyWidget):
    """A quiz, scene, rating, reflection or form on the page.

    ``view`` is what the page shows, as JSON values; it is computed whenever a page asks for the
    model's state, and sent item by item after that.
    """

    _esm = LOADER.replace("VERSION", __version__)
    view = traitlets.Dict().tag(sync=True, to_json=lambda _, widget: widget.state_of_page())

    def __init__(self, call: str, activity_id: str, bank: banks.Bank, folder: Path):
        self.call, self.activity_id, self.bank = call, activity_id, bank
        self.root = folder.parent  # the working folder, where it is a module's activity
        self.record = record.Record(folder)
        self.graded = bank.module in course.assignments()
        self._stamp: tuple | None = None
        self._events: tuple[record.Event, ...] = ()
        super().__init__()
        self.on_msg(self._received)

    @property
    def items(self) -> list[it.Item]:
        """The items on the page, in order; none for a reflection or a form."""
        if self.call == "quiz":
            return [self.bank.items[name] for name in self.bank.quizzes[self.activity_id].items]
        return [self.bank.items[self.activity_id]] if self.activity_id in self.bank.items else []

    def events_of(self, name: str) -> list[record.Event]:
        """The record's events of an item or reflection, read again where the file has changed."""
        stamp = self.record.stamp()
        if stamp != self._stamp:
            self._stamp, self._events = stamp, self.record.read().events
        return [event for event in self._events if event.item == name]

    def state_of_page(self) -> dict[str, Any]:
        """All that the page shows, from the record as it is now."""
        whole = course.course()
        page: dict[str, Any] = {
            "call": self.call,
            "id": self.activity_id,
            "place": hashlib.sha256(str(self.record.path).encode()).hexdigest()[:12],
            "graded": self.waits,
            "later": LATER if self.waits and not self.graded else "",
            "danger_exit": whole.danger_exit,
        }
        if self.call == "reflection":
            reflection = self.bank.reflections[self.activity_id]
            return page | {"reflection": self._reflection(reflection)}
        if self.call == "form":
            return page | {"form": self._form(self.bank.forms[self.activity_id])}
        if self.call == "quiz":
            quiz = self.bank.quizzes[self.activity_id]
            page["title"] = quiz.title
            if quiz.beside and not self.waits:
                page["result"] = self._result(quiz)
        return page | {"items": [self._item(item) for item in self.items]}

    def _item(self, item: it.Item) -> dict[str, Any]:
        beside = {o.id: results.rated(self.root, o.id) for o in getattr(item, "beside", ())}
        shown = view.item_view(item, self.events_of(item.id), self.waits, beside)
        if "picture" in shown and item.result:
            shown["result"] = self._result(course.bank_of(item.result).quizzes[item.result])
        return shown

    @property
    def waits(self) -> bool:
        """Whether no mark is shown: graded work, or a test that waits for its answers."""
        quiz = self.bank.quizzes.get(self.activity_id) if self.call == "quiz" else None
        if self.graded or not (quiz and quiz.waits_for):
            return self.graded
        return not results.score(self.root, quiz.waits_for).is_whole

    def _result(self, quiz: banks.Quiz) -> dict[str, Any]:
        return view.result_view(results.rows(self.root, quiz))

    def _reflection(self, reflection: banks.Reflection) -> dict[str, Any]:
        reminder = course.course().reflection_reminder
        other = self.bank.reflections.get(reflection.earlier)
        earlier = (other.title, self.events_of(other.id)) if other else ("", ())
        events = self.events_of(reflection.id)
        return view.reflection_view(reflection, events, reminder, earlier)

    def _form(self, form: banks.Form) -> dict[str, Any]:
        reminder = course.course().reflection_reminder
        return view.form_view(form, self.events_of(form.id), reminder)

    def _file(self, kind: str) -> dict[str, str]:
        """The form as a file for the browser to keep; ProductError where nothing is filled in."""
        form = self.bank.forms[self.activity_id]
        product = products.of(form, tuple(self.events_of(form.id)))
        content = base64.b64encode(product.file(kind)).decode()
        return {"name": product.name(kind), "type": products.KINDS[kind], "content": content}

    def _received(self, _: Any, message: Any, buffers: Any) -> None:
        """Take what a page did; a page that sends nonsense is answered with a sentence."""
        if not isinstance(message, dict):
            return
        if message.get("do") == "script":
            self.send(script())
            return
        answer: dict[str, Any] = {"ack": message.get("mid")}
        try:
            answer |= self._taken(message)
        except (it.ResponseError, KeyError, ValueError, TypeError) as wrong:
            told = str(wrong)  # where it is no sentence, the page is not one of ours
            answer |= {"refused": True, "error": told if told.endswith(".") else STALE}
        except record.RecordError as wrong:
            answer["error"] = str(wrong)
        self.send(answer)

    def _taken(self, message: dict[str, Any]) -> dict[str, Any]:
        do, name = message.get("do"), message.get("item")
        if do == "refresh":
            return {"view": self.state_of_page()}
        sender = {"event_id": str(message["mid"]), "activity": self.activity_id}
        if self.call == "reflection":
            if do != "reflection" or name != self.activity_id:
                raise ValueError(STALE)
            self.record.append("reflection", name, text=message["text"], **sender)
            return {"reflection": self._reflection(self.bank.reflections[name])}
        if self.call == "form" and do == "product" and name == self.activity_id:
            return {"file": self._file(message["kind"])}
        if self.call == "form":
            if do != "form" or name != self.activity_id:
                raise ValueError(STALE)
            form = self.bank.forms[name]
            value = form.check(message["cell"], message["text"])
            self.record.append("form", name, response={message["cell"]: value}, **sender)
            return {"form": self._form(form)}
        item = next((item for item in self.items if item.id == name), None)
        if item is None or do not in ("response", "retry", "hint", "reveal"):
            raise ValueError(STALE)
        if do == "response":
            response = it.check_response(item, message.get("response"))
            confidence = message.get("confidence") or ""
            self.record.append(do, name, response=response, confidence=confidence, **sender)
        elif not self.waits:
            self.record.append(do, name, **sender)
        if self.call == "quiz" and self.bank.quizzes[self.activity_id].waits_for:
            return {"view": self.state_of_page()}  # the last answer brings the marks of all
        return {"item": self._item(item)}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        # Beside the widget: the questions as HTML, for a copy that is not trusted or not run. Once
        # is enough: as plain text only the first line goes over the wire.
        told = fallback.bundle(self.call, self.activity_id, self.bank)
        told["text/plain"] = told["text/plain"].partition("\n")[0]
        return data | told, metadata


def script() -> dict[str, Any]:
    """The page's script and style, for a page whose server has no extension of the course."""
    return {
        "sources": [[name, (STATIC / name).read_text(encoding="utf-8")] for name in MODULES],
        "style": (STATIC / "style.css").read_text(encoding="utf-8"),
    }


@cache
def _activity(call: str, activity_id: str, folder: Path) -> Activity:
    # A re-run must show the same model: JupyterLab keeps one view per model id.
    bank = course.bank_of(activity_id)
    if not bank.holds(call, activity_id):
        raise course.NotFound(f"There is no {call} “{activity_id}” in this course.")
    return Activity(call, activity_id, bank, folder)


def _show(call: str, activity_id: str) -> Any:
    if os.environ.get("NBGRADER_EXECUTION"):
        raise RuntimeError(
            f"“{activity_id}” is not marked by running it. Mark with the course's own "
            "nbgrader_config.py (run nbgrader in the course's folder): it reads the trainee's "
            "record. Until then this cell earns no marks."
        )
    try:
        return _activity(call, activity_id, Path.cwd())
    except (course.NotFound, banks.BankError) as wrong:
        return HTML(fallback.notice(str(wrong)))


def quiz(quiz_id: str) -> Any:
    """Show a quiz: one or more items on one page."""
    return _show("quiz", quiz_id)


def scenario(item_id: str) -> Any:
    """Show a branching scene."""
    return _show("scenario", item_id)


def rating(item_id: str) -> Any:
    """Show statements to rate."""
    return _show("rating", item_id)


def reflection(reflection_id: str) -> Any:
    """Show a box for a reflection."""
    return _show("reflection", reflection_id)


def form(form_id: str) -> Any:
    """Show a form to fill in."""
    return _show("form", form_id)
