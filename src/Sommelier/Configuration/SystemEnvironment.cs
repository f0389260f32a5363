namespace Sommelier.Configuration;

/// <summary>The process's environment variables: the one place that reads them.</summary>
internal static class SystemEnvironment
{
    /// <summary>A variable's value; null when it is not set.</summary>
#pragma warning disable RS0030 // This is the place that the ban points to.
    public static string? Get(string name) => Environment.GetEnvironmentVariable(name);
#pragma warning restore RS0030
}
