// LangChain's own agent server with the graphs of langgraph-graph.mjs. Its data lie in the folder that the first argument
// names; prints its address and stops when standard input ends.
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { startServer } from "@langchain/langgraph-api/server";

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const graphs = fileURLToPath(new URL("langgraph-graph.mjs", import.meta.url));
const { host } = await startServer({
  port,
  host: "127.0.0.1",
  nWorkers: 4,
  cwd: process.argv[2],
  graphs: Object.fromEntries(["waiter", "kitchen", "sign"].map((name) => [name, `${graphs}:${name}`])),
});
console.log(`http://${host}`);
process.stdin.on("end", () => process.exit(0)).resume();
