"""What a lesson's cell calls. Each call shows one activity; called again, the same model."""

from .activity import form, quiz, rating, reflection, scenario
from .due import due
from .hand_in import hand_in
from .home import home
from .take_along import take_along

__all__ = [
    "due",
    "form",
    "hand_in",
    "home",
    "quiz",
    "rating",
    "reflection",
    "scenario",
    "take_along",
]
