"""Der Verlust, erst mit Fehlern beider Vorzeichen, dann bei den dreien aus der Lektion."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, show

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Richtig: Je kleiner diese Zahl, desto besser die Gerade."

hours = np.array([1.0, 2.0, 4.0, 5.0])
points = np.array([30.0, 30.0, 50.0, 60.0])
error = 7 * hours + 20 - points  # -3, 4, -2, -5
squared = error**2

CAUSES = [
    (
        squared.sum(),
        "Du hast die quadrierten Fehler addiert; der Verlust ist ihr Mittelwert. Bei 4 "
        "Studierenden ist deiner deshalb 4-mal zu groß.",
    ),
    (
        error.mean(),
        "Du hast die Fehler selbst gemittelt: Die über und unter der Geraden heben sich auf. "
        "Quadriere zuerst jeden Fehler.",
    ),
    (
        abs(error).mean(),
        "Du hast die Beträge der Fehler gemittelt. Auch das ist ein Verlust, aber nicht dieser: "
        "Quadriere die Fehler.",
    ),
    (
        error.mean() ** 2,
        "Du hast den Mittelwert quadriert. Quadriere erst jeden Fehler, und mittle dann.",
    ),
    (np.sqrt(squared.mean()), "Du hast am Ende eine Wurzel gezogen: Lass sie weg."),
]


def told(called, right, mine):
    """Wenn keine bekannte Ursache passt: was erwartet wird und was da ist."""
    return mine, f"{called} soll {show(right)} sein, ist aber {show(mine)}."


def check(attempt: Attempt) -> None:
    """Zweimal, mit Zahlen, die man von Hand nachrechnen kann."""
    found = attempt.call("loss", 7.0, 20.0, hours, points)
    expect(found, "Der Verlust bei 4 Studierenden").that(
        np.shape(found) != (4,),
        "loss gibt bei 4 Studierenden 4 Zahlen, je einen quadrierten Fehler. Der Mittelwert fehlt.",
    ).number().near(
        squared.mean(),
        causes=[*CAUSES, told("Der Verlust bei 4 Studierenden", squared.mean(), found)],
    )
    three = attempt.call("loss", 10.0, 10.0, np.array([1.0, 2.0, 3.0]), np.array([20.0, 27, 37]))
    expect(three, "Der Verlust der drei Studierenden").number().near(
        6.0, causes=[told("Der Verlust der drei Studierenden", 6.0, three)]
    )
