"""Parts of networks that fit any art: modulated and separable convolutions, normalisation, resampling.

A block is a small `nn.Module` or function with its paper; whole generators, losses and data stay out.
Start with the file named after the part you look for.
"""
