using Sommelier.Server.Conformance.Cases;

namespace Sommelier.Server.Conformance;

/// <summary>Every case, in the order in which they are played.</summary>
internal static class FaultCases
{
    /// <summary>All of them. That nobody listens is last, since connections break with it.</summary>
    public static IReadOnlyList<FaultCase> All { get; } = [.. LegalAnswers.All, .. Refusals.All, .. BrokenAnswers.All, .. BrokenFraming.All, Refusals.Refused];

    /// <summary>The case of a name; null for a name that none has.</summary>
    public static FaultCase? Find(string name) => All.FirstOrDefault(fault => string.Equals(fault.Name, name, StringComparison.Ordinal));
}
