using Sommelier.Wire.LangGraph;

namespace Sommelier.Providers;

/// <summary>
/// A LangGraph agent server. It lies wherever it was deployed: <c>base_url</c> names it (<c>langgraph dev</c> listens on
/// <c>http://127.0.0.1:2024</c>, its container on port 8123), and <c>models</c> its assistants by id or graph name. Source: the
/// official SDK (@langchain/langgraph-sdk 1.15).
/// </summary>
public sealed class LangGraph : Provider
{
    /// <inheritdoc/>
    public override string Name => "langgraph";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"];

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.XApiKey;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new("langgraph", "runs/wait") { StreamPath = "runs/stream", Prefix = LangGraphRequestWriter.PathOf }];

    /// <inheritdoc/>
    public override bool RunsApplications => true;

    /// <summary>None: assistants are searched for with a request that has a body.</summary>
    public override string? ModelsPath => null;
}
