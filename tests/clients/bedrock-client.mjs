// The official Bedrock client with a bearer key over HTTP/1.1, and a stream of its events put together again.
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";

export const bedrock = (endpoint) =>
  new BedrockRuntimeClient({
    endpoint,
    region: "us-east-1",
    token: { token: "sk-test" },
    authSchemePreference: ["httpBearerAuth"],
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });

/** Reads a stream as strictly as the strictest clients do: one block at a time, each closed, usage after the stop. */
export async function tell(reply, blocks = []) {
  let open, finish, usage;
  for await (const event of reply.stream) {
    const [[name, data]] = Object.entries(event);
    if (name.startsWith("contentBlock")) {
      if (open !== undefined && open !== data.contentBlockIndex) throw new Error(`block ${data.contentBlockIndex} came inside block ${open}`);
      open = name === "contentBlockStop" ? undefined : data.contentBlockIndex;
    }
    const at = data.contentBlockIndex;
    if (name === "contentBlockStart" && data.start?.toolUse) blocks[at] = { toolUse: { ...data.start.toolUse, input: "" } };
    if (name === "contentBlockDelta") {
      const { text, toolUse, reasoningContent } = data.delta;
      if (text !== undefined) blocks[at] = { text: (blocks[at]?.text ?? "") + text };
      if (toolUse) blocks[at].toolUse.input += toolUse.input;
      if (reasoningContent?.text) {
        const before = blocks[at]?.reasoningContent.reasoningText.text ?? "";
        blocks[at] = { reasoningContent: { reasoningText: { text: before + reasoningContent.text } } };
      }
    }
    if (name === "messageStop") finish = data.stopReason;
    if (name === "metadata") {
      if (finish === undefined) throw new Error("metadata came before messageStop");
      usage = data.usage;
    }
  }
  if (open !== undefined) throw new Error(`block ${open} was never closed`);
  for (const block of blocks) if (block.toolUse) block.toolUse.input = JSON.parse(block.toolUse.input || "{}");
  return { blocks, finish, usage };
}
