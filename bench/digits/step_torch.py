"""PyTorch, eager: the step as its tutorials write it."""
import sys
import time

import torch
import work

images, labels, start, order = work.read(sys.argv[1])
warm_up = int(sys.argv[2])
torch.set_num_threads(1)
torch.set_flush_denormal(True)
images, labels, order = torch.from_numpy(images), torch.from_numpy(labels).long(), torch.from_numpy(order).long()

inner, outer = torch.nn.Linear(work.PIXELS, work.HIDDEN), torch.nn.Linear(work.HIDDEN, work.DIGITS)
net = torch.nn.Sequential(inner, torch.nn.ReLU(), outer)
with torch.no_grad():
    for to, value in zip((inner.weight, inner.bias, outer.weight, outer.bias), start):
        to.copy_(torch.from_numpy(value.T))
optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)

losses = []
begin = time.perf_counter()
for step, rows in enumerate(order):
    if step == warm_up:
        begin = time.perf_counter()
    optimiser.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(images[rows]), labels[rows])
    loss.backward()
    optimiser.step()
    losses.append(loss.detach())
seconds = time.perf_counter() - begin
work.report(seconds, len(order) - warm_up, [loss.item() for loss in losses[:warm_up]])
