"""Trains Hugging Face's tokenizers 0.23.3 on the five texts beside this file and writes goldens.jsonl.

Run by hand: python make_goldens.py (in this folder). Each line: the options, the SHA-256 of the merges ("left right" lines), the first of
them, and the ids of strings of mixed scripts.
"""
import hashlib
import json
import random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

LLAMA3 = (
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
    "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
)
SPECIAL = ["<|end|>", "<|user|>", "<|assistant|>"]


def train(text, vocabulary, split, minimum, lines):
    tokenizer = Tokenizer(models.BPE(ignore_merges=split == "llama3"))
    if split == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(LLAMA3), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=minimum,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = text.split("\n")
    texts = [line + "\n" for line in texts[:-1]] + ([texts[-1]] if texts[-1] else [])
    tokenizer.train_from_iterator(texts if lines else [text], trainer)
    return tokenizer


def strings(texts, count, seed):
    rng = random.Random(seed)
    result = ["", " ", "\r\n", "<|user|>hi<|end|>", "<|end|><|end|> <|endx|>", "\x00", "\ufeffx", "don'T WE'LL I'ſ"]
    while len(result) < count:
        text = rng.choice(texts)
        at = rng.randrange(len(text) - 60)
        piece = text[at : at + rng.randint(1, 60)]
        if rng.random() < 0.2:
            piece += rng.choice(SPECIAL) + chr(rng.choice([0x1F600, 0x4E2D, 0x7F, 0xA0, 0x2028, 0x301, 0xFFFD]))
        result.append(piece)
    return result


names = ["shakespeare", "tinystories", "stories", "code", "mixed"]
texts = {name: open(name + ".txt", encoding="utf-8", newline="").read() for name in names}
fuzz = strings(list(texts.values()), 120, 1)
with open("goldens.jsonl", "w", encoding="utf-8", newline="\n") as out:
    for name in names + ["corner"]:
        if name == "corner":
            # Few letters: runs of one letter, and many pairs with equal counts.
            rng = random.Random(0)
            words = ["".join(rng.choice("ab") for _ in range(rng.randint(1, 14))) for _ in range(1000)]
            texts[name] = " ".join(words + [rng.choice(words) for _ in range(1000)])
            with open("corner.txt", "w", encoding="utf-8", newline="\n") as file:
                file.write(texts[name])
        for split in ["gpt2", "llama3"]:
            for vocabulary, minimum, lines in [(700, 0, False), (2000, 2, True)]:
                tokenizer = train(texts[name], vocabulary, split, minimum, lines)
                model = json.loads(tokenizer.to_str())["model"]
                merges = [" ".join(merge) for merge in model["merges"]]
                line = {
                    "text": name,
                    "vocabulary": vocabulary,
                    "split": split,
                    "minimum": minimum,
                    "lines": lines,
                    "entries": len(model["vocab"]),
                    "merges": len(merges),
                    "sha256": hashlib.sha256("\n".join(merges).encode()).hexdigest(),
                    "first": merges[:10],
                }
                if name == "mixed" and not lines:
                    line["ids"] = [{"text": t, "ids": tokenizer.encode(t).ids} for t in fuzz]
                out.write(json.dumps(line, ensure_ascii=True) + "\n")
