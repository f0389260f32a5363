// The double that coding agents are recorded before: asks for a file once, by whichever tool the agent offers, then ends.
// Prints its address, then serves until its input ends.
import { LLMock } from "@copilotkit/aimock";
import { calls } from "./agents.mjs";


const usage = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34, input_tokens: 21, output_tokens: 13 };
const mock = new LLMock({ port: 0, host: "127.0.0.1", chunkSize: 7, latency: 5 });
const answered = (request) => request.messages.some((message) => message.role === "tool");
const offers = (request, name) => (request.tools ?? []).some((tool) => (tool.function?.name ?? tool.name) === name);

for (const [name, args] of Object.entries(calls(process.argv[2]))) {
  mock.addFixture({
    match: { predicate: (request) => offers(request, name) && !answered(request) },
    response: { toolCalls: [{ id: "call_agent_1", name, arguments: JSON.stringify(args) }], usage },
  });
}
mock.addFixture({ match: { predicate: answered }, response: { content: "It says hello.", usage } });

await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
