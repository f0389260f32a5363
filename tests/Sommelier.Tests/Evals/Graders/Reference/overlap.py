#!/usr/bin/env python3
"""Computes BLEU and GLEU by NLTK (3.8; Debian's python3-nltk), once, for the tests beside it; rouge.mjs adds ROUGE to its output.

Texts are cut as the graders cut them: small letters, white space; for GLEU without dots at a word's end. NLTK's smoothing functions
stand for ours: method 3 is NIST's (sacrebleu's 'exp'), and a function of one line is promptfoo's floor of 1e-7. The cases are those of
overlap.json: python3 overlap.py overlap.json > bleu.json.
"""
import json
import sys

from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.translate.gleu_score import sentence_gleu


def floor(p_n, **_):
    return [p if p.numerator else 1e-7 for p in p_n]


def words(text, trim=False):
    return [w.rstrip(".") if trim else w for w in text.lower().split()]


rows = []
for case in json.load(open(sys.argv[1])):
    answer, references = case["answer"], case["references"]
    plain = [words(r) for r in references]
    trimmed = [words(r, True) for r in references]
    rows.append({
        **case,
        "bleu_floor": sentence_bleu(plain, words(answer), smoothing_function=floor),
        "bleu_exp": sentence_bleu(plain, words(answer), smoothing_function=SmoothingFunction().method3),
        "gleu": sentence_gleu(trimmed, words(answer, True)),
    })
json.dump(rows, sys.stdout, indent=1, ensure_ascii=False)
