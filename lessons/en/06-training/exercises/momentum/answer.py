def step(w, velocity, gradient, lr, beta):
    velocity = beta * velocity + gradient
    w = w - lr * velocity
    return w, velocity


print(step(1.0, 0.5, 2.0, 0.1, 0.9), "should be about (0.755, 2.45)")
