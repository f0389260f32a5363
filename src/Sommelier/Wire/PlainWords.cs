using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>Says in the plain pieces that every format has what a target's format has no piece for.</summary>
internal static class PlainWords
{
    /// <summary>A found or quoted source: its heading and its text as one text, so that they stay together, then what is no text.</summary>
    /// <param name="heading">The lines above the text, such as a title and an address; empty ones are left out.</param>
    /// <param name="content">What it says.</param>
    /// <param name="extra">Fields of the source that have no place.</param>
    /// <param name="list">Where its content stands in the source, e.g. <c>source.content</c>.</param>
    public static IReadOnlyList<ContentPart> Of(ReadOnlySpan<string?> heading, IReadOnlyList<ContentPart> content, Extra? extra = null, string list = "content")
    {
        var lines = new List<string>();
        foreach (var line in heading)
        {
            Add(line, lines);
        }

        foreach (var (index, part) in content.Index())
        {
            if (part is TextPart text)
            {
                Add(text.Text, lines);
                extra = Extras.Join(extra, Extras.Within($"{list}[{index}].", text.Extra));
            }
        }

        var rest = content.Where(static part => part is not TextPart);
        return lines.Count == 0 ? [.. rest] : [new TextPart(string.Join('\n', lines), extra), .. rest];
    }

    /// <summary>The same request in pieces that a target of another format has a place for.</summary>
    /// <param name="request">What the caller asks for.</param>
    /// <param name="target">The target's format.</param>
    /// <param name="warnings">Takes what is said in other words.</param>
    public static ChatRequest In(ChatRequest request, IWireFormat target, ICollection<Warning> warnings)
    {
        if (!request.SystemInstructions.Any(IsStrange) && !request.Messages.Any(message => message.Parts.Any(IsStrange)))
        {
            return request;
        }

        return request with
        {
            SystemInstructions = Say(request.SystemInstructions),
            Messages = [.. request.Messages.Select(message => message.Parts.Any(IsStrange) ? message with { Parts = Say(message.Parts) } : message)],
        };

        bool IsStrange(ContentPart part) => part switch
        {
            OpaquePart opaque => opaque.Plain.Count > 0 && !string.Equals(opaque.Format, target.Name, StringComparison.Ordinal),
            BlobPart blob => !target.TextDocuments && MediaType.IsText(blob.MediaType),
            ToolCallResponsePart result => result.Parts.Any(IsStrange),
            _ => false,
        };

        List<ContentPart> Say(IReadOnlyList<ContentPart> parts)
        {
            var said = new List<ContentPart>(parts.Count);
            foreach (var part in parts)
            {
                switch (part)
                {
                    case OpaquePart opaque when IsStrange(opaque):
                        Tell(opaque.Place.Or(opaque.Type), $"sent as plain text, because the target has no part like '{opaque.Type}'");
                        said.AddRange(Say(opaque.Plain).Select(plain => plain with { Place = plain.Place.Or(opaque.Place) }));
                        break;
                    case BlobPart blob when IsStrange(blob) && Text(blob.Data) is { } text:
                        Tell(blob.Place.Or(blob.MediaType), $"sent as plain text, because the target has no documents of {blob.MediaType}");
                        said.AddRange(Of([blob.FileName], [new TextPart(text)], blob.Extra).Select(plain => plain with { Place = blob.Place }));
                        break;
                    case ToolCallResponsePart result when IsStrange(result):
                        said.Add(result with { Parts = Say(result.Parts) });
                        break;
                    default:
                        said.Add(part);
                        break;
                }
            }

            return said;
        }

        void Tell(FieldPath place, string how) => warnings.Add(new Warning("emulated", place.ToString(), how));
    }

    private static void Add(string? line, List<string> lines)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            lines.Add(line);
        }
    }

    // Null when it is no base64, which is for the target to refuse.
    private static string? Text(BlobData data)
    {
        try
        {
            var bytes = data.IsPlain ? data.Bytes.ToArray() : Convert.FromBase64String(data.ToString());
            return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
