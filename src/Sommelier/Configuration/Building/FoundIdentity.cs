namespace Sommelier.Configuration.Building;

/// <summary>What was found to show a cloud who we are.</summary>
/// <param name="Options">How it is shown; null where something is wrong.</param>
/// <param name="Source">Where it was found, for people: a variable, a file, a service. Never a secret.</param>
/// <param name="Problem">What is wrong, with what to do; null where nothing is.</param>
internal sealed record FoundIdentity<TOptions>(TOptions? Options, string Source, string? Problem = null)
    where TOptions : class
{
    /// <summary>Nothing usable.</summary>
    public static FoundIdentity<TOptions> Wrong(string source, string problem) => new(null, source, problem);
}
