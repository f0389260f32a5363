// The official clients of every dialect through the gateway to every kind of provider that the double plays: each must be
// told the same, in its own words. Expectations are written out, since the double itself does not speak every dialect right.
import OpenAI from "openai";
import { GoogleGenAI } from "@google/genai";
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
// Its own choice is HTTP/2, which needs TLS in front of the gateway; over plain HTTP it must be told.
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Ollama } from "ollama";
import { generateText, streamText, tool, jsonSchema } from "ai";
import { createOpenAI } from "@ai-sdk/openai";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { ChatOpenAI } from "@langchain/openai";
import { pixel, weatherSchema } from "./scenarios.mjs";

const [gateway] = process.argv.slice(2);
const models = ["openai/gpt-6-luna", "anthropic/claude-opus-5-5", "gemini/gemini-3-flash-preview", "bedrock/amazon.nova-2-lite-v1:0", "ollama/llama"];
const greeting = "Hello there, and welcome to the cellar.";
const ask = { text: "Greet me", tools: "Weather in Seoul and Lyon?", image: "What is in the picture?" };
const told = {
  text: { text: greeting },
  tools: { calls: [{ name: "get_weather", arguments: { city: "Seoul" } }, { name: "get_weather", arguments: { city: "Lyon", unit: "C" } }] },
  image: { text: "One red pixel." },
};
const said = (text, calls = []) => (calls.length > 0 ? { calls } : { text });
const call = (name, args) => ({ name, arguments: typeof args === "string" ? JSON.parse(args) : args });

const responses = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: "k", maxRetries: 0 }).responses;
const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway } });
const bedrock = new BedrockRuntimeClient({ region: "us-east-1", endpoint: gateway, credentials: { accessKeyId: "a", secretAccessKey: "b" }, maxAttempts: 1, requestHandler: new NodeHttpHandler() });
const ollama = new Ollama({ host: gateway });

const ofResponse = (reply) => said(reply.output_text, reply.output.filter((item) => item.type === "function_call").map((item) => call(item.name, item.arguments)));
const responsesBody = (model, kind) => ({
  model,
  input: [{ role: "user", content: kind === "image" ? [{ type: "input_text", text: ask.image }, { type: "input_image", image_url: `data:image/png;base64,${pixel}` }] : ask[kind] }],
  tools: kind === "tools" ? [{ type: "function", name: "get_weather", description: "Weather of a city", parameters: weatherSchema }] : undefined,
});

const googleBody = (model, kind) => ({
  model,
  contents: [{ role: "user", parts: kind === "image" ? [{ text: ask.image }, { inlineData: { mimeType: "image/png", data: pixel } }] : [{ text: ask[kind] }] }],
  config: kind === "tools" ? { tools: [{ functionDeclarations: [{ name: "get_weather", description: "Weather of a city", parametersJsonSchema: weatherSchema }] }] } : {},
});
const ofGoogle = (chunks) => {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  return said(parts.map((part) => part.text ?? "").join(""), parts.filter((part) => part.functionCall).map((part) => call(part.functionCall.name, part.functionCall.args)));
};

const bedrockBody = (model, kind) => ({
  modelId: model,
  messages: [{ role: "user", content: kind === "image" ? [{ text: ask.image }, { image: { format: "png", source: { bytes: Buffer.from(pixel, "base64") } } }] : [{ text: ask[kind] }] }],
  toolConfig: kind === "tools" ? { tools: [{ toolSpec: { name: "get_weather", description: "Weather of a city", inputSchema: { json: weatherSchema } } }] } : undefined,
});
async function bedrockStream(body) {
  const reply = await bedrock.send(new ConverseStreamCommand(body));
  let text = "", stop;
  const calls = new Map();
  for await (const event of reply.stream) {
    const delta = event.contentBlockDelta;
    if (event.contentBlockStart?.start?.toolUse) calls.set(event.contentBlockStart.contentBlockIndex, { name: event.contentBlockStart.start.toolUse.name, arguments: "" });
    if (delta?.delta?.text) text += delta.delta.text;
    if (delta?.delta?.toolUse) calls.get(delta.contentBlockIndex).arguments += delta.delta.toolUse.input;
    stop = event.messageStop?.stopReason ?? stop;
  }
  if (stop !== (calls.size > 0 ? "tool_use" : "end_turn")) throw new Error(`stopped with ${stop}`);
  return said(text, [...calls.values()].map((each) => call(each.name, each.arguments)));
}

