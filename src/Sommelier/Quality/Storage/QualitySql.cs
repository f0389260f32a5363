namespace Sommelier.Quality.Storage;

/// <summary>Every statement of the quality store; each runs on both databases.</summary>
internal static class QualitySql
{
    private const string EvidenceColumns = "version, id, model, intent, kind, source, answers, score, weight, observed_at_ms, model_version";
    private const string FeedbackColumns = "request_id, caller_id, at_ms, score, comment, deployment_id, model_version, intent";
    private const string VersionColumns = "number, name, parent, at_ms, actor, reason, shadow, feedback_until_ms, answers";

    public const string AddEvidence =
        "INSERT INTO quality_evidence (" + EvidenceColumns + ") VALUES (@version, @id, @model, @intent, @kind, @source, @answers, @score, @weight, @observed, @model_version)";

    public const string Evidence = "SELECT " + EvidenceColumns + " FROM quality_evidence WHERE observed_at_ms >= @since ORDER BY version, id";

    public const string PutFeedback =
        "INSERT INTO quality_feedback (" + FeedbackColumns + ") VALUES (@request, @caller, @at, @score, @comment, @deployment, @model_version, @intent) "
        + "ON CONFLICT (request_id, caller_id) DO UPDATE SET at_ms = excluded.at_ms, score = excluded.score, comment = excluded.comment";

    public const string Feedback = "SELECT " + FeedbackColumns + " FROM quality_feedback WHERE request_id < @after ORDER BY request_id DESC, caller_id LIMIT @count";

    public const string FeedbackBetween = "SELECT " + FeedbackColumns + " FROM quality_feedback WHERE request_id >= @first AND request_id <= @last";

    // A row per day keeps what is read small, however much was said; ages are counted in half-lives of many days.
    public const string FeedbackSums =
        """
        SELECT deployment_id, intent, model_version, COUNT(*), SUM(score), MAX(at_ms), at_ms / 86400000 AS day
        FROM quality_feedback
        WHERE intent IS NOT NULL AND at_ms >= @since AND at_ms <= @until
        GROUP BY deployment_id, intent, model_version, day
        ORDER BY deployment_id, intent, model_version, day
        """;

    public const string NewestFeedback = "SELECT MAX(at_ms) FROM quality_feedback WHERE intent IS NOT NULL";

    public const string ClearComments = "UPDATE quality_feedback SET comment = NULL WHERE request_id < @before AND comment IS NOT NULL";

    public const string DeleteFeedback = "DELETE FROM quality_feedback WHERE at_ms < @before";

    public const string AddVersion =
        "INSERT INTO quality_versions (" + VersionColumns + ", content) VALUES (@number, @name, @parent, @at, @actor, @reason, @shadow, @feedback_until, @answers, @content)";

    public const string Versions = "SELECT " + VersionColumns + " FROM quality_versions ORDER BY number DESC";

    public const string VersionPage = "SELECT " + VersionColumns + " FROM quality_versions WHERE number < @after ORDER BY number DESC LIMIT @count";

    public const string Version = "SELECT " + VersionColumns + ", content FROM quality_versions WHERE number = @number";

    public const string NextVersion = "SELECT COALESCE(MAX(number), 0) + 1 FROM quality_versions";

    public const string AddPointer =
        "INSERT INTO quality_pointers (number, version, at_ms, actor) SELECT COALESCE(MAX(number), 0) + 1, @version, @at, @actor FROM quality_pointers";

    public const string Pointer = "SELECT number, version FROM quality_pointers ORDER BY number DESC LIMIT 1";
}
