"""Where the tables of a TOML file start: a parser of TOML keeps no lines."""

import re


class Lines:
    """The lines of the questions of a quiz.toml, and of their parts."""

    def __init__(self, text: str) -> None:
        self.questions: list[int] = []
        self.parts: dict[tuple[int, str], list[int]] = {}
        for number, said in enumerate(text.splitlines(), 1):
            header = re.match(r"\s*\[\[\s*question(?:\s*\.\s*(\w+))?\s*\]\]", said)
            if header and header[1]:
                key = (len(self.questions) - 1, header[1])
                self.parts.setdefault(key, []).append(number)
            elif header:
                self.questions.append(number)

    def of(self, question: int, part: str, at: int) -> int:
        """The line of a part, or of its question where it has none of its own."""
        known = self.parts.get((question, part), [])
        return known[at] if at < len(known) else self.question(question)

    def question(self, at: int) -> int:
        """The line of a question."""
        return self.questions[at] if at < len(self.questions) else 1
