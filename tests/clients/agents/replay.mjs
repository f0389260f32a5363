// Sends what a coding agent sent, as it sent it, and reads the answers with the official clients. Prints one JSON line per request.
//
//   node agents/replay.mjs <gateway> <agent> <model>
import { readFileSync } from "node:fs";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { fill } from "./prose.mjs";

const [gateway, agent, model] = process.argv.slice(2);
const fixture = JSON.parse(readFileSync(new URL(`fixtures/${agent}.json`, import.meta.url)));

for (const recorded of fixture.requests) {
  const request = fill(recorded, model);
  let reply;
  const send = async () => (reply = await fetch(gateway + request.path, { method: request.method, headers: request.headers, body: request.body }));
  const answer = await read(request, { apiKey: "unused", maxRetries: 0, fetch: send });
  console.log(JSON.stringify({
    method: request.method, path: request.path, sent: request.body, status: reply.status,
    warnings: reply.headers.get("x-sommelier-warnings") ?? "", answered: reply.headers.get("x-sommelier-model") ?? "", ...answer,
  }));
}

async function read(request, options) {
  const body = request.body && JSON.parse(request.body);
  switch (new URL(request.path, gateway).pathname) {
    case "/v1/messages": {
      const message = await new Anthropic(options).beta.messages.stream(body).finalMessage();
      return {
        text: message.content.filter((block) => block.type === "text").map((block) => block.text).join(""),
        calls: message.content.filter((block) => block.type === "tool_use"),
        end: message.stop_reason,
      };
    }
    case "/v1/messages/count_tokens":
      return { tokens: (await new Anthropic(options).beta.messages.countTokens(body)).input_tokens };
    case "/v1/responses": {
      const response = await new OpenAI(options).responses.stream(body).finalResponse();
      return { text: response.output_text, calls: response.output.filter((item) => item.type.endsWith("_call")), end: response.status };
    }
    default:
      await options.fetch();
      return {};
  }
}
