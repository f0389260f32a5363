using Sommelier.Gateway.Bodies;
using Sommelier.Gateway.Kept;
using Sommelier.Quality;
using Sommelier.Resilience;
using Sommelier.Upstream.Media;

namespace Sommelier.Configuration;

/// <summary>What the user wrote, read and checked. Immutable.</summary>
internal sealed record SommelierConfig
{
    /// <summary>What holds where there is no file.</summary>
    public static SommelierConfig Default { get; } = new();

    /// <summary>The file that it was read from; empty for none. Positions of later problems name it.</summary>
    public string File { get; init; } = "";

    /// <summary>Hash of the text: same text, same version.</summary>
    public string Version { get; init; } = "default";

    public ServerConfig Server { get; init; } = new();

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ProviderConfig> Providers { get; init; } = [];

    /// <summary>Whether to look for local servers.</summary>
    public bool Discover { get; init; } = true;

    /// <summary>The policy of requests that name none.</summary>
    public string DefaultPolicy { get; init; } = "balanced";

    /// <summary>Each after the one that it extends.</summary>
    public IReadOnlyList<PolicyConfig> Policies { get; init; } = [];

    /// <summary>The profile in force; null for none.</summary>
    public ProfileConfig? Profile { get; init; }

    /// <summary>Where the conditions of policies take the time of day from; UTC by default.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Alias to deployment, model or <c>auto/policy</c>.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Null: the classifier's own threshold.</summary>
    public double? AbstainBelow { get; init; }

    /// <summary>The file of a trained predictor for the signal <c>difficulty</c>; null: the signal of length and structure.</summary>
    public string? DifficultyPredictor { get; init; }

    /// <summary>The model whose failure it predicts; null: the one that failed most.</summary>
    public string? DifficultyModel { get; init; }

    public QualitySettings Quality { get; init; } = QualitySettings.Default;

    /// <summary>How models that are new in the catalog are run on suites; null: they are not.</summary>
    public NewModelsConfig? NewModels { get; init; }

    public AttemptLimits Resilience { get; init; } = new();

    public MediaOptions Media { get; init; } = MediaOptions.Default;

    /// <summary>The database file; null: <c>sommelier.db</c> in <see cref="ServerConfig.Data"/>.</summary>
    public string? Sqlite { get; init; }

    /// <summary>The PostgreSQL that several instances share instead; null for none.</summary>
    public string? Postgres { get; init; }

    /// <summary>The Redis in which several instances count; null: this process counts alone.</summary>
    public string? Redis { get; init; }

    /// <summary>Null: entries are kept for ever.</summary>
    public TimeSpan? LedgerRetention { get; init; }

    /// <summary>That bodies are stored, and how; null: they are not.</summary>
    public BodyRules? Bodies { get; init; }

    /// <summary>Where each key stands in the file, by path: for problems that show only beside the catalog.</summary>
    public IReadOnlyDictionary<string, ConfigPosition> Positions { get; init; } = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);

    /// <summary>The path of the database file.</summary>
    public string DatabasePath => Sqlite ?? Path.Combine(Server.Data, "sommelier.db");

    /// <summary>Where answers are kept; null: nowhere.</summary>
    public ResponseStoreOptions? KeptResponses => Server.Responses is { } kept
        ? new()
        {
            Shared = kept.Place == ResponsePlace.Shared || (kept.Place is null && Postgres is not null),
            Path = kept.Place == ResponsePlace.File ? kept.Path ?? Path.Combine(Server.Data, "responses.db") : null,
            Retention = kept.Retention,
            MaxBytes = kept.MaxBytes,
        }
        : null;

    /// <summary>Where a key stands; the file as a whole for a key that is not in it.</summary>
    public ConfigPosition At(string path) => Positions.TryGetValue(path, out var position) ? position : new(File, 0, 0);
}
