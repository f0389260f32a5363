using Sommelier.Catalog;
using Sommelier.Gateway.Bodies;
using Sommelier.Quality;
using Sommelier.Resilience;
using Sommelier.Routing;
using Sommelier.Routing.Prediction;
using Sommelier.Upstream;
using Sommelier.Upstream.Media;

namespace Sommelier.Gateway;

/// <summary>
/// Everything that the configuration decides, at one moment. A request takes it once and keeps it to its end, so a
/// reload never changes the rules under a request.
/// </summary>
internal sealed record GatewaySnapshot
{
    private ProviderBindings? bindings;

    /// <summary>The models that requests can be routed to, and what is believed about them.</summary>
    public required CatalogSnapshot Catalog { get; init; }

    /// <summary>How models are chosen.</summary>
    public required PolicySet Policies { get; init; }

    /// <summary>Who serves the models, by <see cref="Deployment.Provider"/>.</summary>
    public required IReadOnlyDictionary<string, ProviderBinding> Providers { get; init; }

    /// <summary>The same, ready to be called; made on first use.</summary>
    public ProviderBindings Bindings => LazyInitializer.EnsureInitialized(ref bindings, () => new ProviderBindings(Providers.Values));

    /// <summary>The caller keys of the configuration.</summary>
    public CallerKeys Keys { get; init; } = CallerKeys.None;

    /// <summary>What a request may weigh.</summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>What the attempt loop may spend.</summary>
    public AttemptLimits Attempts { get; init; } = new();

    /// <summary>What may be fetched for models that fetch nothing themselves.</summary>
    public MediaOptions Media { get; init; } = MediaOptions.Default;

    /// <summary>That bodies are stored, and how; null: they are not.</summary>
    public BodyRules? Bodies { get; init; }

    /// <summary>Below this confidence the intent counts as unknown; null: the classifier's own threshold.</summary>
    public double? AbstainBelow { get; init; }

    /// <summary>How hard a request looks to a trained predictor; null: the signal of length and structure.</summary>
    public LearntDifficulty? Difficulty { get; init; }

    /// <summary>How evidence becomes belief.</summary>
    public QualitySettings Quality { get; init; } = QualitySettings.Default;

    /// <summary>Names the configuration in records: the same text, the same version.</summary>
    public required string ConfigVersion { get; init; }

    /// <summary>What <c>auto</c> means.</summary>
    public Policy DefaultPolicy => Policies.Default;
}
