// Vercel's and LangChain's adapters, which speak to responses: straight to the double and through the gateway.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, streamText, tool } from "ai";
import { ChatOpenAI } from "@langchain/openai";
import { compare, weatherSchema } from "./scenarios.mjs";

const [gateway, double] = process.argv.slice(2);

const vercel = (baseURL) => createOpenAI({ baseURL: `${baseURL}/v1`, apiKey: "sk-test" });
const weather = { get_weather: tool({ description: "Weather of a city", inputSchema: jsonSchema(weatherSchema) }) };
const calls = (list) => list.map((call) => ({ id: call.toolCallId, name: call.toolName, input: call.input }));
const seen = async (result) => ({
  text: await result.text,
  reasoning: (await result.reasoningText) || undefined,
  calls: calls(await result.toolCalls),
  finish: await result.finishReason,
  usage: [(await result.usage).inputTokens, (await result.usage).outputTokens],
});

async function streamedText(options) {
  let failure;
  const result = streamText({ ...options, onError: ({ error }) => (failure = error) });
  let said = "";
  for await (const piece of result.textStream) said += piece;
  if (failure) throw failure;
  return { said, ...(await seen(result)) };
}

const prompts = {
  text: { prompt: "Greet me" },
  "parallel tool calls": { prompt: "Weather in Seoul and Lyon?", tools: weather },
  reasoning: { prompt: "Think about it", providerOptions: { openai: { reasoningEffort: "high", reasoningSummary: "auto" } } },
};
const vercelCases = {};
for (const [name, options] of Object.entries(prompts)) {
  vercelCases[name] = async (provider, model) => seen(await generateText({ model: provider(model), maxRetries: 0, ...options }));
  vercelCases[`${name}, streamed`] = (provider, model) => streamedText({ model: provider(model), maxRetries: 0, ...options });
}

// The earlier answer comes back as the id of an item, which is how this adapter continues a conversation.
const goesOn = (messages) => ({ messages: [{ role: "user", content: "Think about it" }, ...messages, { role: "user", content: "Greet me" }] });
vercelCases["a second turn"] = async (provider, model) => {
  const first = await generateText({ model: provider(model), maxRetries: 0, prompt: "Think about it" });
  return seen(await generateText({ model: provider(model), maxRetries: 0, ...goesOn(first.response.messages) }));
};
vercelCases["a second turn, streamed"] = async (provider, model) => {
  const first = streamText({ model: provider(model), maxRetries: 0, prompt: "Think about it" });
  await first.text;
  return streamedText({ model: provider(model), maxRetries: 0, ...goesOn((await first.response).messages) });
};

const langchain = (baseURL) => (model) =>
  new ChatOpenAI({ model, apiKey: "sk-test", maxRetries: 0, useResponsesApi: true, configuration: { baseURL: `${baseURL}/v1` } });
const message = (m) => ({
  text: m.text,
  calls: m.tool_calls.map((call) => ({ id: call.id, name: call.name, args: call.args })),
  usage: [m.usage_metadata?.input_tokens, m.usage_metadata?.output_tokens],
});
const definition = [{ type: "function", function: { name: "get_weather", description: "Weather of a city", parameters: weatherSchema } }];
async function streamedMessage(model, input) {
  let all;
  for await (const chunk of await model.stream(input)) all = all ? all.concat(chunk) : chunk;
  return message(all);
}

const langchainCases = {
  text: async (make, model) => message(await make(model).invoke("Greet me")),
  "text, streamed": (make, model) => streamedMessage(make(model), "Greet me"),
  "parallel tool calls": async (make, model) => message(await make(model).bindTools(definition).invoke("Weather in Seoul and Lyon?")),
  "parallel tool calls, streamed": (make, model) => streamedMessage(make(model).bindTools(definition), "Weather in Seoul and Lyon?"),
  "tool results": async (make, model) => {
    const bound = make(model).bindTools(definition);
    const asked = await bound.invoke("Weather in Seoul and Lyon?");
    const results = asked.tool_calls.map((call, at) => ({ role: "tool", tool_call_id: call.id, content: at === 0 ? "3" : "9" }));
    return message(await bound.invoke([{ role: "user", content: "Weather in Seoul and Lyon?" }, asked, ...results]));
  },
};

for (const model of ["openai/gpt-6-luna", "chat/gpt-6-luna", "anthropic/claude-opus-5-5"]) {
  const direct = (make) => ({ client: make(double), model: "gpt-6-luna" });
  const routed = (make) => ({ client: make(gateway), model });
  await compare(vercelCases, direct(vercel), routed(vercel), `vercel, ${model}:`);
  await compare(langchainCases, direct(langchain), routed(langchain), `langchain, ${model}:`);
}
