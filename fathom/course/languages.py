"""Sentences of a course in several languages, as its TOML files hold them."""

from collections.abc import Mapping
from typing import Any

FIRST = "en"  # every lesson and every sentence exists in it


def texts(said: Any) -> dict[str, str]:
    """language -> sentence, from one sentence or a table of them."""
    if isinstance(said, dict):
        return {str(key): str(one).strip() for key, one in said.items()}
    return {FIRST: str(said).strip()} if said else {}


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The sentence in a language, in English where it is not translated."""
    return texts.get(language) or texts.get(FIRST, "")
