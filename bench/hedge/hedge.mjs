// The double, the load and the sums of bench/hedge/run. Arguments: a folder for files, seconds, streams a second, the gateway's command.
import { createServer, request } from 'node:http'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

const [work, seconds, rate, ...command] = process.argv.slice(2)
const slowShare = 0.02
const slowMs = 1500

// Reproducible: xorshift, seeded.
let state = 20261127
const random = () => {
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5
  return (state >>> 0) / 2 ** 32
}

const calls = { plain: 0, hedged: 0 }
const double = createServer((incoming, outgoing) => {
  let body = ''
  incoming.setEncoding('utf8').on('data', part => { body += part }).on('end', async () => {
    calls[body.includes('"user":"hedged"') ? 'hedged' : 'plain']++
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    await pause(random() < slowShare ? slowMs : 40 + 40 * random())
    const event = delta => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [delta] })}\n\n`
    outgoing.end(event({ index: 0, delta: { role: 'assistant', content: 'Yes.' } }) + event({ index: 0, delta: {}, finish_reason: 'stop' }) + 'data: [DONE]\n\n')
  })
}).listen(0, '127.0.0.1')
await once(double, 'listening')

const reserve = createServer().listen(0, '127.0.0.1')
await once(reserve, 'listening')
const port = reserve.address().port
await new Promise(done => reserve.close(done))
const provider = name => `  ${name}: { type: openai-compatible, base_url: 'http://127.0.0.1:${double.address().port}/v1', models: [{ id: m, price: { input: 0.1, output: 0.2 } }] }\n`
writeFileSync(`${work}/sommelier.yaml`, `discover: false
providers:
${provider('one')}${provider('two')}policies:
  plain: { strategy: order, order: [one/m, two/m] }
  hedged: { extends: plain, hedge: { after: p95, max_share: 0.05, max_usd_per_hour: 1 } }
`)
const gateway = spawn(command[0], [...command.slice(1), 'serve', '--config', `${work}/sommelier.yaml`, '--data', `${work}/data`, '--urls', `http://127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] })

const ask = policy => new Promise((done, failed) => {
  const begun = performance.now()
  const sent = request({ port, host: '127.0.0.1', path: '/v1/chat/completions', method: 'POST', headers: { 'content-type': 'application/json' } }, answer => {
    let first, text = ''
    answer.setEncoding('utf8').on('data', part => {
      text += part
      first ??= text.includes('"content"') ? performance.now() - begun : undefined
    }).on('end', () => text.includes('[DONE]') ? done(first) : failed(new Error(`broken: ${answer.statusCode} ${text.slice(0, 300)}`)))
  }).on('error', failed)
  sent.end(JSON.stringify({ model: `auto/${policy}`, stream: true, user: policy, messages: [{ role: 'user', content: `Is it so? ${random()}` }] }))
})

try {
  for (let tries = 0; ; tries++) {
    try { await ask('plain'); break } catch (error) { if (tries > 100) throw error; await pause(100) }
  }
  // The gateway learns the model's times first.
  for (let i = 0; i < 60; i++) await ask('plain')
  calls.plain = calls.hedged = 0

  const times = { plain: [], hedged: [] }
  const running = []
  const begun = performance.now()
  for (let i = 0; i < seconds * rate; i++) {
    const wait = begun + (i * 1000) / rate - performance.now()
    if (wait > 0) await pause(wait)
    const policy = i % 2 ? 'hedged' : 'plain'
    running.push(ask(policy).then(time => times[policy].push(time)))
  }
  await Promise.all(running)

  const at = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
  const sort = list => Float64Array.from(list).sort()
  const rows = Object.entries(times).map(([policy, list]) => {
    const sorted = sort(list)
    return { policy, streams: list.length, 'p50 ms': Math.round(at(sorted, 0.5)), 'p95 ms': Math.round(at(sorted, 0.95)), 'p99 ms': Math.round(at(sorted, 0.99)), 'further calls': `${(100 * (calls[policy] - list.length) / list.length).toFixed(1)} %` }
  })
  console.table(rows)
  const draw = list => sort(list.map(() => list[Math.floor(random() * list.length)]))
  const ratios = sort(Array.from({ length: 1000 }, () => at(draw(times.hedged), 0.99) / at(draw(times.plain), 0.99)))
  console.log(`p99 hedged / plain: ${(at(sort(times.hedged), 0.99) / at(sort(times.plain), 0.99)).toFixed(2)} (95 % bootstrap ${at(ratios, 0.025).toFixed(2)} to ${at(ratios, 0.975).toFixed(2)})`)
} finally {
  gateway.kill()
  double.close()
  double.closeAllConnections()
}
