"""Expect: the last size of a must be the first size of b"""

def classify(images, weights, bias):
    return weights @ images
