// The official Bedrock client before a provider that fails: straight to it and through the gateway it must see the same error.
import { ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { bedrock, tell } from "./bedrock-client.mjs";
import { compare } from "./scenarios.mjs";

const [gateway, provider, wanted] = process.argv.slice(2);

async function failure(ask) {
  const blocks = [];
  try {
    await ask(blocks);
  } catch (error) {
    return { name: error.name, status: error.$metadata?.httpStatusCode, said: blocks.map((block) => block.text).join("") };
  }
  return { name: "none" };
}

const body = (modelId) => ({ modelId, messages: [{ role: "user", content: [{ text: "Hi" }] }] });
const streamed = (c, modelId) => failure(async (blocks) => tell(await c.send(new ConverseStreamCommand(body(modelId))), blocks));
const whole = (c, modelId) => failure(() => c.send(new ConverseCommand(body(modelId))));
const cases = { [wanted]: wanted === "whole" ? whole : streamed };

const direct = { client: bedrock(provider), model: "anthropic.claude-opus-5-5-v1:0" };
await compare(cases, direct, { client: bedrock(gateway), model: "bedrock/anthropic.claude-opus-5-5-v1:0" }, "bedrock client, failing upstream:");
