// Recorded answers through the gateway to each vendor's official client, whole or streamed as they were recorded. What the
// client's own objects then hold is printed, one line a case, or the error that it threw. Cases come on standard input.
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import { BedrockRuntimeClient, BedrockRuntimeServiceException, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Ollama } from "ollama";

const [gateway] = process.argv.slice(2);
const cases = JSON.parse(Buffer.concat(await Array.fromAsync(process.stdin)).toString());
const prompt = "Go on.";
const schema = { type: "object", properties: {} };

const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: "k", maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: gateway, apiKey: "k", maxRetries: 0 });
const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway } });
const bedrock = new BedrockRuntimeClient({ region: "us-east-1", endpoint: gateway, credentials: { accessKeyId: "a", secretAccessKey: "b" }, maxAttempts: 1, requestHandler: new NodeHttpHandler() });
const ollama = new Ollama({ host: gateway });

const listed = (tools, one) => (tools.length > 0 ? tools.map(one) : undefined);
const sum = (...counts) => counts.reduce((total, count) => total + (count ?? 0), 0);
const joined = (pieces) => pieces.map((piece) => piece ?? "").join("");

// A call's arguments as text: an object stands for itself, so that no client's way of writing JSON matters.
const call = (name, args) => ({ name, arguments: typeof args === "string" ? args : JSON.stringify(args ?? {}) });

const dialects = {
  "openai-chat": {
    thrown: OpenAI.APIError,
    async run({ model, streamed, tools }) {
      const body = { model, messages: [{ role: "user", content: prompt }], tools: listed(tools, (name) => ({ type: "function", function: { name, parameters: schema } })) };
      const reply = streamed
        ? await openai.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion()
        : await openai.chat.completions.create(body);
      const { message, finish_reason } = reply.choices[0];
      return {
        id: reply.id,
        text: message.content ?? "",
        refusal: message.refusal ?? "",
        calls: (message.tool_calls ?? []).map((each) => (each.type === "custom" ? call(each.custom.name, { input: each.custom.input }) : call(each.function.name, each.function.arguments))),
        finish: finish_reason,
        input: reply.usage?.prompt_tokens,
        output: reply.usage ? reply.usage.total_tokens - reply.usage.prompt_tokens : undefined,
      };
    },
  },
  "openai-responses": {
    thrown: OpenAI.APIError,
    async run({ model, streamed, tools }) {
      const body = { model, input: prompt, tools: listed(tools, (name) => ({ type: "function", name, parameters: schema, strict: false })) };
      const reply = streamed ? await openai.responses.stream(body).finalResponse() : await openai.responses.create(body);
      const kinds = { function_call: (each) => call(each.name, each.arguments), custom_tool_call: (each) => call(each.name, { input: each.input }) };
      return {
        id: reply.id,
        text: reply.output_text,
        refusal: joined(reply.output.flatMap((item) => item.content ?? []).map((part) => part.refusal)),
        reasoning: joined(reply.output.filter((item) => item.type === "reasoning").flatMap((item) => [...(item.summary ?? []), ...(item.content ?? [])]).map((part) => part.text)),
        calls: reply.output.filter((item) => kinds[item.type]).map((item) => kinds[item.type](item)),
        finish: reply.incomplete_details?.reason ?? reply.status,
        input: reply.usage?.input_tokens,
        output: reply.usage?.output_tokens,
      };
    },
  },
  "anthropic-messages": {
    thrown: Anthropic.APIError,
    async run({ model, streamed, tools }) {
      const body = { model, max_tokens: 1000, messages: [{ role: "user", content: prompt }], tools: listed(tools, (name) => ({ name, input_schema: schema })) };
      const reply = streamed ? await anthropic.messages.stream(body).finalMessage() : await anthropic.messages.create(body);
      const of = (type) => reply.content.filter((block) => block.type === type);
      return {
        id: reply.id,
        text: joined(of("text").map((block) => block.text)),
        reasoning: joined(of("thinking").map((block) => block.thinking)),
        calls: of("tool_use").map((block) => call(block.name, block.input)),
        finish: reply.stop_reason,
        input: sum(reply.usage.input_tokens, reply.usage.cache_read_input_tokens, reply.usage.cache_creation_input_tokens),
        output: reply.usage.output_tokens,
      };
    },
  },
  gemini: {
    thrown: ApiError,
    async run({ model, streamed, tools }) {
      const functionDeclarations = listed(tools, (name) => ({ name, parametersJsonSchema: schema }));
      const body = { model, contents: prompt, config: { thinkingConfig: { includeThoughts: true }, tools: functionDeclarations && [{ functionDeclarations }] } };
      const chunks = streamed ? await Array.fromAsync(await google.models.generateContentStream(body)) : [await google.models.generateContent(body)];
      const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
      const usage = chunks.findLast((chunk) => chunk.usageMetadata)?.usageMetadata;
      return {
        id: chunks[0].responseId,
        text: joined(parts.filter((part) => !part.thought).map((part) => part.text)),
        reasoning: joined(parts.filter((part) => part.thought).map((part) => part.text)),
        calls: ofPieces(parts.flatMap((part) => part.functionCall ?? [])),
        finish: chunks.findLast((chunk) => chunk.candidates?.[0]?.finishReason)?.candidates[0].finishReason,
        input: usage?.promptTokenCount,
        output: usage === undefined ? undefined : sum(usage.candidatesTokenCount, usage.thoughtsTokenCount),
      };
    },
  },
  "bedrock-converse": {
    thrown: BedrockRuntimeServiceException,
    async run({ model, streamed, tools }) {
      const specs = listed(tools, (name) => ({ toolSpec: { name, inputSchema: { json: schema } } }));
      const body = { modelId: model, messages: [{ role: "user", content: [{ text: prompt }] }], toolConfig: specs && { tools: specs } };
      const { blocks, finish, usage, id } = streamed ? await gathered(await bedrock.send(new ConverseStreamCommand(body))) : taken(await bedrock.send(new ConverseCommand(body)));
      return {
        id,
        text: joined(blocks.map((block) => block.text)),
        reasoning: joined(blocks.map((block) => block.reasoning)),
        calls: blocks.filter((block) => block.name !== undefined).map((block) => call(block.name, block.input)),
        finish,
        input: sum(usage?.inputTokens, usage?.cacheReadInputTokens, usage?.cacheWriteInputTokens),
        output: usage?.outputTokens,
      };
    },
  },
  ollama: {
    thrown: Error,
    async run({ model, streamed, tools }) {
      const body = { model, messages: [{ role: "user", content: prompt }], think: true, tools: listed(tools, (name) => ({ type: "function", function: { name, description: "", parameters: schema } })) };
      const chunks = streamed ? await Array.fromAsync(await ollama.chat({ ...body, stream: true })) : [await ollama.chat(body)];
      const end = chunks.at(-1);
      if (!end.done) throw new Error("The stream has no end.");
      return {
        id: end.created_at,
        text: joined(chunks.map((chunk) => chunk.message.content)),
        reasoning: joined(chunks.map((chunk) => chunk.message.thinking)),
        calls: chunks.flatMap((chunk) => chunk.message.tool_calls ?? []).map((each) => call(each.function.name, each.function.arguments)),
        finish: end.done_reason,
        input: end.prompt_eval_count,
        output: end.eval_count,
      };
    },
  },
};

