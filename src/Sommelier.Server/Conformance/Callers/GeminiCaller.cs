using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>Gemini's generateContent.</summary>
internal sealed class GeminiCaller() : CallerDialect("gemini")
{
    /// <inheritdoc/>
    public override string Path(string model, bool streamed) =>
        $"/v1beta/models/{model}:{(streamed ? "streamGenerateContent?alt=sse" : "generateContent")}";

    /// <inheritdoc/>
    public override string Body(string model, bool streamed) =>
        $$$"""{"contents":[{"role":"user","parts":[{"text":"{{{Prompt}}}"}]}],"generationConfig":{"maxOutputTokens":64}}""";

    /// <inheritdoc/>
    public override string? Whole(JsonElement answer) => Items(Parts(answer)).Any() ? Said(answer) : null;

    /// <inheritdoc/>
    public override StreamStep Read(string data)
    {
        using var json = JsonDocument.Parse(data);
        var finished = Text(At(json.RootElement, "candidates", "0"), "finishReason") is not null;
        return new(Said(json.RootElement), finished, Error(json.RootElement));
    }

    private static JsonElement Parts(JsonElement answer) => At(answer, "candidates", "0", "content", "parts");

    private static string Said(JsonElement answer) => string.Concat(Items(Parts(answer)).Select(part => Text(part, "text")));
}
