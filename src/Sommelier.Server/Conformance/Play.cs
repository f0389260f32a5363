using Sommelier.Server.Conformance.Callers;

namespace Sommelier.Server.Conformance;

/// <summary>One play: a case, for a caller of a dialect who wants a stream or not.</summary>
internal readonly record struct Play(FaultCase Case, CallerDialect Dialect, bool Streamed)
{
    /// <summary><c>streamed</c> or <c>whole</c>.</summary>
    public string Kind => Word(Streamed);

    /// <summary>A name that no other play has, e.g. <c>openai-429-whole</c>.</summary>
    public string Name => $"{Dialect.Name}-{Case.Name}-{Kind}";

    /// <summary>Every play of some cases and dialects, in the order of the cases.</summary>
    public static IReadOnlyList<Play> All(IEnumerable<FaultCase> cases, IReadOnlyList<CallerDialect> dialects) =>
    [
        .. from fault in cases
           from dialect in dialects
           from streamed in (bool[])[false, true]
           where fault.Kinds.HasFlag(streamed ? AnswerKinds.Streamed : AnswerKinds.Whole)
           select new Play(fault, dialect, streamed),
    ];

    /// <summary>The kind of an answer in a word.</summary>
    public static string Word(bool streamed) => streamed ? "streamed" : "whole";
}

/// <summary>How a play went.</summary>
/// <param name="Play">What was played.</param>
/// <param name="Verdict">Whether the caller got what it is owed.</param>
/// <param name="Duration">From the request to the end of the reply.</param>
internal sealed record ConformanceResult(Play Play, Verdict Verdict, TimeSpan Duration);
