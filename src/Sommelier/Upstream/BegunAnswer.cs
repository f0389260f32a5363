using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;

namespace Sommelier.Upstream;

/// <summary>The beginning of the answer that a caller puts at the conversation's end, for models that are not known to go on with one.</summary>
/// <remarks>Some refuse a conversation that does not end with the user, others say something new; Claude refuses one while it thinks.</remarks>
internal static class BegunAnswer
{
    /// <summary>The text that a caller begins the answer with; null where it begins none.</summary>
    public static string? TextOf(ChatRequest request) => IsIn(request)
        ? string.Concat(request.Messages[^1].Parts.OfType<TextPart>().Select(static part => part.Text))
        : null;

    /// <summary>The request with a last turn that asks for the rest; the request itself where nothing is begun or the model goes on by itself.</summary>
    public static ChatRequest For(ChatRequest request, InboundCall call, Deployment deployment, WireTarget target, IWireFormat format, ICollection<Warning> warnings)
    {
        // A broken answer is begun too, see ContinuedRequest.
        if (call.Sent is not null || !IsIn(request))
        {
            return request;
        }

        var goesOn = deployment.Can(Capabilities.Prefill);
        if (goesOn && !Thinks(request, target, format))
        {
            return request;
        }

        warnings.Add(new Warning("emulated", "messages", goesOn
            ? "the model goes on with no begun answer while it thinks; it was asked to in one more message"
            : "the model is not known to go on with a begun answer; it was asked to in one more message"));
        return request with { Messages = [.. request.Messages, new Message(Role.User, [new TextPart(FormWords.GoOn)])] };
    }

    private static bool IsIn(ChatRequest request) =>
        request.Messages is [.., { Role: Role.Assistant, Parts: [.., TextPart] } begun] && !begun.Parts.Any(static part => part is ToolCallPart);

    // The knobs are Claude's; what the plan warns of, the writer warns of again.
    private static bool Thinks(ChatRequest request, WireTarget target, IWireFormat format) =>
        target.Quirks.Reasoning is ReasoningKnob.OutputEffort or ReasoningKnob.ThinkingBudget
        && AnthropicThinkingPlan.For(request, target.Quirks, request.MaxOutputTokens ?? target.MaxOutputTokens ?? AnthropicRequestWriter.DefaultMaxTokens, [], format.Name).IsOn;
}
