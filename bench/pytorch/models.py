"""The same models as ours in plain PyTorch: eager, scaled_dot_product_attention, no other library."""
import math

import torch
import torch.nn.functional as F
from torch import nn


class Llama(nn.Module):
    def __init__(self, vocabulary, length, width, layers, heads, kv_heads, size, mlp):
        super().__init__()
        self.heads, self.kv_heads, self.size = heads, kv_heads, size
        self.embedding = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(nn.ModuleDict(dict(
            norm1=nn.RMSNorm(width, eps=1e-5), q=nn.Linear(width, heads * size, bias=False),
            k=nn.Linear(width, kv_heads * size, bias=False), v=nn.Linear(width, kv_heads * size, bias=False),
            o=nn.Linear(heads * size, width, bias=False), norm2=nn.RMSNorm(width, eps=1e-5),
            gate=nn.Linear(width, mlp, bias=False), up=nn.Linear(width, mlp, bias=False),
            down=nn.Linear(mlp, width, bias=False))) for _ in range(layers))
        self.norm = nn.RMSNorm(width, eps=1e-5)
        self.apply(initial)
        angles = torch.outer(torch.arange(length), 10000.0 ** (-torch.arange(0, size, 2) / size))
        self.register_buffer("cos", torch.cat([angles, angles], -1).cos())
        self.register_buffer("sin", torch.cat([angles, angles], -1).sin())

    def turn(self, x):
        a, b = x.chunk(2, -1)
        t = x.shape[-2]
        return x * self.cos[:t] + torch.cat([-b, a], -1) * self.sin[:t]

    def forward(self, ids, targets):
        n, t = ids.shape
        x = self.embedding(ids)
        for layer in self.layers:
            h = layer.norm1(x)
            q = self.turn(layer.q(h).view(n, t, self.heads, self.size).transpose(1, 2))
            k = self.turn(layer.k(h).view(n, t, self.kv_heads, self.size).transpose(1, 2))
            v = layer.v(h).view(n, t, self.kv_heads, self.size).transpose(1, 2)
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.heads != self.kv_heads)
            x = x + layer.o(y.transpose(1, 2).reshape(n, t, -1))
            h = layer.norm2(x)
            x = x + layer.down(F.silu(layer.gate(h)) * layer.up(h))
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


class LayerNorm(nn.Module):
    def __init__(self, width, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, 1e-5)


class Gpt2(nn.Module):
    def __init__(self, vocabulary, context, width, layers, heads, bias):
        super().__init__()
        self.heads = heads
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.layers = nn.ModuleList(nn.ModuleDict(dict(
            norm1=LayerNorm(width, bias), qkv=nn.Linear(width, 3 * width, bias=bias),
            o=nn.Linear(width, width, bias=bias), norm2=LayerNorm(width, bias),
            up=nn.Linear(width, 4 * width, bias=bias), down=nn.Linear(4 * width, width, bias=bias)))
            for _ in range(layers))
        self.norm = LayerNorm(width, bias)
        self.apply(initial)
        for layer in self.layers:
            for projection in (layer.o, layer.down):
                nn.init.normal_(projection.weight, 0, 0.02 / math.sqrt(2 * layers))

    def forward(self, ids, targets):
        n, t = ids.shape
        x = self.embedding(ids) + self.positions(torch.arange(t))
        for layer in self.layers:
            q, k, v = (z.view(n, t, self.heads, -1).transpose(1, 2)
                       for z in layer.qkv(layer.norm1(x)).chunk(3, -1))
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + layer.o(y.transpose(1, 2).reshape(n, t, -1))
            x = x + layer.down(F.gelu(layer.up(layer.norm2(x)), approximate="tanh"))
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


def initial(module):
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, 0, 0.02)
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)


def adamw(model, rate, betas=(0.9, 0.95), decay=0.1):
    named = list(model.parameters())
    return torch.optim.AdamW(
        [dict(params=[p for p in named if p.dim() >= 2], weight_decay=decay),
         dict(params=[p for p in named if p.dim() < 2], weight_decay=0.0)], lr=rate, betas=betas, eps=1e-8)
