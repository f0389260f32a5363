namespace Sommelier.Canaries.Storage;

/// <summary>The table of what happened to canaries, as steps that are only ever added to.</summary>
internal static class CanarySchema
{
    /// <summary>The name that the version is kept under.</summary>
    public const string Component = "canaries";

    /// <summary>The steps, oldest first. A canary's newest row says how it stands: nothing is ever overwritten.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE canary_events (
          number BIGINT NOT NULL PRIMARY KEY,
          policy TEXT NOT NULL,
          version TEXT NOT NULL,
          target TEXT NOT NULL,
          action TEXT NOT NULL,
          at_ms BIGINT NOT NULL,
          actor TEXT NOT NULL,
          reason TEXT NOT NULL,
          detail TEXT NOT NULL
        );
        """,
    ];
}
