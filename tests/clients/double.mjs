// The third-party double that stands in for the providers. Prints its address, then serves until its input ends.
import { LLMock } from "@copilotkit/aimock";

const usage = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34, input_tokens: 21, output_tokens: 13 };
const mock = new LLMock({ port: 0, host: "127.0.0.1", chunkSize: 7, latency: 20 });

mock.addFixture({ match: { userMessage: "Greet me" }, response: { content: "Hello there, and welcome to the cellar.", usage } });
mock.addFixture({
  match: { userMessage: "Weather in Seoul and Lyon?", hasToolResult: false },
  response: {
    toolCalls: [
      { id: "call_seoul_1", name: "get_weather", arguments: JSON.stringify({ city: "Seoul" }) },
      { id: "call_lyon_2", name: "get_weather", arguments: JSON.stringify({ city: "Lyon", unit: "C" }) },
    ],
    usage,
  },
});
mock.addFixture({
  match: { userMessage: "Weather in Seoul and Lyon?", hasToolResult: true },
  response: { content: "Seoul has 3 degrees, Lyon has 9.", usage },
});
mock.addFixture({ match: { userMessage: "What is in the picture?" }, response: { content: "One red pixel.", usage } });
mock.addFixture({ match: { userMessage: "Give me the wine as JSON" }, response: { content: '{"name":"Riesling","year":2024}', usage } });
mock.addFixture({
  match: { userMessage: "Think about it" },
  response: { content: "Forty-two.", reasoning: "Six times seven is forty-two.", usage },
});

await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
