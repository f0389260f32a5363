module.exports = { short: (output) => ({ pass: output.length < 15, score: 0.25, reason: "length" }) };
