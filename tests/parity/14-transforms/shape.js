module.exports = (output, context) => { const answer = JSON.parse(output); return `${answer.name} ${answer.score}`; };
