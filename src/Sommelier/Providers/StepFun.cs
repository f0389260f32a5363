namespace Sommelier.Providers;

/// <summary>StepFun. Source: platform.stepfun.com.</summary>
public sealed class StepFun : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "stepfun";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["STEPFUN_API_KEY", "STEP_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("site", "Which of its sites: intl (stepfun.ai) or cn (stepfun.com)", [], "intl")];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIResponses, "responses")];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) =>
        new(setting("site") is "cn" ? "https://api.stepfun.com/v1/" : "https://api.stepfun.ai/v1/");

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => setting("site") is "cn" ? "cn" : null;
}
