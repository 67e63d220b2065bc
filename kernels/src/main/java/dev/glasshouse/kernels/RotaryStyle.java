package dev.glasshouse.kernels;

/** Which two values of a head a rotary position embedding turns together. */
public enum RotaryStyle {
    /** Neighbours: (0,1), (2,3), … (Llama's GGUF files). */
    NEIGHBOURS,
    /** Halves of the rotated part: (0,r/2), (1,r/2+1), … (GPT-NeoX, Qwen, Gemma, every Hugging Face file). */
    HALVES
}
