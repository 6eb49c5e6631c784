"""The command line: one file for each command, each as thin as its use case allows.

Commands read flags, call one function of `studio` and print; tensors, files of models and mathematics
stay out, and torch is not imported before a command needs it. Start with `main.py`.
"""
