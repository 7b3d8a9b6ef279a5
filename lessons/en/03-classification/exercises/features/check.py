"""Messages in which one feature after the other goes wrong."""

from fathom.runtime.expect import Attempt, expect

PRAISE = "Right. A filter sees nothing of the message but these three numbers."

FIRST = "FREE entry: win now!!"
QUIET = "do you know the winner of the freestyle race?"  # know, winner, freestyle: no alarm words
NUMBERS = "07 12 345!"


def of(attempt: Attempt, text: str) -> list[float]:
    """The three numbers, if they are three numbers."""
    found = attempt.call("features", text)
    expect(found, f"features({text!r})").shape(features=3)
    return found


def check(attempt: Attempt) -> None:
    """Each feature for itself, so that the sentence speaks of one."""
    marks, capitals, alarm = of(attempt, FIRST)
    expect(marks, "the first feature, exclamation marks").number().near(2)
    expect(capitals, "the second feature, capitals").number().near(
        4 / 15,
        causes=[
            (4, "You counted the capitals; the feature is their share of the letters."),
            (
                4 / len(FIRST),
                "You divided by all signs, blanks and marks included: count letters only.",
            ),
            (11 / 15, "That is the share of small letters: the other way round."),
        ],
    )
    expect(alarm, "the third feature, alarm words").number().near(
        3,
        causes=[
            (2, "FREE was not found: turn each word into small letters before you look it up."),
            (0, "No word was found: look up word after word, not the whole text."),
        ],
    )
    found = of(attempt, QUIET)[2]
    expect(found, f"alarm words in {QUIET!r}").near(
        0,
        causes=[
            (
                3,
                "You found now in know, win in winner, and free in freestyle: "
                "look for whole words, not for letters in the text.",
            )
        ],
    )
    expect(of(attempt, NUMBERS)[1], "the share of capitals where there are no letters").near(0)
    expect(of(attempt, "")[2], "alarm words in an empty message").near(0)
    twice = of(attempt, "win win win")[2]
    expect(twice, "alarm words in 'win win win'").near(
        3, causes=[(1, "Each time that a word stands there counts, not only the first.")]
    )
