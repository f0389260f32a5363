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
            var metadata = root.Get("metadata");
            var (pages, others) = DifySources.Of(metadata);
            return Of([new TextPart(answer.Text()) { Citations = pages }, .. others is null ? (IEnumerable<ContentPart>)[] : [others]], root.Text("message_id") ?? root.Text("id"), DifyUsage.Of(metadata), root) with
            {
                Conversation = DifyAnswer.Conversation(root),
            };
        }

        if (root.Get("data") is { ValueKind: JsonValueKind.Object } data && root.Text("workflow_run_id") is { } run)
        {
            return DifyAnswer.HasSucceeded(data.Text("status"))
                ? OfWorkflow(data, run)
                : throw new UpstreamException(DifyFailures.OfWorkflow(data.Text("status")!, data.Text("error")));
        }

        throw root.Text("code") is null && root.Text("message") is null
            ? UpstreamException.Protocol("The app's answer is neither a message nor a workflow's outputs.")
            : new UpstreamException(DifyFailures.Of(root));
    }

    private static ChatResponse OfWorkflow(JsonElement data, string run)
    {
        var outputs = data.Get("outputs");
        var named = DifyOutputs.Text(outputs);
        var text = named ?? DifyOutputs.Json(outputs) ?? "";
        var parts = new List<ContentPart> { new TextPart(text) };
        if (named is not null)
        {
            foreach (var other in DifyOutputs.Others(outputs, text))
            {
                parts.Add(other is TextPart link ? new TextPart("\n\n" + link.Text) : other);
            }
        }

        return Of(parts, run, new DifyUsage().Of(data, text), data);
    }

    private static ChatResponse Of(IReadOnlyList<ContentPart> parts, string? id, Usage? usage, JsonElement from) => parts is [TextPart { Text.Length: 0 }, ..]
        ? throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The app's answer is empty."))
        : new ChatResponse
        {
            Id = id,
            Created = from.Count("created_at") is > 0 and < 253_402_300_800 and var created ? DateTimeOffset.FromUnixTimeSeconds(created) : null,
            Parts = parts,
            FinishReason = new(FinishReasonKind.Stop),
            Usage = usage,
        };
}
