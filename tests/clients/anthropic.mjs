// The official Anthropic client, straight to the double and through the gateway: what it receives must be the same.
import Anthropic from "@anthropic-ai/sdk";
import { compare, pixel, weatherSchema, wineSchema } from "./scenarios.mjs";

const [gateway, double] = process.argv.slice(2);
const client = (baseURL) => new Anthropic({ baseURL, apiKey: "sk-test", maxRetries: 0 });
const tools = [{ name: "get_weather", description: "Weather of a city", input_schema: weatherSchema }];

const seen = (message) => ({
  text: message.content.filter((block) => block.type === "text").map((block) => block.text).join(""),
  reasoning: message.content.filter((block) => block.type === "thinking").map((block) => block.thinking).join("") || undefined,
  calls: message.content.filter((block) => block.type === "tool_use").map((block) => ({ name: block.name, arguments: block.input })),
  finish: message.stop_reason,
  input: message.usage.input_tokens,
  output: message.usage.output_tokens,
});

const whole = async (c, body) => {
  const message = await c.messages.create(body);
  if (message.type !== "message" || message.role !== "assistant") throw new Error(`odd reply ${JSON.stringify(message)}`);
  return seen(message);
};
const streamed = async (c, body) => seen(await c.messages.stream(body).finalMessage());

const user = (content) => [{ role: "user", content }];
const history = [
  ...user("Weather in Seoul and Lyon?"),
  {
    role: "assistant",
    content: [
      { type: "tool_use", id: "call_seoul_1", name: "get_weather", input: { city: "Seoul" } },
      { type: "tool_use", id: "call_lyon_2", name: "get_weather", input: { city: "Lyon", unit: "C" } },
    ],
  },
  {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "call_seoul_1", content: "3" },
      { type: "tool_result", tool_use_id: "call_lyon_2", content: [{ type: "text", text: "9" }] },
    ],
  },
];

const base = { max_tokens: 400, system: "Be brief." };
const bodies = {
  text: { ...base, messages: user("Greet me") },
  "parallel tool calls": { ...base, messages: user("Weather in Seoul and Lyon?"), tools },
  "tool results": { ...base, messages: history, tools },
  image: {
    ...base,
    messages: user([
      { type: "image", source: { type: "base64", media_type: "image/png", data: pixel } },
      { type: "text", text: "What is in the picture?" },
    ]),
  },
  schema: {
    ...base,
    messages: user("Give me the wine as JSON"),
    output_config: { format: { type: "json_schema", schema: wineSchema } },
  },
  reasoning: { ...base, max_tokens: 4000, messages: user("Think about it"), thinking: { type: "enabled", budget_tokens: 2000 } },
};

const cases = {};
for (const [name, body] of Object.entries(bodies)) {
  cases[name] = (c, model) => whole(c, { model, ...body });
  cases[`${name}, streamed`] = (c, model) => streamed(c, { model, ...body });
}

const direct = { client: client(double), model: "claude-opus-5-5" };
await compare(cases, direct, { client: client(gateway), model: "anthropic/claude-opus-5-5" }, "anthropic client, anthropic upstream:");
await compare(cases, direct, { client: client(gateway), model: "openai/gpt-6-luna" }, "anthropic client, openai upstream:");

// The double does not wrap InvokeModel's events in chunks as Bedrock does: streams of it are tested with a scripted server.
const unstreamed = Object.fromEntries(Object.entries(cases).filter(([name]) => !name.endsWith(", streamed")));
await compare(unstreamed, direct, { client: client(gateway), model: "bedrock/anthropic.claude-opus-5-5-v1:0" }, "anthropic client, bedrock upstream:");
