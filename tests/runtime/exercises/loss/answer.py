def loss(x, y, w, b):
    error = w * x + b - y
    return (error**2).mean()
