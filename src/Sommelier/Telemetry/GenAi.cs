using Sommelier.Canonical;

namespace Sommelier.Telemetry;

/// <summary>
/// Every name that comes from the OpenTelemetry GenAI conventions, v1.41. They are still moving, so they stand here alone
/// and one version of them is emitted.
/// </summary>
/// <remarks>Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/ (metrics and attributes).</remarks>
internal static class GenAi
{
    // Metrics.
    public const string ClientOperationDuration = "gen_ai.client.operation.duration";
    public const string ClientTokenUsage = "gen_ai.client.token.usage";
    public const string ClientTimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    public const string ServerRequestDuration = "gen_ai.server.request.duration";

    // Attributes.
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";
    public const string HttpStatus = "http.response.status_code";

    // Values of gen_ai.operation.name.
    public const string Chat = "chat";
    public const string Embeddings = "embeddings";
    public const string TextCompletion = "text_completion";
    public const string GenerateContent = "generate_content";

    // Values of gen_ai.token.type.
    public const string InputTokens = "input";
    public const string OutputTokens = "output";

    /// <summary>The conventions' bounds for durations, in seconds.</summary>
    public static IReadOnlyList<double> DurationBounds { get; } =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>The conventions' bounds for token counts.</summary>
    public static IReadOnlyList<long> TokenBounds { get; } =
        [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    /// <summary>The conventions' bounds for the time to the first chunk, in seconds.</summary>
    public static IReadOnlyList<double> FirstChunkBounds { get; } =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>The value of <see cref="OperationName"/>.</summary>
    public static string Operation(Operation operation) => operation == Canonical.Operation.Embeddings ? Embeddings : Chat;

    /// <summary>A provider's name in the conventions' spelling; one that they do not list keeps its own.</summary>
    public static string Provider(string name) => name switch
    {
        "bedrock" or "bedrock-mantle" => "aws.bedrock",
        "azure" or "azure-ai" => "azure.ai.inference",
        "azure-openai" => "azure.ai.openai",
        "gemini" or "google" => "gcp.gemini",
        "vertex" or "vertex-ai" => "gcp.vertex_ai",
        "mistral" => "mistral_ai",
        "moonshot" or "moonshotai" => "moonshot_ai",
        "xai" => "x_ai",
        _ => name,
    };
}
