import numpy as np


def step(w, b, hours, points, lr):
    error = w * hours + b - points  # (N,)
    slope_w = 2 * (error * hours).mean()  # wie der Verlust mit w steigt
    slope_b = 2 * error.mean()  # wie der Verlust mit b steigt
    w = w - lr * slope_w
    b = b - lr * slope_b
    return w, b


hours = np.array([1.0, 2.0, 3.0])
points = np.array([20.0, 27.0, 37.0])
neu_w, neu_b = step(10.0, 10.0, hours, points, 0.01)
print(neu_w, neu_b, "soll 9.9 9.96 sein")
