// The official Bedrock client, straight to the double and through the gateway: what it receives must be the same.
import { ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { bedrock, tell } from "./bedrock-client.mjs";
import { compare, pixel, weatherSchema, wineSchema } from "./scenarios.mjs";

const [gateway, double] = process.argv.slice(2);
const toolConfig = { tools: [{ toolSpec: { name: "get_weather", description: "Weather of a city", inputSchema: { json: weatherSchema } } }] };

const seen = (blocks, finish, usage) => ({
  text: blocks.map((block) => block.text ?? "").join(""),
  reasoning: blocks.map((block) => block.reasoningContent?.reasoningText?.text ?? "").join("") || undefined,
  calls: blocks.filter((block) => block.toolUse).map(({ toolUse }) => ({ id: toolUse.toolUseId, name: toolUse.name, arguments: toolUse.input })),
  finish,
  input: usage.inputTokens,
  output: usage.outputTokens,
  total: usage.totalTokens,
});

async function whole(c, body) {
  const reply = await c.send(new ConverseCommand(body));
  if (reply.output.message.role !== "assistant") throw new Error(`odd reply ${JSON.stringify(reply)}`);
  return seen(reply.output.message.content, reply.stopReason, reply.usage);
}

async function streamed(c, body) {
  const { blocks, finish, usage } = await tell(await c.send(new ConverseStreamCommand(body)));
  return seen(blocks, finish, usage);
}

const user = (...content) => [{ role: "user", content }];
const history = [
  ...user({ text: "Weather in Seoul and Lyon?" }),
  {
    role: "assistant",
    content: [
      { toolUse: { toolUseId: "call_seoul_1", name: "get_weather", input: { city: "Seoul" } } },
      { toolUse: { toolUseId: "call_lyon_2", name: "get_weather", input: { city: "Lyon", unit: "C" } } },
    ],
  },
  {
    role: "user",
    content: [
      { toolResult: { toolUseId: "call_seoul_1", content: [{ text: "3" }] } },
      { toolResult: { toolUseId: "call_lyon_2", content: [{ json: { degrees: 9 } }], status: "success" } },
    ],
  },
];

const base = { system: [{ text: "Be brief." }], inferenceConfig: { maxTokens: 400 } };
const bodies = {
  text: { ...base, messages: user({ text: "Greet me" }) },
  "parallel tool calls": { ...base, messages: user({ text: "Weather in Seoul and Lyon?" }), toolConfig },
  "tool results": { ...base, messages: history, toolConfig },
  image: {
    ...base,
    messages: user({ image: { format: "png", source: { bytes: Buffer.from(pixel, "base64") } } }, { text: "What is in the picture?" }),
  },
  schema: {
    ...base,
    messages: user({ text: "Give me the wine as JSON" }),
    outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema: { name: "wine", schema: JSON.stringify(wineSchema) } } } },
  },
  reasoning: {
    ...base,
    inferenceConfig: { maxTokens: 4000 },
    messages: user({ text: "Think about it" }),
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2000 } },
  },
};

const cases = {};
for (const [name, body] of Object.entries(bodies)) {
  cases[name] = (c, modelId) => whole(c, { modelId, ...body });
  cases[`${name}, streamed`] = (c, modelId) => streamed(c, { modelId, ...body });
}

const claude = "anthropic.claude-opus-5-5-v1:0";
const direct = { client: bedrock(double), model: claude };
await compare(cases, direct, { client: bedrock(gateway), model: `bedrock/${claude}` }, "bedrock client, bedrock upstream:");
await compare(cases, direct, { client: bedrock(gateway), model: "openai/gpt-6-luna" }, "bedrock client, openai upstream:");
await compare(cases, direct, { client: bedrock(gateway), model: "anthropic/claude-opus-5-5" }, "bedrock client, anthropic upstream:");
