using System.Globalization;
using System.Text;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Tool-call ids that a target accepts: the same id in gives the same id out, in calls and results alike.</summary>
internal static class ToolCallIds
{
    // OpenAI's own limit.
    private const int MaxLength = 40;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The id to send.</summary>
    public static string For(string id, WireQuirks quirks)
    {
        if (quirks.ToolCallIdLength is { } length)
        {
            return id.Length == length && id.All(char.IsAsciiLetterOrDigit) ? id : Hashed(id, length);
        }

        return id.Length is > 0 and <= MaxLength ? id : "call_" + Hashed(id, 24);
    }

    /// <summary>An id for a call of a server that has none: unlike those of the calls beside it.</summary>
    public static string MakeUp(string? answerId, int index) => answerId is { Length: > 0 } ? MakeUp(answerId, index.ToString(CultureInfo.InvariantCulture)) : $"call_{index}";

    /// <summary>An id for a call: unlike those of other answers, which a server that numbers its answers anew may repeat.</summary>
    /// <param name="answerId">What tells the answer from all others.</param>
    /// <param name="call">What tells the call from those beside it.</param>
    public static string MakeUp(string answerId, string call) => "call_" + Hashed($"{answerId}/{call}", 24);

    private static string Hashed(string id, int length)
    {
        var hash = default(StableHash);
        return string.Create(length, Encoding.UTF8.GetBytes(id), (text, bytes) =>
        {
            ulong left = 0;
            for (var i = 0; i < text.Length; i++)
            {
                // Ten characters use up 60 of a hash's bits.
                if (i % 10 == 0)
                {
                    hash.Add(bytes);
                    left = hash.Value;
                }

                text[i] = Alphabet[(int)(left % 62)];
                left /= 62;
            }
        });
    }
}
