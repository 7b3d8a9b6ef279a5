"""Expect: training had stopped before"""

def best_epoch(val_losses, patience):
    lowest, best = float("inf"), 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best = loss, epoch
    return best


losses = [5, 4, 3, 3.5, 3.2, 2.9, 3.3]
print(best_epoch(losses, 2), "should be 2;", best_epoch(losses, 3), "should be 5")
