"""What a lesson's cell calls. Each call shows one activity; called again, the same model."""

from .activity import form, quiz, rating, reflection, scenario
from .home import home

__all__ = ["form", "home", "quiz", "rating", "reflection", "scenario"]
