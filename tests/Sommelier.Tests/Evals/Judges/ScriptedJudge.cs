using System.Text.RegularExpressions;
using Sommelier.Evals.Graders;

namespace Sommelier.Tests.Evals.Judges;

/// <summary>A judge that replies as it is told, and remembers what it was asked.</summary>
internal sealed partial class ScriptedJudge(Func<string?, string, string, string> reply) : IJudgeModels
{
    public List<(string? Model, string System, string User)> Asked { get; } = [];

    /// <summary>The code of the fence that a question uses.</summary>
    public static string CodeOf(string system) => Code().Match(system).Groups[1].Value;

    public ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken)
    {
        lock (Asked)
        {
            Asked.Add((model, system, user));
        }

        return ValueTask.FromResult(reply(model, system, user));
    }

    public ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken) => throw new NotSupportedException();

    [GeneratedRegex("bear the code ([0-9a-f]{16})")]
    private static partial Regex Code();
}
