using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>Token counts: of a message's <c>metadata.usage</c>, and of a workflow, which tells a total and, node by node, what its models used.</summary>
internal sealed class DifyUsage
{
    // English and code come to about four bytes a token.
    private const int BytesPerToken = 4;

    private Usage nodes;

    /// <summary>The counts of <c>metadata.usage</c>; null when there are none.</summary>
    public static Usage? Of(JsonElement metadata) => metadata.Get("usage") is { ValueKind: JsonValueKind.Object } usage && usage.Get("prompt_tokens").ValueKind == JsonValueKind.Number
        ? new Usage { InputTokens = usage.Count("prompt_tokens"), OutputTokens = usage.Count("completion_tokens") }
        : null;

    /// <summary>Adds what a node used, from the data of its <c>node_finished</c>.</summary>
    public void Add(JsonElement node)
    {
        if ((Of(node.Get("outputs")) ?? Of(node.Get("process_data"))) is { } used)
        {
            nodes = new Usage { InputTokens = nodes.InputTokens + used.InputTokens, OutputTokens = nodes.OutputTokens + used.OutputTokens };
        }
    }

    /// <summary>
    /// The counts of a workflow, from the data of its end. Its total is exact, and so are the counts where the nodes' come to it;
    /// else how it splits is an estimate by the text, marked as such. Null when it tells no total.
    /// </summary>
    public Usage? Of(JsonElement workflow, string text)
    {
        var total = workflow.Count("total_tokens");
        if (total <= 0)
        {
            return nodes == default ? null : nodes;
        }

        if (nodes.InputTokens + nodes.OutputTokens == total)
        {
            return nodes;
        }

        var said = (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;
        var output = Math.Min(total, Math.Max(said, nodes.OutputTokens));
        return new Usage { InputTokens = total - output, OutputTokens = output, Estimated = true };
    }
}
