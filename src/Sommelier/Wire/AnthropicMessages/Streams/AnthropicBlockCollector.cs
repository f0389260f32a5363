using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Puts the blocks of a stream together again that only this format knows, and the citations of its texts.</summary>
internal sealed class AnthropicBlockCollector
{
    private readonly Dictionary<int, (string Type, JsonObject Block, StringBuilder Input)> blocks = [];
    private readonly Dictionary<int, JsonArray> citations = [];
    private readonly Dictionary<int, Extra> fields = [];

    /// <summary>The block that a step belongs to, when it is one of a block; null for any other step.</summary>
    /// <exception cref="UpstreamException">The step is broken.</exception>
    public int? Add(OpaqueDelta step) => Whole(() => Block(step));

    private int? Block(OpaqueDelta step)
    {
        if (JsonNode.Parse(step.Json) is not JsonObject line || (int?)line["index"] is not { } index)
        {
            return null;
        }

        if (line["content_block"] is JsonObject known && AnthropicBlockHead.IsKnown((string?)known["type"]))
        {
            if (AnthropicBlockHead.Read(Encoding.UTF8.GetBytes(known.ToJsonString())).Unknown is { } unknown)
            {
                fields[index] = AnthropicBlockFields.Of(unknown);
            }
        }
        else if (line["content_block"] is JsonObject block)
        {
            blocks[index] = (step.Type, (JsonObject)block.DeepClone(), new StringBuilder());
        }
        else if (line["delta"] is JsonObject delta)
        {
            Add(index, delta);
        }

        return index;
    }

    /// <summary>Notes a citation of a page, which stands among the others of its text.</summary>
    public void Add(int index, Citation citation)
    {
        if (citation.Source is { Format: AnthropicMessagesFormat.FormatName } own)
        {
            Citations(index).Add(JsonNode.Parse(own.Json));
        }
    }

    /// <summary>Whether the block at an index is one that only this format knows.</summary>
    public bool Has(int index) => blocks.ContainsKey(index);

    /// <summary>The block at an index; null for one that every format knows.</summary>
    /// <exception cref="UpstreamException">It cannot be put together.</exception>
    public OpaquePart? Block(int index) => Whole(() => Built(index));

    private OpaquePart? Built(int index)
    {
        if (!blocks.TryGetValue(index, out var found))
        {
            return null;
        }

        if (found.Input.Length > 0)
        {
            found.Block["input"] = Input(found.Input.ToString());
        }

        return new OpaquePart(AnthropicMessagesFormat.FormatName, found.Type, found.Block.ToJsonString());
    }

    // Cut by the output limit, it stands as the text that it is.
    private static JsonNode? Input(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    /// <summary>A part that every format knows, with what only this one knows of it.</summary>
    public ContentPart Complete(int index, ContentPart part)
    {
        var cited = part is TextPart text ? Cited(index, text) : part;
        return fields.TryGetValue(index, out var own) ? cited with { Extra = Json.Extras.Join(own, cited.Extra) } : cited;
    }

    /// <summary>A text with the citations that stand in it: as they came where one of them names no page.</summary>
    private TextPart Cited(int index, TextPart text) => Whole(() => citations.TryGetValue(index, out var all) && all.Count > text.Citations.Count
        ? text with { Citations = [], Extra = new Extra(AnthropicMessagesFormat.FormatName, [new("citations", all.ToJsonString())]) }
        : text);

    private void Add(int index, JsonObject delta)
    {
        if (!blocks.TryGetValue(index, out var open))
        {
            if (delta["citation"] is { } citation)
            {
                Citations(index).Add(citation.DeepClone());
            }

            return;
        }

        foreach (var (name, value) in delta)
        {
            switch (name)
            {
                case "type":
                    break;
                case "partial_json":
                    open.Input.Append((string?)value);
                    break;
                case "citation":
                    var list = open.Block["citations"] as JsonArray ?? [];
                    open.Block["citations"] = list;
                    list.Add(value?.DeepClone());
                    break;
                default:
                    // More of a text, or a value that comes late.
                    open.Block[name] = value is JsonValue more && more.GetValueKind() == JsonValueKind.String && open.Block[name] is JsonValue text && text.GetValueKind() == JsonValueKind.String
                        ? (string?)text + (string?)more
                        : value?.DeepClone();
                    break;
            }
        }
    }

    // Nodes find text that is no Unicode, members that come twice and values of another kind only when they are looked at.
    private static T Whole<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or JsonException)
        {
            throw UpstreamException.Protocol($"A block of the answer is broken: {error.Message}");
        }
    }

    private JsonArray Citations(int index) => citations.TryGetValue(index, out var list) ? list : citations[index] = [];
}
