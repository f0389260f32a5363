// Records what a coding agent sends, as fixtures/<agent>.json:
//
//   node agents/record.mjs <agent> <path of its executable> [<path of a script that it runs>]
//
// Between agent and double stands a gateway of this repository, as in real life. Everything is on loopback, the agent has a
// home of its own, and all of it is stopped and removed at the end. See docs/clients.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { agents, content, home as scrubbedHome, work as scrubbedWork } from "./agents.mjs";
import { scrub } from "./scrub.mjs";

const [name, ...executable] = process.argv.slice(2);
const agent = agents[name];
if (!agent || executable.length === 0) {
  console.error(`usage: node agents/record.mjs <${Object.keys(agents).join("|")}> <executable> [<script>]`);
  process.exit(2);
}

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "agent-"));
const [home, work] = [join(folder, "home"), join(folder, "cellar")];
mkdirSync(home);
mkdirSync(work);
writeFileSync(join(work, "hello.txt"), content);
const children = [];

try {
  const double = await line(start(process.execPath, [join(here, "double.mjs"), join(work, "hello.txt")]), (text) => text);
  const gateway = await line(start(join(here, "../../../sommelier"), ["serve", "-c", configuration(double), "--data", join(folder, "data"), "--urls", "http://127.0.0.1:0"]), (text) => /listens on (\S+)/.exec(text)?.[1]);
  const recorder = await record(gateway);
  const version = await run(["--version"], recorder.url);
  const said = await run(agent.arguments, recorder.url);
  recorder.server.close();

  const ids = new Map();
  const paths = { [work]: scrubbedWork, [home]: scrubbedHome, [recorder.url]: "http://127.0.0.1:4000" };
  const requests = recorder.requests.slice(0, agent.keep).map((request) => scrub(request, paths, ids));
  const fixture = { agent: name, version: version.trim(), recorded: new Date().toISOString().slice(0, 10), requests };
  writeFileSync(join(here, "fixtures", `${name}.json`), `${JSON.stringify(fixture, null, 1)}\n`);
  console.log(`${fixture.version}: ${requests.map((request) => `${request.method} ${request.path}`).join(", ")}; it said: ${said.trim().split("\n").at(-1)}`);
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

function configuration(double) {
  const file = join(folder, "sommelier.yaml");
  writeFileSync(file, `discover: false
providers:
  openai: { api_key: upstream, base_url: "${double}/v1" }
  chat: { type: openai-compatible, api_key: upstream, base_url: "${double}/v1", models: [{ id: gpt-6-sol, capabilities: [tools, parallel_tools, streaming] }] }
  anthropic: { api_key: upstream, base_url: "${double}" }
`);
  return file;
}

function start(command, args) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function line(child, find) {
  for await (const text of createInterface({ input: child.stdout })) {
    const found = find(text);
    if (found) return found;
  }
  throw new Error("a server did not start");
}

async function record(target) {
  const requests = [];
  const server = http.createServer(async (request, reply) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    requests.push({ method: request.method, path: request.url, headers: request.rawHeaders, body: body.toString() });
    const passed = http.request(target + request.url, { method: request.method, headers: { ...request.headers, host: new URL(target).host } }, (answer) => {
      reply.writeHead(answer.statusCode, answer.headers);
      answer.pipe(reply);
    });
    passed.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, requests, url: `http://127.0.0.1:${server.address().port}` };
}

async function run(args, url) {
  for (const [file, text] of Object.entries(agent.files(url))) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
  }
  const environment = { PATH: process.env.PATH, HOME: home, TERM: "dumb", ...agent.environment(url) };
  const child = spawn(executable[0], [...executable.slice(1), ...args], { cwd: work, env: environment, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let said = "";
  child.stdout.on("data", (piece) => (said += piece));
  await once(child, "close");
  return said;
}
