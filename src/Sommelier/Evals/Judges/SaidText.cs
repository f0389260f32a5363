using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Judges;

/// <summary>What a judge is shown of an answer.</summary>
internal static class SaidText
{
    /// <summary>Its words, then its tool calls, a line each: <c>get_weather({"city":"Seoul"})</c>.</summary>
    public static string Of(GradedAnswer answer) =>
        string.Join('\n', [answer.Text, .. answer.ToolCalls.Select(static call => $"{call.Name}({call.Arguments})")]).Trim();
}
