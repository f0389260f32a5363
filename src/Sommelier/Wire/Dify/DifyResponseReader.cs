using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>Reads an answer in <c>blocking</c> mode: a message of a chat or completion app, or a workflow's outputs.</summary>
internal static class DifyResponseReader
{
    /// <inheritdoc cref="IResponseWire.Read"/>
    public static ChatResponse Read(ReadOnlySpan<byte> body)
    {
        using var document = LooseJson.Parse(body);
        var root = document.RootElement;
        if (root.Get("answer") is { ValueKind: JsonValueKind.String } answer)
        {
            return Of(answer.Text(), root.Text("message_id") ?? root.Text("id"), DifyAnswer.Usage(root.Get("metadata")), root);
        }

        if (root.Get("data") is { ValueKind: JsonValueKind.Object } data && root.Text("workflow_run_id") is { } run)
        {
            return DifyAnswer.HasSucceeded(data.Text("status"))
                ? Of(DifyAnswer.Text(data.Get("outputs")) ?? "", run, null, data)
                : throw new UpstreamException(DifyFailures.OfWorkflow(data.Text("status")!, data.Text("error")));
        }

        throw root.Text("code") is null && root.Text("message") is null
            ? UpstreamException.Protocol("The app's answer is neither a message nor a workflow's outputs.")
            : new UpstreamException(DifyFailures.Of(root));
    }

    private static ChatResponse Of(string text, string? id, Usage? usage, JsonElement from) => text.Length == 0
        ? throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The app's answer is empty."))
        : new ChatResponse
        {
            Id = id,
            Created = from.Count("created_at") is > 0 and < 253_402_300_800 and var created ? DateTimeOffset.FromUnixTimeSeconds(created) : null,
            Parts = [new TextPart(text)],
            FinishReason = new(FinishReasonKind.Stop),
            Usage = usage,
        };
}
