namespace Sommelier.Configuration.Keys;

/// <summary>Every key of <c>sommelier.yaml</c>. A key that is not here is refused; a key that is here is honoured.</summary>
internal static class ConfigKeys
{
    /// <summary>The whole file.</summary>
    public static KeySpec Root { get; } = KeySpec.Group(
        "",
        "The configuration of Sommelier",
        ServerKeys.Server,
        ProviderKeys.Providers,
        KeySpec.Of(KeyKind.Boolean, "discover", "Whether to look for local servers on their usual ports of 127.0.0.1: Ollama 11434, LM Studio 1234, vLLM 8000", "true"),
        PolicyKeys.Policies,
        ProfileKeys.Profile,
        ProfileKeys.Profiles,
        KeySpec.Map("aliases", "Other names that callers may send", KeySpec.Text("ALIAS", "What it stands for: a deployment (provider/model), a model, or a policy (auto/NAME)")),
        PolicyKeys.Classifier,
        QualityKeys.Quality,
        EvalKeys.Evals,
        StorageKeys.Resilience,
        MediaKeys.Media,
        StorageKeys.Storage,
        StorageKeys.Ledger);
}
