using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.CloudflareRun;

/// <summary>The pieces of an answer in Cloudflare's own shape: <c>response</c>, <c>tool_calls</c>, <c>usage</c>.</summary>
internal static class CloudflareAnswer
{
    /// <summary>The text. With a schema, <c>response</c> is the JSON itself and not a string of it.</summary>
    public static string Text(JsonElement result) => result.Get("response") switch
    {
        { ValueKind: JsonValueKind.String } text => text.Text(),
        { ValueKind: JsonValueKind.Undefined } => "",
        var value => value.GetRawText(),
    };

    /// <summary>The calls. Models of the first generation give them neither ids nor OpenAI's <c>function</c> around them.</summary>
    public static IReadOnlyList<ToolCallPart> Calls(JsonElement result)
    {
        if (result.Get("tool_calls") is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        var calls = new List<ToolCallPart>();
        foreach (var call in list.EnumerateArray())
        {
            var function = call.Get("function") is { ValueKind: JsonValueKind.Object } inner ? inner : call;
            if (function.Text("name") is { Length: > 0 } name)
            {
                var id = call.Text("id");
                calls.Add(new ToolCallPart(id ?? ToolCallIds.MakeUp(null, calls.Count), name, Arguments(function.Get("arguments"))) { IsIdMadeUp = id is null });
            }
        }

        return calls;
    }

    /// <summary>The counts; null when there are none.</summary>
    public static Usage? Usage(JsonElement result) => result.Get("usage") is { ValueKind: JsonValueKind.Object } usage && usage.Get("prompt_tokens").ValueKind == JsonValueKind.Number
        ? new Usage
        {
            InputTokens = usage.Count("prompt_tokens"),
            OutputTokens = usage.Count("completion_tokens"),
            CacheReadInputTokens = Math.Min(usage.Get("prompt_tokens_details").Count("cached_tokens"), usage.Count("prompt_tokens")),
        }
        : null;

    private static string Arguments(JsonElement arguments) => arguments switch
    {
        { ValueKind: JsonValueKind.Object } => arguments.GetRawText(),
        { ValueKind: JsonValueKind.String } when arguments.Text() is { Length: > 0 } text => text,
        _ => "{}",
    };
}
