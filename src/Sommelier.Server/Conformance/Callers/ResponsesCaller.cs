using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>OpenAI's responses.</summary>
internal sealed class ResponsesCaller() : CallerDialect("responses")
{
    /// <inheritdoc/>
    public override string Path(string model, bool streamed) => "/v1/responses";

    /// <inheritdoc/>
    public override string Body(string model, bool streamed) =>
        $$"""{"model":"{{model}}","max_output_tokens":64,"store":false,"stream":{{(streamed ? "true" : "false")}},"input":"{{Prompt}}"}""";

    /// <inheritdoc/>
    public override string? Whole(JsonElement answer) =>
        Text(answer, "status") is "completed" ? Text(At(answer, "output", "0", "content", "0"), "text") : null;

    /// <inheritdoc/>
    public override StreamStep Read(string data)
    {
        // Not in the vendor's own streams, but nothing is meant by it where a gateway adds it.
        if (data is "[DONE]")
        {
            return new();
        }

        using var json = JsonDocument.Parse(data);
        return Text(json.RootElement, "type") switch
        {
            "response.output_text.delta" => new(Text(json.RootElement, "delta") ?? ""),
            "response.completed" => new(Ended: true),
            "response.failed" => new(Error: Error(At(json.RootElement, "response")) ?? "a failed response"),
            "error" => new(Error: Text(json.RootElement, "message") ?? Error(json.RootElement) ?? "an error without a message"),
            _ => new(),
        };
    }
}
