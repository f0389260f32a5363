using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing.Constraints;

/// <summary>Input, with a tenth of margin on the estimate, and the expected answer must fit the window. An unknown window fits.</summary>
internal sealed class ContextWindowConstraint : IConstraint
{
    public string Name => "context_window";

    // An estimate that is too high must not refuse a model that was named: its vendor counts exactly.
    public bool BindsNamed => false;

    // Of texts to be embedded each has the window to itself, and only their sum is known.
    public bool Allows(RouteContext context, in Candidate candidate) => context.Signals.Operation != Operation.Chat || Fits(context, in candidate);

    private static bool Fits(RouteContext context, in Candidate candidate) =>
        !(context.InputWithMargin > candidate.Deployment.MaxInputTokens)
        && !(Total(context, candidate.Deployment) > candidate.Deployment.ContextWindow);

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var deployment = candidate.Deployment;
        return context.InputWithMargin > deployment.MaxInputTokens
            ? string.Create(CultureInfo.InvariantCulture, $"needs {context.InputWithMargin:N0} input tokens with margin, it takes {deployment.MaxInputTokens:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"needs {Total(context, deployment):N0} tokens with margin, its window is {deployment.ContextWindow:N0}");
    }

    // What the caller allows beyond the expected answer is an upper bound, not a need. Several choices share one input.
    private static long Total(RouteContext context, Deployment deployment) =>
        (long)context.InputWithMargin + (context.Signals.ExpectedOutputTokens / context.Signals.Choices)
        + (deployment.Can(Capabilities.Reasoning) ? context.Signals.ExpectedReasoningTokens / context.Signals.Choices : 0);
}
