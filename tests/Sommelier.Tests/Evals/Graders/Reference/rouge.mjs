// Adds ROUGE to the output of overlap.py by js-rouge (3.2), promptfoo's package, with the tokens of Google's rouge-score: runs of letters and
// digits in small letters, one sentence. Usage: node rouge.mjs bleu.json > overlap.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { n, l } = createRequire(`${process.cwd()}/`)('js-rouge');
const tokenizer = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const options = { tokenizer, segmenter: (text) => [text] };
const rows = JSON.parse(readFileSync(process.argv[2], 'utf8')).map((row) => ({
  ...row,
  rouge_1: Math.max(...row.references.map((text) => n(row.answer, text, { n: 1, tokenizer }))),
  rouge_2: Math.max(...row.references.map((text) => n(row.answer, text, { n: 2, tokenizer }))),
  rouge_l: Math.max(...row.references.map((text) => l(row.answer, text, options))),
}));
process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
