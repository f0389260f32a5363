using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>Anthropic's messages.</summary>
internal sealed class AnthropicCaller() : CallerDialect("anthropic")
{
    /// <inheritdoc/>
    public override string Provider => "anthropic";

    /// <inheritdoc/>
    public override string Path(string model, bool streamed) => "/v1/messages";

    /// <inheritdoc/>
    public override string Body(string model, bool streamed) =>
        $$"""{"model":"{{model}}","max_tokens":64,"stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"{{Prompt}}"}]}""";

    /// <inheritdoc/>
    public override string? Whole(JsonElement answer) => Text(At(answer, "content", "0"), "text");

    /// <inheritdoc/>
    public override StreamStep Read(string data)
    {
        using var json = JsonDocument.Parse(data);
        return Text(json.RootElement, "type") switch
        {
            "content_block_delta" => new(Text(At(json.RootElement, "delta"), "text") ?? ""),
            "message_stop" => new(Ended: true),
            "error" => new(Error: Error(json.RootElement) ?? "an error without a message"),
            _ => new(),
        };
    }

    /// <inheritdoc/>
    public override string? Error(JsonElement reply) => Text(reply, "type") is "error" ? base.Error(reply) : null;
}
