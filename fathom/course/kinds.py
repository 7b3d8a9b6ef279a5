"""The kinds of questions: what a table of quiz.toml may hold, and what it must."""

from typing import Any, Literal, get_args

Kind = Literal[
    "single", "multiple", "number", "blanks", "order", "output", "free", "survey", "draw"
]
KINDS = get_args(Kind)
# what a table may hold, and what it must
PARTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "choice": (
        frozenset({"id", "text", "right", "why", "picture", "alt", "belief", "was"}),
        frozenset({"id", "text", "why"}),
    ),
    "step": (frozenset({"id", "text", "why", "was"}), frozenset({"id", "text", "why"})),
    "blank": (frozenset({"id", "accept", "why", "was"}), frozenset({"id", "accept", "why"})),
    "trap": (frozenset({"value", "blank", "why", "belief"}), frozenset({"value", "why"})),
}
OWN = frozenset(
    {"id", "kind", "text", "why", "answer", "tolerance", "unit", "values", "code", "twin", "was"}
)
NEVER_MARKED = ("free", "draw")
PART_OF: dict[str, str] = {
    "single": "choice",
    "multiple": "choice",
    "order": "step",
    "blanks": "blank",
    "survey": "choice",
}


def names(said: Any) -> tuple[str, ...]:
    """One name, or a list of names."""
    return tuple(map(str, said if isinstance(said, list) else [said]))
