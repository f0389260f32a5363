using Sommelier.Catalog;
using Sommelier.Wire.Dify;

namespace Sommelier.Providers;

/// <summary>
/// A Dify app, at Dify's cloud or, by <c>base_url</c>, at a server of one's own. A key opens one app: each app is a provider of
/// its own in the configuration, with one model whose id says what kind of app it is: <c>chat</c>, <c>completion</c> or <c>workflow</c>.
/// Source: Dify's service API reference.
/// </summary>
public sealed class Dify : Provider
{
    private const string Format = "dify";
    private const string Uploads = "files/upload";

    /// <inheritdoc/>
    public override string Name => "dify";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.dify.ai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["DIFY_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(Format, "chat-messages") { Serves = static deployment => Is(deployment, DifyApp.Chat), UploadPath = Uploads, StopPath = "chat-messages/{task}/stop" },
        new(Format, "completion-messages") { Serves = static deployment => Is(deployment, DifyApp.Completion), UploadPath = Uploads, StopPath = "completion-messages/{task}/stop" },
        new(Format, "workflows/run") { Serves = static deployment => Is(deployment, DifyApp.Workflow), UploadPath = Uploads, StopPath = "workflows/tasks/{task}/stop" },
    ];

    /// <inheritdoc/>
    public override bool RunsApplications => true;

    /// <summary>What the app says of itself; it has no list of models.</summary>
    public override string? ModelsPath => "info";

    private static bool Is(Deployment deployment, DifyApp app) => DifyApps.Of(deployment.Model) == app;
}
