using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class OpenAICaller() : CallerDialect("openai")
{
    /// <inheritdoc/>
    public override string Path(string model, bool streamed) => "/v1/chat/completions";

    /// <inheritdoc/>
    public override string Body(string model, bool streamed) =>
        $$"""{"model":"{{model}}","max_tokens":64,"stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"{{Prompt}}"}]}""";

    /// <inheritdoc/>
    public override string? Whole(JsonElement answer) => Text(At(answer, "choices", "0", "message"), "content");

    /// <inheritdoc/>
    public override StreamStep Read(string data)
    {
        if (data is "[DONE]")
        {
            return new(Ended: true);
        }

        using var json = JsonDocument.Parse(data);
        return new(Text(At(json.RootElement, "choices", "0", "delta"), "content") ?? "", Error: Error(json.RootElement));
    }
}
