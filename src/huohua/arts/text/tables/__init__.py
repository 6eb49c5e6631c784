"""What is known of characters and words: tones, rhymes, sounds, and the tunes that lyrics are written to.

The tables are plain files beside this one, with their origin and licence in NOTICE.txt; code here reads
them and does nothing else. Start with `rhyme_book.py` for Chinese and `pronouncing.py` for English.
"""
