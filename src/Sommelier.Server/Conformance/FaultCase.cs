using Sommelier.Server.Conformance.Scripted;

namespace Sommelier.Server.Conformance;

/// <summary>What a provider plays.</summary>
/// <param name="answer">The right answer in the format that the provider was asked in.</param>
/// <param name="streamed">Whether a stream was asked for.</param>
/// <param name="seen">Done when the caller has something of the answer.</param>
internal delegate FaultReply FaultScript(ScriptedAnswer answer, bool streamed, Task seen);

/// <summary>What a gateway owes its caller.</summary>
internal enum Duty
{
    /// <summary>The reply is odd but right: the caller gets the answer.</summary>
    Answer,

    /// <summary>The reply is broken: the caller is told, by a status, by an error event, or by a connection that breaks.</summary>
    Tell,

    /// <summary>It can be held for right or for broken: either of both.</summary>
    AnswerOrTell,
}

/// <summary>The kinds of answers that a case is about.</summary>
[Flags]
internal enum AnswerKinds
{
    /// <summary>Answers that come at once.</summary>
    Whole = 1,

    /// <summary>Answers that come piece by piece.</summary>
    Streamed = 2,

    /// <summary>Both.</summary>
    Both = Whole | Streamed,
}

/// <summary>One thing that a provider does, and what a gateway owes its caller then.</summary>
/// <param name="Name">A short name, for <c>--only</c>.</param>
/// <param name="What">What the provider does, for people.</param>
/// <param name="Duty">What the caller is owed.</param>
/// <param name="Script">What is played; null: nobody listens.</param>
internal sealed record FaultCase(string Name, string What, Duty Duty, FaultScript? Script)
{
    /// <summary>The answers that it is about.</summary>
    public AnswerKinds Kinds { get; init; } = AnswerKinds.Both;

    /// <summary>What a right answer says.</summary>
    public string Text { get; init; } = ScriptedAnswer.Text;

    /// <summary>The statuses that tell of it. Default: the provider's fault (5xx) or its load (408, 429).</summary>
    public Func<int, bool> Tells { get; init; } = static status => status is >= 500 or 408 or 429;

    /// <summary>The wait in seconds that the caller must be told; null: none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Whether only a time limit of the gateway ends it.</summary>
    public bool NeedsLimit { get; init; }

    /// <summary>Whether the next request, which is answered as it should be, is judged too.</summary>
    public bool AsksAgain { get; init; }
}
