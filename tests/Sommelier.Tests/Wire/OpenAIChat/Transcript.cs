using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Tests.Wire.OpenAIChat;

/// <summary>Steps or parts of an answer, summed up for comparison.</summary>
internal sealed record Transcript(
    string Text, string Thinking, string Refusal, string Calls, FinishReasonKind? Finish, Usage? Usage, string? Id, string? Model, bool Ended)
{
    public static Transcript Of(IEnumerable<ChatDelta> deltas)
    {
        var text = new StringBuilder();
        var thinking = new StringBuilder();
        var refusal = new StringBuilder();
        var calls = new SortedDictionary<int, string>();
        FinishReasonKind? finish = null;
        Usage? usage = null;
        StartDelta? start = null;
        var ended = false;
        foreach (var delta in deltas)
        {
            Assert.False(ended);
            switch (delta)
            {
                case StartDelta step: Assert.Null(start); start = step; break;
                case TextDelta step: text.Append(step.Text); break;
                case RefusalDelta step: refusal.Append(step.Text); break;
                case ReasoningDelta step: thinking.Append(step.Text).Append(step.Signature).Append(step.Redacted); break;
                case ToolCallStartDelta step: calls.Add(step.Index, $"{step.Id} {step.Name} "); break;
                case ToolCallArgumentsDelta step: calls[step.Index] += step.Arguments; break;
                case FinishDelta step: Assert.Null(finish); finish = step.Reason.Kind; break;
                case UsageDelta step: usage = step.Usage; break;
                case EndDelta: ended = true; break;
                case OpaqueDelta or PartEndDelta or CitationDelta or WithdrawnDelta: break;
                default: Assert.Fail($"{delta}"); break;
            }
        }

        return new Transcript(text.ToString(), thinking.ToString(), refusal.ToString(), string.Join('|', calls.Values), finish, usage, start?.Id, start?.ResponseModel, ended);
    }

    public static Transcript Of(ChatResponse response) => new(
        string.Concat(response.Parts.OfType<TextPart>().Select(part => part.Text)),
        string.Concat(response.Parts.OfType<ReasoningPart>().Select(part => part.Text + part.Signature + part.Redacted)),
        string.Concat(response.Parts.OfType<RefusalPart>().Select(part => part.Text)),
        string.Join('|', response.Parts.OfType<ToolCallPart>().Select(part => $"{part.Id} {part.Name} {part.Arguments}")),
        response.FinishReason.Kind, response.Usage, response.Id, response.ResponseModel, true);

    public static Transcript Of(Recording recording) => new(
        recording.Text, recording.Thinking, recording.Refusal,
        string.Join('|', recording.Calls.Select(call => $"{call.Id} {call.Name} {call.Arguments}")),
        recording.Finish switch
        {
            "stop" => FinishReasonKind.Stop,
            "length" => FinishReasonKind.Length,
            "tool_calls" => FinishReasonKind.ToolCalls,
            null => null,
            var other => throw new InvalidOperationException(other),
        },
        recording.Usage is { } usage
            ? new Usage
            {
                InputTokens = usage[0], CacheReadInputTokens = usage[1], OutputTokens = usage[2], ReasoningOutputTokens = usage[3],
                InputAudioTokens = usage[4], OutputAudioTokens = usage[5],
            }
            : null,
        recording.Id, recording.Model, true);
}
