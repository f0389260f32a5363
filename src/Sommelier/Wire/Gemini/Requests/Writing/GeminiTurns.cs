using Sommelier.Canonical;

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

/// <summary>Brings a conversation into two roles, system messages inside it moved before it.</summary>
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

        return turns;
    }
}
