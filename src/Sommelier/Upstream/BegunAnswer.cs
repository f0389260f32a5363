using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Upstream;

/// <summary>The beginning of the answer that a caller puts at the conversation's end, for models that are not known to go on with one.</summary>
/// <remarks>Some refuse a conversation that does not end with the user, others say something new.</remarks>
internal static class BegunAnswer
{
    private const string Instruction =
        "Your last message is the beginning of your answer. Go on with it from the very character where it stops: write only what comes next, without repeating any of it.";

    /// <summary>The request with a last turn that asks for the rest; the request itself where nothing is begun or the model goes on by itself.</summary>
    public static ChatRequest For(ChatRequest request, InboundCall call, Deployment deployment, ICollection<Warning> warnings)
    {
        // A broken answer is begun too, see ContinuedRequest.
        if (call.Sent is not null || deployment.Can(Capabilities.Prefill) || request.Messages.Count == 0
            || request.Messages[^1] is not { Role: Role.Assistant } begun || begun.Parts is not [.., TextPart] || begun.Parts.Any(static part => part is ToolCallPart))
        {
            return request;
        }

        warnings.Add(new Warning("emulated", "messages", "the model is not known to go on with a begun answer; it was asked to in one more message"));
        return request with { Messages = [.. request.Messages, new Message(Role.User, [new TextPart(Instruction)])] };
    }
}
