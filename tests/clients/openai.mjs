// The official OpenAI client, straight to the double and through the gateway: what it receives must be the same.
import OpenAI from "openai";
import { compare, pixel, weatherSchema, wineSchema } from "./scenarios.mjs";

const [gateway, double] = process.argv.slice(2);
const client = (baseURL) => new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: "sk-test", maxRetries: 0 });
const tools = [{ type: "function", function: { name: "get_weather", description: "Weather of a city", parameters: weatherSchema } }];

const calls = (list) => list?.map((call) => ({ name: call.function.name, arguments: JSON.parse(call.function.arguments) }));
const seen = (message, finish, usage) => ({
  text: message.content ?? "",
  reasoning: message.reasoning_content ?? undefined,
  calls: calls(message.tool_calls),
  finish,
  input: usage?.prompt_tokens,
  output: usage?.completion_tokens,
  total: usage?.total_tokens,
});

async function whole(c, body) {
  const reply = await c.chat.completions.create(body);
  if (reply.object !== "chat.completion" || reply.choices.length !== 1) throw new Error(`odd reply ${JSON.stringify(reply)}`);
  return seen(reply.choices[0].message, reply.choices[0].finish_reason, reply.usage);
}

async function streamed(c, body) {
  const stream = await c.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
  const message = { content: "", tool_calls: undefined };
  let finish, usage;
  for await (const chunk of stream) {
    if (chunk.usage) usage = chunk.usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    finish = choice.finish_reason ?? finish;
    if (choice.delta.content) message.content += choice.delta.content;
    if (choice.delta.reasoning_content) message.reasoning_content = (message.reasoning_content ?? "") + choice.delta.reasoning_content;
    for (const part of choice.delta.tool_calls ?? []) {
      message.tool_calls ??= [];
      const call = (message.tool_calls[part.index] ??= { function: { name: "", arguments: "" } });
      call.function.name += part.function?.name ?? "";
      call.function.arguments += part.function?.arguments ?? "";
    }
  }
  return seen(message, finish, usage);
}

const user = (content) => [{ role: "system", content: "Be brief." }, { role: "user", content }];
const history = [
  ...user("Weather in Seoul and Lyon?"),
  {
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "call_seoul_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Seoul"}' } },
      { id: "call_lyon_2", type: "function", function: { name: "get_weather", arguments: '{"city":"Lyon","unit":"C"}' } },
    ],
  },
  { role: "tool", tool_call_id: "call_seoul_1", content: "3" },
  { role: "tool", tool_call_id: "call_lyon_2", content: "9" },
];

const bodies = {
  text: { messages: user("Greet me") },
  "parallel tool calls": { messages: user("Weather in Seoul and Lyon?"), tools },
  "tool results": { messages: history, tools },
  image: {
    messages: user([{ type: "text", text: "What is in the picture?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } }]),
  },
  schema: {
    messages: user("Give me the wine as JSON"),
    response_format: { type: "json_schema", json_schema: { name: "wine", schema: wineSchema, strict: true } },
  },
  reasoning: { messages: user("Think about it"), reasoning_effort: "high" },
};

const cases = {};
for (const [name, body] of Object.entries(bodies)) {
  cases[name] = (c, model) => whole(c, { model, ...body });
  cases[`${name}, streamed`] = (c, model) => streamed(c, { model, ...body });
}

const direct = { client: client(double), model: "gpt-6-luna" };
await compare(cases, direct, { client: client(gateway), model: "openai/gpt-6-luna" }, "openai client, openai upstream:");
await compare(cases, direct, { client: client(gateway), model: "anthropic/claude-opus-5-5" }, "openai client, anthropic upstream:");
await compare(cases, direct, { client: client(gateway), model: "bedrock/anthropic.claude-opus-5-5-v1:0" }, "openai client, bedrock upstream:");
