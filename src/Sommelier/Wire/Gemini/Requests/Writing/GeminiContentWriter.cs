using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes <c>contents</c> and the parts in them.</summary>
internal static class GeminiContentWriter
{
    private const string Format = GeminiFormat.FormatName;

    /// <summary>Google's documented word for a call whose signature is lost: the model goes on without it.</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    /// <summary>Writes the member.</summary>
    public static void Contents(List<GeminiTurn> turns, ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        writer.WriteStartArray("contents"u8);
        foreach (var turn in turns)
        {
            foreach (var part in turn.Parts)
            {
                if (part is ToolCallPart call)
                {
                    names[call.Id] = call.Name;
                }
            }

            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.IsModel ? "model"u8 : "user"u8);
            writer.WriteStartArray("parts"u8);
            Write(turn.Parts, turn.Path, names, request, quirks, writer, warnings);
            writer.WriteEndArray();
            foreach (var (extra, place) in turn.Extra)
            {
                Extras.Write(extra, writer, Format, place, warnings);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the member <c>parts</c> of the system instructions.</summary>
    public static void Parts(List<ContentPart> parts, FieldPath path, ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartArray("parts"u8);
        Write(parts, path, [], request, quirks, writer, warnings);
        writer.WriteEndArray();
    }

    private static void Write(
        List<ContentPart> parts, FieldPath path, Dictionary<string, string> names, ChatRequest request, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var isOwn = string.Equals(request.Format, Format, StringComparison.Ordinal);
        var unsealed = quirks.ThoughtSignatures && !parts.Exists(static part => part is ToolCallPart { Signature: not null });
        var at = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var before = at;
            var seal = SealAfter(parts, i, isOwn);
            var place = parts[i].Place.Or(path);
            switch (parts[i])
            {
                case ToolCallResponsePart result:
                    GeminiFunctionResponse.Write(result, names.GetValueOrDefault(result.Id, result.Id), place, writer, warnings);
                    at++;
                    break;
                case ToolCallPart call:
                    GeminiPartWriter.Call(call, call.Signature ?? (unsealed ? NoSignature : null), place, writer, warnings);
                    unsealed = false;
                    at++;
                    break;
                case ReasoningPart thinking:
                    at += Thinking(thinking, isOwn, writer, warnings) ? 1 : 0;
                    break;
                default:
                    at += GeminiPartWriter.Part(parts[i], seal, place, quirks, writer, warnings) ? 1 : 0;
                    break;
            }

            if (seal is not null && at > before)
            {
                // The seal stands on the part before it.
                i++;
            }
        }

        if (at == 0)
        {
            // A content without parts is refused.
            GeminiPartWriter.Text("", null, null, path, writer, warnings);
        }
    }

    // A bare seal after a part that can carry it.
    private static string? SealAfter(List<ContentPart> parts, int at, bool isOwn) =>
        parts[at] is TextPart or BlobPart && at + 1 < parts.Count && parts[at + 1] is ReasoningPart { Text.Length: 0, Extra: null } next && IsOwn(next, isOwn)
            ? next.Signature ?? next.Redacted
            : null;

    private static bool IsOwn(ReasoningPart part, bool isOwn) =>
        part.Vendor is null ? isOwn : string.Equals(part.Vendor, Seals.Google, StringComparison.Ordinal);

    private static bool Thinking(ReasoningPart part, bool isOwn, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var seal = part.Signature ?? part.Redacted;
        if (!IsOwn(part, isOwn) || (seal is null && !isOwn))
        {
            LostThinking.Warn(part, warnings);
            return false;
        }

        GeminiPartWriter.Thought(part, seal, writer, warnings);
        return true;
    }
}
