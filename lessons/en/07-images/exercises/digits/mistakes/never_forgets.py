"""Expect: forgotten

Belief: grad-is-replaced
"""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.functional import cross_entropy

torch.manual_seed(0)
images, labels = load_digits(return_X_y=True)
images = torch.as_tensor(images, dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
labels = torch.as_tensor(labels)

net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),  # (B, 8, 8, 8)
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(128, 10),
)
optimizer = torch.optim.SGD(net.parameters(), lr=0.3)

losses = []
for epoch in range(10):
    for start in range(0, 1200, 40):
        x, y = images[start : start + 40], labels[start : start + 40]
        loss = cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())


def answer(pictures):
    with torch.no_grad():
        return net(torch.as_tensor(pictures, dtype=torch.float32)).numpy()


said = answer(images[1200:]).argmax(axis=1)
print((said == labels[1200:].numpy()).mean(), "should be about 0.92")
