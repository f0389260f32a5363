// Recorded vectors through the gateway to each vendor's official client. What the client's own objects then hold is printed, one
// line a case, or the error that it threw. Cases come on standard input.
import OpenAI from "openai";
import { GoogleGenAI } from "@google/genai";
import { Ollama } from "ollama";

const [gateway] = process.argv.slice(2);
const cases = JSON.parse(Buffer.concat(await Array.fromAsync(process.stdin)).toString());
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: "k", maxRetries: 0 });
const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway } });
const ollama = new Ollama({ host: gateway });

const ofOpenAI = async (reply) => {
  const { data, usage } = await reply;
  return { vectors: data.map((item) => item.embedding), tokens: usage.prompt_tokens };
};

const clients = {
  // The client asks for base64 unless it is told otherwise, and decodes what comes.
  "openai, base64": ({ model, texts }) => ofOpenAI(openai.embeddings.create({ model, input: texts })),
  "openai, numbers": ({ model, texts }) => ofOpenAI(openai.embeddings.create({ model, input: texts, encoding_format: "float" })),
  google: async ({ model, texts }) => {
    const reply = await google.models.embedContent({ model, contents: texts });
    return { vectors: reply.embeddings.map((each) => each.values), tokens: reply.usageMetadata?.promptTokenCount };
  },
  ollama: async ({ model, texts }) => {
    const reply = await ollama.embed({ model, input: texts });
    return { vectors: reply.embeddings, tokens: reply.prompt_eval_count };
  },
};

for (const one of cases) {
  try {
    const { vectors, tokens } = await clients[one.client](one);
    console.log(JSON.stringify({ ...one, vectors: vectors.map((vector) => Array.from(vector, Math.fround)), tokens }));
  } catch (failure) {
    console.log(JSON.stringify({ ...one, error: `${failure?.constructor?.name}: ${failure?.message}` }));
  }
}
