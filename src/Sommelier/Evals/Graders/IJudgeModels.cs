using Sommelier.Evals.Judges;

namespace Sommelier.Evals.Graders;

/// <summary>Models that help to grade. Calls go through the gateway, at temperature 0, and are paid from the run's budget.</summary>
public interface IJudgeModels
{
    /// <summary>The judge's answer to a system text and a user text.</summary>
    /// <param name="model">The pinned model; null for the suite's own judge.</param>
    /// <param name="system">What the judge is told to do.</param>
    /// <param name="user">What it judges.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="JudgeException">No judge is configured, it did not answer, or the money is spent.</exception>
    ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken);

    /// <summary>The same for a judge that is asked the same more than once: each time is a judgement of its own.</summary>
    /// <param name="model">The pinned model; null for the suite's own judge.</param>
    /// <param name="system">What the judge is told to do.</param>
    /// <param name="user">What it judges.</param>
    /// <param name="repeat">Which time, from 0.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<string> AskAsync(string? model, string system, string user, int repeat, CancellationToken cancellationToken) => AskAsync(model, system, user, cancellationToken);

    /// <summary>One vector for each text, all of one length.</summary>
    /// <exception cref="JudgeException">No embedding model is configured, it did not answer, or the money is spent.</exception>
    ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken);

    /// <summary>
    /// Which model a name means, whoever serves it: its canonical id. Null stands for the suite's own judge, and is the answer where
    /// that is not known. Judges are held against contestants by it.
    /// </summary>
    string? IdentityOf(string? model) => model is null ? null : ModelIdentity.Of(model);
}

/// <summary>A judge could not be asked; what it was to say is missing.</summary>
public sealed class JudgeException(string message) : Exception(message);

internal sealed class NoJudges : IJudgeModels
{
    public static NoJudges Instance { get; } = new();

    public ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken) =>
        throw new JudgeException("there is no model to judge with; name one as judge in the suite");

    public ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        throw new JudgeException("there is no model to embed with; name one as embedder in the suite");
}
