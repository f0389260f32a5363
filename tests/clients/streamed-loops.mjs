// Clients of Google's dialect that stream a loop of tools: what they keep of a stream, a content or a part for each piece,
// is what they send back. Prints what was said at the end, for each of them.
import { GoogleGenAI } from "@google/genai";
import { streamText, tool, jsonSchema, stepCountIs } from "ai";
import { createGoogleGenerativeAI } from "@ai-sdk/google";

const [gateway, model] = process.argv.slice(2);
const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const sunIn = ({ city }) => `sun in ${city}`;

async function google() {
  const chat = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway } }).chats.create({
    model,
    config: { tools: [{ functionDeclarations: [{ name: "get_weather", description: "Weather of a city", parametersJsonSchema: schema }] }] },
  });
  let message = "Weather?", said;
  do {
    const calls = [];
    said = "";
    for await (const chunk of await chat.sendMessageStream({ message })) {
      calls.push(...(chunk.functionCalls ?? []));
      said += (chunk.candidates?.[0]?.content?.parts ?? []).filter((part) => part.text && !part.thought).map((part) => part.text).join("");
    }
    message = calls.map((call) => ({ functionResponse: { id: call.id, name: call.name, response: { output: sunIn(call.args) } } }));
  } while (message.length > 0);
  return said;
}

async function vercel() {
  const reply = streamText({
    model: createGoogleGenerativeAI({ baseURL: `${gateway}/v1beta`, apiKey: "k" })(model),
    prompt: "Weather?",
    tools: { get_weather: tool({ description: "Weather of a city", inputSchema: jsonSchema(schema), execute: async (input) => sunIn(input) }) },
    stopWhen: stepCountIs(4),
    maxRetries: 0,
  });
  return reply.text;
}

console.log(JSON.stringify([await google(), await vercel()]));
