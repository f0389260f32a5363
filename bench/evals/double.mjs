// A provider that answers each chat after some milliseconds: node double.mjs [DELAY_MS]. Prints its address, serves until its input ends.
import http from "node:http";

const delay = Number(process.argv[2] ?? 50);
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const asked = JSON.parse(body);
    const number = /\d+/.exec(asked.messages.at(-1).content)[0];
    const answer = JSON.stringify({
      id: "chatcmpl-1", object: "chat.completion", created: 1780000000, model: asked.model,
      choices: [{ index: 0, message: { role: "assistant", content: `It is ${number}` }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
    });
    const send = () => response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(answer) }).end(answer);
    delay > 0 ? setTimeout(send, delay) : send();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
