// node --require: a server that would listen on every interface listens on 127.0.0.1 only.
const net = require('net')
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const [first, second] = args
  if (first !== null && typeof first === 'object' && 'port' in first) {
    args[0] = { ...first, host: '127.0.0.1' }
  } else if (typeof first === 'number' || /^\d+$/.test(String(first))) {
    args.splice(1, typeof second === 'string' || second === undefined ? 1 : 0, '127.0.0.1')
  }
  return listen.apply(this, args)
}
