// The official clients that ask for vectors, straight to the double and through the gateway: the numbers must be the same,
// whichever wire format the provider speaks. Vectors are 32-bit floats; the double writes more digits than they have.
import OpenAI from "openai";
import { GoogleGenAI } from "@google/genai";
import { Ollama } from "ollama";
import { embed, embedMany } from "ai";
import { createOpenAI } from "@ai-sdk/openai";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { OpenAIEmbeddings } from "@langchain/openai";
import { compare } from "./scenarios.mjs";

const [gateway, double] = process.argv.slice(2);
const rounded = (vectors) => Array.from(vectors, (vector) => Array.from(vector, Math.fround));
const model = "text-embedding-3-small";
const texts = ["A cat sat on the mat.", "Ein Hund, 犬.", "\"Quotes\"\n\\ and more"];

// OpenAI's own client asks for base64 unless it is told otherwise, and decodes what comes.
const openai = (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 0 });
const ofOpenAI = (reply) => ({ object: reply.object, vectors: rounded(reply.data.map((item) => item.embedding)), indexes: reply.data.map((item) => item.index) });
const cases = {
  "one text": async (c, m) => ofOpenAI(await c.embeddings.create({ model: m, input: texts[0] })),
  "several texts": async (c, m) => ofOpenAI(await c.embeddings.create({ model: m, input: texts })),
  "as numbers": async (c, m) => ofOpenAI(await c.embeddings.create({ model: m, input: texts, encoding_format: "float" })),
  "shorter ones": async (c, m) => ofOpenAI(await c.embeddings.create({ model: m, input: texts, dimensions: 64, user: "u-1" })),
};
for (const served of [`openai/${model}`, "vectors/nomic-embed-text"]) {
  await compare(cases, { client: openai(double), model }, { client: openai(gateway), model: served }, `openai to ${served}:`);
}
// To /api/embed the double answers with one vector, of however many texts; several are held by the recordings.
await compare({ "one text": cases["one text"] }, { client: openai(double), model }, { client: openai(gateway), model: "ollama/nomic-embed-text" }, "openai to ollama:");
const ids = { "token ids": async (c, m) => ofOpenAI(await c.embeddings.create({ model: m, input: [[1, 2, 3], [4]] })) };
await compare(ids, { client: openai(double), model }, { client: openai(gateway), model }, "openai:");

// The double embeds a text alike in every dialect, so what another dialect's client gets can be told beforehand.
const told = async (input) => rounded((await openai(double).embeddings.create({ model, input, encoding_format: "float" })).data.map((item) => item.embedding));
async function report(name, expected, run) {
  let actual, error;
  try {
    actual = await run();
  } catch (failure) {
    error = `${failure?.constructor?.name}: ${failure?.message}`;
  }
  const same = error === undefined && JSON.stringify(expected) === JSON.stringify(actual);
  console.log(JSON.stringify({ case: name, same, expected: JSON.stringify(expected)?.slice(0, 200), actual: JSON.stringify(actual)?.slice(0, 200), error }));
}

const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway } });
const ollama = new Ollama({ host: gateway });
const all = await told(texts), first = await told(texts[0]);
await report("google genai to openai", all, async () => rounded((await google.models.embedContent({ model: `openai/${model}`, contents: texts })).embeddings.map((each) => each.values)));
await report("google genai counts tokens", true, async () => (await google.models.embedContent({ model: `openai/${model}`, contents: texts })).usageMetadata.promptTokenCount > 0);
await report("ollama to openai", all, async () => rounded((await ollama.embed({ model: `openai/${model}`, input: texts })).embeddings));
await report("ollama to openai, one prompt", first[0], async () => Array.from((await ollama.embeddings({ model: `openai/${model}:latest`, prompt: texts[0] })).embedding, Math.fround));
await report("ollama to ollama, one prompt", first[0], async () => Array.from((await ollama.embeddings({ model: "ollama/nomic-embed-text", prompt: texts[0] })).embedding, Math.fround));
await report("google's address of one content to ollama", first[0], async () => {
  const reply = await fetch(`${gateway}/v1beta/models/ollama%2Fnomic-embed-text:embedContent`, { method: "POST", headers: { "content-type": "application/json", "x-goog-api-key": "k" }, body: JSON.stringify({ content: { parts: [{ text: texts[0] }] } }) });
  return Array.from((await reply.json()).embedding.values, Math.fround);
});
const googles = async (url, name) => {
  const reply = await fetch(`${url}/v1beta/models/${name}:embedContent`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ content: { parts: [{ text: texts[0] }] }, taskType: "RETRIEVAL_QUERY" }) });
  return { status: reply.status, body: await reply.text() };
};
await report("google's address to google, byte by byte", await googles(double, "gemini-embedding-001"), () => googles(gateway, "gemini-embedding-001"));

const vercel = createOpenAI({ baseURL: `${gateway}/v1`, apiKey: "k" });
const vercelGoogle = createGoogleGenerativeAI({ baseURL: `${gateway}/v1beta`, apiKey: "k" });
await report("vercel openai", all, async () => rounded((await embedMany({ model: vercel.embedding(model), values: texts, maxRetries: 0 })).embeddings));
await report("vercel google", all, async () => rounded((await embedMany({ model: vercelGoogle.embedding(`openai/${model}`), values: texts, maxRetries: 0 })).embeddings));
await report("vercel google, one text", first[0], async () => rounded([(await embed({ model: vercelGoogle.embedding(`openai/${model}`), value: texts[0], maxRetries: 0 })).embedding])[0]);
const langchain = new OpenAIEmbeddings({ model, apiKey: "k", maxRetries: 0, stripNewLines: false, configuration: { baseURL: `${gateway}/v1` } });
await report("langchain documents", all, async () => rounded(await langchain.embedDocuments(texts)));
await report("langchain query", first[0], async () => rounded([await langchain.embedQuery(texts[0])])[0]);

// What is wrong is told in each dialect's own words.
async function refused(name, status, run) {
  await report(name, { status, says: true }, async () => {
    try {
      await run();
    } catch (failure) {
      return { status: failure.status ?? failure.status_code ?? failure.statusCode, says: /cannot be compared/.test(failure.message ?? failure.error) };
    }
  });
}
await refused("openai is told that auto does not embed", 400, () => openai(gateway).embeddings.create({ model: "auto", input: "x" }));
await refused("google is told that auto does not embed", 400, () => google.models.embedContent({ model: "auto", contents: "x" }));
await refused("ollama is told that auto does not embed", 400, () => ollama.embed({ model: "auto", input: "x" }));
await refused("vercel is told that a policy does not embed", 400, () => embed({ model: vercel.embedding("auto/frugal"), value: "x", maxRetries: 0 }));

// Lists say what a model is for.
await report("google lists what embeds", ["embedContent", "batchEmbedContents"], async () => (await Array.fromAsync(await google.models.list())).find((each) => each.name === `models/openai/${model}`)?.supportedActions);
await report("ollama lists and shows what embeds", ["embedding"], async () =>
  (await ollama.list()).models.some((each) => each.name === `openai/${model}`) && (await ollama.show({ model: `openai/${model}` })).capabilities);
await report("openai lists what embeds", "embedding", async () => (await openai(gateway).models.retrieve(`openai/${model}`)).sommelier.kind);