// Vertex AI cuts arguments into pieces, each with its place; its client hands them out as they come.
function ofPieces(pieces) {
  const calls = [];
  for (const { name, args, partialArgs } of pieces) {
    if (name) calls.push({ name, args: args ?? {} });
    for (const { jsonPath, stringValue, numberValue, boolValue } of partialArgs ?? []) {
      const path = jsonPath.match(/[^$.[\]]+/g);
      const at = path.slice(0, -1).reduce((value, key, i) => (value[key] ??= /^\d+$/.test(path[i + 1]) ? [] : {}), calls.at(-1).args);
      at[path.at(-1)] = stringValue === undefined ? (numberValue ?? boolValue ?? null) : (at[path.at(-1)] ?? "") + stringValue;
    }
  }
  return calls.map((each) => call(each.name, each.args));
}

const taken = (reply) => ({
  id: reply.$metadata.requestId,
  blocks: reply.output.message.content.map((block) => ({ text: block.text, reasoning: block.reasoningContent?.reasoningText?.text, name: block.toolUse?.name, input: block.toolUse?.input })),
  finish: reply.stopReason,
  usage: reply.usage,
});

// Its client hands out events and gathers nothing.
async function gathered(reply) {
  const blocks = [];
  let finish, usage;
  for await (const event of reply.stream) {
    const { contentBlockStart: start, contentBlockDelta: piece } = event;
    if (start?.start?.toolUse) blocks[start.contentBlockIndex] = { name: start.start.toolUse.name, input: "" };
    if (piece) {
      const block = (blocks[piece.contentBlockIndex] ??= { text: "", reasoning: "" });
      if (piece.delta.text !== undefined) block.text += piece.delta.text;
      if (piece.delta.reasoningContent?.text !== undefined) block.reasoning += piece.delta.reasoningContent.text;
      if (piece.delta.toolUse) block.input += piece.delta.toolUse.input;
    }
    finish = event.messageStop?.stopReason ?? finish;
    usage = event.metadata?.usage ?? usage;
  }
  return { id: reply.$metadata.requestId, blocks: blocks.filter((block) => block !== undefined), finish, usage };
}

async function tell(one) {
  const { thrown, run } = dialects[one.dialect];
  let told;
  try {
    told = await run(one);
  } catch (failure) {
    const status = failure.status ?? failure.status_code ?? failure.$metadata?.httpStatusCode;
    told = { error: `${failure?.constructor?.name}: ${failure?.message}`, name: failure?.name, typed: failure instanceof thrown && failure.constructor !== Error, status };
  }
  console.log(JSON.stringify({ model: one.model, ...told }));
}

const waiting = cases.values();
await Promise.all(Array.from({ length: 4 }, async () => {
  for (const one of waiting) await tell(one);
}));
