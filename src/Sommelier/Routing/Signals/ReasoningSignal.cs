using Sommelier.Canonical;

namespace Sommelier.Routing.Signals;

/// <summary>The effort asked of the model's thinking, and the tokens that it may add.</summary>
/// <remarks>
/// The token counts are assumptions of the order that vendors' budgets have (Anthropic's least budget is 1,024, its usual
/// ones 4,096 to 32,000). They steer the cost estimate only; what is billed is what the vendor reports. Nothing is
/// added when the caller does not say: models that always think are estimated too low there.
/// </remarks>
internal sealed class ReasoningSignal : ISignal
{
    public string Name => "reasoning_effort";

    public void Read(in SignalInput input, RequestSignals to)
    {
        to.ReasoningEffort = input.Outline.ReasoningEffort;
        to.ExpectedReasoningTokens = input.Outline.ReasoningEffort switch
        {
            ReasoningEffort.Minimal => 256,
            ReasoningEffort.Low => 1_024,
            ReasoningEffort.Medium => 4_096,
            ReasoningEffort.High => 8_192,
            ReasoningEffort.XHigh => 16_384,
            ReasoningEffort.Max => 32_000,
            _ => 0,
        };
    }
}
