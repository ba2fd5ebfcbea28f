"""PyTorch, eager: the step as its tutorials write it."""
import sys
import time

import torch
import work

given = work.Work(sys.argv[1], int(sys.argv[2]))
torch.set_num_threads(1)
torch.set_flush_denormal(True)
images, labels, order = torch.from_numpy(given.images), torch.from_numpy(given.labels).long(), torch.from_numpy(given.order).long()

layers = []
for weights, biases in given.start:
    layer = torch.nn.Linear(*weights.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights.T))
        layer.bias.copy_(torch.from_numpy(biases))
    layers += [layer, torch.nn.ReLU()]
net = torch.nn.Sequential(*layers[:-1])
optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)

losses = []
begin = time.perf_counter()
for step, rows in enumerate(order):
    if step == given.warm_up:
        begin = time.perf_counter()
    optimiser.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(images[rows]), labels[rows])
    loss.backward()
    optimiser.step()
    losses.append(loss.detach())
seconds = time.perf_counter() - begin
given.report(seconds, [loss.item() for loss in losses])
