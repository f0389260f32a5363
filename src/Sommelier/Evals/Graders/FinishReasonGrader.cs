using Sommelier.Canonical;

namespace Sommelier.Evals.Graders;

/// <summary>The answer ended for the wanted reason.</summary>
internal static class FinishReasonGrader
{
    /// <summary><c>finish-reason</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "finish-reason",
        "a word",
        "The answer ended for that reason: `stop`, `length`, `tool_calls`, `content_filter`, `error`, `other`, or the vendor's own word (`end_turn`), in capitals or not.",
        Create)
    {
        Example = "{ type: finish-reason, value: stop }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Filled("value");
        return new(answer =>
        {
            if (answer.FinishReason is not { } reason)
            {
                return Grade.Missing("why the answer ended is not known");
            }

            var word = EnumNames<FinishReasonKind>.Of(reason.Kind);
            return Grade.Of(Is(word) || Is(reason.Raw), $"the answer ended with '{reason.Raw ?? word}'");
        });

        bool Is(string? word) => string.Equals(word, wanted, StringComparison.OrdinalIgnoreCase);
    }
}
