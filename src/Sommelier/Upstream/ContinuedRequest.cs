using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Upstream;

/// <summary>A caller's request with the beginning of its answer, for a deployment that is to go on with it.</summary>
internal static class ContinuedRequest
{
    // For models that only begin answers.
    private const string Instruction =
        "Your last message was cut off by a lost connection. Go on with it from the very character where it stops: write only what comes next, without repeating any of it, and say nothing about the interruption.";

    /// <summary>The request.</summary>
    /// <param name="request">What the caller asked.</param>
    /// <param name="sent">What it has of the answer.</param>
    /// <param name="deployment">Who is to go on.</param>
    /// <remarks>
    /// Blanks at the end are cut, since Anthropic refuses them there. Nobody is asked to think: a thought comes before an answer,
    /// and Anthropic's models do not think when their answer has been begun.
    /// </remarks>
    public static ChatRequest Of(ChatRequest request, SentAnswer sent, Deployment deployment)
    {
        var begun = new TextPart(sent.Text.TrimEnd());
        List<Message> messages = [.. request.Messages];
        if (messages[^1] is { Role: Role.Assistant } own)
        {
            messages[^1] = own with { Parts = [.. own.Parts, begun] };
        }
        else
        {
            messages.Add(new Message(Role.Assistant, [begun]));
        }

        if (!deployment.Can(Capabilities.Prefill))
        {
            messages.Add(new Message(Role.User, [new TextPart(Instruction)]));
        }

        return request with
        {
            Messages = messages,
            Reasoning = null,
            MaxOutputTokens = request.MaxOutputTokens is { } limit ? (int)Math.Max(1, limit - sent.Used.OutputTokens) : null,
        };
    }
}
