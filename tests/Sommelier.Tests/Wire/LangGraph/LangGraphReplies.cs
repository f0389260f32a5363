namespace Sommelier.Tests.Wire.LangGraph;

/// <summary>What an agent server sends, in the shapes of its SDK's types; layout and keys as the server for JavaScript sends them.</summary>
internal static class LangGraphReplies
{
    public const string Whole = """

        {
          "messages": [
            {"content": "weather?", "additional_kwargs": {}, "response_metadata": {}, "id": "h-1", "type": "human"},
            {"content": "Let me look.", "id": "ai-1", "type": "ai", "tool_calls": [{"name": "weather", "args": {"city": "Lyon"}, "id": "c1", "type": "tool_call"}], "invalid_tool_calls": [],
             "usage_metadata": {"input_tokens": 10, "output_tokens": 4, "total_tokens": 14}},
            {"content": "17", "type": "tool", "tool_call_id": "c1", "status": "success", "id": "t-1"},
            {"content": [{"type": "thinking", "thinking": "Mild?", "signature": "s"}, {"type": "text", "text": "It is mild."}], "id": "ai-2", "type": "ai", "tool_calls": [],
             "response_metadata": {"model_name": "waiter-1", "stop_reason": "end_turn"},
             "usage_metadata": {"input_tokens": 20, "output_tokens": 8, "total_tokens": 28, "input_token_details": {"cache_read": 4}, "output_token_details": {"reasoning": 3}}}
          ]
        }
        """;

    public const string LastState =
        "event: values\r\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"weather?\"},{\"type\":\"ai\",\"id\":\"ai-1\",\"content\":\"Let me look.\",\"tool_calls\":[{\"name\":\"w\",\"args\":{},\"id\":\"c1\"}]},{\"type\":\"tool\",\"content\":\"17\",\"tool_call_id\":\"c1\"},{\"type\":\"ai\",\"id\":\"ai-2\",\"content\":\"It is mild.\"}]}\r\n\r\n";

    public static string Stream { get; } =
        "event: metadata\ndata: {\ndata:   \"run_id\": \"r-1\",\ndata:   \"attempt\": 1\ndata: }\n\n"
        + "event: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"weather?\"}]}\n\n"
        + ": heartbeat\n\n"
        + Piece("ai-1", "Let ") + Piece("ai-1", "me look.", ",\"usage_metadata\":{\"input_tokens\":8,\"output_tokens\":4}")
        + "event: messages\ndata: [{\"type\":\"tool\",\"content\":\"17\",\"tool_call_id\":\"c1\"},{}]\n\n"
        + "event: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"weather?\"},{\"type\":\"ai\",\"id\":\"ai-1\",\"content\":\"Let me look.\",\"tool_calls\":[{\"name\":\"w\",\"args\":{},\"id\":\"c1\"}]},{\"type\":\"tool\",\"content\":\"17\",\"tool_call_id\":\"c1\"}]}\n\n"
        + Piece("ai-2", "It is ") + Piece("ai-2", "mild.", ",\"usage_metadata\":{\"input_tokens\":12,\"output_tokens\":5}")
        + LastState
        + "event: end\ndata: null\n\n";

    public static string Piece(string id, string text, string more = "") =>
        $"event: messages\ndata: [{{\"type\":\"AIMessageChunk\",\"id\":\"{id}\",\"content\":\"{text}\",\"tool_call_chunks\":[]{more}}},{{\"langgraph_node\":\"call\",\"ls_model_name\":\"waiter-1\"}}]\n\n";
}
