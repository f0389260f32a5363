// An OpenAI-compatible double: node double.mjs ANSWERS.json LOG. Answers with the text of the first pair whose words the last message
// holds, and writes the messages of each request as a line of LOG. Prints its address, serves until its input ends.
import fs from "node:fs";
import http from "node:http";

const [answers, log] = process.argv.slice(2);
const pairs = JSON.parse(fs.readFileSync(answers, "utf8"));
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const asked = JSON.parse(body);
    fs.appendFileSync(log, JSON.stringify(asked.messages) + "\n");
    const last = asked.messages.at(-1).content;
    const content = pairs.find(([words]) => last.includes(words))?.[1] ?? "No answer was written for this.";
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({
      id: "chatcmpl-1", object: "chat.completion", created: 1780000000, model: asked.model,
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
    }));
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
