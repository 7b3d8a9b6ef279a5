"""What the command line says to words that it does not know: what is wrong, and what to type."""

import re

import typer

BOUNDS = {"less than or equal to": "at most", "greater than or equal to": "at least"}


def slip(error: typer.TyperException) -> str:
    """One or two sentences about a word, with the command that shows what there is."""
    said = plain(error.format_message())
    context = getattr(error, "ctx", None)
    if context is None:
        return said
    path = context.command_path
    if said.startswith("Missing command"):
        return f"{path} does nothing alone: {ways(context)}."
    if said.startswith("No such command") and "Did you mean" not in said:
        said += f" There is {ways(context)}." if path != "fathom" else ""
    end = "" if said.endswith((".", "?")) else "."
    return f"{said}{end} `{path} --help` says what there is."


def ways(context: typer.Context) -> str:
    """The commands inside a command, as one would type them."""
    names = list(getattr(context.command, "commands", {}))
    return " or ".join(f"`{context.command_path} {name}`" for name in names)


def plain(said: str) -> str:
    """The sentence of a validator in our words: a whole number, at most 65535."""
    said = re.sub(r"Input should be a valid integer.*", "it must be a whole number", said)
    said = re.sub(r"Input should be a valid number.*", "it must be a number", said)
    for theirs, ours in BOUNDS.items():
        said = said.replace(f"Input should be {theirs}", f"it must be {ours}")
    return said
