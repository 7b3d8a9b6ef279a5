"""The experiments, one file each, in the order of the course.

An experiment is an ordinary PyTorch script in the shape of a generator of frames.
It imports `fathom.lab` and `fathom.data`, never another experiment, so that one file
tells the whole story. `tests/test_experiments.py` holds all of them to the contract.
"""

EXPERIMENTS = (
    "linear_regression",
    "gradient_descent",
    "kmeans",
    "pca",
    "knn",
    "spam",
    "roc",
    "neuron",
    "linear_stack",
    "mlp",
    "losses",
    "backprop",
    "optimizers",
    "learning_rate_test",
    "overfitting",
    "convolution",
    "cifar10",
    "cifar10_fast",
    "augmentation",
    "resnet",
    "cats_and_dogs",
    "fooling",
    "no_free_lunch",
    "leakage",
    "cross_validation",
    "calibration",
    "scaling",
    "drift",
)

# What the warm process imports once for all runs, torch before anything else: the optimizers
# import torch._dynamo when the first of them is made.
WARM = (
    "torch",
    "torch.nn.functional",
    "torch.optim",
    "torch._dynamo",
    "numpy",
    "sklearn.datasets",
    "pooch",
)
