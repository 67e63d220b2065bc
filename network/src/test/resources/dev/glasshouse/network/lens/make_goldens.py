"""Goldens of the logit lens and of attention weights, made with Hugging Face transformers in F32.

    python make_goldens.py            the models beside this folder
    python make_goldens.py MODEL.gguf ORACLE.jsonl OUT.jsonl
                                      SmolLM2-135M-Instruct, dequantised by the package gguf

The residual at depth d is what layer d is given, and at the last depth what the final norm is given. (The last of
transformers' own hidden_states is behind the norm, so it would be normed twice.) The lens is norm and head on it.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

HERE = pathlib.Path(__file__).parent


def look(model, ids):
    """Logits of each depth [depth + 1, rows, vocabulary] and attention [layer, head, row, position]."""
    body = model.get_decoder() if not hasattr(model, "transformer") else model.transformer
    layers, norm = (body.layers, body.norm) if hasattr(body, "layers") else (body.h, body.ln_f)
    residuals = []

    def keep(module, args, kwargs):
        residuals.append((args[0] if args else kwargs["hidden_states"]).detach().clone())

    hooks = [layer.register_forward_pre_hook(keep, with_kwargs=True) for layer in layers]
    hooks.append(norm.register_forward_pre_hook(keep, with_kwargs=True))
    with torch.no_grad():
        out = model(torch.tensor([ids]), output_attentions=True, use_cache=False)
        for hook in hooks:
            hook.remove()
        rows = [model.lm_head(norm(x))[0] / getattr(model.config, "logits_scaling", 1.0) for x in residuals]
    cap = getattr(model.config, "final_logit_softcapping", None)
    if cap:
        rows = [cap * torch.tanh(row / cap) for row in rows]
    assert len(rows) == len(layers) + 1 and len(out.attentions) == len(layers)
    assert (rows[-1] - out.logits[0]).abs().max() < 1e-5, "the last row must be the answer"
    return torch.stack(rows).numpy(), torch.stack([layer[0] for layer in out.attentions]).numpy()


def folder(path, out, ids, lens_rows, attention_rows):
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, attn_implementation="eager").eval()
    logits, attention = look(model, ids)
    out.mkdir(exist_ok=True)
    np.save(out / "lens.npy", logits[:, lens_rows].astype("<f4"))
    np.save(out / "attention.npy", attention[:, :, attention_rows].astype("<f4"))
    text = {"ids": ids, "lens_rows": lens_rows, "attention_rows": attention_rows}
    (out / "golden.json").write_text(json.dumps(text) + "\n")
    print(out.name, logits.shape, attention.shape, "largest logit", np.abs(logits).max())


def smollm2(path):
    import gguf

    reader = gguf.GGUFReader(path)
    value = lambda key: reader.fields[key].contents()
    heads, kv_heads = value("llama.attention.head_count"), value("llama.attention.head_count_kv")
    config = LlamaConfig(
        vocab_size=len(value("tokenizer.ggml.tokens")),
        hidden_size=value("llama.embedding_length"),
        intermediate_size=value("llama.feed_forward_length"),
        num_hidden_layers=value("llama.block_count"),
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        max_position_embeddings=value("llama.context_length"),
        rms_norm_eps=value("llama.attention.layer_norm_rms_epsilon"),
        rope_theta=value("llama.rope.freq_base"),
        rope_parameters={"rope_type": "default", "rope_theta": value("llama.rope.freq_base")},
        tie_word_embeddings=True,
        attn_implementation="eager",
    )
    names = {
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    }
    weights = {}
    for tensor in reader.tensors:
        x = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        parts = tensor.name.split(".")
        if parts[0] != "blk":
            name = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}[parts[0]]
        else:
            name = f"model.layers.{parts[1]}.{names[parts[2]]}"
            if parts[2] in ("attn_q", "attn_k"):
                # GGUF turns neighbours, transformers halves: undo the converter's order of rows in a head.
                count = heads if parts[2] == "attn_q" else kv_heads
                x = x.reshape(count, x.shape[0] // count // 2, 2, -1).swapaxes(1, 2).reshape(x.shape)
        weights[name + ".weight"] = torch.from_numpy(np.ascontiguousarray(x))
    weights.setdefault("lm_head.weight", weights["model.embed_tokens.weight"])
    model = LlamaForCausalLM(config).to(torch.float32).eval()
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not missing and not unexpected, (missing, unexpected)
    if not torch.equal(weights["lm_head.weight"], model.lm_head.weight):
        raise ValueError("the head is not the embedding")
    return model


def real(path, oracle, out):
    lines = [json.loads(line) for line in open(oracle, encoding="utf-8")]
    line = next(line for line in lines if len(line["ids"]) >= 130)
    ids = line["ids"][:140]
    logits, attention = look(smollm2(path), ids)
    logp = torch.log_softmax(torch.from_numpy(logits).double(), -1).numpy()
    worst = max(
        abs(logp[-1, row, id] - p) for row in range(len(ids)) for id, p in line["top"][row]
    )
    print("against llama.cpp's log-probabilities:", worst)
    fixed = [0, 28, 198, 260, 1000, 12345, 30000, 49151]
    lens_rows = [0, 1, 31, 63, 64, 100, 127, 128, 139]
    heads = [[0, 0], [0, 8], [7, 3], [15, 5], [22, 1], [29, 4], [29, 8]]
    rounded = lambda x: float(f"{x:.7g}")
    out_lines = [{"text": line["text"], "ids": ids, "fixed": fixed}]
    for row in lens_rows:
        for depth in range(logp.shape[0]):
            p = logp[depth, row]
            top = [[int(i), rounded(p[i])] for i in np.argsort(-p, kind="stable")[:8]]
            out_lines.append({"row": row, "depth": depth, "top": top, "fixed": [rounded(p[i]) for i in fixed]})
    for layer, head in heads:
        for row in (0, 63, 64, 139):
            weights = [rounded(w) for w in attention[layer, head, row, : row + 1]]
            out_lines.append({"layer": layer, "head": head, "row": row, "weights": weights})
    text = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in out_lines)
    pathlib.Path(out).write_text(text)


if len(sys.argv) > 1:
    real(*sys.argv[1:])
else:
    stories = HERE.parent / "stories260K"
    ids = json.loads((stories / "golden-greedy.json").read_text())["greedy_ids"][:130]
    rows = [0, 1, 2, 31, 62, 63, 64, 65, 90, 127, 128, 129]
    folder(stories, HERE / "stories260K", ids, rows, rows)
    for path in sorted((HERE.parent / "architectures").iterdir()):
        ids = json.loads((path / "golden.json").read_text())["ids"][:40] + [(37 * i + 11) % 256 for i in range(30)]
        folder(path, HERE / path.name, ids, [0, 8, 69], [0, 7, 8, 39, 63, 64, 69])
