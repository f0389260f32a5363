namespace Sommelier.Providers;

/// <summary>NVIDIA's hosted NIM; a container of one's own by <c>base_url</c>. Source: NVIDIA's documentation.</summary>
public sealed class Nvidia : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "nvidia";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://integrate.api.nvidia.com/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY"];
}
