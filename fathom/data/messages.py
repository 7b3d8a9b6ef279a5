"""Short messages, some of them unwanted: made up here, always there.

No feature alone tells them apart, as in real life: friends shout and win raffles, and
who wants your money may write like a friend.
"""

from dataclasses import dataclass

import torch
from torch import Generator

SHARE = 0.3  # of the made messages that are spam
REPORTED = (0.04, 0.3)  # how often the author has been reported before: wanted, spam
CALM = 0.25  # of the spam that does without capitals and exclamation marks
LOUD = 0.08  # of the wanted messages that do not
LONG = 0.4  # of the wanted messages that say two things

WANTED = (
    "hi {name}, are you coming to {place} at {hour}?",
    "the seminar in room {small} starts at {hour}, bring your laptop",
    "i left my keys at {place}. could you have a look?",
    "thanks for the {gift}, it was lovely",
    "running {small} minutes late, sorry",
    "can you send me the slides of {day}?",
    "happy birthday {name}!!! see you on {day}",
    "we won {small} to {small}! come to {place}, we celebrate",
    "mum asks whether you will be home for dinner on {day}",
    "call me when you are out of the lab",
    "where are you? we wait at {place}",
    "your parcel is with the neighbours, they are home until {hour}",
    "i won a {gift} in the raffle at {place}, can you believe it?",
    "the invoice for the printer is {price}, please sign it before {day}",
    "the article for {day} is at www.{word}-library.example",
    "new number! this is {name}, from now on write to {phone}",
    "yes, {hour} is fine",
    "ok, see you there",
    "sorry, i cannot come on {day}. tell me how it was",
    "the train is late again, start without me",
    "your plants are fine, i watered them on {day}",
    "do you have {price} for the present for {name}?",
)
SPAM = (
    "Congratulations! You have won a {gift}. Claim it now: www.{word}-prize.example",
    "Free entry! Text {word} to {code} and win {price} cash!!!",
    "Dear customer, your account is locked. Confirm your password at www.{word}-bank.example",
    "Your parcel could not be delivered. Pay {price} at www.{word}-post.example",
    "Hi, this is {name} from the bank. Please call {phone} about your card",
    "Urgent! Your phone bill of {price} is overdue, call {phone} now",
    "Last chance: a {gift} for only {price}, today only!!!",
    "You are chosen for a loan of {price}, no questions asked. Reply yes",
    "Make {price} a week from home! Ask me how: www.{word}-job.example",
    "Hey, long time! Look at these pictures of you: www.{word}-photo.example",
    "Hi, are you free on {day}? I have a job for you, {price} a day",
    "Mum, my phone is broken, this is my new number {phone}. Can you send me {price}?",
    "Winner!! Your number was drawn, {price} wait for you. Call {phone}",
    "A secret friend thinks of you. Find out who: text {word} to {code}",
)
WORDS = {
    "name": ("anna", "ben", "carla", "deniz", "emil", "fatma", "grace", "hugo"),
    "place": ("the station", "the library", "the lake", "my place", "the canteen", "the gym"),
    "hour": ("7", "half past 8", "noon", "4 pm", "18:30"),
    "day": ("monday", "tuesday", "friday", "sunday", "the 14th"),
    "small": ("2", "3", "5", "10", "12", "20"),
    "gift": ("bike", "book", "phone", "cake", "camera", "holiday"),
    "word": ("win", "lucky", "star", "smart", "blue", "gold"),
}
SHOUTED = ("free", "win", "won", "now", "winner", "urgent", "congratulations", "chance", "only")


@dataclass(frozen=True)
class Message:
    """A message, whether its author has been reported before, and whether it is spam."""

    text: str
    spam: bool
    reported: bool = False


def load(count: int, generator: Generator) -> list[Message]:
    """That many made messages, three in ten of them spam."""
    return [_message(generator) for _ in range(count)]


def _message(chance: Generator) -> Message:
    spam = _luck(chance) < SHARE
    text = _fill(_one(SPAM if spam else WANTED, chance), chance)
    if not spam and _luck(chance) < LONG:
        text += ". " + _fill(_one(WANTED, chance), chance)
    style = _luck(chance)
    if spam and style < CALM:
        text = text.lower().replace("!", ".")
    elif spam:
        text = _loud(text)
    elif style < LOUD:
        text = text.upper() + "!!"
    return Message(text, spam, reported=_luck(chance) < REPORTED[spam])


def _loud(text: str) -> str:
    """Capitals for the words that shall catch the eye, and marks for stops."""
    words = [
        word.upper() if word.strip("!.,:").lower() in SHOUTED else word for word in text.split()
    ]
    text = " ".join(words).replace(". ", "! ")
    return text if text.endswith(("example", "!", "?")) else text + "!"


def _fill(text: str, chance: Generator) -> str:
    """Words and numbers in the place of the gaps."""
    filled = text
    while "{" in filled:
        before, _, rest = filled.partition("{")
        gap, _, after = rest.partition("}")
        filled = before + _word(gap, chance) + after
    return filled


def _word(gap: str, chance: Generator) -> str:
    match gap:
        case "price":
            return f"£{5 * _number(1, 200, chance)}"
        case "phone":
            return f"0{_number(700_000_000, 800_000_000, chance)}"
        case "code":
            return str(_number(80_000, 90_000, chance))
    return _one(WORDS[gap], chance)


def _one(words: tuple[str, ...], chance: Generator) -> str:
    return words[_number(0, len(words), chance)]


def _number(low: int, high: int, chance: Generator) -> int:
    """A whole number from low to high - 1."""
    return int(torch.randint(low, high, (), generator=chance))


def _luck(chance: Generator) -> float:
    return float(torch.rand((), generator=chance))
