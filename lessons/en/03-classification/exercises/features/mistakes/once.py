"""Expect: Each time that a word stands there counts"""

import re

ALARM = {"win", "won", "free", "urgent", "prize", "cash", "now", "claim"}


def words(text):
    """The words of a message: "win now!!" becomes ["win", "now"]."""
    return re.findall(r"[A-Za-z']+", text)


def features(text):
    """Exclamation marks, share of capitals, alarm words."""
    marks = text.count("!")
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters) / max(1, len(letters))
    alarm = len({word.lower() for word in words(text)} & ALARM)
    return [marks, capitals, alarm]


print(features("FREE entry: win now!!"))
