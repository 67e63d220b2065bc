#!/usr/bin/env python3
"""Tokens per second of whole training steps beside PyTorch: five rounds in turns, medians. See README.md."""
import glob
import os
import statistics
import subprocess
import sys
import time

import torch

from models import Gpt2, Llama, adamw

# name: (make, tokens of a sample, samples of a step)
SIZES = {
    "0.26M": (lambda: Llama(512, 512, 64, 5, 8, 4, 8, 192), 512, 8),
    "1M": (lambda: Llama(1024, 256, 128, 5, 8, 4, 16, 352), 256, 16),
    "3M": (lambda: Llama(2048, 256, 192, 6, 6, 6, 32, 512), 256, 16),
    "15M": (lambda: Llama(32000, 256, 288, 6, 6, 6, 48, 768), 256, 8),
    "124M": (lambda: Gpt2(50304, 1024, 768, 12, 12, True), 64, 4),
}


def ours(java, size, threads):
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    jars = glob.glob(os.path.join(root, "*", "target", "classes"))
    return subprocess.Popen(
        [java, "-Xmx2g", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
         "-cp", ":".join(jars), "dev.glasshouse.training.TrainingBench", size, str(threads)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def main():
    java = sys.argv[1]
    names = sys.argv[2].split(",") if len(sys.argv) > 2 else list(SIZES)
    for threads in (1, 2):
        torch.set_num_threads(threads)
        for name in names:
            make, length, batch = SIZES[name]
            torch.manual_seed(1)
            model = make()
            optimizer = adamw(model, 1e-3)
            vocabulary = model.embedding.num_embeddings
            ids, targets = (torch.randint(vocabulary, (batch, length)) for _ in range(2))

            def torch_steps(count):
                start = time.perf_counter()
                for _ in range(count):
                    loss = model(ids, targets)
                    loss.backward()
                    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                    optimizer.step()
                    optimizer.zero_grad(set_to_none=True)
                return time.perf_counter() - start

            process = ours(java, name, threads)

            def our_steps(count):
                process.stdin.write(f"{count}\n")
                process.stdin.flush()
                return float(process.stdout.readline().split()[0])

            count = max(2, round(1.5 / (torch_steps(2) / 2)))
            our_steps(3 * count)
            rounds = [(our_steps(count), torch_steps(count)) for _ in range(5)]
            process.stdin.close()
            process.wait()
            tokens = count * length * batch
            a, b = (statistics.median(tokens / r[i] for r in rounds) for i in (0, 1))
            print(f"{name:>6} {threads} thread(s): ours {a:9.0f} tokens/s, PyTorch {b:9.0f}, ratio {a / b:.2f}", flush=True)


if __name__ == "__main__":
    main()
