// Anthropic's tool runner, which asks the vendor to keep the conversation (thread) unless told otherwise, whole or streamed.
// Prints what was said at the end, and the error of a thread that may not fall back on sending the whole conversation.
import Anthropic from "@anthropic-ai/sdk";

const [gateway, model, mode] = process.argv.slice(2);
const client = new Anthropic({ baseURL: gateway, apiKey: "sk-test", maxRetries: 0 });
const body = { model, max_tokens: 500, system: "Be brief.", messages: [{ role: "user", content: "Weather in Bern?" }] };
const tools = [
  {
    name: "get_weather",
    description: "Weather of a city",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    parse: (input) => input,
    run: async ({ city }) => `sun in ${city}`,
  },
];
const said = (message) => message.content.filter((block) => block.type === "text").map((block) => block.text).join("");

if (mode === "thread") {
  try {
    console.log(JSON.stringify(said(await client.beta.messages.thread(body).send())));
  } catch (error) {
    console.log(JSON.stringify({ name: error.constructor.name, status: error.status, code: error.errorCode, message: error.message }));
  }
} else {
  const runner = client.beta.messages.toolRunner({ ...body, tools, stream: mode === "streamed" });
  console.log(JSON.stringify(said(await runner.runUntilDone())));
}
