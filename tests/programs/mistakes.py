"""Slips that a type checker finds before the program runs."""

import mitseq

mitseq.LSTM("64")
mitseq.LSTMM(64)
mitseq.SentimentClassifier(epochs="three")
mitseq.read_texts("reviews.csv", colum="text")
mitseq.generate_tunes(mitseq.load_music_model())[0].sav("tune.mid")
number: int = mitseq.Tune("K:D\nd|]\n").title
