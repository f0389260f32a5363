module.exports = (output, context) => output.length <= context.config.most;
