using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>What whole answers and streams have in common: token counts and the outputs of workflows.</summary>
internal static class DifyAnswer
{
    // What makers usually call the variable that holds the answer.
    private static readonly string[] UsualNames = ["text", "answer", "output", "result"];

    /// <summary>The counts of <c>metadata.usage</c>; null when there are none.</summary>
    public static Usage? Usage(JsonElement metadata) => metadata.Get("usage") is { ValueKind: JsonValueKind.Object } usage && usage.Get("prompt_tokens").ValueKind == JsonValueKind.Number
        ? new Usage { InputTokens = usage.Count("prompt_tokens"), OutputTokens = usage.Count("completion_tokens") }
        : null;

    /// <summary>
    /// The answer among a workflow's outputs: the variable of a usual name, else the only text, else all of them as JSON.
    /// Null when there are none.
    /// </summary>
    public static string? Text(JsonElement outputs)
    {
        if (outputs.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in UsualNames)
        {
            if (outputs.Text(name) is { Length: > 0 } text)
            {
                return text;
            }
        }

        var all = outputs.EnumerateObject().ToList();
        return all switch
        {
            [] => null,
            [{ Value.ValueKind: JsonValueKind.String } only] => only.Value.Text(),
            _ => outputs.GetRawText(),
        };
    }

    /// <summary>Whether a workflow of this status has an answer.</summary>
    public static bool HasSucceeded(string? status) => status is null or "succeeded" or "partial-succeeded";
}
