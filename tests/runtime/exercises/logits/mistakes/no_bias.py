"""Expect: The bias is missing"""

def classify(images, weights, bias):
    return images @ weights
