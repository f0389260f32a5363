using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>One answer that a run needs.</summary>
/// <param name="Suite">Its suite.</param>
/// <param name="Case">What is asked.</param>
/// <param name="Model">Who is asked.</param>
/// <param name="Repeat">Which time, from 0.</param>
/// <param name="Place">The place of case and repeat in the run's order, the same for all models.</param>
internal sealed record WorkItem(Suite Suite, SuiteCase Case, Candidate Model, int Repeat, int Place)
{
    /// <summary>What tells it from every other item of a run.</summary>
    public ResultKey Key => new(Suite.Hash, Case.Id, Model.Name, Repeat);

    /// <summary>What tells the answer from every other: the same model, messages, parameters and repeat give the same one.</summary>
    public string AnswerKey()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Model.Name}\n{Repeat}\n")));
        hash.AppendData(Case.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}

/// <summary>What a result is of.</summary>
/// <param name="Suite">The suite's hash.</param>
/// <param name="Case">The case's id.</param>
/// <param name="Model">The candidate's name.</param>
/// <param name="Repeat">Which time, from 0.</param>
internal readonly record struct ResultKey(string Suite, string Case, string Model, int Repeat);
