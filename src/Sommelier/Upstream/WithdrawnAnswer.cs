using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>What follows when an application takes back, in its stream, the text that its caller may have read (<see cref="WithdrawnDelta"/>).</summary>
internal static class WithdrawnAnswer
{
    /// <summary>The failure's code.</summary>
    public const string Code = "answer_withdrawn";

    /// <summary>The failure: the answer was made and is billed, and says nothing about the deployment's health.</summary>
    public static UpstreamFailure Failure { get; } =
        new(UpstreamFailureKind.InvalidAnswer, "the application took back the text that it had streamed", Code: Code);

    /// <summary>The warning where a filter took it back, which the finish reason tells too.</summary>
    public static Warning Filtered { get; } =
        new("replaced", "content", "the application's moderation took back the text that it had streamed; the refusal stands in its place");
}