const ollamaBody = (model, kind) => ({
  model,
  messages: [{ role: "user", content: ask[kind], images: kind === "image" ? [pixel] : undefined }],
  tools: kind === "tools" ? [{ type: "function", function: { name: "get_weather", description: "Weather of a city", parameters: weatherSchema } }] : undefined,
});
const ofOllama = (chunks) => said(
  chunks.map((chunk) => chunk.message.content ?? "").join(""),
  chunks.flatMap((chunk) => chunk.message.tool_calls ?? []).map((each) => call(each.function.name, each.function.arguments)));

const vercel = {
  "vercel openai (responses)": createOpenAI({ baseURL: `${gateway}/v1`, apiKey: "k" }),
  "vercel anthropic": createAnthropic({ baseURL: `${gateway}/v1`, apiKey: "k" }),
  "vercel google": createGoogleGenerativeAI({ baseURL: `${gateway}/v1beta`, apiKey: "k" }),
};
const vercelBody = (model, kind) => ({
  model,
  maxRetries: 0,
  messages: [{ role: "user", content: kind === "image" ? [{ type: "text", text: ask.image }, { type: "image", image: Buffer.from(pixel, "base64"), mediaType: "image/png" }] : ask[kind] }],
  tools: kind === "tools" ? { get_weather: tool({ description: "Weather of a city", inputSchema: jsonSchema(weatherSchema) }) } : undefined,
});
const ofVercel = (text, calls) => said(text, calls.map((each) => call(each.toolName, each.input)));

const langchain = (model, useResponsesApi) => new ChatOpenAI({ model, useResponsesApi, apiKey: "k", maxRetries: 0, configuration: { baseURL: `${gateway}/v1` } });
const langchainTools = [{ type: "function", function: { name: "get_weather", description: "Weather of a city", parameters: weatherSchema } }];
async function ofLangchain(model, kind, useResponsesApi, streamed) {
  const chat = kind === "tools" ? langchain(model, useResponsesApi).bindTools(langchainTools) : langchain(model, useResponsesApi);
  const content = kind === "image" ? [{ type: "text", text: ask.image }, { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } }] : ask[kind];
  let message;
  if (streamed) for await (const chunk of await chat.stream([{ role: "user", content }])) message = message ? message.concat(chunk) : chunk;
  else message = await chat.invoke([{ role: "user", content }]);
  return said(message.text, (message.tool_calls ?? []).map((each) => call(each.name, each.args)));
}

const clients = {
  "openai responses": async (m, k) => ofResponse(await responses.create(responsesBody(m, k))),
  "openai responses, streamed": async (m, k) => ofResponse(await responses.stream(responsesBody(m, k)).finalResponse()),
  "google genai": async (m, k) => ofGoogle([await google.models.generateContent(googleBody(m, k))]),
  "google genai, streamed": async (m, k) => ofGoogle(await Array.fromAsync(await google.models.generateContentStream(googleBody(m, k)))),
  "aws bedrock": async (m, k) => {
    const reply = await bedrock.send(new ConverseCommand(bedrockBody(m, k)));
    const blocks = reply.output.message.content;
    return said(blocks.map((block) => block.text ?? "").join(""), blocks.filter((block) => block.toolUse).map((block) => call(block.toolUse.name, block.toolUse.input)));
  },
  "aws bedrock, streamed": async (m, k) => bedrockStream(bedrockBody(m, k)),
  ollama: async (m, k) => ofOllama([await ollama.chat(ollamaBody(m, k))]),
  "ollama, streamed": async (m, k) => ofOllama(await Array.fromAsync(await ollama.chat({ ...ollamaBody(m, k), stream: true }))),
  "langchain chat": (m, k) => ofLangchain(m, k, false, false),
  "langchain chat, streamed": (m, k) => ofLangchain(m, k, false, true),
  "langchain responses": (m, k) => ofLangchain(m, k, true, false),
  "langchain responses, streamed": (m, k) => ofLangchain(m, k, true, true),
};
for (const [name, provider] of Object.entries(vercel)) {
  clients[name] = async (m, k) => {
    const reply = await generateText(vercelBody(provider(m), k));
    return ofVercel(reply.text, reply.toolCalls);
  };
  clients[`${name}, streamed`] = async (m, k) => {
    const reply = streamText({ ...vercelBody(provider(m), k), onError() {} });
    return ofVercel(await reply.text, await reply.toolCalls);
  };
}

