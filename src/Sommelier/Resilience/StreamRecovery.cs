using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>What follows when a stream breaks that the caller has begun to read, where the policy has more for it than the error.</summary>
/// <remarks>One more answer at most: what breaks after that is told.</remarks>
internal sealed class StreamRecovery
{
    private readonly AttemptLoop loop;
    private readonly InboundCall call;
    private readonly int index;
    private readonly OnBreak how;

    private StreamRecovery(AttemptLoop loop, InboundCall call, int index, OnBreak how) =>
        (this.loop, this.call, this.index, this.how) = (loop, call, index, how);

    /// <summary>What the caller is sent, where somebody else is to go on with it; set when its stream begins.</summary>
    public SentAnswer? Sent { get; set; }

    /// <summary>Whether the gateway must write the stream itself, to be able to go on with it.</summary>
    public bool Continues => how == OnBreak.Continue;

    /// <summary>The recovery of a call; null where there is none.</summary>
    /// <param name="loop">Asks those who are left.</param>
    /// <param name="call">What the caller wants.</param>
    /// <param name="index">The place in the plan of who is asked first.</param>
    /// <param name="how">What the policy says.</param>
    /// <remarks>
    /// Only one free text can be gone on with: of several answers nobody knows which one broke, and half a document of a schema is
    /// for no other model to finish. The older completions are bytes that are passed on.
    /// </remarks>
    public static StreamRecovery? For(AttemptLoop loop, InboundCall call, int index, OnBreak how)
    {
        var outline = call.Outline;
        var possible = outline is { Stream: true, Operation: Operation.Chat } && how switch
        {
            OnBreak.Continue => outline is { ResponseFormat: ResponseFormatKind.Text, Choices: 1 } && !call.Format.OwnCallersOnly,
            OnBreak.Restart => true,
            _ => false,
        };
        return possible ? new(loop, call, index, how) : null;
    }

    /// <summary>Asks somebody else once the stream is broken and on record.</summary>
    /// <param name="broken">The attempt that broke.</param>
    /// <param name="facts">What was seen of it.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>What follows in the caller's stream; null when nothing does but the error.</returns>
    public async ValueTask<CommittedAnswer?> AskAsync(Attempt broken, AnswerFacts facts, CancellationToken cancellationToken)
    {
        // Tool calls are never issued twice, and who knows the finish reason lacks nothing but the end mark.
        if (broken.Failure is not { Kind: not UpstreamFailureKind.InvalidAnswer } failure || facts.HasToolCall || facts.FinishReason is not null)
        {
            return null;
        }

        if (Continues)
        {
            return Sent is { MayContinue: true } sent ? await ContinueAsync(sent, broken, failure, cancellationToken) : null;
        }

        return Mark("", "") is null ? null : await loop.AnswerAgainAsync(index, failure, begun: null, cancellationToken);
    }

    private async ValueTask<CommittedAnswer?> ContinueAsync(SentAnswer sent, Attempt broken, UpstreamFailure failure, CancellationToken cancellationToken)
    {
        sent.Used = broken.Usage ?? default;
        if (await loop.AnswerAgainAsync(index, failure, sent, cancellationToken) is not { } rest)
        {
            return null;
        }

        sent.Seam = new(broken.DeploymentId, rest.Deployment.Id);
        return rest;
    }

    /// <summary>Says in the caller's stream that the answer begins anew, where it does.</summary>
    public void WriteMark(Attempt broken, CommittedAnswer follower, IBufferWriter<byte> output)
    {
        if (!Continues)
        {
            output.Write(Mark(broken.DeploymentId, follower.Deployment.Id));
        }
    }

    /// <summary>The warning that tells of it.</summary>
    public Warning Warn(Attempt broken, CommittedAnswer follower) => Continues
        ? new("continued_after_break", "stream", $"{broken.DeploymentId} broke off and {follower.Deployment.Id} went on with the text")
        : new("restarted_after_break", "stream", $"{broken.DeploymentId} broke off and {follower.Deployment.Id} answered anew");

    private byte[]? Mark(string from, string to) => StreamMarks.RestartFor(call.Format.Streams.ContentTypeFor(call.Reply), new(from, to));
}
