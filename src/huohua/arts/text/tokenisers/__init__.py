"""How texts become numbers: by character for Chinese, by learnt pieces of words for other languages.

A tokeniser is learnt from the works it is used on and saved as JSON beside the model. Start with
`tokeniser.py`.
"""
