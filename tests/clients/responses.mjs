// The official OpenAI client's responses, straight to the double and through the gateway: what it receives must be the same.
import OpenAI from "openai";
import { compare, pixel, weatherSchema, wineSchema } from "./scenarios.mjs";

const [gateway, double] = process.argv.slice(2);
const client = (baseURL) => new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: "sk-test", maxRetries: 0 });
const tools = [{ type: "function", name: "get_weather", description: "Weather of a city", parameters: weatherSchema, strict: false }];

const seen = (response) => ({
  text: response.output_text,
  reasoning: response.output.filter((item) => item.type === "reasoning").flatMap((item) => item.summary.map((part) => part.text)).join("") || undefined,
  calls: response.output.filter((item) => item.type === "function_call").map((call) => ({ id: call.call_id, name: call.name, arguments: JSON.parse(call.arguments) })),
  kinds: response.output.map((item) => item.type),
  status: response.status,
  input: response.usage?.input_tokens,
  output: response.usage?.output_tokens,
  total: response.usage?.total_tokens,
});

async function whole(c, body) {
  const response = await c.responses.create(body);
  if (response.object !== "response" || !response.id.startsWith("resp") || response.error) throw new Error(`odd reply ${JSON.stringify(response)}`);
  return seen(response);
}

// The helper checks the order, the numbers and the ids of the events.
async function streamed(c, body) {
  let said = "";
  const stream = c.responses.stream(body);
  for await (const event of stream) if (event.type === "response.output_text.delta") said += event.delta;
  const response = await stream.finalResponse();
  if (said !== response.output_text) throw new Error(`the pieces make '${said}', the whole is '${response.output_text}'`);
  return seen(response);
}

const history = [
  { role: "user", content: "Weather in Seoul and Lyon?" },
  { type: "function_call", call_id: "call_seoul_1", name: "get_weather", arguments: '{"city":"Seoul"}' },
  { type: "function_call", call_id: "call_lyon_2", name: "get_weather", arguments: '{"city":"Lyon","unit":"C"}' },
  { type: "function_call_output", call_id: "call_seoul_1", output: "3" },
  { type: "function_call_output", call_id: "call_lyon_2", output: "9" },
];

const bodies = {
  text: { instructions: "Be brief.", input: "Greet me" },
  "parallel tool calls": { input: [{ role: "user", content: "Weather in Seoul and Lyon?" }], tools },
  "tool results": { input: history, tools },
  image: {
    input: [{ role: "user", content: [{ type: "input_text", text: "What is in the picture?" }, { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${pixel}` }] }],
  },
  schema: { input: "Give me the wine as JSON", text: { format: { type: "json_schema", name: "wine", schema: wineSchema, strict: true } } },
  reasoning: { input: "Think about it", reasoning: { effort: "high", summary: "auto" } },
};

const cases = {};
for (const [name, body] of Object.entries(bodies)) {
  cases[name] = (c, model) => whole(c, { model, ...body });
  cases[`${name}, streamed`] = (c, model) => streamed(c, { model, ...body });
}

const direct = { client: client(double), model: "gpt-6-luna" };
const routed = (model) => ({ client: client(gateway), model });
await compare(cases, direct, routed("openai/gpt-6-luna"), "responses client, openai upstream:");
await compare(cases, direct, routed("chat/gpt-6-luna"), "responses client, chat-only upstream:");
await compare(cases, direct, routed("anthropic/claude-opus-5-5"), "responses client, anthropic upstream:");
