"""Encoders of pictures: networks that find the latent from which a generator would make a picture again.

An encoder owns its `forward` and nothing else; losses and games live in `adversarial`. Start with
`table.py`.
"""
