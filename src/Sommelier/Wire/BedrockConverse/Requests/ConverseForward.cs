using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Forwards a body of this dialect: the model stands in the address, so that hardly anything changes.</summary>
internal static class ConverseForward
{
    /// <summary>Writes the forwarded body.</summary>
    public static void Write(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        if (MustRewrite(body, outline, target.Quirks))
        {
            ConverseRequestWriter.Write(ConverseRequestReader.Read(whole, new CallPath(outline.Model, outline.Stream)), target, output, warnings);
            return;
        }

        var edits = new JsonEdits();
        var members = outline.Members;
        Span<bool> cut = members.Count <= 64 ? stackalloc bool[members.Count] : new bool[members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            cut[i] = members[i].Name is CallerHintsReader.Member or "modelId";
        }

        edits.CutMembers(members, cut);
        edits.Apply(body, output);
    }

    // Another vendor's thinking, and settings that the model refuses, stand inside members: rare, and then worth a rewrite.
    private static bool MustRewrite(ReadOnlySpan<byte> body, RequestOutline outline, WireQuirks quirks) =>
        body.IndexOf(Seals.Mark) >= 0
        || (quirks.Unsupported.Count > 0 && (body.IndexOf("\"temperature\""u8) >= 0 || body.IndexOf("\"topP\""u8) >= 0 || body.IndexOf("\"top_k\""u8) >= 0))
        || ThinksOtherwise(body, outline, quirks);

    private static bool ThinksOtherwise(ReadOnlySpan<byte> body, RequestOutline outline, WireQuirks quirks)
    {
        using var more = Object(body, outline.Member("additionalModelRequestFields"));
        using var config = Object(body, outline.Member("outputConfig"));
        return (more ?? config) is not null
            && ConverseReasoning.Read(Fields(more, "additionalModelRequestFields"), Fields(config, "outputConfig"), out _) is { } reasoning
            && AnthropicThinkingPlan.Differs(reasoning, quirks);
    }

    private static JsonFields Fields(JsonDocument? document, string path) => new(document?.RootElement ?? default, path);

    private static JsonDocument? Object(ReadOnlySpan<byte> body, BodyMember? member)
    {
        if (member is not { } there || body[there.ValueStart] != (byte)'{')
        {
            return null;
        }

        var reader = new Utf8JsonReader(body[there.ValueStart..there.End], JsonLimits.Reader);
        return JsonDocument.ParseValue(ref reader);
    }
}
