module.exports = (output, context) => output.includes("42") && context.vars.cellar === "North";
