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

    /// <summary>Whether a text is what other outputs than the answer hold: one of them, or several.</summary>
    public static bool IsOther(JsonElement outputs, string streamed)
    {
        var answer = Named(outputs);
        var words = DifyWords.Of(streamed);
        var rest = words;
        foreach (var output in outputs.EnumerateObject())
        {
            if (output.Value.ValueKind == JsonValueKind.String && !output.NameEquals(answer))
            {
                var other = DifyWords.Of(output.Value.Text());
                if (other.Contains(words, StringComparison.Ordinal))
                {
                    return true;
                }

                rest = DifyWords.Without(rest, other);
            }
        }

        return rest.Length == 0;
    }

    /// <summary>What they hold that is not in the text already: links to files, and pieces that no caller's dialect has a place for.</summary>
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
        var rest = DifyWords.Of(told);
        if (name is not null && !Take(answer, told, ref rest))
        {
            yield return new OpaquePart(DifyFormat.FormatName, $"outputs.{name}", outputs.Get(name).GetRawText());
        }

        foreach (var output in outputs.EnumerateObject())
        {
            var value = output.Value;
            if (output.NameEquals(name) || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.String && (string.Equals(value.Text(), answer, StringComparison.Ordinal) || Take(value.Text(), told, ref rest)))
            {
                continue;
            }

            yield return DifyLinks.Of(value) is { } links
                ? new TextPart(links)
                : new OpaquePart(DifyFormat.FormatName, $"outputs.{output.Name}", value.GetRawText());
        }
    }

    // Whether a text is told. Its words are then taken from the rest: two outputs are not told by one text. One of thoughts
    // alone has no words.
    private static bool Take(string text, string told, ref string rest)
    {
        var words = DifyWords.Of(text);
        var left = DifyWords.Without(rest, words);
        var isTold = words.Length == 0 ? told.Contains(text, StringComparison.Ordinal) : left.Length < rest.Length;
        rest = left;
        return isTold;
    }

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
