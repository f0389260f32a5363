using Sommelier.Canonical;

namespace Sommelier.Routing.Signals;

/// <summary>How hard the last turn looks, 0 to 1, from its length and structure alone.</summary>
/// <remarks>
/// difficulty = 1 - (1 - 0.5 L)(1 - 0.25 S)(1 - 0.3 E): L = log2(1 + characters / 100) / 8 for length, S = the share of
/// eight that distinct steps, questions and code or formula lines reach, E = the effort asked. An ordering aid for
/// people who read decisions, not a probability: no built-in policy acts on it, since per-prompt difficulty
/// does not transfer without labels (docs/routing.md).
/// </remarks>
internal sealed class DifficultySignal : ISignal
{
    public string Name => "difficulty";

    public void Read(in SignalInput input, RequestSignals to)
    {
        var text = input.Outline.Tail.LastUser;
        var length = Math.Min(1, Math.Log2(1 + (text.Length / 100.0)) / 8);
        var structure = Math.Min(1, Marks(text) / 8.0);
        var effort = to.ReasoningEffort is { } asked and > ReasoningEffort.Low ? (asked - ReasoningEffort.Low) / 4.0 : 0;
        to.Difficulty = Math.Round(1 - ((1 - (0.5 * length)) * (1 - (0.25 * structure)) * (1 - (0.3 * effort))), 3);
    }

    private static int Marks(ReadOnlySpan<char> text)
    {
        var marks = text.Count('?') + text.Count('？') + (2 * text.Count("```")) + text.Count('=') + text.Count('∑') + text.Count('∫');
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].TrimStart();
            marks += line.Length > 1 && (line[0] is '-' or '*' || (char.IsAsciiDigit(line[0]) && line[1] is '.' or ')')) ? 1 : 0;
        }

        return marks;
    }
}
