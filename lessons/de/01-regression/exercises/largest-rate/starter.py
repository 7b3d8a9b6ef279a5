import numpy as np

hours = np.arange(0.5, 10.5, 0.5)  # (20,)


def largest_rate(hours):
    ww = ...  # um wie viel die Steigung von w wächst, wenn w um 1 wächst
    wb = ...  # um wie viel sie wächst, wenn b um 1 wächst
    bb = 2.0  # um wie viel die Steigung von b wächst, wenn b um 1 wächst
    steepest = np.linalg.eigvalsh(np.array([[ww, wb], [wb, bb]]))[-1]
    return ...


print(largest_rate(hours), "soll 0.0273 sein")
