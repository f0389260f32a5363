using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Forwards a body of this dialect: only what is ours, and what the target refuses, is cut.</summary>
internal static class GeminiForward
{
    /// <summary>Writes the forwarded body.</summary>
    public static void Write(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        if (MustRewrite(body, outline, target.Quirks))
        {
            GeminiRequestWriter.Write(GeminiRequestReader.Read(whole, new CallPath(outline.Model, outline.Stream)), target, output, warnings);
            return;
        }

        // The path names the model; one in the body would contradict it.
        var edits = new JsonEdits();
        Span<bool> cut = outline.Members.Count <= 64 ? stackalloc bool[outline.Members.Count] : new bool[outline.Members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            cut[i] = outline.Members[i].Name is CallerHintsReader.Member or "model";
        }

        edits.CutMembers(outline.Members, cut);
        edits.Apply(body, output);
    }

    // What stands inside members is left to the reader and the writer: rare, and then worth their time.
    private static bool MustRewrite(ReadOnlySpan<byte> body, RequestOutline outline, WireQuirks quirks)
    {
        if (body.IndexOf(Seals.EncodedMark) >= 0 || body.IndexOf(Seals.Mark) >= 0 || (!quirks.FormBesideTools && outline is { ToolCount: > 0, ResponseFormat: not ResponseFormatKind.Text }))
        {
            return true;
        }

        if (quirks.Unsupported.Count == 0 || (outline.Member("generationConfig") ?? outline.Member("generation_config")) is not { } config)
        {
            return false;
        }

        var settings = body[config.ValueStart..config.End];
        Span<byte> quoted = stackalloc byte[66];
        foreach (var name in quirks.Unsupported)
        {
            quoted[0] = (byte)'"';
            if (Encoding.UTF8.TryGetBytes(name, quoted[1..^1], out var length))
            {
                quoted[length + 1] = (byte)'"';
                if (settings.IndexOf(quoted[..(length + 2)]) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
