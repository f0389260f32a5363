using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.LangGraph;

/// <summary>An <c>ai</c> message, or a chunk of one, in LangChain's JSON.</summary>
internal readonly record struct LangGraphMessage(JsonElement Json)
{
    /// <summary>Whether the model speaks in it; Python names chunks by their class.</summary>
    public bool IsAnswer => Json.Text("type") is "ai" or "AIMessageChunk" or "AIMessage";

    /// <summary>Whether it is what a tool answered.</summary>
    public bool IsTool => Json.Text("type") is "tool" or "ToolMessage";

    /// <summary>The id of the call that it answers; empty when it names none.</summary>
    public string Answers => Json.Text("tool_call_id") ?? "";

    /// <summary>
    /// Whether a model made it in the graph: what a caller sent comes back without counts or words on how it was made, under an id
    /// that the server gave it.
    /// </summary>
    public bool IsMade => Usage() is not null
        || (Json.Get("response_metadata") is { ValueKind: JsonValueKind.Object } about && about.EnumerateObject().Any())
        || (Id.Length > 0 && !Guid.TryParseExact(Id, "D", out _));

    /// <summary>All text in it.</summary>
    public string Text => string.Concat(Content().OfType<TextPart>().Select(static part => part.Text));

    /// <summary>Whether the caller speaks in it: everything after the last of these is the graph's own work.</summary>
    public bool IsAsked => Json.Text("type") is "human" or "HumanMessage" or "system" or "SystemMessage";

    /// <summary>The message's id; empty when it has none.</summary>
    public string Id => Json.Text("id") ?? "";

    /// <summary>The model that says it answered, or null.</summary>
    public string? Model => Json.Get("response_metadata") is var about ? about.Text("model_name") ?? about.Text("model") : null;

    /// <summary>
    /// The thinking, text and pieces of other kinds in it, in order, tool calls left out: those stand in a list of their own.
    /// </summary>
    public IEnumerable<ContentPart> Content()
    {
        if (Json.Get("additional_kwargs").Text("reasoning_content") is { Length: > 0 } thought)
        {
            yield return new ReasoningPart(thought);
        }

        var content = Json.Get("content");
        if (content.ValueKind == JsonValueKind.String)
        {
            if (content.Text() is { Length: > 0 } text)
            {
                yield return new TextPart(text);
            }

            yield break;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var block in content.EnumerateArray())
        {
            if (Block(block) is { } part)
            {
                yield return part;
            }

            if (LangGraphCitations.Lost(block) is { } lost)
            {
                yield return lost;
            }
        }
    }

    /// <summary>The tool calls in it; an id is made up where the model has none.</summary>
    public IReadOnlyList<ToolCallPart> Calls()
    {
        var calls = new List<ToolCallPart>();
        if (Json.Get("tool_calls") is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var call in list.EnumerateArray())
            {
                if (call.Text("name") is { Length: > 0 } name)
                {
                    var id = call.Text("id");
                    var args = call.Get("args") is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : "{}";
                    calls.Add(new ToolCallPart(id ?? ToolCallIds.MakeUp(Id, calls.Count), name, args) { IsIdMadeUp = id is null });
                }
            }
        }

        return calls;
    }

    /// <summary>Token counts; null when the model reported none. LangChain counts input with what a cache gave, and output with thinking.</summary>
    public Usage? Usage()
    {
        if (Json.Get("usage_metadata") is not { ValueKind: JsonValueKind.Object } usage)
        {
            return null;
        }

        var input = usage.Get("input_token_details");
        var output = usage.Get("output_token_details");
        return new Usage
        {
            InputTokens = usage.Count("input_tokens"),
            OutputTokens = usage.Count("output_tokens"),
            CacheReadInputTokens = input.Count("cache_read"),
            CacheCreationInputTokens = input.Count("cache_creation"),
            InputAudioTokens = input.Count("audio"),
            ReasoningOutputTokens = output.Count("reasoning"),
            OutputAudioTokens = output.Count("audio"),
        };
    }

    /// <summary>Why the model stopped: in the words of whichever vendor the graph asked.</summary>
    public FinishReason Finish(bool calls)
    {
        var about = Json.Get("response_metadata");
        var raw = about.Text("finish_reason") ?? about.Text("stop_reason") ?? about.Text("done_reason") ?? about.Text("finishReason");
        var reason = raw is { Length: > 0 } ? OpenAIWords.Finish(raw.ToLowerInvariant()) with { Raw = raw } : new FinishReason(FinishReasonKind.Stop);

        // The graph may have run the tools by itself: the caller runs those that are still in the answer, and no others.
        return (calls, reason.Kind) switch
        {
            (true, FinishReasonKind.Stop) => reason with { Kind = FinishReasonKind.ToolCalls },
            (false, FinishReasonKind.ToolCalls) => reason with { Kind = FinishReasonKind.Stop },
            _ => reason,
        };
    }

    private static ContentPart? Block(JsonElement block)
    {
        if (block.ValueKind == JsonValueKind.String)
        {
            return new TextPart(block.Text());
        }

        return block.Text("type") switch
        {
            "text" or "text_delta" => Cited(block),
            "reasoning" or "thinking" => Thought(block) is { Length: > 0 } thought ? new ReasoningPart(thought) : null,
            "refusal" => block.Text("refusal") is { Length: > 0 } refusal ? new RefusalPart(refusal) : null,

            // Told once more, whole, in tool_calls.
            "tool_use" or "tool_call" or "tool_call_chunk" or "input_json_delta" or "function_call" or null => null,
            { } other => new OpaquePart(LangGraphFormat.FormatName, other, block.GetRawText()),
        };
    }

    // Sources may come behind the text that they are of.
    private static TextPart? Cited(JsonElement block)
    {
        var pages = LangGraphCitations.Of(block);
        var text = block.Text("text") ?? "";
        return text.Length + pages.Count > 0 ? new TextPart(text) { Citations = pages } : null;
    }

    private static string? Thought(JsonElement block)
    {
        if ((block.Text("reasoning") ?? block.Text("thinking")) is { } thought)
        {
            return thought;
        }

        if (block.Get("summary") is not { ValueKind: JsonValueKind.Array } summary)
        {
            return null;
        }

        var all = new StringBuilder();
        foreach (var piece in summary.EnumerateArray())
        {
            all.Append(piece.Text("text"));
        }

        return all.ToString();
    }
}
