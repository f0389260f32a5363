using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>Ollama's chat, whose streams are lines of JSON.</summary>
internal sealed class OllamaCaller() : CallerDialect("ollama")
{
    /// <inheritdoc/>
    public override bool Lines => true;

    /// <inheritdoc/>
    public override string Path(string model, bool streamed) => "/api/chat";

    /// <inheritdoc/>
    public override string Body(string model, bool streamed) =>
        $$"""{"model":"{{model}}","stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"{{Prompt}}"}]}""";

    /// <inheritdoc/>
    public override string? Whole(JsonElement answer) => Done(answer) ? Text(At(answer, "message"), "content") : null;

    /// <inheritdoc/>
    public override StreamStep Read(string data)
    {
        using var json = JsonDocument.Parse(data);
        return new(Text(At(json.RootElement, "message"), "content") ?? "", Done(json.RootElement), Error(json.RootElement));
    }

    /// <inheritdoc/>
    public override string? Error(JsonElement reply) => Text(reply, "error");

    private static bool Done(JsonElement line) => At(line, "done").ValueKind == JsonValueKind.True;
}
