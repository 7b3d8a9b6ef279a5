"""Der Verlust von Geraden, die nach oben und unten verfehlen, dann einer anderen Prüfung."""

import numpy as np

from fathom.data import exam
from fathom.runtime.expect import Attempt, expect

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Richtig: Je kleiner diese Zahl, desto besser die Gerade."
LINES = [(8.0, 12.0), (0.0, 0.0), (10.0, 0.0), (-2.0, 70.0), (3.5, 41.0)]

hours = np.linspace(0.5, 10, 20)
points = np.array(exam.POINTS, dtype=float)
few = np.array([1.0, 2.0, 4.0, 4.5, 6.0, 8.0, 9.0])
scores = np.array([31.0, 22.0, 47.0, 52.0, 49.0, 80.0, 77.0])


def causes(w, b):
    """Was bekannte Fehler für eine Gerade ergeben, jeder mit seinem Satz."""
    miss = points - (w * hours + b)
    squared = miss**2
    return [
        (
            squared.sum(),
            "Deiner ist 20-mal zu groß: Du hast die Quadrate addiert, der Verlust ist ihr Mittelwert.",
        ),
        *(
            (
                sign * miss.mean(),
                "Du mittelst die Abstände selbst: Zu hoch und zu tief heben sich auf, und die Gerade "
                f"w = {w:g}, b = {b:g} bekommt {abs(miss.mean()):.2f}. Quadriere jeden zuerst.",
            )
            for sign in (1, -1)
        ),
        (
            abs(miss).mean(),
            "Du mittelst die Größen der Abstände. Hier werden sie quadriert, sodass ein großer "
            "mehr zählt.",
        ),
        (
            np.sqrt(squared.mean()),
            "So weit verfehlt die Gerade, in Punkten. Der Verlust ist die Zahl vor der Wurzel.",
        ),
        (
            miss.mean() ** 2,
            "Du hast den Mittelwert quadriert. Quadriere jeden Abstand, dann mittle die Quadrate.",
        ),
    ]


def check(attempt: Attempt) -> None:
    """Fünf Geraden, und eine davon für andere Studierende."""
    for w, b in LINES:
        found = attempt.call("loss", w, b, hours, points)
        expect(found, f"loss({w:g}, {b:g})").that(
            np.shape(found) != (20,),
            "loss gibt 20 Zahlen zurück, eine je Person. Gesucht ist eine: ihr Mittelwert.",
        ).number().near(np.mean((points - (w * hours + b)) ** 2), causes=causes(w, b))
    squared = (scores - (8 * few + 12)) ** 2
    wrong = "Richtig für unsere 20, falsch für 7 andere: Nimm die Argumente, und teil durch 7."
    expect(attempt.call("loss", 8.0, 12.0, few, scores), "Der Verlust von 7 anderen").number(
    ).near(squared.mean(), causes=[(squared.sum() / 20, wrong), (26.15, wrong)])
