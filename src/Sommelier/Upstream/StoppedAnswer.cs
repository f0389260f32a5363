using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>What follows when a vendor says by its finish reason that an answer failed.</summary>
internal static class StoppedAnswer
{
    /// <summary>The failure: the deployment's, or the model's own where what it wrote cannot be read, which says nothing about the deployment's health.</summary>
    /// <remarks>Sources: Google's <c>FinishReason</c>, Amazon's <c>StopReason</c>.</remarks>
    public static UpstreamFailure Of(FinishReason reason) => reason.Raw is "MALFORMED_FUNCTION_CALL" or "MALFORMED_RESPONSE" or "UNEXPECTED_TOOL_CALL"
        or "TOO_MANY_TOOL_CALLS" or "MISSING_THOUGHT_SIGNATURE" or "malformed_model_output" or "malformed_tool_use"
        ? new(UpstreamFailureKind.InvalidAnswer, $"the model stopped with '{reason.Raw}'", Code: reason.Raw)
        : new(UpstreamFailureKind.Unavailable, $"The vendor stopped with '{reason.Raw}'.", Code: reason.Raw);
}
