#!/usr/bin/env python3
"""nanoGPT's CPU recipe on tiny Shakespeare, ours and PyTorch's in turns over three seeds. See README.md."""
import json
import math
import subprocess
import sys
import time

import torch

from models import Gpt2, adamw

LENGTH, BATCH, STEPS = 64, 12, 2000


def data(path):
    text = open(path, encoding="utf-8").read()
    ids = {c: i for i, c in enumerate(sorted(set(text)))}
    tokens = torch.tensor([ids[c] for c in text])
    cut = int(0.9 * len(tokens))
    return len(ids), tokens[:cut], tokens[cut:]


def rate(step):
    if step < 100:
        return 1e-3 * (step + 1) / 101
    return 1e-4 + 0.5 * (1 + math.cos(math.pi * (step - 100) / (STEPS - 100))) * 9e-4


def pytorch(path, seed):
    vocabulary, train, validation = data(path)
    torch.manual_seed(seed)
    model = Gpt2(vocabulary, LENGTH, 128, 4, 4, False)
    optimizer = adamw(model, 1e-3, (0.9, 0.99))
    start = time.perf_counter()
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        at = torch.randint(len(train) - LENGTH, (BATCH,))
        x = torch.stack([train[i:i + LENGTH] for i in at])
        y = torch.stack([train[i + 1:i + 1 + LENGTH] for i in at])
        model(x, y).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    seconds = time.perf_counter() - start
    with torch.no_grad():
        count = (len(validation) - 1) // LENGTH
        x = validation[:count * LENGTH].view(count, LENGTH)
        y = validation[1:count * LENGTH + 1].view(count, LENGTH)
        loss = sum(model(a, b).item() * len(a) for a, b in zip(x.split(256), y.split(256))) / count
    return loss, seconds


def main():
    path, ours = sys.argv[1], sys.argv[2:]
    torch.set_num_threads(2)
    rows = []
    for seed in (1, 2, 3):
        loss, seconds = pytorch(path, seed)
        line = subprocess.run([*ours, str(seed)], check=True, stdout=subprocess.PIPE, text=True).stdout.strip().splitlines()[-1]
        result = json.loads(line)
        rows.append((loss, seconds, result["loss"], result["seconds"]))
        print(f"seed {seed}: PyTorch {loss:.4f} in {seconds:.0f} s, ours {result['loss']:.4f} in {result['seconds']:.0f} s", flush=True)
    mean = [sum(r[i] for r in rows) / len(rows) for i in range(4)]
    print(f"mean: PyTorch {mean[0]:.4f} in {mean[1]:.0f} s, ours {mean[2]:.4f} in {mean[3]:.0f} s, difference {mean[2] - mean[0]:+.4f}")


if __name__ == "__main__":
    main()
