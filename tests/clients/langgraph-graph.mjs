// The graph of the agent server that langgraph-double.mjs runs: a waiter with a chat model of its own that needs no network.
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";

const usage = { input_tokens: 21, output_tokens: 13, total_tokens: 34, input_token_details: { cache_read: 5 } };

class Waiter extends BaseChatModel {
  constructor() {
    super({});
  }

  _llmType() {
    return "waiter";
  }

  answer(messages) {
    const asked = messages.map((message) => message.text).join(" / ");
    if (asked.includes("fail")) {
      throw new Error("the kitchen is closed");
    }

    const calls = asked.includes("weather") && messages.at(-1).getType() !== "tool";
    return new AIMessage({
      content: calls ? "Let me look." : `You said: ${asked}`,
      tool_calls: calls ? [{ name: "weather", args: { city: "Lyon" }, id: "call_1", type: "tool_call" }] : [],
      usage_metadata: usage,
      response_metadata: { model_name: "waiter-1", finish_reason: calls ? "tool_calls" : "stop" },
    });
  }

  async _generate(messages) {
    const message = this.answer(messages);
    return { generations: [{ text: message.text, message }] };
  }

  async *_streamResponseChunks(messages, options, run) {
    const answer = this.answer(messages);
    const words = answer.text.split(/(?= )/).map((content) => ({ content }));
    const calls = answer.tool_calls.map((call, index) => ({
      content: "",
      tool_call_chunks: [{ index, id: call.id, name: call.name, args: JSON.stringify(call.args), type: "tool_call_chunk" }],
    }));
    const last = { content: "", usage_metadata: answer.usage_metadata, response_metadata: answer.response_metadata };
    for (const piece of [...words, ...calls, last]) {
      const chunk = new ChatGenerationChunk({ text: piece.content, message: new AIMessageChunk(piece) });
      yield chunk;
      await run?.handleLLMNewToken(piece.content, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

const model = new Waiter();
const ask = async ({ messages }) => ({ messages: [await model.invoke(messages)] });
const chat = () => new StateGraph(MessagesAnnotation).addNode("ask", ask).addEdge(START, "ask");

/** Asks its model once; calls of tools are the caller's to run. */
export const waiter = chat().addEdge("ask", END).compile();

/** Runs its tool by itself and asks again. */
export const kitchen = chat()
  .addNode("tool", ({ messages }) => ({ messages: [{ role: "tool", tool_call_id: messages.at(-1).tool_calls[0].id, content: "17 degrees" }] }))
  .addConditionalEdges("ask", ({ messages }) => (messages.at(-1).tool_calls?.length ? "tool" : END))
  .addEdge("tool", "ask")
  .compile();

/** Answers without any model. */
export const sign = new StateGraph(MessagesAnnotation)
  .addNode("say", () => ({ messages: [new AIMessage("We are open.")] }))
  .addEdge(START, "say")
  .addEdge("say", END)
  .compile();
