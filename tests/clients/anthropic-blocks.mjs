// The official Anthropic client reads a stream that the gateway made of an answer which came whole: prints the message that it puts together.
import Anthropic from "@anthropic-ai/sdk";

const [gateway] = process.argv.slice(2);
const client = new Anthropic({ baseURL: gateway, apiKey: "sk-test", maxRetries: 0 });
const message = await client.messages
  .stream({ model: "anthropic/claude-opus-5-5", max_tokens: 400, messages: [{ role: "user", content: "Search" }] })
  .finalMessage();
console.log(JSON.stringify(message.content));