// OpenAI's older completions, at providers that have chat alone: Ollama offers them, the double that plays it does not.
const completions = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: "k", maxRetries: 0 }).completions;

function report(name, expected, actual, error) {
  const same = error === undefined && JSON.stringify(expected) === JSON.stringify(actual);
  console.log(JSON.stringify({ case: name, same, expected, actual, error }));
}

for (const [name, run] of Object.entries(clients)) {
  for (const model of models) {
    for (const kind of ["text", "tools", "image"]) {
      let actual, error;
      try {
        actual = await run(model, kind);
      } catch (failure) {
        error = `${failure?.constructor?.name}: ${failure?.message}`;
      }
      report(`${name} to ${model}: ${kind}`, told[kind], actual, error);
    }
  }
}

// What these clients ask for beside a chat.
async function fact(name, run) {
  let actual, error;
  try {
    actual = await run();
  } catch (failure) {
    error = `${failure?.constructor?.name}: ${failure?.message}`;
  }
  report(name, true, actual, error);
}
await fact("google counts tokens", async () => (await google.models.countTokens({ model: "auto", contents: "How many?" })).totalTokens > 0);
await fact("google lists models", async () => (await Array.fromAsync(await google.models.list())).some((model) => model.name === "models/openai/gpt-6-luna"));
await fact("google is told what is wrong", async () => {
  try {
    await google.models.generateContent({ model: "no-such-model", contents: "x" });
  } catch (failure) {
    return failure.status === 404;
  }
});
await fact("bedrock is told what is wrong", async () => {
  try {
    await bedrock.send(new ConverseCommand({ modelId: "no-such-model", messages: [{ role: "user", content: [{ text: "x" }] }] }));
  } catch (failure) {
    return failure.name === "ResourceNotFoundException";
  }
});
await fact("ollama lists models", async () => (await ollama.list()).models.some((model) => model.name === "openai/gpt-6-luna"));
await fact("ollama shows a model", async () => (await ollama.show({ model: "openai/gpt-6-luna:latest" })).capabilities.includes("completion"));
await fact("ollama tells its version", async () => /^\d+\.\d+\.\d+$/.test((await ollama.version()).version));
await fact("ollama completes", async () => (await ollama.generate({ model: "openai/gpt-6-luna", prompt: ask.text })).response === greeting);
await fact("ollama completes, streamed", async () => (await Array.fromAsync(await ollama.generate({ model: "anthropic/claude-opus-5-5", prompt: ask.text, stream: true }))).map((chunk) => chunk.response).join("") === greeting);
for (const model of models.filter((each) => !each.startsWith("ollama/"))) {
  await fact(`openai's older completions to ${model}`, async () => {
    const reply = await completions.create({ model, prompt: ask.text, max_tokens: 100 });
    return reply.object === "text_completion" && reply.choices[0].text === greeting && reply.choices[0].finish_reason === "stop" && reply.usage.total_tokens > 0;
  });
  await fact(`openai's older completions to ${model}, streamed`, async () => {
    const chunks = await Array.fromAsync(await completions.create({ model, prompt: [ask.text], stream: true, stream_options: { include_usage: true } }));
    return chunks.map((chunk) => chunk.choices[0]?.text ?? "").join("") === greeting && chunks.at(-1).usage.total_tokens > 0 && chunks.at(-2).choices[0].finish_reason === "stop";
  });
}
await fact("openai's older completions of several prompts are refused where there are none", async () => {
  try {
    await completions.create({ model: "anthropic/claude-opus-5-5", prompt: ["a", "b"] });
  } catch (failure) {
    return failure.status === 400 && failure.param === "prompt";
  }
});
