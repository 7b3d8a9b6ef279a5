"""Die Grenze für die Prüfung, dann für Stunden, die niemand gesehen hat."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 20, "wall": 60}
PRAISE = "Richtig: Das Tal begrenzt den Schritt, nicht der Rechner. Standardisiert ist es 1."
ROOM = 0.01
HOURS = {
    "diese Stunden": np.linspace(0.5, 10, 20),
    "andere Stunden": np.array([0.2, 0.4, 1.0, 1.5, 3.0]),
    "standardisierte Stunden": np.array([-1.5, -0.5, 0.5, 1.5]) / np.sqrt(1.25),
}


def curvatures(hours):
    """Um wie viel beide Steigungen wachsen (2, 2)."""
    both = np.stack([hours, np.ones_like(hours)])
    return 2 * both @ both.T / len(hours)


def check(attempt: Attempt) -> None:
    """Jeder Weg zur Grenze gilt, auf ein Prozent genau, auch das Suchen."""
    for called, hours in HOURS.items():
        found = attempt.call("largest_rate", hours)
        rate = float(expect(found, f"Die größte Rate für {called}").number().value)
        least, most = np.linalg.eigvalsh(curvatures(hours))
        right = 2 / most
        if abs(rate / right - 1) <= ROOM:
            continue
        for value, says in (
            (2 / (2 * (hours**2).mean()), "Das ist richtig für w allein; b macht das Tal steiler."),
            (
                1 / most,
                "Mit dieser Rate landet ein Schritt genau am Boden der steilsten Richtung. Die Grenze "
                "ist dort, wo er so hoch landet, wie er war: doppelt so weit.",
            ),
            (most, "Das ist die Krümmung selbst. Je steiler das Tal, desto kleiner der Schritt."),
            (2 / least, "Du hast die flachste Richtung genommen; die steilste explodiert zuerst."),
            (
                4 / most,
                "Doppelt zu groß: Das Quadrat bringt den Faktor 2 auch in die Krümmungen.",
            ),
            (
                2 / curvatures(HOURS["diese Stunden"])[0, 0],
                "Richtig für w allein und nur für unsere 20: Nimm das Argument.",
            ),
            (0.0273, "Richtig für unsere 20, falsch für andere: Berechne es aus den Stunden."),
        ):
            if abs(rate / value - 1) <= ROOM:
                wrong(says)
        wrong(f"Die größte Rate für {called} soll {right:.4g} sein, ist aber {rate:.4g}.")
