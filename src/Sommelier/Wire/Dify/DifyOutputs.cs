using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>What a workflow gives out: an object of variables that its maker named.</summary>
internal static class DifyOutputs
{
    // What makers usually call the variable that holds the answer.
    private static readonly string[] UsualNames = ["text", "answer", "output", "result"];

    /// <summary>The text that is the answer: the variable of a usual name, else the only one, when it is a text. Null where the whole object is the answer.</summary>
    public static string? Text(JsonElement outputs) => Named(outputs) is { } name ? outputs.Text(name) : null;

    /// <summary>All of them as JSON; null when there are none.</summary>
    public static string? Json(JsonElement outputs) =>
        outputs.ValueKind == JsonValueKind.Object && outputs.EnumerateObject().Any() ? outputs.GetRawText() : null;

    /// <summary>What the others hold that is not in the text already: links to files, and pieces that no caller's dialect has a place for.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="told">The text that the caller gets: the answer, or all the texts that were streamed.</param>
    public static IEnumerable<ContentPart> Others(JsonElement outputs, string told)
    {
        if (outputs.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        var name = Named(outputs);
        var answer = name is null ? "" : outputs.Text(name)!;
        var rest = Without(told, answer);
        foreach (var output in outputs.EnumerateObject())
        {
            var value = output.Value;
            if (output.NameEquals(name) || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.String)
            {
                var text = value.Text();
                var left = Without(rest, text);
                if (text.Length == 0 || left.Length < rest.Length || string.Equals(text, answer, StringComparison.Ordinal))
                {
                    rest = left;
                    continue;
                }
            }

            yield return DifyLinks.Of(value) is { } links
                ? new TextPart(links)
                : new OpaquePart(DifyFormat.FormatName, $"outputs.{output.Name}", value.GetRawText());
        }
    }

    private static string Without(string all, string text) =>
        text.Length > 0 && all.IndexOf(text, StringComparison.Ordinal) is var at and >= 0 ? all.Remove(at, text.Length) : all;

    private static string? Named(JsonElement outputs)
    {
        if (outputs.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in UsualNames)
        {
            if (outputs.Text(name) is { Length: > 0 })
            {
                return name;
            }
        }

        return outputs.EnumerateObject().ToList() is [{ Value.ValueKind: JsonValueKind.String } only] ? only.Name : null;
    }
}
