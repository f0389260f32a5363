using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>One content: everything that one side says in a row.</summary>
/// <param name="IsModel">Whose.</param>
/// <param name="Path">Where it began in the caller's request, for warnings.</param>
/// <param name="Parts">What is said, results of tools included.</param>
internal sealed record GeminiTurn(bool IsModel, FieldPath Path, List<ContentPart> Parts)
{
    /// <summary>Unknown fields of the contents that it was, with where each stood.</summary>
    public List<(Extra Fields, FieldPath Place)> Extra { get; } = [];
}

/// <summary>Brings a conversation into two roles, system messages inside it moved before it, and every tool call of another format beside its result.</summary>
internal static class GeminiTurns
{
    /// <summary>Arranges a request's messages.</summary>
    public static List<GeminiTurn> Arrange(ChatRequest request, List<ContentPart> system, ICollection<Warning> warnings)
    {
        var turns = new List<GeminiTurn>(request.Messages.Count);
        var lifted = false;
        foreach (var message in request.Messages)
        {
            SpeakerName.Warn(message, warnings);
            if (message.Role == Role.System)
            {
                system.AddRange(message.Parts);
                Extras.Warn(message.Extra, message.Place.Or("messages"), warnings);
                lifted = true;
                continue;
            }

            var isModel = message.Role == Role.Assistant;
            if (turns.Count == 0 || turns[^1].IsModel != isModel)
            {
                turns.Add(new GeminiTurn(isModel, message.Place.Or("messages"), []));
            }

            turns[^1].Parts.AddRange(message.Parts);
            if (message.Extra is not null)
            {
                turns[^1].Extra.Add((message.Extra, message.Place.Or("messages")));
            }
        }

        if (lifted)
        {
            warnings.Add(new Warning("emulated", "messages", "system messages inside the conversation were moved before it"));
        }

        // Its own callers may leave a call to what Google keeps for them.
        if (!string.Equals(request.Format, GeminiFormat.FormatName, StringComparison.Ordinal))
        {
            Pair(turns, warnings);
        }

        return turns;
    }

    private static void Pair(List<GeminiTurn> turns, ICollection<Warning> warnings)
    {
        var calls = new PairedCalls(warnings);
        for (var i = 0; i < turns.Count; i++)
        {
            if (!turns[i].IsModel)
            {
                Answer(turns[i].Parts, calls);
                continue;
            }

            calls.Call(turns[i].Parts);
            if (calls.Waits && i + 1 == turns.Count)
            {
                turns.Add(new GeminiTurn(IsModel: false, turns[i].Path, []));
            }
        }
    }

    private static void Answer(List<ContentPart> parts, PairedCalls calls)
    {
        var end = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not ToolCallResponsePart result)
            {
                continue;
            }

            if (calls.Result(result) is { } known)
            {
                parts[i] = known;
                end = i + 1;
                continue;
            }

            var words = calls.InWords(result).ToList();
            parts.RemoveAt(i);
            parts.InsertRange(i, words);
            i += words.Count - 1;
        }

        parts.InsertRange(end, calls.Missing());
    }
}
