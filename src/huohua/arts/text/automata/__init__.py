"""Automata over tokens: for each step of writing, which tokens may come next so that the form is kept.

They know forms, tables and a vocabulary, and nothing of networks; a work they let through to its end keeps
its form exactly, and they never lead where no token is left. Start with `automaton.py`, then `for_form.py`.
"""
