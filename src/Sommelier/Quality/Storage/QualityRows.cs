using System.Data.Common;
using Sommelier.Canonical;
using Sommelier.Storage;

namespace Sommelier.Quality.Storage;

/// <summary>Evidence, feedback and versions as rows, in the order of the columns in <see cref="QualitySql"/>.</summary>
internal static class QualityRows
{
    /// <summary>The statement that stores evidence of a version.</summary>
    public static DbCommand Add(DbConnection connection, long version, Evidence evidence) => connection.Command(
        QualitySql.AddEvidence,
        ("@version", version),
        ("@id", evidence.Id),
        ("@model", evidence.Model),
        ("@intent", evidence.Intent.Name()),
        ("@kind", EnumNames<EvidenceKind>.Of(evidence.Kind)),
        ("@source", evidence.Source),
        ("@answers", evidence.Answers),
        ("@score", evidence.Score),
        ("@weight", evidence.EffectiveWeight),
        ("@observed", evidence.ObservedAt.ToUnixTimeMilliseconds()),
        ("@model_version", evidence.ModelVersion));

    /// <summary>Reads evidence, and the version that brought it.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote a word that is not known here.</exception>
    public static (long Version, Evidence Evidence) Evidence(DbDataReader row) => (row.GetInt64(0), new()
    {
        Id = row.GetString(1),
        Model = row.GetString(2),
        Intent = Intent(row.GetString(3)),
        Kind = EnumNames<EvidenceKind>.Parse(row.GetString(4)) ?? throw Unknown("kind", row.GetString(4)),
        Source = row.GetString(5),
        Answers = row.GetInt64(6),
        Score = row.GetDouble(7),
        Weight = row.GetDouble(8),
        ObservedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        ModelVersion = row.GetString(10),
    });

    /// <summary>A day's feedback on one deployment at one intent, as evidence.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote a word that is not known here.</exception>
    public static Evidence FeedbackSum(DbDataReader row) => new()
    {
        Id = $"feedback/{row.GetString(0)}/{row.GetString(1)}/{row.GetString(2)}/{row.GetInt64(6)}",
        Model = row.GetString(0),
        Intent = Intent(row.GetString(1)),
        Kind = EvidenceKind.Feedback,
        Source = "feedback",
        ModelVersion = row.GetString(2),
        Answers = row.GetInt64(3),
        Score = row.GetDouble(4),
        ObservedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
    };

    /// <summary>The statement that stores feedback; a later word of the same caller on the same request replaces the earlier one.</summary>
    public static DbCommand Put(DbConnection connection, Feedback feedback) => connection.Command(
        QualitySql.PutFeedback,
        ("@request", feedback.RequestId),
        ("@caller", feedback.CallerId),
        ("@at", feedback.At.ToUnixTimeMilliseconds()),
        ("@score", feedback.Score),
        ("@comment", feedback.Comment),
        ("@deployment", feedback.DeploymentId),
        ("@model_version", feedback.ModelVersion),
        ("@intent", feedback.Intent?.Name()));

    /// <summary>Reads feedback.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote a word that is not known here.</exception>
    public static Feedback Feedback(DbDataReader row) => new()
    {
        RequestId = row.GetString(0),
        CallerId = row.GetString(1),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        Score = row.GetDouble(3),
        Comment = row.TextOrNull(4),
        DeploymentId = row.GetString(5),
        ModelVersion = row.GetString(6),
        Intent = row.TextOrNull(7) is { } intent ? Intent(intent) : null,
    };

    /// <summary>The statement that stores a version.</summary>
    public static DbCommand Add(DbConnection connection, QualityVersionInfo version, string content) => connection.Command(
        QualitySql.AddVersion,
        ("@number", version.Number),
        ("@name", version.Name),
        ("@parent", version.Parent),
        ("@at", version.At.ToUnixTimeMilliseconds()),
        ("@actor", version.Actor),
        ("@reason", version.Reason),
        ("@shadow", version.Shadow ? 1L : 0L),
        ("@feedback_until", version.FeedbackUntil?.ToUnixTimeMilliseconds()),
        ("@answers", version.Answers),
        ("@content", content));

    /// <summary>Reads what is known of a version.</summary>
    public static QualityVersionInfo Version(DbDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Name = row.GetString(1),
        Parent = row.GetInt64(2),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        Actor = row.GetString(4),
        Reason = row.GetString(5),
        Shadow = row.GetInt64(6) != 0,
        FeedbackUntil = row.TimeOrNull(7),
        Answers = row.GetInt64(8),
    };

    private static Intent Intent(string name) => Intents.TryParse(name, out var intent) ? intent : throw Unknown("intent", name);

    private static InvalidDataException Unknown(string what, string name) =>
        new($"The quality tables have the {what} '{name}', which this Sommelier does not know. Run the newer Sommelier.");
}
