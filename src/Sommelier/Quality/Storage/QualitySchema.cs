namespace Sommelier.Quality.Storage;

/// <summary>The tables of evidence and versions, as steps that are only ever added to.</summary>
internal static class QualitySchema
{
    /// <summary>The name that the version is kept under.</summary>
    public const string Component = "quality";

    /// <summary>
    /// The steps, oldest first. Evidence belongs to the version that brought it; a version holds that of all it descends from.
    /// The newest row of <c>quality_pointers</c> says what is in force: nothing is ever overwritten.
    /// </summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE quality_evidence (
          version BIGINT NOT NULL,
          id TEXT NOT NULL,
          model TEXT NOT NULL,
          intent TEXT NOT NULL,
          kind TEXT NOT NULL,
          source TEXT NOT NULL,
          answers BIGINT NOT NULL,
          score DOUBLE PRECISION NOT NULL,
          weight DOUBLE PRECISION NOT NULL,
          observed_at_ms BIGINT NOT NULL,
          model_version TEXT NOT NULL,
          PRIMARY KEY (version, id)
        );

        CREATE TABLE quality_feedback (
          request_id TEXT NOT NULL,
          caller_id TEXT NOT NULL,
          at_ms BIGINT NOT NULL,
          score DOUBLE PRECISION NOT NULL,
          comment TEXT,
          deployment_id TEXT NOT NULL,
          model_version TEXT NOT NULL,
          intent TEXT,
          PRIMARY KEY (request_id, caller_id)
        );

        CREATE INDEX quality_feedback_at ON quality_feedback (at_ms);

        CREATE TABLE quality_versions (
          number BIGINT NOT NULL PRIMARY KEY,
          name TEXT NOT NULL,
          parent BIGINT NOT NULL,
          at_ms BIGINT NOT NULL,
          actor TEXT NOT NULL,
          reason TEXT NOT NULL,
          shadow BIGINT NOT NULL,
          feedback_until_ms BIGINT,
          answers BIGINT NOT NULL,
          content TEXT NOT NULL
        );

        CREATE TABLE quality_pointers (
          number BIGINT NOT NULL PRIMARY KEY,
          version BIGINT NOT NULL,
          at_ms BIGINT NOT NULL,
          actor TEXT NOT NULL
        );
        """,
    ];
}
