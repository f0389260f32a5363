namespace Sommelier.Providers;

/// <summary>Ollama's cloud: the same server, elsewhere and with a key. Source: its documentation.</summary>
public sealed class OllamaCloud : Ollama
{
    /// <inheritdoc/>
    public override string Name => "ollama-cloud";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://ollama.com/");

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.Bearer;

    /// <inheritdoc/>
    public override IReadOnlyList<int> LocalPorts => [];
}
