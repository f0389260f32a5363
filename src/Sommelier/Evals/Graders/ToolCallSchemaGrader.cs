using Sommelier.Canonical;
using Sommelier.JsonSchemas;

namespace Sommelier.Evals.Graders;

/// <summary>Whatever the answer calls was offered, and the arguments match its schema.</summary>
internal static class ToolCallSchemaGrader
{
    /// <summary><c>is-valid-tools-call</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "is-valid-tools-call",
        "none",
        "The answer calls at least one tool; each was offered, and its arguments match that tool's schema.",
        static _ => new FunctionGrader(static answer => answer.ToolCalls.Count == 0
            ? Grade.Fail("the answer calls no tool")
            : answer.ToolCalls.Select(call => Violation(call, answer.Tools)).FirstOrDefault(static violation => violation is not null) is { } found ? Grade.Fail(found) : Grade.Pass))
    {
        Example = "{ type: is-valid-tools-call }",
    };

    private static string? Violation(ToolCallPart call, IReadOnlyList<ToolDefinition> tools) =>
        tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal)) is { } tool
            ? CallArguments.Violation(call.Name, call.Arguments, tool.ParametersSchema)
            : $"{call.Name} was not offered";
}
